// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LanguageModel
package import Tensors
import WeightFiles

/// Sizes of models that speed is told of, with weights that mean nothing.
package enum ModelShape: String, Sendable, CaseIterable {
    /// The trunk that comes with the program: about 25 million parameters.
    case ncvcBase = "ncvc-25m"
    /// NCVC-slm-1.
    case ncvc = "ncvc-1.2b"
    /// A gated model of the same size as many published ones.
    case llama = "llama-1.2b"
    /// Qwen2 7B.
    case qwen2 = "qwen2-7b"
    /// Mixtral 8×7B in miniature: as sparse, 1.6 billion parameters.
    case mixtral = "mixtral-1.6b"

    /// The configuration of the shape.
    package var configuration: DecoderConfiguration {
        get throws(ModelConfigurationError) {
            try DecoderConfiguration(json: Data(json.utf8), name: rawValue)
        }
    }

    /// A model of the shape; the same in every run.
    package func model(precision: Precision?) throws -> DecoderModel {
        let configuration = try configuration
        let shapes = configuration.storedTensors.map { ($0.name, $0.shape) }
        return DecoderModel(
            configuration: configuration,
            weights: try DecoderWeights(
                from: RandomTensors(Dictionary(uniqueKeysWithValues: shapes), name: rawValue),
                configuration: configuration, precision: precision))
    }

    private var json: String {
        switch self {
        case .ncvcBase:
            Self.json(
                type: "ncvc", width: 384, layers: 8, heads: 6, keyHeads: 2, inner: 1536,
                vocabulary: 32768, more: #""mlp_gated": false,"#)
        case .ncvc:
            Self.json(
                type: "ncvc", width: 2048, layers: 24, heads: 32, keyHeads: 8, inner: 8192,
                vocabulary: 32768, more: #""mlp_gated": false,"#)
        case .llama:
            Self.json(
                type: "llama", width: 2048, layers: 24, heads: 32, keyHeads: 8, inner: 5504,
                vocabulary: 32768)
        case .qwen2:
            Self.json(
                type: "qwen2", width: 3584, layers: 28, heads: 28, keyHeads: 4, inner: 18944,
                vocabulary: 152_064)
        case .mixtral:
            Self.json(
                type: "mixtral", width: 1024, layers: 16, heads: 16, keyHeads: 4, inner: 3584,
                vocabulary: 32768, more: #""num_local_experts": 8, "num_experts_per_tok": 2,"#)
        }
    }

    private static func json(
        type: String, width: Int, layers: Int, heads: Int, keyHeads: Int, inner: Int,
        vocabulary: Int, more: String = ""
    ) -> String {
        """
        {"model_type": "\(type)", \(more) "hidden_size": \(width), "num_hidden_layers": \(layers),
        "num_attention_heads": \(heads), "num_key_value_heads": \(keyHeads),
        "intermediate_size": \(inner), "vocab_size": \(vocabulary),
        "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "rope_theta": 10000,
        "hidden_act": "silu", "tie_word_embeddings": false, "bos_token_id": 0, "eos_token_id": 1,
        "attention_bias": false, "mlp_bias": false, "head_dim": \(width / heads)}
        """
    }
}
