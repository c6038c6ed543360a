import Foundation
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
        guard Self.architectures.contains(architecture) else {
            throw .unsupported(file: file.path, field: "general.architecture")
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
        case DecoderArchitecture.ncvc.rawValue:
            fields["model_type"] = .text(prefix)
            fields["embedding_scale"] = number(Self.embeddingScale).map { .number($0) }
        default: throw .unsupported(file: file.path, field: "general.architecture")
        }
        fields["dtype"] = .text(storage.rawValue)
        let further = try furtherFields()
        fields.merge(further) { $1 }
        var configuration = try DecoderConfiguration(
            ConfigurationFields(file: file.path, values: fields))
        // llama.cpp stores the whole weight of Gemma's norms.
        if prefix == "gemma2" { configuration.normOffset = 0 }
        if further["rope_scaling"] == nil, let scaling = try scalingTensors(configuration) {
            configuration.ropeScaling = scaling
        }
        return configuration
    }

    /// The architectures that are read, by their names in GGUF files.
    private static let architectures: Set = [
        "llama", "qwen2", "qwen3", "phi3", "gemma2", DecoderArchitecture.ncvc.rawValue,
    ]

    /// The key of what only `ncvc` has.
    static let embeddingScale = "embedding_scale"
    /// The key under which a file that Shoken wrote has, as the JSON of a `config.json`, the fields
    /// that llama.cpp's keys cannot say.
    static let furtherFieldsKey = "shoken.config"
    /// The longest such JSON that is read, in bytes.
    private static let furtherFieldsLimit = 1_000_000

    /// Fields that stand in the file beside llama.cpp's keys; none of them changes a shape.
    private func furtherFields() throws(ModelConfigurationError) -> [String: ConfigurationValue] {
        guard let value = file.metadata[Self.furtherFieldsKey] else { return [:] }
        let place = "\(file.path) (\(Self.furtherFieldsKey))"
        guard case .text(let json) = value, json.utf8.count <= Self.furtherFieldsLimit else {
            throw .notJSON(file: place)
        }
        let fields = try ConfigurationFields(json: Data(json.utf8), name: place).all
        return fields.filter { GGUFMetadata.furtherFields.contains($0.key) }
    }

    /// The type that all matrices have, or 32 bits where they differ or are in blocks.
    private var storage: WeightStorage {
        let formats = Set(
            file.names.filter { file.shape(of: $0)?.count != 1 }.map { file.format(of: $0) })
        switch formats {
        case [.float16]: return .float16
        case [.bfloat16]: return .bfloat16
        default: return .float32
        }
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
        let turning = integer("rope.dimension_count")
        if let width = integer("attention.key_length") ?? turning {
            fields["head_dim"] = .integer(width)
            if let turning, turning != width {
                fields["partial_rotary_factor"] = .number(Double(turning) / Double(width))
            }
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
        // The divisors of "longrope" are tensors.
        if case .text(let type)? = value("rope.scaling.type"), !["none", "longrope"].contains(type)
        {
            var scaling: [String: ConfigurationValue] = ["rope_type": .text(type)]
            if let factor = number("rope.scaling.factor") { scaling["factor"] = .number(factor) }
            if let context = integer("rope.scaling.original_context_length") {
                scaling["original_max_position_embeddings"] = .integer(context)
            }
            if let attention = number("rope.scaling.attn_factor") {
                scaling["attention_factor"] = .number(attention)
            }
            fields["rope_scaling"] = .object(scaling)
        }
        return fields
    }

    /// Llama, and Mixtral, which has the same name there.
    private func llama(_ fields: inout [String: ConfigurationValue]) {
        fields["attention_bias"] = .flag(file.shape(of: "blk.0.attn_output.bias") != nil)
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

    /// How frequencies are changed, where the file has divisors of them as tensors.
    private func scalingTensors(
        _ configuration: DecoderConfiguration
    ) throws(ModelConfigurationError) -> RotaryScaling? {
        if let divisors = try rotaryDivisors("rope_freqs.weight", configuration) {
            return .llama3(matching: divisors, configuration)
                ?? .longRope(
                    short: divisors, long: divisors,
                    originalContext: configuration.maxPositionEmbeddings, attention: 1)
        }
        guard let short = try rotaryDivisors("rope_factors_short.weight", configuration),
            let long = try rotaryDivisors("rope_factors_long.weight", configuration)
        else { return nil }
        let context = integer("rope.scaling.original_context_length")
        guard (1...1_048_576).contains(context ?? 1) else {
            throw .outOfRange(
                file: file.path, field: "\(prefix).rope.scaling.original_context_length")
        }
        return .longRope(
            short: short, long: long,
            originalContext: context ?? configuration.maxPositionEmbeddings,
            attention: number("rope.scaling.attn_factor") ?? 1)
    }

    private func rotaryDivisors(
        _ name: String, _ configuration: DecoderConfiguration
    ) throws(ModelConfigurationError) -> [Double]? {
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

    /// A number as its writer had it: 1e-5, not the 32-bit number next to it.
    private func number(_ key: String) -> Double? {
        guard case .number(let value)? = value(key) else { return nil }
        let narrow = Float(value)
        guard Double(narrow) == value, let shortest = Double("\(narrow)") else { return value }
        return shortest
    }

    private func required(_ key: String) throws(ModelConfigurationError) -> Int {
        guard let value = integer(key) else { throw missing(key) }
        return value
    }

    private func missing(_ key: String) -> ModelConfigurationError {
        .missing(file: file.path, field: "\(prefix).\(key)")
    }
}

extension RotaryScaling {
    /// The scaling of Llama 3.1 or 3.2 that gives these divisors, or nil.
    ///
    /// llama.cpp stores the divisors alone, in 32 bits; with the numbers they come from the angles
    /// are those of the published model again.
    fileprivate static func llama3(
        matching divisors: [Double], _ configuration: DecoderConfiguration
    ) -> RotaryScaling? {
        for factor in [8.0, 32] {
            let scaling = RotaryScaling.llama3(
                factor: factor, low: 1, high: 4, originalContext: 8192)
            let expected = scaling.divisors(configuration)
            let agrees = zip(divisors, expected).allSatisfy { abs($0 - $1) < 1e-5 * $1 }
            if agrees, divisors.contains(where: { $0 != 1 }) { return scaling }
        }
        return nil
    }

    /// What each frequency is divided by.
    func divisors(_ configuration: DecoderConfiguration) -> [Double] {
        let (theta, width) = (configuration.ropeTheta, configuration.rotaryWidth)
        let plain = RotaryScaling.none.frequencies(theta: theta, width: width, positions: 0)
        let scaled = frequencies(theta: theta, width: width, positions: 0)
        return zip(plain.frequencies, scaled.frequencies).map { $0 / $1 }
    }
}
