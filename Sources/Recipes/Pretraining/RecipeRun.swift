// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
package import JapaneseText
import LanguageModel
import ModelBundle
import Tensors
import Tokenizers
package import Training
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
        /// Documents that are longer than a row of so many tokens, and go on in the next.
        case longDocuments(Int, row: Int)
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
    let analyzer: TextAnalyzer
    let dictionary: String
    let program: String
    /// The model that training goes on from.
    let start: StartModel?
    let stop: StopRequest
    private let report: (Event) -> Void

    /// A run of a recipe over the files below `data`, with results below `output`.
    ///
    /// `analyzer` should clean with the profile `training`; `dictionary` names the dictionaries that
    /// it cuts words with, as a bundle's manifest does; `program` is the version that the run's
    /// facts name. Throws what opening the model of `model.start` throws.
    package init(
        _ recipe: Recipe, data: URL, output: URL, analyzer: TextAnalyzer,
        dictionary: String = BundleManifest.dictionary(user: nil), program: String,
        stop: StopRequest,
        report: @escaping (Event) -> Void
    ) throws {
        start = try recipe.start.map { try StartModel(URL(filePath: $0)) }
        (self.recipe, self.data, self.output) = (recipe, data, output)
        (self.analyzer, self.dictionary, self.program) = (analyzer, dictionary, program)
        (self.stop, self.report) = (stop, report)
    }

    var work: URL { output.appending(path: "work") }
    var tokenizerFile: URL { work.appending(path: "tokenizer.json") }

    /// Where the trunk is, or will be.
    package var trunk: URL { output.appending(path: "trunk") }

    /// Whether a bundle can be made of the trunk: not of a published model, which is imported.
    package var makesBundle: Bool {
        get throws { try start?.runTokenizer().readsWords ?? true }
    }

    /// Runs all stages up to the trunk that are not done.
    ///
    /// Throws ``TrainingError`` and the errors of the modules below.
    package func makeTrunk() throws {
        if recipe.threads > 0 { ComputeThreads.set(recipe.threads) }
        let directory = try RunDirectory(output)
        try checkDictionary()
        let tokenizer = try self.tokenizer()
        let sources = try tokenised(tokenizer)
        tellLongDocuments(sources)
        let configuration = trainedConfiguration(tokenizer)
        let parameters = try pretrain(sources, tokenizer, configuration, directory)
        report(.stage(.trunk, skipped: false))
        try writeTrunk(parameters, tokenizer, configuration)
    }

    /// Makes sure that what is there already was made of words cut with the same dictionaries.
    ///
    /// Throws ``RecipeError/badValue(file:key:expected:)``.
    func checkDictionary(write: Bool = true) throws {
        let file = FilePath(work.appending(path: "dictionary.txt"))
        let standard = BundleManifest.dictionary(user: nil)
        if try DiskFiles().facts(of: file) != nil {
            let made = String(
                decoding: try DiskFiles().read(file, maximumBytes: 1 << 10), as: UTF8.self)
            guard made == dictionary else { throw Self.otherDictionary(file, made) }
        } else if FileManager.default.fileExists(atPath: tokenizerFile.path) {
            // Begun by a version that knew no other dictionary.
            guard dictionary == standard else { throw Self.otherDictionary(file, standard) }
        } else if write {
            try DiskFiles().write(Data(dictionary.utf8), to: file)
        }
    }

    private static func otherDictionary(_ file: FilePath, _ made: String) -> RecipeError {
        .badValue(
            file: file.description, key: "--user-dictionary",
            expected: "the one that this output was begun with (\(made))")
    }

    // MARK: Tokenizer

    func tokenizer() throws -> RunTokenizer {
        if let start { return try start.runTokenizer() }
        let there = FileManager.default.fileExists(atPath: tokenizerFile.path)
        report(.stage(.tokenizer, skipped: there))
        if there {
            try checkTokenizer()
            return try RunTokenizer(file: tokenizerFile)
        }
        guard let settings = recipe.tokenizer else {
            preconditionFailure("a recipe names a tokenizer or a model that has one")
        }
        try DiskFiles().write(
            JSONEncoder().encode(tokenizerIdentity()), to: FilePath(tokenizerIdentityFile))
        var parameters = UnigramTrainer.Parameters(vocabularySize: settings.vocabularySize)
        parameters.shrinkingFactor = settings.shrinkingFactor
        parameters.maximumPieceLength = settings.maximumPieceLength
        parameters.subIterations = settings.subIterations
        parameters.threads = ComputeThreads.count
        let tokenizer = try UnigramTrainer.train(
            wordCounts: wordCounts(minimum: settings.minimumWordCount), parameters: parameters
        ) { progress in
            if stop.isRequested { throw TrainingError.stopped(phase: "tokenizer", step: 0) }
            report(
                .progress(
                    .tokenizer, detail: "\(progress.phase.rawValue), \(progress.pieces) pieces",
                    share: progress.fraction))
        }
        try tokenizer.write(to: tokenizerFile)
        return try RunTokenizer(file: tokenizerFile)
    }

    private var tokenizerIdentityFile: URL { work.appending(path: "tokenizer-made-from.json") }

    /// Makes sure that a tokenizer that is there was made from the same text and settings.
    ///
    /// Throws ``TrainingError/otherRun(file:fields:)``, or `FileError`.
    func checkTokenizer() throws {
        let file = FilePath(tokenizerIdentityFile)
        guard start == nil, FileManager.default.fileExists(atPath: tokenizerFile.path),
            try DiskFiles().facts(of: file) != nil
        else { return }
        let content = try DiskFiles().read(file, maximumBytes: 1 << 20)
        guard let made = try? JSONDecoder().decode(RunIdentity.self, from: content) else {
            throw TrainingError.unreadable(file: file.description)
        }
        let fields = made.differences(from: try tokenizerIdentity())
        guard fields.isEmpty else {
            throw TrainingError.otherRun(
                file: FilePath(tokenizerFile).description, fields: fields)
        }
    }

    private func tokenizerIdentity() throws -> RunIdentity {
        var identity = RunIdentity()
        if let settings = recipe.tokenizer { identity.add(settings, as: "tokenizer") }
        identity["cleaning"] = "\(analyzer.cleaner.version.rawValue)"
        for source in recipe.sources where source.repetitions > 0 {
            let digest = ContentDigest(of: try content(source))
            identity["data.\(source.file)"] = "\(source.repetitions) \(digest)"
        }
        return identity
    }

    /// Words of all sources, counted as often as an epoch shows them.
    private func wordCounts(minimum: Int) throws -> [String: Int] {
        var all: [String: Int] = [:]
        for source in recipe.sources where source.repetitions > 0 {
            let counts = try text(source).map(
                stop: stop, progress: { show(.tokenizer, source, $0) }
            ) { document in
                var counts: [String: Int] = [:]
                for list in SourceText.words(analyzer.analyze(document)) where list != ["\n"] {
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
        return all.filter { $0.value >= minimum }
    }

    private func show(_ stage: Stage, _ source: TextSource, _ share: Double) {
        report(.progress(stage, detail: source.file, share: share))
    }

    func content(_ source: TextSource) throws -> Data {
        try DiskFiles().read(
            FilePath(data.appending(path: source.file)), maximumBytes: SourceText.byteLimit)
    }

    private func text(_ source: TextSource) throws -> SourceText {
        try SourceText(content(source), file: source.file)
    }

    // MARK: Tokens

    /// A source's tokenised documents and the digest of what they were made from.
    struct Tokenised {
        let source: TextSource
        let bytes: Int
        let documents: [[Int32]]
        let digest: String
    }

    func tokenised(_ tokenizer: RunTokenizer) throws -> [Tokenised] {
        let folder = FilePath(work.appending(path: "tokens"))
        try DiskFiles().makeDirectory(folder)
        report(.stage(.tokens, skipped: false))
        return try recipe.sources.map { source in
            let content = try content(source)
            let digest = tokensDigest(ContentDigest(of: content), tokenizer)
            let file = folder.appending(digest + ".tokens")
            let vocabulary = tokenizer.vocabularySize
            if try DiskFiles().facts(of: file) != nil {
                let documents = try TokenCache.read(file, vocabulary: vocabulary)
                return Tokenised(
                    source: source, bytes: content.count, documents: documents, digest: digest)
            }
            let documents = try SourceText(content, file: source.file).map(
                stop: stop, progress: { show(.tokens, source, $0) }
            ) { tokenizer.ids(of: $0, analyzer) }.filter { !$0.isEmpty }
            try TokenCache.write(documents, to: file)
            return Tokenised(
                source: source, bytes: content.count, documents: documents, digest: digest)
        }
    }

    /// What stands for the tokens of a text.
    func tokensDigest(_ content: ContentDigest, _ tokenizer: RunTokenizer) -> String {
        let made = "\(content) \(tokenizer.digest) \(analyzer.cleaner.version.rawValue)"
        return ContentDigest(of: Data(made.utf8)).hexadecimal
    }

    func tellLongDocuments(_ sources: [Tokenised]) {
        let row = recipe.phases.map(\.context).min() ?? 0
        let long = sources.reduce(0) { $0 + $1.documents.count { $0.count + 2 > row } }
        if long > 0 { report(.longDocuments(long, row: row)) }
    }

    // MARK: Pre-training

    /// The recipe's network with the vocabulary that the tokenizer turned out to have.
    func trainedConfiguration(_ tokenizer: RunTokenizer) -> DecoderConfiguration {
        var configuration = recipe.model
        if start != nil { return configuration }
        configuration.vocabSize = tokenizer.vocabularySize
        configuration.bosTokenID = tokenizer.begin
        configuration.eosTokenIDs = [tokenizer.end]
        return configuration
    }

    private func pretrain(
        _ sources: [Tokenised], _ tokenizer: RunTokenizer,
        _ configuration: DecoderConfiguration,
        _ directory: RunDirectory
    ) throws -> ParameterSet {
        report(.stage(.pretraining, skipped: false))
        let parts = parts(of: sources)
        let run = try pretrainingRun(sources, tokenizer, configuration)
        let facts = zip(sources, parts).map { source, part in
            RunFacts.Source(
                file: source.source.file, licence: source.source.licence, bytes: source.bytes,
                documents: part.kept.count, tokens: part.kept.reduce(0) { $0 + $1.count },
                heldOut: part.heldOut.count, repetitions: source.source.repetitions)
        }
        return try RecordedRun(
            directory,
            facts: RunFacts(
                name: recipe.name, kind: RecipeKind.pretrain.rawValue, recipe: recipe.text,
                program: program, threads: ComputeThreads.count,
                parameters: configuration.parameterCount, model: describe(configuration),
                sources: facts, excludedLicences: recipe.excludedLicences.sorted()),
            identity: try identity(configuration, sources: sources.map(\.digest)),
            checkpoints: recipe.checkpoints, stop: stop, report: { report(.training($0)) }
        ).train(
            run.stages(), layout: ParameterLayout(configuration),
            start: { try start?.parameters() ?? run.start() })
    }

    /// Documents to learn from and documents held out, of each source.
    private func parts(of sources: [Tokenised]) -> [(kept: [[Int32]], heldOut: [[Int32]])] {
        let held = recipe.validation.map {
            HeldOutDocuments(share: $0.share, seed: recipe.seed)
        }
        return sources.map { source in
            held?.split(source.documents) ?? (kept: source.documents, heldOut: [])
        }
    }

    /// What is learnt from which rows.
    func pretrainingRun(
        _ sources: [Tokenised], _ tokenizer: RunTokenizer,
        _ configuration: DecoderConfiguration
    ) throws -> PretrainingRun {
        let masks = try recipe.phases.map { phase in
            // Only this objective hides tokens.
            guard phase.objective == .maskedNext else { return Int32(0) }
            guard let id = tokenizer.id(of: phase.maskToken) else {
                throw RecipeError.badValue(
                    file: "recipe", key: "pretraining.phases.\(phase.name).mask_token",
                    expected: "a piece of the tokenizer")
            }
            return id
        }
        let parts = parts(of: sources)
        return PretrainingRun(
            recipe, configuration,
            special: PretrainingRun.SpecialTokens(
                begin: tokenizer.begin, end: tokenizer.end, masks: masks),
            workers: ComputeThreads.count,
            pools: { phase in
                zip(sources, parts).map { source, part in
                    let factor = phase.weights[source.source.group] ?? 1
                    return DocumentPool(
                        documents: part.kept, weight: source.source.repetitions * factor)
                }
            }, heldOut: parts.flatMap(\.heldOut))
    }

    /// What decides the weights; `digests` stand for the tokens of each source.
    func identity(
        _ configuration: DecoderConfiguration, sources digests: [String]
    ) throws -> RunIdentity {
        var identity = recipe.pretrainingIdentity(configuration, sources: digests)
        if let start { identity["model.start"] = try start.digest() }
        return identity
    }

    private func describe(_ network: DecoderConfiguration) -> [String: String] {
        [
            "layers": "\(network.numHiddenLayers)", "width": "\(network.hiddenSize)",
            "feed-forward width": "\(network.intermediateSize)",
            "heads": "\(network.numAttentionHeads) (\(network.numKeyValueHeads) for keys)",
            "vocabulary": "\(network.vocabSize)", "dictionaries": dictionary,
            "cleaning rules": "version \(analyzer.cleaner.version.rawValue)",
        ]
    }

    private func writeTrunk(
        _ parameters: ParameterSet, _ tokenizer: RunTokenizer,
        _ configuration: DecoderConfiguration
    ) throws {
        if let start { return try start.write(parameters, to: trunk) }
        try DiskFiles().makeDirectory(FilePath(trunk))
        try DiskFiles().write(
            DiskFiles().read(FilePath(tokenizerFile), maximumBytes: UnigramTokenizer.fileByteLimit),
            to: FilePath(trunk.appending(path: "tokenizer.json")))
        try SafetensorsWriter.write(
            parameters.named(), storage: .float32,
            metadata: ["format": "pt", "recipe": recipe.name, "recipe_sha256": recipe.digest],
            to: trunk.appending(path: "model.safetensors"))
        try configuration.write(to: trunk.appending(path: "config.json"))
    }
}
