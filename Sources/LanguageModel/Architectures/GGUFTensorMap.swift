// SPDX-License-Identifier: Apache-2.0
import Tensors
import WeightFiles

/// Where a GGUF file has the tensors of a published checkpoint.
///
/// Names are those of llama.cpp's `gguf-py`; `ncvc`, which llama.cpp does not know, has the same
/// names without a gate.
struct GGUFTensorMap {
    /// A tensor of a GGUF file, whole or one expert's part of it, and how its rows lie there.
    struct Place: Hashable {
        let name: String
        var expert: Int?
        /// Heads whose rows lie in pairs that turn together (interleaved RoPE), where they do.
        var interleavedHeads: Int?
        /// What the file adds to a norm's weight.
        var offset: Float = 0
    }

    let configuration: DecoderConfiguration
    private let conventions: GGUFConventions

    init(_ configuration: DecoderConfiguration) {
        self.configuration = configuration
        conventions = configuration.architecture.description.gguf
    }

    /// The place of a stored tensor.
    func place(of tensor: StoredTensor) -> Place {
        switch tensor.place {
        case .embedding: return Place(name: "token_embd.weight")
        case .finalNorm: return Place(name: "output_norm.weight", offset: conventions.normOffset)
        case .head: return Place(name: "output.weight")
        case .layer(let index, let parts):
            let suffix = tensor.name.hasSuffix(".bias") ? "bias" : "weight"
            let name = Self.joined(parts) ?? parts.first.map(Self.name) ?? ""
            var place = Place(name: "blk.\(index).\(name).\(suffix)")
            guard parts.count == 1, let part = parts.first else { return place }
            switch part {
            case .expertGate(let expert), .expertUp(let expert), .expertDown(let expert):
                place.expert = expert
            case .query, .bias(of: .query):
                place.interleavedHeads = interleavedHeads(configuration.numAttentionHeads)
            case .key, .bias(of: .key):
                place.interleavedHeads = interleavedHeads(configuration.numKeyValueHeads)
            case .inputNorm, .feedForwardNorm, .attentionOutputNorm, .feedForwardOutputNorm:
                place.offset = conventions.normOffset
            default: break
            }
            return place
        }
    }

    private func interleavedHeads(_ heads: Int) -> Int? {
        conventions.interleavesHeads ? heads : nil
    }

    /// The one name of tensors that are stored together.
    private static func joined(_ tensors: [LayerTensor]) -> String? {
        switch tensors {
        case [.query, .key, .value],
            [.bias(of: .query), .bias(of: .key), .bias(of: .value)]:
            "attn_qkv"
        case [.gate, .up]: "ffn_up"
        default: nil
        }
    }

    private static func name(of tensor: LayerTensor) -> String {
        switch tensor {
        case .inputNorm: "attn_norm"
        case .query: "attn_q"
        case .key: "attn_k"
        case .value: "attn_v"
        case .output: "attn_output"
        case .queryNorm: "attn_q_norm"
        case .keyNorm: "attn_k_norm"
        case .attentionOutputNorm: "post_attention_norm"
        case .feedForwardNorm: "ffn_norm"
        case .gate: "ffn_gate"
        case .up: "ffn_up"
        case .down: "ffn_down"
        case .feedForwardOutputNorm: "post_ffw_norm"
        case .router: "ffn_gate_inp"
        case .expertGate: "ffn_gate_exps"
        case .expertUp: "ffn_up_exps"
        case .expertDown: "ffn_down_exps"
        case .bias(let matrix): name(of: matrix)
        }
    }
}

extension Tensor {
    /// Rows whose heads have neighbours that turn together, from rows whose heads have halves that
    /// do: row i + s · D/2 of each head becomes row 2i + s. Rows that cannot be divided stay.
    func interleavingHeads(_ heads: Int) -> Tensor {
        let rows = shape.first ?? 0
        guard heads > 0, rows > 0, rows % (2 * heads) == 0 else { return self }
        let width = count / rows
        let (perHead, half) = (rows / heads, rows / heads / 2)
        var values: [Float] = []
        values.reserveCapacity(count)
        for row in 0..<rows {
            let place = row % perHead
            let from = row / perHead * perHead + place / 2 + place % 2 * half
            values += self.values[from * width..<(from + 1) * width]
        }
        return Tensor(shape: shape, values: values)
    }
}
