package import LanguageModel
package import Tensors

/// Pre-training from random weights through all phases of a recipe, or on from a checkpoint.
package struct PretrainingRun {
    /// The tokens that mean something to training.
    package struct SpecialTokens: Hashable, Sendable {
        /// Begins a document.
        package var begin: Int32
        /// Ends a document.
        package var end: Int32
        /// Stands for a hidden token, for each phase.
        package var masks: [Int32]

        /// All of them.
        package init(begin: Int32, end: Int32, masks: [Int32]) {
            (self.begin, self.end, self.masks) = (begin, end, masks)
        }
    }

    private let recipe: Recipe
    private let configuration: DecoderConfiguration
    private let special: SpecialTokens
    private let workers: Int
    private let folder: CheckpointFolder
    private let stop: StopRequest

    /// A run of a recipe; `configuration` is the recipe's with the tokenizer's vocabulary.
    ///
    /// - Parameter workers: passes that compute at the same time, one thread each.
    package init(
        _ recipe: Recipe, _ configuration: DecoderConfiguration, special: SpecialTokens,
        workers: Int,
        checkpoints folder: CheckpointFolder, stop: StopRequest
    ) {
        precondition(special.masks.count == recipe.phases.count)
        (self.recipe, self.configuration, self.special) = (recipe, configuration, special)
        (self.workers, self.folder, self.stop) = (workers, folder, stop)
    }

    /// Runs what is left to do and returns the final weights.
    ///
    /// `pools(phase)` gives a phase's documents. Throws ``TrainingError/stopped(phase:step:)`` after
    /// writing a checkpoint when a stop was asked for, and
    /// ``TrainingError/diverged(phase:step:)`` when the loss is no number any more.
    package func run(
        pools: (PretrainingPhase) -> [DocumentPool], report: (StepReport) throws -> Void
    ) throws -> ParameterSet {
        let layout = ParameterLayout(configuration)
        var state =
            try folder.newest(layout) { phase in
                recipe.phases.indices.contains(phase) ? settings(phase) : nil
            } ?? fresh(layout)
        while true {
            if state.step < recipe.phases[state.phase].steps {
                try runPhase(&state, pools(recipe.phases[state.phase]), report)
            }
            guard state.phase + 1 < recipe.phases.count else { return state.parameters }
            state.phase += 1
            state.step = 0
            state.optimizer = AdamW(layout, settings: settings(state.phase))
        }
    }

    private func fresh(_ layout: ParameterLayout) -> Checkpoint {
        Checkpoint(
            phase: 0, step: 0,
            parameters: ParameterSet(randomFor: configuration, seed: recipe.seed),
            optimizer: AdamW(layout, settings: settings(0)))
    }

    private func settings(_ phase: Int) -> AdamW.Settings {
        var settings = AdamW.Settings()
        settings.weightDecay = Float(recipe.phases[phase].weightDecay)
        return settings
    }

    private func runPhase(
        _ state: inout Checkpoint, _ pools: [DocumentPool], _ report: (StepReport) throws -> Void
    ) throws {
        let phase = recipe.phases[state.phase]
        var seeds = SplitMix64(seed: recipe.seed, stream: UInt64(state.phase))
        let (rowSeed, maskSeed, dropoutSeed) = (seeds.next(), seeds.next(), seeds.next())
        let maker = BatchMaker(
            objective: phase.objective, crossesDocuments: phase.crossesDocuments,
            begin: special.begin, end: special.end, mask: special.masks[state.phase],
            maskedShare: phase.maskedShare, vocabulary: configuration.vocabSize, seed: maskSeed)
        guard
            var rows = RowStream(
                pools, context: phase.context, begin: special.begin, end: special.end,
                seed: rowSeed)
        else { throw TrainingError.noDocuments(file: "phase \(phase.name)") }
        let schedule = LearningRateSchedule(
            peak: phase.learningRate, warmup: phase.warmupSteps, total: phase.steps)
        var pass = ParallelPass(
            DecoderNetwork(configuration, longestRow: phase.context),
            workers: min(workers, phase.batchTokens / phase.microBatchTokens))
        var speed = Speedometer()
        while state.step < phase.steps {
            let rate = schedule.rate(step: state.step)
            let batches = self.batches(phase, step: state.step, &rows, maker)
            var generator = SplitMix64(seed: dropoutSeed, stream: UInt64(state.step))
            let loss = pass.compute(
                batches, parameters: state.parameters, dropout: Float(phase.dropout),
                seed: generator.next())
            let norm = state.optimizer.update(
                &state.parameters, gradients: pass.gradients, rate: rate)
            guard loss.isFinite, norm.isFinite else {
                throw TrainingError.diverged(phase: phase.name, step: state.step)
            }
            state.step += 1
            try report(
                StepReport(
                    phase: phase.name, step: state.step, steps: phase.steps,
                    tokens: state.step * phase.batchTokens, loss: loss, learningRate: rate,
                    gradientNorm: norm, tokensPerSecond: speed.step(phase.batchTokens)))
            let stopping = stop.isRequested
            if stopping || state.step == phase.steps
                || state.step % recipe.checkpoints.everySteps == 0
            {
                try folder.write(state)
            }
            if stopping { throw TrainingError.stopped(phase: phase.name, step: state.step) }
        }
    }

    private func batches(
        _ phase: PretrainingPhase, step: Int, _ rows: inout RowStream, _ maker: BatchMaker
    ) -> [TrainingBatch] {
        let perStep = phase.batchTokens / phase.context
        let perBatch = phase.microBatchTokens / phase.context
        return stride(from: step * perStep, to: (step + 1) * perStep, by: perBatch).map { first in
            let chosen = (first..<first + perBatch).map { rows.row($0) }
            return maker.batch(chosen, firstNumber: first)
        }
    }
}

/// Tokens a second over the last steps.
private struct Speedometer {
    private let clock = ContinuousClock()
    private var marks: [(instant: ContinuousClock.Instant, tokens: Int)]
    private var tokens = 0

    init() { marks = [(ContinuousClock().now, 0)] }

    /// Counts a step's tokens and returns the speed over up to 20 steps.
    mutating func step(_ count: Int) -> Double {
        tokens += count
        marks.append((clock.now, tokens))
        if marks.count > 20 { marks.removeFirst() }
        let first = marks[0]
        let time = first.instant.duration(to: clock.now)
        let seconds =
            Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        return Double(tokens - first.tokens) / max(seconds, 1e-9)
    }
}
