// SPDX-License-Identifier: Apache-2.0
import Foundation
import WeightFiles

/// Settings that only some encoders have.
package enum EncoderParticulars: Hashable, Sendable {
    /// BERT and RoBERTa have none.
    case none
    /// ModernBERT (Warner et al. 2024, arXiv 2412.13663).
    case modernBERT(ModernBERTSettings)
    /// DeBERTa-v2 (He et al. 2021, arXiv 2111.09543).
    case deberta(DebertaSettings)

    init(
        _ fields: ConfigurationFields, _ architecture: EncoderArchitecture, layers: Int,
        context: Int
    ) throws(ModelConfigurationError) {
        switch architecture {
        case .bert, .roberta: self = .none
        case .modernbert: self = .modernBERT(try ModernBERTSettings(fields, layers: layers))
        case .debertaV2: self = .deberta(try DebertaSettings(fields, context: context))
        }
    }
}

/// What ModernBERT's file says beyond the sizes.
package struct ModernBERTSettings: Hashable, Sendable {
    /// Which layers see only tokens near by.
    package let localLayers: [Bool]
    /// A local layer's token sees those at most half of this away.
    package let localAttention: Int
    /// Base of the rotary angles of global layers.
    package let globalTheta: Double
    /// Base of the rotary angles of local layers.
    package let localTheta: Double
    /// Whether the attention's projections have biases.
    package let attentionBias: Bool
    /// Whether the feed-forward matrices have biases.
    package let mlpBias: Bool
    /// Whether norms have biases.
    package let normBias: Bool
    /// Whether the dense matrix before the classifier has a bias.
    package let classifierBias: Bool
    /// Whether a text's label is read from the mean of its states, else from the first.
    package let poolsMean: Bool
    /// The activation before the classifier.
    package let classifierActivation: Activation

    init(_ fields: ConfigurationFields, layers: Int) throws(ModelConfigurationError) {
        if let types = try fields.strings("layer_types") {
            guard types.count == layers else {
                throw .outOfRange(file: fields.file, field: "layer_types")
            }
            for type in types {
                try fields.expect(
                    "layer_types", ["full_attention", "sliding_attention"].contains(type))
            }
            localLayers = types.map { $0 == "sliding_attention" }
        } else {
            let every = try fields.integer("global_attn_every_n_layers") ?? 3
            guard every > 0 else {
                throw .outOfRange(file: fields.file, field: "global_attn_every_n_layers")
            }
            localLayers = (0..<layers).map { $0 % every != 0 }
        }
        localAttention = try fields.integer("local_attention") ?? 128
        let rope = try fields.object("rope_parameters")
        func theta(_ older: String, _ kind: String, _ usual: Double)
            throws(ModelConfigurationError) -> Double
        {
            let part = try rope?.object(kind)
            if let part {
                let type = try part.string("rope_type") ?? "default"
                try part.expect("rope_type", type == "default")
            }
            let newer = try part?.number("rope_theta")
            let named = try fields.number(older)
            let theta = newer ?? named ?? usual
            guard theta >= 1, theta <= 1e12 else {
                throw .outOfRange(file: fields.file, field: older)
            }
            return theta
        }
        globalTheta = try theta("global_rope_theta", "full_attention", 160_000)
        localTheta = try theta("local_rope_theta", "sliding_attention", 10_000)
        attentionBias = try fields.bool("attention_bias") ?? false
        mlpBias = try fields.bool("mlp_bias") ?? false
        normBias = try fields.bool("norm_bias") ?? false
        classifierBias = try fields.bool("classifier_bias") ?? false
        let pooling = try fields.string("classifier_pooling") ?? "cls"
        try fields.expect("classifier_pooling", ["cls", "mean"].contains(pooling))
        poolsMean = pooling == "mean"
        let name = try fields.string("classifier_activation") ?? "gelu"
        guard let activation = Activation(name: name) else {
            throw .unsupported(file: fields.file, field: "classifier_activation")
        }
        classifierActivation = activation
        guard localAttention >= 0, localAttention <= 1 << 20 else {
            throw .outOfRange(file: fields.file, field: "local_attention")
        }
    }
}

/// What DeBERTa-v2's file says beyond the sizes.
package struct DebertaSettings: Hashable, Sendable {
    /// Buckets of distances to each side.
    package let positionBuckets: Int
    /// The distance at which buckets end.
    package let longestDistance: Int
    /// Whether scores hold the key's view of the distance.
    package let contentToPosition: Bool
    /// Whether scores hold the query's view of the distance.
    package let positionToContent: Bool
    /// Whether the relative embeddings are normalised.
    package let normalizesPositions: Bool
    /// Tokens that the convolution after the first layer sees; 0 for none.
    package let convolutionWidth: Int
    /// Its activation; nil for a hyperbolic tangent.
    package let convolutionActivation: Activation?
    /// Whether positions enter the embedding, too.
    package let hasPositionEmbedding: Bool

    init(_ fields: ConfigurationFields, context: Int) throws(ModelConfigurationError) {
        try fields.expect("relative_attention", try fields.bool("relative_attention") == true)
        try fields.expect("share_att_key", try fields.bool("share_att_key") == true)
        let buckets = try fields.integer("position_buckets") ?? -1
        let distance = try fields.integer("max_relative_positions") ?? -1
        try fields.expect("position_buckets", buckets > 1)
        positionBuckets = buckets
        longestDistance = distance < 1 ? context : distance
        let half = buckets / 2
        guard buckets <= 65536, longestDistance > half + 1, longestDistance <= 1 << 20 else {
            throw .outOfRange(file: fields.file, field: "max_relative_positions")
        }
        var kinds: [String]
        if case .some(let list) = try? fields.strings("pos_att_type") {
            kinds = list
        } else {
            kinds = (try fields.string("pos_att_type") ?? "").split(separator: "|").map(String.init)
        }
        kinds = kinds.map { $0.trimmingSpaces }
        for kind in kinds { try fields.expect("pos_att_type", ["c2p", "p2c"].contains(kind)) }
        contentToPosition = kinds.contains("c2p")
        positionToContent = kinds.contains("p2c")
        let norm = try fields.string("norm_rel_ebd") ?? "none"
        normalizesPositions = norm.contains("layer_norm")
        convolutionWidth = try fields.integer("conv_kernel_size") ?? 0
        guard (0...63).contains(convolutionWidth),
            convolutionWidth == 0 || convolutionWidth % 2 == 1
        else { throw .outOfRange(file: fields.file, field: "conv_kernel_size") }
        let name = try fields.string("conv_act") ?? "tanh"
        convolutionActivation = Activation(name: name)
        try fields.expect("conv_act", convolutionActivation != nil || name == "tanh")
        hasPositionEmbedding = try fields.bool("position_biased_input") ?? true
        if let size = try fields.integer("embedding_size") {
            try fields.expect("embedding_size", try fields.integer("hidden_size") == size)
        }
    }
}

extension DebertaSettings {
    /// The row of the relative embeddings for a distance.
    package func bucket(ofDistance distance: Int) -> Int {
        let half = positionBuckets / 2
        var bucket = distance
        if abs(distance) > half {
            // The reference computes in single precision.
            let ratio =
                logf(Float(abs(distance)) / Float(half))
                / logf(Float(longestDistance - 1) / Float(half))
            bucket = (half + Int((ratio * Float(half - 1)).rounded(.up))) * distance.signum()
        }
        return min(max(bucket + positionBuckets, 0), 2 * positionBuckets - 1)
    }
}

extension String {
    fileprivate var trimmingSpaces: String { String(self.filter { $0 != " " }) }
}
