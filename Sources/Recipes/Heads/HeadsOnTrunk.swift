// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
package import Foundation
import JSONFiles
package import JapaneseText
package import ModelBundle

/// The fitting of heads on the trunk of a bundle that is there already, as an imported one.
package struct HeadsOnTrunk {
    private let recipe: HeadRecipe
    private let data: URL
    private let output: URL
    private let trunk: BundleDirectory
    private let keepsHeads: Bool

    /// A fitting of a recipe's heads, from the rows below `data`, on the trunk of a bundle.
    ///
    /// With `keepsHeads` the bundle's own heads stay where the recipe fits none, and what its manifest
    /// says of scores, licence and recipe with them.
    package init(
        _ recipe: HeadRecipe, data: URL, output: URL, trunk: BundleDirectory,
        keepsHeads: Bool = false
    ) {
        (self.recipe, self.data, self.output, self.trunk) = (recipe, data, output, trunk)
        self.keepsHeads = keepsHeads
    }

    /// The tagger of the trunk with the share that the recipe gives it; nil where it gives none.
    ///
    /// Throws `RecipeError` for a trunk without a tagger of its own.
    private func taggerShare() throws -> TaggerShare? {
        guard let weight = recipe.taggerWeight else { return nil }
        let task = trunk.manifest.tasks[EntityTagger.taskName]
        guard let task, task.method == .tagger else {
            throw RecipeError.badValue(
                file: trunk.manifest.name, key: "tagger.weight",
                expected: "left out for a trunk without a tagger of its own")
        }
        let labels = try JSONDecoder().decode(
            LabelMap.self, from: JSONEncoder.sorted().encode(task.settings))
        return try TaggerShare(weight: weight, labels: labels)
    }

    /// Fits the heads and writes the bundle `output/NAME`, which holds the trunk's files, too.
    ///
    /// `analyzer` must clean as the trunk's manifest says; `dictionary` names the dictionaries that it
    /// cuts words with. `begin` is told of each task before it is fitted. A tagger of the trunk's own stays where
    /// no head takes its place. Throws what the fittings throw and the errors of the files.
    package func makeBundle(
        analyzer: TextAnalyzer, dictionary: String, recipeFile: URL, version: String,
        codeVersion: String, at date: Date, begin: (String) throws -> Void
    ) throws -> BundleDirectory {
        var contents = try trunk.contents(dictionaries: [MorphologicalAnalyzer.defaultDictionary])
        if case .words(let tokenizer, let model) = contents.trunk {
            guard dictionary == trunk.manifest.dictionary else {
                throw RecipeError.badValue(
                    file: trunk.manifest.name, key: "--user-dictionary",
                    expected: "the one that the trunk's words were cut with "
                        + "(\(trunk.manifest.dictionary))")
            }
            // A bundle stores such a trunk in 16 bits; the heads must learn from what they will see.
            contents = BundleContents(
                trunk: .words(tokenizer, try model.roundedToBFloat16()), tasks: contents.tasks)
        }
        let reader = TrunkReader(contents.trunk)
        let fitting = HeadFitting(recipe, data: data, analyzer: analyzer, stateWidth: reader.width)
        { text in try reader.wordStates(of: [text]).first ?? [] }
        var heads = try fitting.fit(begin: begin)
        heads.entities?.tagger = try taggerShare()
        let fitted = try heads.parameters()
        let kept = keepsHeads ? contents.tasks : [:]
        let parameters = kept.merging(fitted) { $1 }
        var tasks = trunk.manifest.tasks.filter { keepsHeads || $0.value.method == .tagger }
        for (name, parameters) in fitted {
            tasks[name] = try BundleManifest.Task(
                name, parameters,
                hasTagger: name == EntityRecognizer.taskName && heads.entities?.tagger != nil)
        }
        let sources = try fitting.sources()
        var manifest = trunk.manifest
        manifest.name = recipe.name
        manifest.version = version
        manifest.createdAt = date.formatted(.iso8601)
        manifest.codeVersion = codeVersion
        manifest.dictionary = dictionary
        manifest.tasks = tasks
        // It was of other heads.
        manifest.calibration = nil
        manifest.sources += sources
        if !keepsHeads {
            manifest.licence =
                "trunk: \(trunk.manifest.licence); heads: \(RecipeRun.licence(of: sources))"
            manifest.scores = [:]
        }
        return try BundleDirectory.write(
            BundleContents(trunk: contents.trunk, tasks: parameters), manifest: manifest,
            card: ModelCard(manifest: manifest).text, attachments: attachments(recipeFile),
            files: try fitting.files(), published: trunk, to: output.appending(path: recipe.name))
    }

    /// The recipe's file, and with kept heads what else lies beside the bundle's own files.
    private func attachments(_ recipeFile: URL) -> [URL] {
        guard keepsHeads else { return [recipeFile] }
        let made = recipe.sources.makesGoldenSet ? HeldOutGoldenSet.fileName : nil
        let kept = trunk.attachments.filter {
            $0.lastPathComponent != recipeFile.lastPathComponent && $0.lastPathComponent != made
        }
        return [recipeFile] + kept
    }
}
