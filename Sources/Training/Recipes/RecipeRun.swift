import DurableFiles
package import Foundation
package import JapaneseText
import LanguageModel
import ModelBundle
import Tensors
import Tokenizers
import WeightFiles

/// The making of a model by a recipe, stage by stage, in a directory that remembers what is done.
///
/// Below `output`: `work/` holds what a run needs to go on (`tokenizer.json`, tokenised text,
/// checkpoints), `log.jsonl` every step, `trunk/` the pre-trained model in the layout of Hugging Face.
/// A stage whose result is there is skipped; running the same command again continues.
package struct RecipeRun {
    /// What is being done, for whoever shows it.
    package enum Event: Sendable {
        /// A stage begins, or is skipped because its result is there.
        case stage(Stage, skipped: Bool)
        /// Share of a stage that is done, and with what.
        case progress(Stage, detail: String, share: Double)
        /// What pre-training tells.
        case training(RunEvent)
    }

    /// The stages up to the trunk, in order.
    package enum Stage: String, CaseIterable, Sendable {
        /// Count the words of all text and train the tokenizer.
        case tokenizer
        /// Turn all text into tokens.
        case tokens
        /// Train the trunk.
        case pretraining
        /// Write the trunk in the layout of Hugging Face.
        case trunk
    }

    let recipe: Recipe
    let data: URL
    let output: URL
    private let analyzer: TextAnalyzer
    let dictionary: String
    private let stop: StopRequest
    private let report: (Event) -> Void

    /// A run of a recipe over the files below `data`, with results below `output`.
    ///
    /// `analyzer` should clean with the profile `training`; `dictionary` names the dictionaries that
    /// it cuts words with, as a bundle's manifest does.
    package init(
        _ recipe: Recipe, data: URL, output: URL, analyzer: TextAnalyzer,
        dictionary: String = BundleManifest.dictionary(user: nil), stop: StopRequest,
        report: @escaping (Event) -> Void
    ) {
        (self.recipe, self.data, self.output) = (recipe, data, output)
        (self.analyzer, self.dictionary) = (analyzer, dictionary)
        (self.stop, self.report) = (stop, report)
    }

    var work: URL { output.appending(path: "work") }
    private var tokenizerFile: URL { work.appending(path: "tokenizer.json") }

    /// Where the trunk is, or will be.
    package var trunk: URL { output.appending(path: "trunk") }

    /// Runs all stages up to the trunk that are not done.
    ///
    /// Throws ``TrainingError`` and the errors of the modules below.
    package func makeTrunk() throws {
        if recipe.threads > 0 { ComputeThreads.set(recipe.threads) }
        let directory = try RunDirectory(output)
        try checkDictionary()
        let tokenizer = try self.tokenizer()
        let sources = try tokenised(tokenizer)
        let configuration = trainedConfiguration(tokenizer)
        let parameters = try pretrain(sources, tokenizer, configuration, directory)
        report(.stage(.trunk, skipped: false))
        try writeTrunk(parameters, tokenizer, configuration)
    }

    /// Makes sure that what is there already was made of words cut with the same dictionaries.
    ///
    /// Throws ``TrainingError/badValue(file:key:expected:)``.
    func checkDictionary() throws {
        let file = FilePath(work.appending(path: "dictionary.txt"))
        let standard = BundleManifest.dictionary(user: nil)
        if try DiskFiles().facts(of: file) != nil {
            let made = String(
                decoding: try DiskFiles().read(file, maximumBytes: 1 << 10), as: UTF8.self)
            guard made == dictionary else { throw Self.otherDictionary(file, made) }
        } else if FileManager.default.fileExists(atPath: tokenizerFile.path) {
            // Begun by a version that knew no other dictionary.
            guard dictionary == standard else { throw Self.otherDictionary(file, standard) }
        } else {
            try DiskFiles().write(Data(dictionary.utf8), to: file)
        }
    }

    private static func otherDictionary(_ file: FilePath, _ made: String) -> TrainingError {
        .badValue(
            file: file.description, key: "--user-dictionary",
            expected: "the one that this output was begun with (\(made))")
    }

    // MARK: Tokenizer

    private func tokenizer() throws -> UnigramTokenizer {
        let there = FileManager.default.fileExists(atPath: tokenizerFile.path)
        report(.stage(.tokenizer, skipped: there))
        if there { return try UnigramTokenizer(file: tokenizerFile) }
        var parameters = UnigramTrainer.Parameters(
            vocabularySize: recipe.tokenizer.vocabularySize)
        parameters.shrinkingFactor = recipe.tokenizer.shrinkingFactor
        parameters.maximumPieceLength = recipe.tokenizer.maximumPieceLength
        parameters.subIterations = recipe.tokenizer.subIterations
        parameters.threads = ComputeThreads.count
        let tokenizer = try UnigramTrainer.train(
            wordCounts: wordCounts(), parameters: parameters
        ) { progress in
            if stop.isRequested { throw TrainingError.stopped(phase: "tokenizer", step: 0) }
            report(
                .progress(
                    .tokenizer, detail: "\(progress.phase.rawValue), \(progress.pieces) pieces",
                    share: progress.fraction))
        }
        try tokenizer.write(to: tokenizerFile)
        return tokenizer
    }

    /// Words of all sources, counted as often as an epoch shows them.
    private func wordCounts() throws -> [String: Int] {
        var all: [String: Int] = [:]
        for source in recipe.sources where source.repetitions > 0 {
            let counts = try text(source).map(
                analyzer, stop: stop, progress: { show(.tokenizer, source, $0) }
            ) { lists in
                var counts: [String: Int] = [:]
                for list in lists where list != ["\n"] {
                    for word in list { counts[word, default: 0] += 1 }
                }
                return counts
            }
            var sum: [String: Int] = [:]
            for document in counts { sum.merge(document, uniquingKeysWith: +) }
            for (word, count) in sum {
                let weighed = (Double(count) * source.repetitions).rounded()
                all[word, default: 0] += max(1, Int(weighed))
            }
        }
        return all.filter { $0.value >= recipe.tokenizer.minimumWordCount }
    }

    private func show(_ stage: Stage, _ source: TextSource, _ share: Double) {
        report(.progress(stage, detail: source.file, share: share))
    }

    private func content(_ source: TextSource) throws -> Data {
        try DiskFiles().read(
            FilePath(data.appending(path: source.file)), maximumBytes: SourceText.byteLimit)
    }

    private func text(_ source: TextSource) throws -> SourceText {
        try SourceText(content(source), file: source.file)
    }

    // MARK: Tokens

    /// A source's tokenised documents and the digest of what they were made from.
    private struct Tokenised {
        let source: TextSource
        let documents: [[Int32]]
        let digest: String
    }

    private func tokenised(_ tokenizer: UnigramTokenizer) throws -> [Tokenised] {
        let folder = FilePath(work.appending(path: "tokens"))
        try DiskFiles().makeDirectory(folder)
        let identity = try ContentDigest(ofFile: FilePath(tokenizerFile)).hexadecimal
        report(.stage(.tokens, skipped: false))
        return try recipe.sources.map { source in
            let content = try content(source)
            let made =
                "\(ContentDigest(of: content)) \(identity) \(analyzer.cleaner.version.rawValue)"
            let digest = ContentDigest(of: Data(made.utf8)).hexadecimal
            let file = folder.appending(digest + ".tokens")
            let vocabulary = tokenizer.vocabularySize
            if try DiskFiles().facts(of: file) != nil {
                let documents = try TokenCache.read(file, vocabulary: vocabulary)
                return Tokenised(source: source, documents: documents, digest: digest)
            }
            let documents = try SourceText(content, file: source.file).map(
                analyzer, stop: stop, progress: { show(.tokens, source, $0) }
            ) { lists in
                lists.flatMap { tokenizer.encode(words: $0).flatMap { $0 } }
            }.filter { !$0.isEmpty }
            try TokenCache.write(documents, to: file)
            return Tokenised(source: source, documents: documents, digest: digest)
        }
    }

    // MARK: Pre-training

    /// The recipe's network with the vocabulary that the tokenizer turned out to have.
    private func trainedConfiguration(_ tokenizer: UnigramTokenizer) -> DecoderConfiguration {
        var configuration = recipe.model
        configuration.vocabSize = tokenizer.vocabularySize
        configuration.bosTokenID = tokenizer.beginOfText
        configuration.eosTokenIDs = [tokenizer.endOfText]
        return configuration
    }

    private func pretrain(
        _ sources: [Tokenised], _ tokenizer: UnigramTokenizer,
        _ configuration: DecoderConfiguration,
        _ directory: RunDirectory
    ) throws -> ParameterSet {
        report(.stage(.pretraining, skipped: false))
        let masks = try recipe.phases.map { phase in
            guard let id = tokenizer.id(of: phase.maskToken) else {
                throw TrainingError.badValue(
                    file: "recipe", key: "pretraining.phases.\(phase.name).mask_token",
                    expected: "a piece of the tokenizer")
            }
            return id
        }
        let held = recipe.validation.map {
            HeldOutDocuments(share: $0.share, seed: recipe.seed)
        }
        let parts = sources.map { source in
            held?.split(source.documents) ?? (kept: source.documents, heldOut: [])
        }
        let run = PretrainingRun(
            recipe, configuration,
            special: PretrainingRun.SpecialTokens(
                begin: tokenizer.beginOfText, end: tokenizer.endOfText, masks: masks),
            workers: ComputeThreads.count,
            pools: { phase in
                zip(sources, parts).map { source, part in
                    let factor = phase.weights[source.source.group] ?? 1
                    return DocumentPool(
                        documents: part.kept, weight: source.source.repetitions * factor)
                }
            }, heldOut: parts.flatMap(\.heldOut))
        let loop = TrainingLoop(
            run.stages(), layout: ParameterLayout(configuration), start: run.start,
            checkpoints: try CheckpointFolder(
                directory.checkpoints,
                identity: recipe.pretrainingIdentity(configuration, sources: sources.map(\.digest)),
                keep: recipe.checkpoints.keep),
            everySteps: recipe.checkpoints.everySteps, log: directory.log, stop: stop,
            report: { report(.training($0)) })
        return try loop.run()
    }

    private func writeTrunk(
        _ parameters: ParameterSet, _ tokenizer: UnigramTokenizer,
        _ configuration: DecoderConfiguration
    ) throws {
        try DiskFiles().makeDirectory(FilePath(trunk))
        try tokenizer.write(to: trunk.appending(path: "tokenizer.json"))
        try SafetensorsWriter.write(
            parameters.named(), storage: .float32,
            metadata: ["format": "pt", "recipe": recipe.name, "recipe_sha256": recipe.digest],
            to: trunk.appending(path: "model.safetensors"))
        try configuration.write(to: trunk.appending(path: "config.json"))
    }
}
