import DurableFiles
package import Foundation
package import WeightFiles

extension DecoderConfiguration {
    /// The content of a `config.json`, keys sorted, as Hugging Face's library reads it.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(fields)
    }

    /// Writes a `config.json`, replacing it as a whole; throws `FileError` or what encoding throws.
    package func write(to file: URL) throws {
        try DiskFiles().write(json(), to: FilePath(file))
    }

    /// The fields of a `config.json` of this configuration.
    ///
    /// Names are those of published checkpoints: rotary settings stand in `rope_theta` and
    /// `rope_scaling`, the type in `torch_dtype`.
    package var fields: [String: ConfigurationValue] {
        var fields: [String: ConfigurationValue] = [
            "architectures": .list([.text(architecture.description.className)]),
            "model_type": .text(architecture.rawValue),
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
            "tie_word_embeddings": .flag(tieWordEmbeddings),
            "torch_dtype": .text(dtype.rawValue),
            "hidden_act": .text(activation.rawValue),
        ]
        fields["bos_token_id"] = bosTokenID.map { .integer(Int($0)) }
        let ends = eosTokenIDs.map { ConfigurationValue.integer(Int($0)) }
        fields["eos_token_id"] = ends.count > 1 ? .list(ends) : ends.first
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
    var fields: [String: ConfigurationValue] {
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
                    "short_factor": .list(short.map { .number($0) }),
                    "long_factor": .list(long.map { .number($0) }),
                    "attention_factor": .number(attention),
                    "original_max_position_embeddings": .integer(context),
                ])
        }
    }

    private static func scaling(
        _ type: String, _ fields: [String: ConfigurationValue]
    ) -> [String: ConfigurationValue] {
        let named: [String: ConfigurationValue] = ["rope_type": .text(type), "type": .text(type)]
        return ["rope_scaling": .object(fields.merging(named) { $1 })]
    }
}
