// SPDX-License-Identifier: Apache-2.0
package import Tensors
package import WeightFiles

/// The sizes and settings of a decoder, whatever its architecture: what the forward pass needs to know.
///
/// Names are those of Hugging Face's `config.json` in camel case where it has the field. What an
/// architecture fixes without saying so in the file is set by its description in `Architectures/`.
package struct DecoderConfiguration: Hashable, Sendable {
    /// Which description the file follows.
    package var architecture: DecoderArchitecture = .ncvc
    /// Tokens in the vocabulary, V.
    package var vocabSize: Int
    /// Width of the residual stream, C.
    package var hiddenSize: Int
    /// Width of the feed-forward block, or of each expert, F.
    package var intermediateSize: Int
    /// Layers, L.
    package var numHiddenLayers: Int
    /// Query heads, H.
    package var numAttentionHeads: Int
    /// Key and value heads, G; H is a multiple of it (grouped-query attention where it is a larger one).
    package var numKeyValueHeads: Int
    /// Elements of a head, D; even, and not always C / H.
    package var headDim: Int
    /// What is added to the mean square before the root.
    package var rmsNormEps: Double
    /// Base of the rotary angles (RoPE).
    package var ropeTheta: Double
    /// How angles are stretched for longer texts than those of the training.
    package var ropeScaling: RotaryScaling = .none
    /// Share of a head's elements that turn.
    package var partialRotaryFactor = 1.0
    /// The longest sequence, in tokens.
    package var maxPositionEmbeddings: Int
    /// What token embeddings are multiplied by; 1 where the file says nothing.
    package var embeddingScale: Double
    /// Whether the head is the embedding matrix itself (weight tying).
    package var tieWordEmbeddings: Bool
    /// The token before a text, if there is one.
    package var bosTokenID: Int32?
    /// The tokens that end a text.
    package var eosTokenIDs: [Int32]
    /// How the weights beside the file are stored.
    package var dtype: WeightStorage

    /// The shape of the feed-forward block.
    package var feedForward: FeedForwardKind = .plain
    /// Its activation.
    package var activation: Activation = .silu
    /// Whether the query, key and value projections have biases.
    package var queryKeyValueBias = false
    /// Whether the projection after attention has a bias.
    package var attentionOutputBias = false
    /// Whether the feed-forward matrices have biases.
    package var mlpBias = false
    /// Whether every query and key head is normalised before rotation.
    package var normalizesHeads = false
    /// Whether there are norms after each block, too, before its result is added.
    package var normalizesBlockOutputs = false
    /// What is added to every norm weight: 1 where files hold weights less one.
    package var normOffset: Float = 0
    /// Keys that a query sees in a windowed layer (sliding-window attention), itself included; nil where
    /// no layer has a window.
    package var slidingWindow: Int?
    /// Which layers have the window; empty where `slidingWindow` is nil.
    package var windowedLayers: [Bool] = []
    /// What attention scores are multiplied by; nil for D^−½.
    package var attentionScale: Double?
    /// Bound c of attention scores, c · tanh(s / c) (softcapping), or nil.
    package var attentionSoftcap: Double?
    /// Bound of logits, or nil.
    package var logitSoftcap: Double?

    /// A configuration; `headDim` is C / H unless given. Nothing is checked before `validate`.
    package init(
        vocabSize: Int, hiddenSize: Int, intermediateSize: Int, numHiddenLayers: Int,
        numAttentionHeads: Int, numKeyValueHeads: Int, headDim: Int? = nil,
        rmsNormEps: Double = 1e-5, ropeTheta: Double = 10000, maxPositionEmbeddings: Int = 2048,
        embeddingScale: Double = 1, tieWordEmbeddings: Bool = false, bosTokenID: Int32? = 0,
        eosTokenIDs: [Int32] = [1], dtype: WeightStorage = .float32
    ) {
        self.vocabSize = vocabSize
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.numHiddenLayers = numHiddenLayers
        self.numAttentionHeads = numAttentionHeads
        self.numKeyValueHeads = numKeyValueHeads
        self.headDim = headDim ?? hiddenSize / max(1, numAttentionHeads)
        self.rmsNormEps = rmsNormEps
        self.ropeTheta = ropeTheta
        self.maxPositionEmbeddings = maxPositionEmbeddings
        self.embeddingScale = embeddingScale
        self.tieWordEmbeddings = tieWordEmbeddings
        self.bosTokenID = bosTokenID
        self.eosTokenIDs = eosTokenIDs
        self.dtype = dtype
    }

    /// The configuration of the paper's model: 1.19 billion parameters.
    package static let ncvcFullSize = DecoderConfiguration(
        vocabSize: 32768, hiddenSize: 2048, intermediateSize: 8192, numHiddenLayers: 24,
        numAttentionHeads: 32, numKeyValueHeads: 8, bosTokenID: 1, eosTokenIDs: [2],
        dtype: .bfloat16)

    /// Number of parameters; a head that is the embedding itself counts once.
    package var parameterCount: Int {
        storedTensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    /// Elements of a head that turn; even.
    package var rotaryWidth: Int {
        // Not with `min` and `max`, which let through what is no number.
        let share = partialRotaryFactor >= 0 && partialRotaryFactor <= 1 ? partialRotaryFactor : 0
        return Int(Double(headDim) * share)
    }

    /// The window of a layer, or nil where it sees everything before.
    package func window(ofLayer index: Int) -> Int? {
        windowedLayers.indices.contains(index) && windowedLayers[index] ? slidingWindow : nil
    }
}

extension DecoderConfiguration {
    /// Attention of a layer.
    package func attention(ofLayer index: Int, causal: Bool) -> Attention {
        Attention(
            heads: numAttentionHeads, keyValueHeads: numKeyValueHeads, headWidth: headDim,
            causal: causal, window: window(ofLayer: index),
            scale: attentionScale.map { Float($0) }, softcap: attentionSoftcap.map { Float($0) })
    }
}

/// What stands between two attention blocks.
package enum FeedForwardKind: Hashable, Sendable {
    /// down · act(up · x).
    case plain
    /// down · (act(gate · x) ∘ up · x).
    case gated
    /// Of `count` gated blocks the best `active` for each token, weighted (sparse mixture of
    /// experts; Jiang et al. 2024, arXiv 2401.04088).
    case experts(count: Int, active: Int)
}

/// The elementwise functions of feed-forward blocks.
package enum Activation: String, Hashable, Sendable, CaseIterable {
    /// x · logistic(x).
    case silu
    /// x · Φ(x).
    case gelu
    /// The same with Φ approximated by a hyperbolic tangent.
    case geluTanh = "gelu_pytorch_tanh"

    /// The names that files have for them.
    static let names = ["silu", "swish", "gelu", "gelu_pytorch_tanh", "gelu_new", "gelu_fast"]

    /// The function that a file's name stands for, or nil.
    package init?(name: String) {
        switch name {
        case "silu", "swish": self = .silu
        case "gelu": self = .gelu
        case "gelu_pytorch_tanh", "gelu_new", "gelu_fast": self = .geluTanh
        default: return nil
        }
    }
}

extension DecoderConfiguration {
    private static func isCap(_ value: Double?) -> Bool {
        guard let value else { return true }
        return value > 0 && value <= 1e6
    }

    /// Throws `outOfRange` naming the first field that is not acceptable; `file` goes into it.
    package func validate(file: String) throws(ModelConfigurationError) {
        let lengths: [(String, Int, ClosedRange<Int>)] = [
            ("vocab_size", vocabSize, 1...4_194_304),
            ("hidden_size", hiddenSize, 1...65536),
            ("intermediate_size", intermediateSize, 1...1_048_576),
            ("num_hidden_layers", numHiddenLayers, 1...1024),
            ("num_attention_heads", numAttentionHeads, 1...1024),
            ("num_key_value_heads", numKeyValueHeads, 1...1024),
            ("head_dim", headDim, 2...1024),
            ("max_position_embeddings", maxPositionEmbeddings, 1...1_048_576),
            ("sliding_window", slidingWindow ?? 1, 1...1_048_576),
        ]
        for (field, value, range) in lengths where !range.contains(value) {
            throw .outOfRange(
                file: file, field: field,
                expected: "\(range.lowerBound) to \(range.upperBound)")
        }
        let ids = (bosTokenID.map { [$0] } ?? []) + eosTokenIDs
        var experts = true
        if case .experts(let count, let active) = feedForward {
            // All experts of all layers are listed, in memory.
            experts =
                (1...1024).contains(count) && (1...max(1, count)).contains(active)
                && count * numHiddenLayers <= 32768
        }
        let token = "a token of the vocabulary (0 to \(vocabSize - 1))"
        let cap = "a number above 0, up to 1000000,"
        let conditions: [(String, Bool, expected: String)] = [
            (
                "num_key_value_heads", numAttentionHeads % numKeyValueHeads == 0,
                "a divisor of num_attention_heads (\(numAttentionHeads))"
            ),
            ("head_dim", headDim % 2 == 0, "an even number"),
            (
                "partial_rotary_factor", partialRotaryFactor > 0 && partialRotaryFactor <= 1,
                "a number above 0, up to 1,"
            ),
            (
                "partial_rotary_factor", rotaryWidth > 0 && rotaryWidth % 2 == 0,
                "a share that makes an even number of head_dim"
            ),
            ("rms_norm_eps", rmsNormEps > 0 && rmsNormEps < 1, "a number between 0 and 1"),
            ("rope_theta", ropeTheta >= 1 && ropeTheta <= 1e12, "a number from 1 to 1e12"),
            (
                "embedding_scale", embeddingScale > 0 && embeddingScale <= 65536,
                "a number above 0, up to 65536,"
            ),
            ("bos_token_id", bosTokenID.map { $0 >= 0 && $0 < vocabSize } ?? true, token),
            ("eos_token_id", ids.allSatisfy { $0 >= 0 && $0 < vocabSize }, token),
            ("num_experts_per_tok", experts, "1 to the number of experts, of which at most 1024,"),
            (
                "layer_types", windowedLayers.isEmpty || windowedLayers.count == numHiddenLayers,
                "one for each of \(numHiddenLayers) layers"
            ),
            (
                "query_pre_attn_scalar",
                (attentionScale ?? 1).isFinite && (attentionScale ?? 1) > 0, "a number above 0"
            ),
            ("attn_logit_softcapping", Self.isCap(attentionSoftcap), cap),
            ("final_logit_softcapping", Self.isCap(logitSoftcap), cap),
        ]
        for (field, holds, expected) in conditions where !holds {
            throw .outOfRange(file: file, field: field, expected: expected)
        }
    }
}
