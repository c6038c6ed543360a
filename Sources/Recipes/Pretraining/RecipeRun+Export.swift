// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import ModelBundle
import Tensors
import Training

extension RecipeRun {
    /// Makes tokenizer and tokens, where they are not there yet, and writes the run's export.
    ///
    /// Throws ``TrainingExportError``, ``TrainingError`` and the errors of the modules below.
    package func export(
        to folder: URL, shardBytes: Int, recipeFile: URL,
        progress: (_ part: String, _ share: Double) -> Void
    ) throws -> TrainingExport {
        // What can be known before hours of work is said before.
        try TrainingExport(recipe, configuration: recipe.model, shardBytes: shardBytes)
            .check(folder)
        if recipe.threads > 0 { ComputeThreads.set(recipe.threads) }
        let directory = try RunDirectory(output)
        defer { withExtendedLifetime(directory) {} }
        try checkDictionary()
        let tokenizer = try self.tokenizer()
        let sources = try tokenised(tokenizer)
        tellLongDocuments(sources)
        let configuration = trainedConfiguration(tokenizer)
        let export = try TrainingExport(
            recipe, configuration: configuration, shardBytes: shardBytes)
        let content = TrainingExport.Content(
            run: try pretrainingRun(sources, tokenizer, configuration), start: start,
            tokenizer: tokenizerFile, begin: tokenizer.begin, end: tokenizer.end,
            recipeFile: recipeFile, origin: try origin(tokenizer))
        try export.write(content, to: folder, stop: stop, progress: progress)
        return export
    }

    private func origin(_ tokenizer: RunTokenizer) throws -> ModelOrigin {
        let texts = try textSources()
        let trunk = start.map {
            BundleManifest.Source(
                name: $0.folder.lastPathComponent, licence: "that of the model itself",
                usedFor: ["trunk"], rows: 0)
        }
        return ModelOrigin(
            recipe: recipe.name, recipeSHA256: recipe.digest, codeVersion: program,
            cleaningVersion: analyzer.cleaner.version.rawValue, dictionary: dictionary,
            readsWords: tokenizer.readsWords, sources: (trunk.map { [$0] } ?? []) + texts,
            licence: Self.licence(of: texts))
    }
}
