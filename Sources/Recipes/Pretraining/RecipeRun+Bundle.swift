// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Corpora
import Curation
import DurableFiles
package import Foundation
import JSONFiles
package import JapaneseText
import LanguageModel
import LinearHeads
package import ModelBundle
import Tokenizers
import Training

extension RecipeRun {
    /// Fits the heads on the finished trunk and writes the bundle `output/NAME`.
    ///
    /// `analyzer` cleans with the profile `documents`, as the daemon will, and cuts words with the
    /// dictionaries of the run, which the manifest names. `begin` is told of each
    /// task before it is fitted. The recipe and the training log go into the bundle. Throws what
    /// the fittings throw and the errors of the files.
    package func makeBundle(
        analyzer: TextAnalyzer, recipeFile: URL, version: String, codeVersion: String,
        at date: Date, begin: (String) throws -> Void
    ) throws -> BundleDirectory {
        try checkDictionary()
        let tokenizer = try UnigramTokenizer(file: trunk.appending(path: "tokenizer.json"))
        let model = try DecoderModel(directory: trunk)
        // The bundle stores the trunk in 16 bits; the heads must learn from what they will see.
        let reader = TrunkReader(.words(tokenizer, try model.roundedToBFloat16()))
        let fitting = HeadFitting(
            HeadRecipe(recipe), data: data, analyzer: analyzer, stateWidth: reader.width
        ) { text in try reader.wordStates(of: [text])[0] }
        let tasks = try fitting.fit(begin: begin)
        let parameters = try tasks.parameters()
        let sources = try textSources() + fitting.sources()
        var manifest = BundleManifest(
            name: recipe.name, version: version,
            createdAt: date.formatted(.iso8601), codeVersion: codeVersion,
            cleaning: .init(
                profile: analyzer.cleaner.profile.rawValue,
                version: analyzer.cleaner.version.rawValue),
            dictionary: dictionary,
            tasks: try parameters.reduce(into: [:]) { tasks, entry in
                tasks[entry.key] = try BundleManifest.Task(entry.key, entry.value)
            },
            sources: sources, licence: Self.licence(of: sources), scores: [:])
        let log = RunDirectory.log(output)
        var attachments = [recipeFile, log].filter {
            FileManager.default.fileExists(atPath: $0.path)
        }
        if let corpus = try corpusManifest() {
            let copy = output.appending(path: Self.corpusManifestName)
            try DiskFiles().write(
                JSONEncoder.sorted(.prettyPrinted).encode(corpus), to: FilePath(copy))
            attachments.append(copy)
            manifest.corpus = .init(
                file: Self.corpusManifestName,
                undisclosed: corpus.undisclosed.map { "\($0.name) (\($0.lacking))" })
        }
        return try BundleDirectory.write(
            BundleContents(trunk: .words(tokenizer, model), tasks: parameters),
            manifest: manifest, card: ModelCard(manifest: manifest).text,
            attachments: attachments, files: try fitting.files(),
            to: output.appending(path: recipe.name))
    }

    /// The raw text that the trunk learns from, for a manifest.
    func textSources() throws -> [BundleManifest.Source] {
        try recipe.sources.map { source in
            BundleManifest.Source(
                name: source.file, licence: source.licence,
                usedFor: start == nil ? ["tokenizer", "pretraining"] : ["pretraining"],
                rows: try SourceText(content(source), file: source.file).count)
        }
    }

    /// The licence of a work made from all sources, in words.
    static func licence(of sources: [BundleManifest.Source]) -> String {
        let licences = Set(sources.map(\.licence))
        // Whoever gives rows of another licence, as a site its own, decides what may be done with the bundle.
        let own = licences.filter { !isOpen($0) }.sorted().joined(separator: ", ")
        guard own.isEmpty else {
            let open = sources.filter { isOpen($0.licence) }
            return (open.isEmpty ? "" : licence(of: open) + "; beside it, ") + "data under: " + own
        }
        if licences.contains(where: { $0.contains("-NC-") }) {
            return "CC BY-NC-SA 4.0: non-commercial use only, since some of the data is"
        }
        if licences.contains(where: { $0.contains("-SA") }) { return "CC BY-SA 4.0" }
        return "CC BY 4.0"
    }

    /// Whether a licence lets everybody use the data, with or without conditions.
    private static func isOpen(_ licence: String) -> Bool {
        ["CC BY", "CC0", "MIT", "Apache", "public data"].contains { licence.hasPrefix($0) }
    }
}

extension BundleManifest.Task {
    /// What a manifest says of a fitted task.
    init(_ name: String, _ parameters: TaskParameters, hasTagger: Bool = false) throws {
        self.init(
            method: name == TNMClassifier.taskName ? .rules : hasTagger ? .headsAndTagger : .heads,
            settings: try JSONDecoder().decode(JSONValue.self, from: parameters.settings))
    }
}
