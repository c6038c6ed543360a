import Tensors

/// Memory that a pre-training run will need, from its lengths alone.
package enum MemoryEstimate {
    /// Bytes of weights, moments, and each worker's gradients, activations and logits.
    ///
    /// The text itself, which depends on the data, comes on top.
    package static func bytes(_ recipe: Recipe, workers: Int) -> Int {
        let shape = recipe.model
        let set = 4 * shape.parameterCount
        let largest =
            recipe.phases.map { phase in
                let busy = min(workers, phase.batchTokens / phase.microBatchTokens)
                let logits =
                    4 * shape.vocabulary * min(CrossEntropyPass.chunkRows, phase.microBatchTokens)
                let activations = ActivationStore.bytes(shape, tokens: phase.microBatchTokens)
                return busy * (set + logits + activations)
            }.max() ?? 0
        return 3 * set + largest
    }
}
