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
            "architectures": .list([.text(architecture.className)]),
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
        ]
        fields["bos_token_id"] = bosTokenID.map { .integer(Int($0)) }
        let ends = eosTokenIDs.map { ConfigurationValue.integer(Int($0)) }
        fields["eos_token_id"] = ends.count > 1 ? .list(ends) : ends.first
        if partialRotaryFactor != 1 {
            fields["partial_rotary_factor"] = .number(partialRotaryFactor)
        }
        fields.merge(ropeScaling.fields) { $1 }
        fields.merge(particularFields) { $1 }
        return fields
    }

    /// What the architecture's description reads beyond the sizes.
    private var particularFields: [String: ConfigurationValue] {
        var fields: [String: ConfigurationValue] = ["hidden_act": .text(activation.rawValue)]
        switch architecture {
        case .ncvc:
            fields["attention_bias"] = .flag(false)
            fields["mlp_bias"] = .flag(false)
            fields["mlp_gated"] = .flag(false)
            if embeddingScale != 1 { fields["embedding_scale"] = .number(embeddingScale) }
            return fields
        case .llama:
            fields["attention_bias"] = .flag(queryKeyValueBias)
            fields["mlp_bias"] = .flag(mlpBias)
            return fields
        case .mistral: break
        case .mixtral:
            if case .experts(let count, let active) = feedForward {
                fields["num_local_experts"] = .integer(count)
                fields["num_experts_per_tok"] = .integer(active)
            }
        case .qwen2, .qwen3:
            fields["use_sliding_window"] = .flag(slidingWindow != nil)
            if architecture == .qwen3 { fields["attention_bias"] = .flag(queryKeyValueBias) }
        case .gemma2:
            fields["hidden_activation"] = fields["hidden_act"]
            fields["attention_bias"] = .flag(queryKeyValueBias)
            fields["query_pre_attn_scalar"] = .number(queryScalar)
            fields["attn_logit_softcapping"] = attentionSoftcap.map { .number($0) } ?? .null
            fields["final_logit_softcapping"] = logitSoftcap.map { .number($0) } ?? .null
        case .phi3:
            if queryKeyValueBias { fields["attention_bias"] = .flag(true) }
        }
        fields["sliding_window"] = slidingWindow.map { .integer($0) } ?? .null
        // Older readers know no `layer_types` where all layers are alike.
        if windowedLayers.contains(false) || architecture == .qwen2 || architecture == .qwen3,
            !windowedLayers.isEmpty
        {
            fields["layer_types"] = .list(
                windowedLayers.map { .text($0 ? "sliding_attention" : "full_attention") })
        }
        return fields
    }

    /// The number whose −½th power scores are multiplied by.
    private var queryScalar: Double {
        let scale = attentionScale ?? 1 / Double(headDim).squareRoot()
        let scalar = 1 / (scale * scale)
        // The way there and back rounds; published numbers are whole.
        let whole = scalar.rounded()
        return abs(scalar - whole) < 1e-9 * whole ? whole : scalar
    }
}

extension DecoderArchitecture {
    /// The class of Hugging Face's library.
    var className: String {
        switch self {
        case .ncvc: "NcvcForCausalLM"
        case .llama: "LlamaForCausalLM"
        case .mistral: "MistralForCausalLM"
        case .mixtral: "MixtralForCausalLM"
        case .qwen2: "Qwen2ForCausalLM"
        case .qwen3: "Qwen3ForCausalLM"
        case .gemma2: "Gemma2ForCausalLM"
        case .phi3: "Phi3ForCausalLM"
        }
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
