// SPDX-License-Identifier: Apache-2.0
import Tensors
package import Training

/// The rows that a phase of pre-training learns from, in their order, and what is asked of each.
package struct PhaseRows: Sendable {
    /// A row as it stands for itself: what the network reads and what each place is to predict.
    package struct Row: Hashable, Sendable {
        /// What the network reads.
        package var tokens: [Int32]
        /// What stood where a token was hidden, ``TrainingBatch/ignoredLabel`` elsewhere; nil where
        /// every token is to be predicted from those before it.
        package var labels: [Int32]?
    }

    /// The phase.
    package let phase: PretrainingPhase
    /// Decides the dropout masks.
    package let dropoutSeed: UInt64
    /// Makes batches of them.
    let maker: BatchMaker
    private var stream: RowStream

    /// The rows of the phase at a place of a recipe.
    ///
    /// Throws ``RecipeError/noDocuments(file:)`` where the pools do not fill a row.
    package init(
        _ recipe: Recipe, phase index: Int, pools: [DocumentPool],
        special: PretrainingRun.SpecialTokens, vocabulary: Int
    ) throws {
        phase = recipe.phases[index]
        var seeds = SplitMix64(seed: recipe.seed, stream: UInt64(index))
        let (rowSeed, maskSeed) = (seeds.next(), seeds.next())
        dropoutSeed = seeds.next()
        maker = BatchMaker(
            objective: phase.objective, crossesDocuments: phase.crossesDocuments,
            begin: special.begin, end: special.end, mask: special.masks[index],
            maskedShare: phase.maskedShare, vocabulary: vocabulary, seed: maskSeed)
        guard
            let stream = RowStream(
                pools, context: phase.context, begin: special.begin, end: special.end,
                seed: rowSeed)
        else { throw RecipeError.noDocuments(file: "phase \(phase.name)") }
        self.stream = stream
    }

    /// Rows of a step.
    package var rowsPerStep: Int { phase.batchTokens / phase.context }
    /// Rows that go through the network together.
    package var rowsPerPass: Int { phase.microBatchTokens / phase.context }

    /// The batches of a step, counted from 0; steps must not go back.
    package mutating func batches(step: Int) -> [TrainingBatch] {
        let (perStep, perPass) = (rowsPerStep, rowsPerPass)
        return stride(from: step * perStep, to: (step + 1) * perStep, by: perPass).map { first in
            let chosen = (first..<first + perPass).map { stream.row($0) }
            return maker.batch(chosen, firstNumber: first)
        }
    }

    /// The row with a number counted from 0 over all steps; numbers must not go back.
    package mutating func row(_ number: Int) -> Row {
        let row = stream.row(number)
        guard phase.objective != .causal else { return Row(tokens: [Int32](row), labels: nil) }
        let batch = maker.batch([row], firstNumber: number)
        var labels = [Int32](repeating: TrainingBatch.ignoredLabel, count: row.count)
        for (place, label) in zip(batch.targets.rows, batch.targets.labels) {
            labels[Int(place)] = label
        }
        return Row(tokens: batch.tokens, labels: labels)
    }
}
