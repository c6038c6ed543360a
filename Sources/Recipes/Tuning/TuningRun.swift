// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import DurableFiles
package import Foundation
package import JapaneseText
import LanguageModel
import ModelBundle
import Tensors
package import Training

/// The training of a trunk through heads by a recipe, in a directory that remembers what is done.
///
/// Below `output`: `work/` with checkpoints, `log.jsonl`, and for each head a model in the layout of
/// Hugging Face, `NAME` or with several heads `NAME-HEAD`.
package struct TuningRun {
    /// What a run is going to do.
    package struct Plan: Encodable, Sendable {
        /// What a head learns from.
        package struct Head: Encodable, Sendable {
            /// Its name.
            package let name: String
            /// Rows learnt from.
            package let rows: Int
            /// Examples of these: windows of long texts.
            package let examples: Int
            /// Rows held out.
            package let heldOut: Int
        }

        /// Numbers that are trained.
        package let parameters: Int
        /// Steps.
        package let steps: Int
        /// Threads that compute.
        package let threads: Int
        /// Bytes of weights, moments, gradients and the values of a pass.
        package let memoryBytes: Int
        /// Seconds of all steps, at the speed of one that was tried; validation comes on top.
        package let seconds: Double
        /// The heads.
        package let heads: [Head]
    }

    private let recipe: TuningRecipe
    private let folder: TrunkFolder
    private let data: [HeadData]
    private let network: HeadedNetwork
    /// The trunk beside its frozen weights, for a change of low rank; nil where these are trained.
    private let adapted: AdaptedTrunk?
    private let dataDigest: String
    private let dataFolder: URL
    private let cleaningVersion: Int
    /// What MeCab's words come from, as a manifest has it.
    private let words: String

    /// Opens the trunk and reads all data, so that what is wrong with either shows before the start.
    ///
    /// - Parameters:
    ///   - data: the directory that the recipe's files are in; a relative `trunk.directory` too.
    ///   - analyzer: cleans with the profile `documents`, as serving does.
    ///   - words: the dictionaries of the analyzer, as a manifest has them.
    ///   - dictionary: MeCab's dictionary for a tokenizer that cuts words with it; nil for its own.
    package init(
        _ recipe: TuningRecipe, data: URL, analyzer: TextAnalyzer,
        words: String = BundleManifest.dictionary(user: nil), dictionary: String? = nil,
        userDictionary: String? = nil, file: String
    ) throws {
        (self.recipe, dataFolder, self.words) = (recipe, data, words)
        cleaningVersion = analyzer.cleaner.version.rawValue
        if recipe.threads > 0 { ComputeThreads.set(recipe.threads) }
        let isAbsolute = recipe.trunk.folder.hasPrefix("/")
        let folder = try TrunkFolder(
            isAbsolute
                ? URL(filePath: recipe.trunk.folder) : data.appending(path: recipe.trunk.folder),
            recipe.trunk, dictionary: dictionary, userDictionary: userDictionary, recipe: file)
        self.folder = folder
        let maker = ExampleMaker(
            analyzer: analyzer, source: folder.source, special: folder.special,
            context: folder.context, hasTypes: folder.hasTypes, pieces: recipe.trunk.pieces)
        for head in recipe.heads where head.kind == .maskedTokens {
            guard folder.special.mask != nil, folder.isEncoder else {
                throw RecipeError.badValue(
                    file: file, key: "heads.\(head.name).kind",
                    expected: "another for a trunk without a token [MASK] or <mask>")
            }
        }
        self.data = try recipe.heads.map {
            try HeadData(
                $0, data: data, maker: maker, validation: recipe.validation, seed: recipe.seed)
        }
        dataDigest = self.data.map(\.digest).joined(separator: " ")
        let hasWeights = !recipe.trunk.isRandom
        let ownDecoder = hasWeights ? try PublishedWeights(folder.url).has("decoder.weight") : false
        var trunk = folder.trunk
        if let settings = recipe.adapter {
            var settings = settings
            settings.base = folder.url.absoluteURL.path(percentEncoded: false)
            let adapted = try AdaptedTrunk(
                trunk, weights: PublishedWeights(folder.url).tensors(of: trunk),
                settings: settings, longestRow: folder.context, file: "\(file), lora.targets")
            trunk = adapted.trunk
            self.adapted = adapted
        } else {
            adapted = nil
        }
        network = HeadedNetwork(
            trunk,
            heads: zip(recipe.heads, self.data).map { $0.settings(counts: $1.labelCounts) },
            ownDecoder: ownDecoder)
        // Of epochs, the steps are known only now.
        guard recipe.training.warmup.steps(of: steps) <= steps else {
            throw RecipeError.badValue(
                file: file, key: "training.warmup_steps",
                expected: "at most \(steps), the steps of the run")
        }
    }

    /// Steps of the run.
    package var steps: Int {
        if let steps = recipe.training.steps { return steps }
        let examples = data.reduce(0) { $0 + $1.training.count }
        return max(
            1,
            Int((Double(examples) * recipe.training.epochs).rounded(.up))
                / recipe.training.batchTexts)
    }

    private var workers: Int { min(ComputeThreads.count, recipe.training.batchTexts) }

    /// What would be done, by a trial of the first step that writes nothing.
    package func plan() throws -> Plan {
        var order = exampleOrder
        var pass = ParallelPass(
            network, workers: workers, precision: recipe.training.precision.usable)
        let batches = longestBatches()
        let parameters = try start()
        // The first time also takes memory and lays weights out.
        _ = pass.compute(batches, parameters: parameters)
        let begin = ContinuousClock.now
        _ = pass.compute(batches, parameters: parameters)
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        // Of all heads, as often as each is drawn.
        let draws = (0..<min(steps, 200)).map {
            order.examples(ofDraw: $0, count: recipe.training.batchTexts)
        }
        let drawn = draws.reduce(0) { $0 + tokens($1) }
        let tried = max(1, batches.reduce(0) { $0 + $1.texts.tokens.count })
        let set = 4 * network.layout.count
        return Plan(
            parameters: network.layout.count, steps: steps, threads: ComputeThreads.count,
            // Weights and two moments; a tape more for validation.
            memoryBytes: MemoryEstimate.processBytes + pass.memoryBytes
                + (recipe.validation == nil ? 3 : 4) * set
                + (adapted?.bytes ?? 0),
            seconds: seconds / Double(tried) * Double(drawn) / Double(draws.count) * Double(steps),
            heads: data.map {
                Plan.Head(
                    name: $0.source.name, rows: $0.rows.training, examples: $0.training.count,
                    heldOut: $0.rows.held)
            })
    }

    /// Trains, or goes on, and writes the models; their folders.
    ///
    /// `program` is the version that the run's facts name. Throws ``TrainingError`` and the errors of the
    /// files.
    package func run(
        output: URL, program: String = "", stop: StopRequest,
        report: @escaping (RunEvent) throws -> Void
    ) throws -> [URL] {
        let directory = try RunDirectory(output)
        var settings = AdamW.Settings()
        settings.beta2 = 0.999
        settings.weightDecay = Float(recipe.training.weightDecay)
        settings.rateFactors = rateFactors
        let (steps, rate) = (self.steps, recipe.training.learningRate)
        let schedule = LearningRateSchedule(
            peak: rate, warmup: recipe.training.warmup.steps(of: steps), total: steps)
        let stage = TrainingStage(
            name: "tuning", steps: steps, optimizer: settings, rate: schedule.rate,
            precision: recipe.training.precision, validation: recipe.validation?.settings,
            stability: recipe.stability, prepare: work)
        let parameters = try RecordedRun(
            directory, facts: try facts(program), identity: try identity(),
            checkpoints: recipe.checkpoints, stop: stop, report: report
        ).train([stage], layout: network.layout, start: start)
        return try write(parameters, origin: origin(program), to: output)
    }

    /// Where the adapter alone is, beside a model that `run` has written; nil without one.
    package func adapter(besides model: URL) -> URL? {
        guard adapted != nil else { return nil }
        return model.deletingLastPathComponent().appending(
            path: model.lastPathComponent + "-adapter")
    }

    /// What the run is made from; a recipe of this kind states no licences.
    private func facts(_ program: String) throws -> RunFacts {
        RunFacts(
            name: recipe.name, kind: TuningRecipe.kind, recipe: recipe.text, program: program,
            threads: ComputeThreads.count, parameters: network.layout.count,
            model: ["trunk": recipe.trunk.folder].merging(
                recipe.adapter.map { ["adapter": "rank \($0.rank), alpha \($0.alpha)"] } ?? [:]
            ) { $1 },
            sources: try data.map { head in
                RunFacts.Source(
                    file: head.source.files.joined(separator: ", "),
                    licence: head.source.licences.isEmpty
                        ? ModelOrigin.notStated
                        : Set(head.source.licences).sorted().joined(separator: ", "),
                    bytes: try head.source.files.reduce(0) {
                        let file = FilePath(dataFolder.appending(path: $1))
                        return $0 + (try DiskFiles().facts(of: file)?.size ?? 0)
                    }, documents: head.rows.training,
                    tokens: head.training.reduce(0) { $0 + $1.ids.count },
                    heldOut: head.rows.held, repetitions: 1)
            }, excludedLicences: [])
    }

    /// What comes out is made from.
    private func origin(_ program: String) -> ModelOrigin {
        var sources = [
            BundleManifest.Source(
                name: URL(filePath: recipe.trunk.folder).lastPathComponent,
                licence: recipe.trunk.licence, usedFor: ["trunk"], rows: 0)
        ]
        for head in data {
            for (place, file) in head.source.files.enumerated() {
                sources.append(
                    BundleManifest.Source(
                        name: file,
                        licence: head.source.licences.isEmpty
                            ? ModelOrigin.notStated : head.source.licences[place],
                        usedFor: [head.source.name], rows: head.rowsOfFiles[place]))
            }
        }
        let isStated = sources.allSatisfy { $0.licence != ModelOrigin.notStated }
        return ModelOrigin(
            recipe: recipe.name,
            recipeSHA256: ContentDigest(of: Data(recipe.text.utf8)).hexadecimal,
            codeVersion: program, cleaningVersion: cleaningVersion, dictionary: words,
            readsWords: recipe.trunk.readsWords, sources: sources,
            licence: isStated ? RecipeRun.licence(of: sources) : ModelOrigin.notStated)
    }

    private func identity() throws -> RunIdentity {
        var identity = RunIdentity()
        if let adapter = recipe.adapter {
            identity["lora"] = "\(adapter)"
            // Checkpoints hold only what is beside these.
            identity["trunk.weights"] = try RunIdentity.digest(ofModel: folder.url)
        }
        identity["seed"] = String(recipe.seed)
        identity["data"] = dataDigest
        identity.add(recipe.trunk, as: "trunk")
        identity.add(recipe.training, warmup: recipe.training.warmup, as: "training")
        for head in recipe.heads { identity["heads.\(head.name)"] = "\(head)" }
        identity["heads"] = recipe.heads.map(\.name).joined(separator: " ")
        if let validation = recipe.validation { identity.add(validation, as: "validation") }
        identity.add(recipe.stability, as: "stability")
        return identity
    }

    private func start() throws -> ParameterSet {
        guard !recipe.trunk.isRandom else {
            return ParameterSet(freshFor: network, seed: recipe.seed)
        }
        var parameters = try PublishedWeights(folder.url).start(
            of: network, seed: recipe.seed
        ).parameters
        scaleLastNorm(of: &parameters)
        return parameters
    }

    /// Multiplies the gain and bias of the trunk's last norm as the recipe says.
    private func scaleLastNorm(of parameters: inout ParameterSet) {
        let scale = Float(recipe.trunk.normScale)
        guard scale != 1 else { return }
        for (place, entry) in network.trunk.layout.entries.enumerated()
        where network.trunk.isLastNorm(entry.name) {
            for index in parameters.tensors[place].values.indices {
                parameters.tensors[place].values[index] *= scale
            }
        }
    }

    /// Factors on the learning rate by how far a tensor is from the head, or where it is one's own; nil
    /// where all are 1.
    private var rateFactors: [Float]? {
        let training = recipe.training
        let decay = training.layerDecay
        guard decay < 1 || training.headLearningRate != nil else { return nil }
        let ofHeads = training.headLearningRate.map { Float($0 / training.learningRate) } ?? 1
        let (layers, trunk) = (network.trunk.layerCount, network.trunk.layout.entries.count)
        return network.layout.entries.enumerated().map { place, entry in
            guard place < trunk else { return ofHeads }
            let parts = entry.name.split(separator: ".")
            let layer = zip(parts, parts.dropFirst()).lazy
                .filter { $0.0 == "layer" || $0.0 == "layers" }.compactMap { Int($0.1) }.first
            let isLast = layer == nil && network.trunk.isLastNorm(entry.name)
            return Float(pow(decay, Double(isLast ? 0 : layers - (layer ?? -1))))
        }
    }

    // MARK: Computing

    private var exampleOrder: ExampleOrder {
        ExampleOrder(
            shares: recipe.heads.map(\.share), counts: data.map(\.training.count),
            seed: recipe.seed)
    }

    private func work() throws -> StageWork {
        var order = exampleOrder
        var seeds = SplitMix64(seed: recipe.seed, stream: 1)
        let (maskSeed, dropoutSeed) = (seeds.next(), seeds.next())
        var pass = ParallelPass(
            network, workers: workers, precision: recipe.training.precision.usable)
        let training = recipe.training
        let measure = try recipe.validation.map { _ in
            try TuningMeasurement(
                network, data: data, masking: masking, seed: recipe.seed,
                tokens: training.microBatchTokens)
        }
        return StageWork(
            gradients: { draw, parameters in
                let batches = batches(ofDraw: draw, &order, maskSeed: maskSeed)
                var dropout = SplitMix64(seed: dropoutSeed, stream: UInt64(draw))
                let loss = pass.compute(
                    batches, parameters: parameters, dropout: Float(training.dropout),
                    seed: dropout.next())
                return StepGradients(
                    loss: loss, tokens: batches.reduce(0) { $0 + $1.texts.tokens.count },
                    gradients: pass.gradients)
            }, validate: measure.map { measure in { try measure.metrics(of: $0, &pass) } })
    }

    /// What a draw's examples are as batches, words hidden where the head guesses them.
    private func batches(
        ofDraw draw: Int, _ order: inout ExampleOrder, maskSeed: UInt64
    ) -> [HeadBatch] {
        let (head, places) = order.examples(ofDraw: draw, count: recipe.training.batchTexts)
        return batches(of: head, places, maskSeed: maskSeed, stream: UInt64(draw))
    }

    private func batches(
        of head: Int, _ places: [Int], maskSeed: UInt64, stream: UInt64 = 0
    ) -> [HeadBatch] {
        var generator = SplitMix64(seed: maskSeed, stream: stream)
        let examples = places.map { place in
            guard let masking = masking(head) else { return data[head].training[place] }
            return masking.hiding(
                data[head].training[place], words: data[head].words[place], &generator)
        }
        return HeadExample.groups(
            examples, atLeast: workers, tokens: recipe.training.microBatchTokens
        ).map { HeadExample.batch($0, head: head) }
    }

    /// The batches of a step that draws the longest examples, one for each worker.
    private func longestBatches() -> [HeadBatch] {
        let step = data.indices.map { head in
            let longest = data[head].training.indices.sorted {
                data[head].training[$0].ids.count > data[head].training[$1].ids.count
            }
            return (head, Array(longest.prefix(recipe.training.batchTexts)))
        }.max { tokens($0) < tokens($1) }
        guard let step else { return [] }
        return Array(batches(of: step.0, step.1, maskSeed: recipe.seed).prefix(workers))
    }

    private func tokens(_ step: (head: Int, places: [Int])) -> Int {
        step.places.reduce(0) { $0 + data[step.head].training[$1].ids.count }
    }

    /// How a head's words are hidden; nil for heads that read all.
    private func masking(_ head: Int) -> WordMasking? {
        guard recipe.heads[head].kind == .maskedTokens, let mask = folder.special.mask else {
            return nil
        }
        return WordMasking(
            share: recipe.heads[head].maskedShare, mask: mask,
            vocabulary: folder.tokenizer.vocabularySize)
    }

    private func write(
        _ parameters: ParameterSet, origin: ModelOrigin, to output: URL
    ) throws -> [URL] {
        try recipe.heads.indices.map { head in
            let name = recipe.name + (recipe.heads.count > 1 ? "-" + recipe.heads[head].name : "")
            let url = output.appending(path: name)
            var tensors = network.tensors(parameters, head: head)
            if let adapted, let place = adapter(besides: url) {
                let adapter = adapted.adapter(of: parameters)
                let own = network.headTensors(parameters, head: head)
                try adapter.write(
                    to: place, replaces: true,
                    head: AdaptedHead(recipe.heads[head].kind, own))
                tensors = adapted.tensors(with: adapter).merging(own) { $1 }
            }
            try TunedModel(
                folder: folder, head: recipe.heads[head], tensors: tensors,
                thresholds: network.thresholds(parameters, head: head),
                pieces: recipe.trunk.pieces, heldFold: recipe.validation?.untouchedFold,
                origin: origin
            ).write(to: url)
            return url
        }
    }
}

extension AdaptedHead {
    /// A head of a kind with its tensors.
    fileprivate init(_ kind: HeadKind, _ tensors: [String: Tensor]) {
        let task =
            switch kind {
            case .tokens: "TOKEN_CLS"
            case .label, .ordinal, .number: "SEQ_CLS"
            case .maskedTokens: "FEATURE_EXTRACTION"
            }
        // What is no layer, such as transitions, is in the file alone.
        let modules = tensors.keys.compactMap { name in
            [".weight", ".bias"].first(where: name.hasSuffix).map { name.dropLast($0.count) }
        }
        self.init(task: task, modules: Set(modules).map { String($0) }.sorted(), tensors: tensors)
    }
}

extension HeadExample {
    /// Examples shared out to at least as many groups as there are workers, the longest first, each to
    /// the group with the fewest tokens; more groups where tokens would exceed a limit.
    static func groups(
        _ examples: [HeadExample], atLeast workers: Int, tokens: Int
    ) -> [[HeadExample]] {
        let all = examples.reduce(0) { $0 + $1.ids.count }
        let count = min(examples.count, max(workers, (all + tokens - 1) / tokens))
        var groups = [[HeadExample]](repeating: [], count: max(1, count))
        var sums = [Int](repeating: 0, count: groups.count)
        let order = examples.indices.sorted {
            (examples[$1].ids.count, $0) < (examples[$0].ids.count, $1)
        }
        for place in order {
            let group = sums.indices.min { sums[$0] < sums[$1] } ?? 0
            groups[group].append(examples[place])
            sums[group] += examples[place].ids.count
        }
        return groups.filter { !$0.isEmpty }
    }
}
