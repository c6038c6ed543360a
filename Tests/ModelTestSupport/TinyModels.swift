// SPDX-License-Identifier: Apache-2.0
package import Foundation
import JSONFiles
package import LanguageModel
import Tensors
import TestSupport
import WeightFiles

/// Small models with random weights, one for each architecture and its particulars.
package enum TinyModels {
    /// Names of all; what stands before a hyphen is the architecture.
    package static let names = [
        "ncvc", "ncvc-scaled", "llama", "llama-biases", "llama3", "linear", "yarn", "mistral",
        "mistral-plain", "mixtral", "qwen2", "qwen2-window", "qwen3", "gemma2", "phi3",
        "phi3-longrope",
    ]

    /// The configuration of one, by its name.
    package static func configuration(_ name: String) throws -> DecoderConfiguration {
        let type = String(name.split(separator: "-")[0])
        let architecture = ["llama3", "linear", "yarn"].contains(type) ? "llama" : type
        var fields: [String: JSONValue] = [
            "model_type": .string(architecture), "vocab_size": .integer(96),
            "hidden_size": .integer(64), "intermediate_size": .integer(96),
            "num_hidden_layers": .integer(3), "num_attention_heads": .integer(4),
            "num_key_value_heads": .integer(2), "rms_norm_eps": .number(1e-5),
            "rope_theta": .number(10000), "max_position_embeddings": .integer(256),
            "bos_token_id": .integer(1), "eos_token_id": .integer(2),
            "head_dim": .integer(16), "tie_word_embeddings": .bool(name == "gemma2"),
        ]
        let more: [String: JSONValue] =
            switch name {
            case "ncvc-scaled": ["embedding_scale": .number(64.0.squareRoot() * 1.01)]
            case "llama-biases": ["attention_bias": .bool(true), "mlp_bias": .bool(true)]
            case "llama3":
                [
                    "rope_scaling": [
                        "rope_type": .string("llama3"), "factor": .number(8),
                        "low_freq_factor": .number(1), "high_freq_factor": .number(4),
                        "original_max_position_embeddings": .integer(64),
                    ], "eos_token_id": .array([.integer(2), .integer(3)]),
                ]
            case "linear":
                ["rope_scaling": ["type": .string("linear"), "factor": .number(3)]]
            case "yarn":
                [
                    "rope_scaling": [
                        "rope_type": .string("yarn"), "factor": .number(4),
                        "original_max_position_embeddings": .integer(64),
                    ]
                ]
            case "mistral": ["sliding_window": .integer(9), "head_dim": .integer(24)]
            case "mixtral": ["num_local_experts": .integer(4)]
            case "qwen2-window":
                [
                    "use_sliding_window": .bool(true), "sliding_window": .integer(8),
                    "max_window_layers": .integer(1),
                ]
            case "gemma2":
                [
                    "sliding_window": .integer(8), "query_pre_attn_scalar": .integer(40),
                    "attn_logit_softcapping": .number(50), "final_logit_softcapping": .number(30),
                ]
            case "phi3-longrope":
                [
                    "rope_scaling": [
                        "type": .string("longrope"),
                        "short_factor": .array((0..<8).map { .number(1 + 0.1 * Double($0)) }),
                        "long_factor": .array((0..<8).map { .number(2 + Double($0)) }),
                    ], "original_max_position_embeddings": .integer(64),
                ]
            default: [:]
            }
        fields.merge(more) { $1 }
        return try DecoderConfiguration(ConfigurationFields(file: "tiny", values: fields))
    }

    /// Writes a model with weights of 16 bits of precision, so that norms survive an offset of 1.
    package static func write(_ name: String, to folder: URL) throws {
        try write(configuration(name), to: folder)
    }

    /// Writes a model of a configuration, so that norms survive an offset of 1.
    package static func write(_ configuration: DecoderConfiguration, to folder: URL) throws {
        var random = SeededNumbers(seed: 7)
        var tensors: [String: Tensor] = [:]
        for stored in configuration.storedTensors {
            let values = (0..<stored.shape.reduce(1, *)).map { _ in
                Float(bitPattern: (0.2 * random.signed()).bitPattern & 0xffff_0000)
            }
            tensors[stored.name] = Tensor(shape: stored.shape, values: values)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try configuration.write(to: folder.appending(path: "config.json"))
        try SafetensorsWriter.write(
            tensors, to: folder.appending(path: "model.safetensors"))
    }
}
