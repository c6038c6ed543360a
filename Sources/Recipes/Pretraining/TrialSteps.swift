// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors
package import Training

/// A few steps of a network on random tokens, to know its speed and memory beforehand.
package struct TrialSteps {
    /// What was measured.
    package struct Measure: Codable, Hashable, Sendable {
        /// Seconds of a step, the shortest of those measured.
        package var secondsPerStep: Double
        /// Tokens of a step.
        package var batchTokens: Int
        /// Bytes for weights, moments, gradients and all values of a pass.
        package var memoryBytes: Int

        /// Tokens read in a second.
        package var tokensPerSecond: Double {
            Double(batchTokens) / max(secondsPerStep, 1e-9)
        }
    }

    private let network: DecoderConfiguration
    private let phase: PretrainingPhase
    private let precision: TrainingPrecision

    /// Steps of a phase, of which lengths, objective, dropout and precision matter.
    package init(
        _ network: DecoderConfiguration, _ phase: PretrainingPhase,
        precision: TrainingPrecision? = nil
    ) {
        (self.network, self.phase) = (network, phase)
        self.precision = (precision ?? phase.precision).usable
    }

    /// Runs one step to warm up and then `steps`; workers as in a real run.
    package func measure(steps: Int, workers: Int) -> Measure {
        precondition(steps > 0)
        let batches = self.batches()
        var parameters = ParameterSet(randomFor: network, seed: 1)
        var optimizer = AdamW(parameters.layout)
        var pass = ParallelPass(
            DecoderNetwork(network, longestRow: phase.context),
            workers: min(workers, batches.count), precision: precision)
        var speed = Speedometer()
        var shortest = Double.infinity
        for step in 0...steps {
            _ = speed.lap()
            _ = pass.compute(
                batches, parameters: parameters, dropout: Float(phase.dropout), seed: 1)
            _ = optimizer.update(&parameters, gradients: pass.gradients, rate: 1e-4)
            let seconds = speed.lap()
            if step > 0 { shortest = min(shortest, seconds) }
        }
        return Measure(
            secondsPerStep: shortest, batchTokens: phase.batchTokens,
            memoryBytes: pass.memoryBytes + 3 * 4 * parameters.layout.count)
    }

    /// Floating-point operations of a trial step: some seconds of a small machine.
    private static let trialOperations = 5e11

    /// Seconds of a whole step, from a trial that is small enough for any model.
    ///
    /// A trial reads no more tokens than some 5 · 10¹¹ operations take, in shorter rows where a whole
    /// one is too much; its time is taken as that of its share of a step.
    package func estimate(workers: Int) -> Double {
        let perToken = 6 * Double(max(1, network.parameterCount))
        let affordable = max(32, Int(Self.trialOperations / perToken))
        var trial = phase
        trial.context = min(phase.context, affordable)
        let rows = max(1, min(affordable, phase.batchTokens) / trial.context)
        let parts = max(1, min(workers, rows))
        let rowsInPart = max(1, min(rows / parts, phase.microBatchTokens / trial.context))
        trial.microBatchTokens = rowsInPart * trial.context
        trial.batchTokens = parts * trial.microBatchTokens
        let found = TrialSteps(network, trial, precision: precision).measure(
            steps: 1, workers: workers)
        return found.secondsPerStep * Double(phase.batchTokens) / Double(trial.batchTokens)
    }

    private func batches() -> [TrainingBatch] {
        let vocabulary = network.vocabSize
        let maker = BatchMaker(
            objective: phase.objective, crossesDocuments: phase.crossesDocuments, begin: -1,
            end: -1, mask: 0, maskedShare: phase.maskedShare, vocabulary: vocabulary, seed: 1)
        var generator = SplitMix64(seed: 2)
        let rows = (0..<phase.batchTokens / phase.context).map { _ in
            ArraySlice((0..<phase.context).map { _ in Int32(generator.below(vocabulary)) })
        }
        let perBatch = phase.microBatchTokens / phase.context
        return stride(from: 0, to: rows.count, by: perBatch).map { first in
            maker.batch(Array(rows[first..<first + perBatch]), firstNumber: first)
        }
    }
}

extension GrowthMeasurement {
    /// Measures a network with rows of several lengths, and networks of several sizes.
    ///
    /// - Parameters:
    ///   - lengths: tokens of a row; each must divide `batchTokens`.
    ///   - sizes: networks to measure with rows of `context` tokens.
    ///   - report: is told how much is done before each measurement, and of what it is.
    package init(
        of network: DecoderConfiguration, lengths: [Int], sizes: [DecoderConfiguration],
        context: Int, batchTokens: Int, precision: TrainingPrecision, steps: Int,
        report: (Double, String) -> Void
    ) {
        let workers = ComputeThreads.count
        let all = lengths.count + sizes.count
        var done = 0
        func measure(_ network: DecoderConfiguration, _ context: Int) -> Point {
            report(
                Double(done) / Double(all),
                "\(network.parameterCount) parameters, \(context) tokens")
            done += 1
            var network = network
            network.maxPositionEmbeddings = max(network.maxPositionEmbeddings, context)
            // As many parts as threads, as a recipe would have it.
            let share = batchTokens / context
            let parts = (1...max(1, min(workers, share))).last { share % $0 == 0 } ?? 1
            let phase = PretrainingPhase(
                measuring: context, batchTokens: batchTokens, microBatchTokens: batchTokens / parts)
            let found = TrialSteps(network, phase, precision: precision)
                .measure(steps: steps, workers: workers)
            return Point(
                context: context, parameters: network.parameterCount,
                tokensPerSecond: found.tokensPerSecond, memoryBytes: found.memoryBytes)
        }
        self.init(
            lengths: lengths.map { measure(network, $0) },
            sizes: sizes.map { measure($0, context) }, threads: workers, batchTokens: batchTokens)
    }
}

extension PretrainingPhase {
    /// A phase of which only the lengths matter.
    fileprivate init(measuring context: Int, batchTokens: Int, microBatchTokens: Int) {
        self.init(
            name: "trial", objective: .causal, tokens: batchTokens, batchTokens: batchTokens,
            microBatchTokens: microBatchTokens, context: context, learningRate: 1e-4,
            warmup: .steps(0), weightDecay: 0.1, dropout: 0, precision: .float32,
            crossesDocuments: false,
            maskedShare: 0.15, maskToken: "", weights: [:])
    }
}
