// SPDX-License-Identifier: Apache-2.0

/// A tensor of a decoder's layer by what it is for, whatever a file calls it.
package enum LayerTensor: Hashable, Sendable {
    /// Norm before attention (C).
    case inputNorm
    /// Query projection (H · D, C).
    case query
    /// Key projection (G · D, C).
    case key
    /// Value projection (G · D, C).
    case value
    /// Projection after attention (C, H · D).
    case output
    /// Norm of each query head (D).
    case queryNorm
    /// Norm of each key head (D).
    case keyNorm
    /// Norm after attention, before its result is added (C).
    case attentionOutputNorm
    /// Norm before the feed-forward block (C).
    case feedForwardNorm
    /// The matrix whose result passes the activation (F, C).
    case gate
    /// The matrix beside it, or the first one where there is no gate (F, C).
    case up
    /// The last matrix of the block (C, F).
    case down
    /// Norm after the feed-forward block, before its result is added (C).
    case feedForwardOutputNorm
    /// Scores of the experts (experts, C).
    case router
    /// The gate of an expert (F, C).
    case expertGate(Int)
    /// The matrix beside the gate of an expert (F, C).
    case expertUp(Int)
    /// The last matrix of an expert (C, F).
    case expertDown(Int)
    /// The bias of a matrix.
    indirect case bias(of: LayerTensor)
}

/// A tensor as a file holds it: one or several of a layer's tensors, one after another.
package struct StoredTensor: Hashable, Sendable {
    /// Where the parts belong.
    package enum Place: Hashable, Sendable {
        /// Token embedding (V, C).
        case embedding
        /// These tensors of this layer.
        case layer(Int, [LayerTensor])
        /// Norm before the head (C).
        case finalNorm
        /// Head (V, C).
        case head
    }

    /// The published name, for example `model.layers.0.self_attn.q_proj.weight`.
    package let name: String
    /// Its shape.
    package let shape: [Int]
    /// Where its parts belong.
    package let place: Place
}

extension DecoderConfiguration {
    /// Every tensor of a checkpoint of this configuration, in the order of the computation.
    package var storedTensors: [StoredTensor] {
        var tensors = [
            StoredTensor(
                name: "model.embed_tokens.weight", shape: [vocabSize, hiddenSize],
                place: .embedding)
        ]
        for index in 0..<numHiddenLayers { tensors += storedTensors(ofLayer: index) }
        tensors.append(
            StoredTensor(name: "model.norm.weight", shape: [hiddenSize], place: .finalNorm))
        if !tieWordEmbeddings {
            tensors.append(
                StoredTensor(
                    name: "lm_head.weight", shape: [vocabSize, hiddenSize], place: .head))
        }
        return tensors
    }

    private func storedTensors(ofLayer index: Int) -> [StoredTensor] {
        let names = architecture.description.names
        var remaining = layerTensors[...]
        var result: [StoredTensor] = []
        while let first = remaining.first {
            // Parts of one stored tensor follow each other in the list.
            let joined = names.keys.first {
                $0.first == first && $0.count > 1 && remaining.starts(with: $0)
            }
            let parts = joined ?? [first]
            remaining = remaining.dropFirst(parts.count)
            let name = names[parts] ?? Self.name(of: first)
            let rows = parts.reduce(0) { $0 + (shape(of: $1).first ?? 0) }
            result.append(
                StoredTensor(
                    name: "model.layers.\(index).\(name).weight",
                    shape: [rows] + shape(of: first).dropFirst(), place: .layer(index, parts)))
            let biases = parts.map { LayerTensor.bias(of: $0) }
            if hasBias(first) {
                result.append(
                    StoredTensor(
                        name: "model.layers.\(index).\(name).bias", shape: [rows],
                        place: .layer(index, biases)))
            }
        }
        return result
    }

    /// The tensors of a layer, without biases.
    private var layerTensors: [LayerTensor] {
        var tensors: [LayerTensor] = [.inputNorm, .query, .key, .value]
        if normalizesHeads { tensors += [.queryNorm, .keyNorm] }
        tensors.append(.output)
        if normalizesBlockOutputs { tensors.append(.attentionOutputNorm) }
        tensors.append(.feedForwardNorm)
        switch feedForward {
        case .plain: tensors += [.up, .down]
        case .gated: tensors += [.gate, .up, .down]
        case .experts(let count, _):
            tensors.append(.router)
            for expert in 0..<count {
                tensors += [.expertGate(expert), .expertUp(expert), .expertDown(expert)]
            }
        }
        if normalizesBlockOutputs { tensors.append(.feedForwardOutputNorm) }
        return tensors
    }

    private func hasBias(_ tensor: LayerTensor) -> Bool {
        switch tensor {
        case .query, .key, .value: queryKeyValueBias
        case .output: attentionOutputBias
        case .gate, .up, .down: mlpBias
        default: false
        }
    }

    /// The shape of a layer's tensor.
    package func shape(of tensor: LayerTensor) -> [Int] {
        switch tensor {
        case .inputNorm, .attentionOutputNorm, .feedForwardNorm, .feedForwardOutputNorm:
            return [hiddenSize]
        case .queryNorm, .keyNorm: return [headDim]
        case .query: return [numAttentionHeads * headDim, hiddenSize]
        case .key, .value: return [numKeyValueHeads * headDim, hiddenSize]
        case .output: return [hiddenSize, numAttentionHeads * headDim]
        case .gate, .up, .expertGate, .expertUp: return [intermediateSize, hiddenSize]
        case .down, .expertDown: return [hiddenSize, intermediateSize]
        case .router:
            guard case .experts(let count, _) = feedForward else { return [0, hiddenSize] }
            return [count, hiddenSize]
        case .bias(let matrix): return [shape(of: matrix).first ?? 0]
        }
    }

    /// The name in checkpoints of the Llama family.
    private static func name(of tensor: LayerTensor) -> String {
        switch tensor {
        case .inputNorm: "input_layernorm"
        case .query: "self_attn.q_proj"
        case .key: "self_attn.k_proj"
        case .value: "self_attn.v_proj"
        case .output: "self_attn.o_proj"
        case .queryNorm: "self_attn.q_norm"
        case .keyNorm: "self_attn.k_norm"
        case .attentionOutputNorm: "post_attention_norm"
        case .feedForwardNorm: "post_attention_layernorm"
        case .gate: "mlp.gate_proj"
        case .up: "mlp.up_proj"
        case .down: "mlp.down_proj"
        case .feedForwardOutputNorm: "post_feedforward_layernorm"
        case .router: "mlp.gate"
        case .expertGate(let expert): "block_sparse_moe.experts.\(expert).w1"
        case .expertUp(let expert): "block_sparse_moe.experts.\(expert).w3"
        case .expertDown(let expert): "block_sparse_moe.experts.\(expert).w2"
        case .bias(let matrix): name(of: matrix)
        }
    }
}
