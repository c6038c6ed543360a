import WeightFiles

/// The settings of a decoder as a GGUF file names them, turned into those of `config.json`.
struct GGUFSettings {
    private let file: GGUFFile
    private let prefix: String

    init(_ file: GGUFFile) throws(ModelConfigurationError) {
        self.file = file
        guard case .text(let architecture)? = file.metadata["general.architecture"] else {
            throw .missing(file: file.path, field: "general.architecture")
        }
        prefix = architecture
    }

    /// The configuration; what the file does not say is what the architecture's description says.
    func configuration() throws(ModelConfigurationError) -> DecoderConfiguration {
        var fields = try commonFields()
        switch prefix {
        case "llama": llama(&fields)
        case "qwen2", "qwen3", "phi3": fields["model_type"] = .text(prefix)
        case "gemma2": gemma2(&fields)
        default: throw .unsupported(file: file.path, field: "general.architecture")
        }
        var configuration = try DecoderConfiguration(
            ConfigurationFields(file: file.path, values: fields))
        // llama.cpp stores the whole weight of Gemma's norms.
        if prefix == "gemma2" { configuration.normOffset = 0 }
        if let divisors = try rotaryDivisors(configuration) {
            configuration.ropeScaling = .longRope(
                short: divisors, long: divisors,
                originalContext: configuration.maxPositionEmbeddings, attention: 1)
        }
        return configuration
    }

    private func commonFields() throws(ModelConfigurationError) -> [String: ConfigurationValue] {
        let heads = try required("attention.head_count")
        var fields: [String: ConfigurationValue] = [
            "vocab_size": .integer(try vocabularySize()),
            "hidden_size": .integer(try required("embedding_length")),
            "intermediate_size": .integer(try required("feed_forward_length")),
            "num_hidden_layers": .integer(try required("block_count")),
            "num_attention_heads": .integer(heads),
            "num_key_value_heads": .integer(integer("attention.head_count_kv") ?? heads),
            "max_position_embeddings": .integer(try required("context_length")),
            "tie_word_embeddings": .flag(file.shape(of: "output.weight") == nil),
        ]
        guard let epsilon = number("attention.layer_norm_rms_epsilon") else {
            throw missing("attention.layer_norm_rms_epsilon")
        }
        fields["rms_norm_eps"] = .number(epsilon)
        if let theta = number("rope.freq_base") { fields["rope_theta"] = .number(theta) }
        if let width = integer("attention.key_length") ?? integer("rope.dimension_count") {
            fields["head_dim"] = .integer(width)
        }
        if let window = integer("attention.sliding_window"), window > 0 {
            fields["sliding_window"] = .integer(window)
        }
        if case .integer(let id)? = file.metadata["tokenizer.ggml.bos_token_id"] {
            fields["bos_token_id"] = .integer(id)
        }
        if case .integer(let id)? = file.metadata["tokenizer.ggml.eos_token_id"] {
            fields["eos_token_id"] = .integer(id)
        }
        if case .text(let type)? = value("rope.scaling.type"), type != "none" {
            var scaling: [String: ConfigurationValue] = ["rope_type": .text(type)]
            if let factor = number("rope.scaling.factor") { scaling["factor"] = .number(factor) }
            if let context = integer("rope.scaling.original_context_length") {
                scaling["original_max_position_embeddings"] = .integer(context)
            }
            fields["rope_scaling"] = .object(scaling)
        }
        return fields
    }

    /// Llama, and Mixtral, which has the same name there.
    private func llama(_ fields: inout [String: ConfigurationValue]) {
        guard let experts = integer("expert_count"), experts > 0 else {
            // A window is all that tells Mistral from Llama.
            fields["model_type"] = .text(fields["sliding_window"] == nil ? "llama" : "mistral")
            return
        }
        fields["model_type"] = .text("mixtral")
        fields["num_local_experts"] = .integer(experts)
        if let active = integer("expert_used_count") {
            fields["num_experts_per_tok"] = .integer(active)
        }
    }

    private func gemma2(_ fields: inout [String: ConfigurationValue]) {
        fields["model_type"] = .text("gemma2")
        fields["attn_logit_softcapping"] = number("attn_logit_softcapping").map { .number($0) }
        fields["final_logit_softcapping"] = number("final_logit_softcapping").map { .number($0) }
        // The file does not say it; 9 B and 2 B take the head's width, 27 B takes C / H.
        if case .integer(let width)? = fields["head_dim"],
            case .integer(let hidden)? = fields["hidden_size"],
            case .integer(let heads)? = fields["num_attention_heads"],
            case .integer(let layers)? = fields["num_hidden_layers"], heads > 0
        {
            let scalar = layers == 46 ? hidden / heads : width
            fields["query_pre_attn_scalar"] = .integer(scalar)
        }
    }

    /// Divisors of rotary frequencies, which the file holds as a tensor where angles are scaled.
    private func rotaryDivisors(
        _ configuration: DecoderConfiguration
    ) throws(ModelConfigurationError) -> [Double]? {
        let name = "rope_freqs.weight"
        guard let shape = file.shape(of: name) else { return nil }
        guard shape == [configuration.rotaryWidth / 2], let tensor = try? file.tensor(name),
            tensor.values.allSatisfy({ $0 > 0 && $0.isFinite })
        else { throw .outOfRange(file: file.path, field: name) }
        return tensor.values.map(Double.init)
    }

    private func vocabularySize() throws(ModelConfigurationError) -> Int {
        guard let shape = file.shape(of: "token_embd.weight"), let size = shape.first else {
            throw .missing(file: file.path, field: "token_embd.weight")
        }
        return size
    }

    private func value(_ key: String) -> GGUFValue? { file.metadata["\(prefix).\(key)"] }

    private func integer(_ key: String) -> Int? {
        if case .integer(let value)? = value(key) { value } else { nil }
    }

    private func number(_ key: String) -> Double? {
        if case .number(let value)? = value(key) { value } else { nil }
    }

    private func required(_ key: String) throws(ModelConfigurationError) -> Int {
        guard let value = integer(key) else { throw missing(key) }
        return value
    }

    private func missing(_ key: String) -> ModelConfigurationError {
        .missing(file: file.path, field: "\(prefix).\(key)")
    }
}
