// SPDX-License-Identifier: Apache-2.0
package import JSONFiles
import DurableFiles
package import Foundation
import WeightFiles

extension DecoderConfiguration {
    /// The content of a `config.json`, keys sorted, as Hugging Face's library reads it.
    package func json() throws -> Data {
        return try JSONEncoder.sorted(.prettyPrinted).encode(fields)
    }

    /// Writes a `config.json`, replacing it as a whole; throws `FileError` or what encoding throws.
    package func write(to file: URL) throws {
        try DiskFiles().write(json(), to: FilePath(file))
    }

    /// The fields of a `config.json` of this configuration.
    ///
    /// Names are those of published checkpoints: rotary settings stand in `rope_theta` and
    /// `rope_scaling`, the type in `torch_dtype`.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "architectures": .array([.string(architecture.description.className)]),
            "model_type": .string(architecture.rawValue),
            "vocab_size": .integer(vocabSize),
            "hidden_size": .integer(hiddenSize),
            "intermediate_size": .integer(intermediateSize),
            "num_hidden_layers": .integer(numHiddenLayers),
            "num_attention_heads": .integer(numAttentionHeads),
            "num_key_value_heads": .integer(numKeyValueHeads),
            "head_dim": .integer(headDim),
            "rms_norm_eps": .number(rmsNormEps),
            "rope_theta": .number(ropeTheta),
            "max_position_embeddings": .integer(maxPositionEmbeddings),
            "tie_word_embeddings": .bool(tieWordEmbeddings),
            "torch_dtype": .string(dtype.rawValue),
            "hidden_act": .string(activation.rawValue),
        ]
        fields["bos_token_id"] = bosTokenID.map { .integer(Int($0)) }
        let ends = eosTokenIDs.map { JSONValue.integer(Int($0)) }
        fields["eos_token_id"] = ends.count > 1 ? .array(ends) : ends.first
        if partialRotaryFactor != 1 {
            fields["partial_rotary_factor"] = .number(partialRotaryFactor)
        }
        fields.merge(ropeScaling.fields) { $1 }
        fields.merge(architecture.description.write(self)) { $1 }
        return fields
    }
}

extension RotaryScaling {
    /// `rope_scaling` and what belongs to it; empty where nothing is scaled.
    var fields: [String: JSONValue] {
        switch self {
        case .none: return [:]
        case .linear(let factor):
            return Self.scaling("linear", ["factor": .number(factor)])
        case .llama3(let factor, let low, let high, let context):
            return Self.scaling(
                "llama3",
                [
                    "factor": .number(factor), "low_freq_factor": .number(low),
                    "high_freq_factor": .number(high),
                    "original_max_position_embeddings": .integer(context),
                ])
        case .yarn(let factor, let fast, let slow, let context, let attention):
            return Self.scaling(
                "yarn",
                [
                    "factor": .number(factor), "beta_fast": .number(fast),
                    "beta_slow": .number(slow), "attention_factor": .number(attention),
                    "original_max_position_embeddings": .integer(context),
                ])
        case .longRope(let short, let long, let context, let attention):
            return Self.scaling(
                "longrope",
                [
                    "short_factor": .array(short.map { .number($0) }),
                    "long_factor": .array(long.map { .number($0) }),
                    "attention_factor": .number(attention),
                    "original_max_position_embeddings": .integer(context),
                ])
        }
    }

    private static func scaling(
        _ type: String, _ fields: [String: JSONValue]
    ) -> [String: JSONValue] {
        let named: [String: JSONValue] = ["rope_type": .string(type), "type": .string(type)]
        return ["rope_scaling": .sorted(fields.merging(named) { $1 })]
    }
}
