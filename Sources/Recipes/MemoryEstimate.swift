// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors
import Training

/// Memory that a pre-training run will need, from its lengths alone.
package enum MemoryEstimate {
    /// What a process holds beside a run: programs, MeCab's dictionary, buffers of products.
    package static let processBytes = 128 << 20

    /// Bytes of weights, moments, and each worker's gradients, activations and logits.
    ///
    /// The text itself, which depends on the data, comes on top.
    package static func bytes(_ recipe: Recipe, workers: Int) -> Int {
        let network = recipe.model
        let set = 4 * network.parameterCount
        let largest =
            recipe.phases.map { phase in
                let busy = min(workers, phase.batchTokens / phase.microBatchTokens)
                let logits =
                    4 * network.vocabSize * min(Tape.logitRows, phase.microBatchTokens)
                let activations = DecoderNetwork.activationBytes(
                    network, tokens: phase.microBatchTokens)
                // The rounded matrices, and about half of what is multiplied once more in half the size.
                let half = phase.precision.usable == .bfloat16
                return busy * (set + (logits + activations) * (half ? 5 : 4) / 4)
                    + (half ? set / 2 : 0)
            }.max() ?? 0
        return processBytes + 3 * set + largest
    }
}

extension DecoderNetwork {
    /// Bytes of a tape's values for a number of tokens, and of the gradients that are there at the same time.
    static func activationBytes(_ network: DecoderConfiguration, tokens: Int) -> Int {
        let (wide, forward) = (network.hiddenSize, network.intermediateSize)
        let query = network.numAttentionHeads * network.headDim
        let key = network.numKeyValueHeads * network.headDim
        let block: Int =
            switch network.feedForward {
            case .plain: 2 * forward
            case .gated: 3 * forward
            case .experts(_, let active): active * (3 * forward + 2 * wide)
            }
        let outputs = network.normalizesBlockOutputs ? 4 * wide : 0
        let heads = network.normalizesHeads ? query + key : 0
        let layer =
            4 * wide + 2 * query + 2 * key + block + outputs + heads + network.numAttentionHeads
        let gradients = 4 * wide + 3 * query + 2 * key + block
        return 4 * tokens * (network.numHiddenLayers * layer + 2 * wide + gradients)
    }
}
