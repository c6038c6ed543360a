// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import LanguageModel
import Tensors
package import Training

/// The tuning of a model by a recipe, in a directory that remembers what is done.
///
/// Below `output`: `work/` holds the checkpoints, `log.jsonl` every step, `base/` the base with the chat's
/// tokens where an adapter needs one that has them, and `NAME/` the result: a model's folder, or that
/// of an adapter. Running the same command again continues.
package struct InstructionRun {
    /// What is being done, for whoever shows it.
    package enum Event: Sendable {
        /// Share of a file's rows that are read.
        case reading(file: String, share: Double)
        /// What will be learnt from.
        case data(InstructionAccount)
        /// What the loop tells.
        case training(RunEvent)
    }

    let recipe: InstructionRecipe
    let base: InstructionBase
    private let data: URL
    private let output: URL
    private let written: (String) -> String
    private let program: String
    private let stop: StopRequest
    private let report: (Event) throws -> Void

    /// A run over the files below `data`, with results below `output`.
    ///
    /// - Parameter written: a text as the base's tokenizer takes it; words with spaces between them
    ///   where it reads MeCab's; `program` is the version that the run's facts name.
    package init(
        _ recipe: InstructionRecipe, base: InstructionBase, data: URL, output: URL,
        written: @escaping (String) -> String, program: String, stop: StopRequest,
        report: @escaping (Event) throws -> Void
    ) {
        (self.recipe, self.base, self.data, self.output) = (recipe, base, data, output)
        (self.written, self.program) = (written, program)
        (self.stop, self.report) = (stop, report)
    }

    /// Where the result will be.
    package var result: URL { output.appending(path: recipe.name) }
    private var extendedBase: URL { output.appending(path: "base") }
    /// What an adapter is used with.
    package var servedBase: URL { base.addedTokens.isEmpty ? base.location : extendedBase }

    /// Reads the data, trains what is left to do, and writes the result; throws ``TrainingError``,
    /// ``InstructionDataError`` and the errors of the modules below.
    package func run() throws {
        if recipe.threads > 0 { ComputeThreads.set(recipe.threads) }
        try checkContext()
        let material = try material()
        try report(.data(material.account))
        let directory = try RunDirectory(output)
        guard let adapter = recipe.adapter else {
            let network = DecoderNetwork(base.configuration, longestRow: recipe.tuning.context)
            let weights = try train(network, material, directory) {
                try base.weights(recipe.tokenInitialization, seed: recipe.seed)
            }
            return try base.write(weights, to: result, replaces: true)
        }
        let (model, place) = try frozen()
        var settings = adapter
        settings.base = place.absoluteURL.path(percentEncoded: false)
        let adapted = try AdaptedDecoder(
            model, settings: settings, longestRow: recipe.tuning.context, file: "lora.targets")
        let parameters = try train(adapted.network, material, directory) {
            adapted.start(seed: recipe.seed)
        }
        try adapted.adapter(of: parameters).write(to: result, replaces: true)
    }

    func checkContext() throws {
        let longest = base.configuration.maxPositionEmbeddings
        guard recipe.tuning.context <= longest else {
            throw RecipeError.badValue(
                file: "recipe", key: "training.context", expected: "at most the base's \(longest)")
        }
    }

    /// The base that an adapter is trained beside, and where it is: a folder of its own where tokens
    /// were added, so that the adapter can be used with it afterwards.
    func frozen() throws -> (model: DecoderModel, place: URL) {
        guard !base.addedTokens.isEmpty else {
            return (try base.frozen(recipe.precision), base.location)
        }
        let config = FilePath(extendedBase.appending(path: "config.json"))
        if try DiskFiles().facts(of: config) == nil {
            try DiskFiles().makeDirectory(FilePath(output))
            try base.write(
                base.weights(recipe.tokenInitialization, seed: recipe.seed), to: extendedBase,
                replaces: false)
        }
        let extended = try InstructionBase(extendedBase, template: recipe.template)
        return (try extended.frozen(recipe.precision), extendedBase)
    }

    // MARK: Data

    /// Rows by task, those that are held out, and what is to be said of them.
    struct Material {
        var tasks: [(name: String, rows: [InstructionTokens])] = []
        var heldOut: [InstructionTokens] = []
        var account = InstructionAccount()
        var digests: [String: String] = [:]
        var sources: [RunFacts.Source] = []
    }

    /// Reads all files, encodes their rows, and holds documents out.
    func material() throws -> Material {
        let encoder = InstructionEncoder(
            chat: try base.chat(), context: recipe.tuning.context,
            policy: recipe.tuning.longRows, written: written)
        var material = Material()
        var byTask: [String: [InstructionTokens]] = [:]
        for source in recipe.sources {
            let content = try DiskFiles().read(
                FilePath(data.appending(path: source.file.name)),
                maximumBytes: InstructionFile.byteLimit)
            let examples = try source.file.examples(content)
            material.digests[source.file.name] = ContentDigest(of: content).hexadecimal
            let rows = try encoder.encode(
                examples, file: source.file.name, account: &material.account.long
            ) { done in
                if stop.isRequested { throw TrainingError.stopped(phase: "reading", step: 0) }
                guard done % 64 == 0 else { return }
                let share = Double(done) / Double(examples.count)
                try report(.reading(file: source.file.name, share: share))
            }
            for (task, tokens) in rows { byTask[task, default: []].append(tokens) }
            let kept = rows.map(\.tokens).filter { !isHeldOut($0.document) }
            material.sources.append(
                RunFacts.Source(
                    file: source.file.name, licence: source.licence, bytes: content.count,
                    documents: kept.count, tokens: kept.reduce(0) { $0 + $1.ids.count },
                    heldOut: rows.count - kept.count, repetitions: 1))
        }
        for (task, rows) in byTask.sorted(by: { $0.key < $1.key }) {
            let kept = rows.filter { !isHeldOut($0.document) }
            material.tasks.append((task, kept))
            material.heldOut += rows.filter { isHeldOut($0.document) }
            material.account.add(task, kept)
        }
        guard !material.tasks.allSatisfy(\.rows.isEmpty) else {
            throw InstructionDataError.empty(file: "data.sources")
        }
        material.account.heldOut = material.heldOut.count
        return material
    }

    /// Rows of one document are all held out or all learnt from.
    private func isHeldOut(_ document: String) -> Bool {
        guard let validation = recipe.validation else { return false }
        var generator = SplitMix64(seed: recipe.seed, stream: FNV1a(of: document).value)
        return generator.unit() < validation.share
    }

    // MARK: Training

    private func train(
        _ decoder: DecoderNetwork, _ material: Material, _ directory: RunDirectory,
        start: @escaping () throws -> ParameterSet
    ) throws -> ParameterSet {
        let network = InstructionNetwork(decoder, noise: recipe.tuning.noise)
        var settings = AdamW.Settings()
        settings.weightDecay = Float(recipe.tuning.weightDecay)
        let schedule = LearningRateSchedule(
            peak: recipe.tuning.learningRate,
            warmup: recipe.tuning.warmup.steps(of: recipe.tuning.steps), total: recipe.tuning.steps)
        let stage = TrainingStage(
            name: "instruct", steps: recipe.tuning.steps, optimizer: settings,
            rate: schedule.rate, precision: recipe.tuning.precision,
            validation: recipe.validation?.settings,
            stability: recipe.stability, prepare: { try work(network, material) })
        return try RecordedRun(
            directory, facts: facts(material, trained: network.layout.count),
            identity: identity(material), checkpoints: recipe.checkpoints, stop: stop,
            report: { try report(.training($0)) }
        ).train([stage], layout: network.layout, start: start)
    }

    /// What the run is made from.
    private func facts(_ material: Material, trained: Int) -> RunFacts {
        var model = [
            "base": base.location.path(percentEncoded: false), "chat template": base.template.name,
            "parameters of the base": "\(base.configuration.parameterCount)",
        ]
        if let adapter = recipe.adapter {
            model["adapter"] = "rank \(adapter.rank), alpha \(adapter.alpha)"
            model["frozen weights"] = recipe.precision?.rawValue ?? "f32"
        }
        return RunFacts(
            name: recipe.name, kind: InstructionRecipe.kind, recipe: recipe.text, program: program,
            threads: ComputeThreads.count, parameters: trained, model: model,
            sources: material.sources, excludedLicences: recipe.excludedLicences)
    }

    /// Everything that decides the result.
    private func identity(_ material: Material) throws -> RunIdentity {
        var identity = RunIdentity()
        identity["seed"] = String(recipe.seed)
        identity["base.model"] = try base.digest()
        identity["base.precision"] = recipe.precision?.rawValue ?? "f32"
        identity["chat.template"] = base.template.name
        identity["chat.token_initialization"] = recipe.tokenInitialization.rawValue
        identity.add(recipe.tuning, warmup: recipe.tuning.warmup, as: "training")
        identity["sampling"] = recipe.mixture.description
        identity["lora"] = recipe.adapter.map { "\($0)" } ?? "none"
        for source in recipe.sources {
            identity["data.\(source.file.name)"] =
                "\(source.file.task) \(material.digests[source.file.name] ?? "")"
        }
        if let validation = recipe.validation { identity.add(validation, as: "validation") }
        identity.add(recipe.stability, as: "stability")
        return identity
    }

    private func work(
        _ network: InstructionNetwork, _ material: Material
    ) throws -> StageWork {
        var seeds = SplitMix64(seed: recipe.seed, stream: 0)
        let (rowSeed, passSeed) = (seeds.next(), seeds.next())
        guard
            var mixture = TaskMixture(
                material.tasks.map { TaskMixture.Task(name: $0.name, count: $0.rows.count) },
                weights: recipe.mixture, seed: rowSeed)
        else { throw InstructionDataError.empty(file: "sampling.weights") }
        var pass = ParallelPass(
            network, workers: ComputeThreads.count, precision: recipe.tuning.precision.usable)
        let tuning = recipe.tuning
        let held = recipe.validation.map { Array(material.heldOut.prefix($0.rows)) } ?? []
        guard recipe.validation == nil || !held.isEmpty else {
            throw InstructionDataError.empty(file: "validation")
        }
        let measured = InstructionBatches.batches(of: held, tokens: tuning.microBatchTokens)
        return StageWork(
            gradients: { draw, parameters in
                let rows = (draw * tuning.rows..<(draw + 1) * tuning.rows).map { number in
                    let (task, row) = mixture.row(number)
                    return material.tasks[task].rows[row]
                }
                let batches = InstructionBatches.batches(
                    of: rows, tokens: tuning.microBatchTokens)
                var generator = SplitMix64(seed: passSeed, stream: UInt64(draw))
                let loss = pass.compute(
                    batches, parameters: parameters, dropout: Float(tuning.dropout),
                    seed: generator.next())
                return StepGradients(
                    loss: loss, tokens: rows.reduce(0) { $0 + $1.ids.count },
                    gradients: pass.gradients)
            },
            validate: recipe.validation == nil
                ? nil
                : { parameters in
                    let loss = pass.evaluate(measured, parameters: parameters)
                    return ["loss": loss, "perplexity": exp(loss)]
                })
    }
}

/// Rows laid end to end, without padding.
enum InstructionBatches {
    /// Batches of rows in their order, each of at most so many tokens unless one row has more.
    static func batches(of rows: [InstructionTokens], tokens: Int) -> [TrainingBatch] {
        var batches: [TrainingBatch] = []
        var open: [InstructionTokens] = []
        var count = 0
        func close() {
            guard !open.isEmpty else { return }
            batches.append(TrainingBatch(rows: open.map(\.ids), labels: open.map(\.labels)))
            (open, count) = ([], 0)
        }
        for row in rows {
            if count + row.ids.count > tokens { close() }
            open.append(row)
            count += row.ids.count
        }
        close()
        return batches
    }
}

/// What instruction data comes to.
package struct InstructionAccount: Hashable, Sendable, Encodable {
    /// One task's rows.
    package struct Task: Hashable, Sendable, Encodable {
        /// Its name.
        package let name: String
        /// Rows that are learnt from.
        package let rows: Int
        /// Their tokens.
        package let tokens: Int
        /// Those that are answers.
        package let answerTokens: Int
    }

    /// The tasks by name.
    package var tasks: [Task] = []
    /// Rows that are held out.
    package var heldOut = 0
    /// Rows that did not fit the context.
    package var long = InstructionEncoder.Account()

    mutating func add(_ name: String, _ rows: [InstructionTokens]) {
        tasks.append(
            Task(
                name: name, rows: rows.count, tokens: rows.reduce(0) { $0 + $1.ids.count },
                answerTokens: rows.reduce(0) { sum, row in
                    sum + row.labels.count { $0 != TrainingBatch.ignoredLabel }
                }))
    }
}
