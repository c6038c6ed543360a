// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LanguageModel
package import Tensors
package import Training

/// Pre-training through all phases of a recipe, as stages of a run.
package struct PretrainingRun {
    /// The tokens that mean something to training.
    package struct SpecialTokens: Hashable, Sendable {
        /// Begins a document; nil where only its end is marked.
        package var begin: Int32?
        /// Ends a document.
        package var end: Int32
        /// Stands for a hidden token, for each phase.
        package var masks: [Int32]

        /// All of them.
        package init(begin: Int32?, end: Int32, masks: [Int32]) {
            (self.begin, self.end, self.masks) = (begin, end, masks)
        }
    }

    private let recipe: Recipe
    private let configuration: DecoderConfiguration
    private let special: SpecialTokens
    private let workers: Int
    private let pools: (PretrainingPhase) -> [DocumentPool]
    private let heldOut: [[Int32]]

    /// A run of a recipe; `configuration` is the recipe's with the tokenizer's vocabulary.
    ///
    /// - Parameters:
    ///   - workers: passes that compute at the same time, one thread each.
    ///   - pools: gives a phase's documents.
    ///   - heldOut: documents that are not learnt from, for validation.
    package init(
        _ recipe: Recipe, _ configuration: DecoderConfiguration, special: SpecialTokens,
        workers: Int,
        pools: @escaping (PretrainingPhase) -> [DocumentPool], heldOut: [[Int32]] = []
    ) {
        precondition(special.masks.count == recipe.phases.count)
        (self.recipe, self.configuration, self.special) = (recipe, configuration, special)
        (self.workers, self.pools, self.heldOut) = (workers, pools, heldOut)
    }

    /// The weights that the run begins with.
    package func start() -> ParameterSet {
        ParameterSet(randomFor: configuration, seed: recipe.seed)
    }

    /// A stage for each phase.
    package func stages() -> [TrainingStage] {
        recipe.phases.indices.map { index in
            let phase = recipe.phases[index]
            var settings = AdamW.Settings()
            settings.weightDecay = Float(phase.weightDecay)
            let schedule = LearningRateSchedule(
                peak: phase.learningRate, warmup: phase.warmupSteps, total: phase.steps)
            return TrainingStage(
                name: phase.name, steps: phase.steps, optimizer: settings,
                rate: schedule.rate, precision: phase.precision,
                validation: recipe.validation?.settings,
                stability: recipe.stability, prepare: { try work(index) })
        }
    }

    /// The rows of a phase, by its place, in the order in which they are learnt from.
    ///
    /// Throws ``RecipeError/noDocuments(file:)``.
    package func rows(ofPhase index: Int) throws -> PhaseRows {
        try PhaseRows(
            recipe, phase: index, pools: pools(recipe.phases[index]), special: special,
            vocabulary: configuration.vocabSize)
    }

    private func work(_ index: Int) throws -> StageWork {
        let phase = recipe.phases[index]
        var rows = try rows(ofPhase: index)
        var pass = ParallelPass(
            DecoderNetwork(configuration, longestRow: phase.context),
            workers: min(workers, phase.batchTokens / phase.microBatchTokens),
            precision: phase.precision.usable)
        let held = try validationBatches(phase, rows.maker)
        return StageWork(
            gradients: { draw, parameters in
                let batches = rows.batches(step: draw)
                var generator = SplitMix64(seed: rows.dropoutSeed, stream: UInt64(draw))
                let loss = pass.compute(
                    batches, parameters: parameters, dropout: Float(phase.dropout),
                    seed: generator.next())
                return StepGradients(
                    loss: loss, tokens: phase.batchTokens, gradients: pass.gradients)
            },
            validate: held.isEmpty
                ? nil
                : { parameters in
                    let loss = pass.evaluate(held, parameters: parameters)
                    return ["loss": loss, "perplexity": exp(loss)]
                })
    }

    /// The batches of held-out documents, the same at every validation; none without such.
    private func validationBatches(
        _ phase: PretrainingPhase, _ maker: BatchMaker
    ) throws -> [TrainingBatch] {
        guard let validation = recipe.validation else { return [] }
        let rows = PackedRows(
            [DocumentPool(documents: heldOut, weight: 1)], context: phase.context,
            begin: special.begin, end: special.end, seed: recipe.seed, epoch: 0)
        let count = min(rows.count, max(1, validation.tokens / phase.context))
        guard count > 0 else { throw RecipeError.noDocuments(file: "validation") }
        let perBatch = max(1, phase.microBatchTokens / phase.context)
        return stride(from: 0, to: count, by: perBatch).map { first in
            let chosen = (first..<min(first + perBatch, count)).map { rows[$0] }
            return maker.batch(chosen, firstNumber: first)
        }
    }
}
