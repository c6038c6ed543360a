// SPDX-License-Identifier: Apache-2.0
import JSONFiles
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
        guard !Self.architectures(named: architecture).isEmpty else {
            throw .unsupported(
                file: file.path, field: "general.architecture", found: architecture,
                supported: Set(DecoderArchitecture.allCases.map(\.description.gguf.name)).sorted())
        }
        prefix = architecture
    }

    /// The configuration; what the file does not say is what the architecture's description says.
    func configuration() throws(ModelConfigurationError) -> DecoderConfiguration {
        var fields = try commonFields()
        guard
            let architecture = Self.architectures(named: prefix).first(where: {
                $0.description.gguf.isMeant(self)
            })
        else { throw .unsupported(file: file.path, field: "general.architecture") }
        fields["model_type"] = .string(architecture.rawValue)
        architecture.description.gguf.read(self, &fields)
        fields["dtype"] = .string(storage.rawValue)
        let further = try furtherFields()
        fields.merge(further) { $1 }
        var configuration = try DecoderConfiguration(
            ConfigurationFields(file: file.path, values: fields))
        // What checkpoints leave out of norms' weights is in these files.
        configuration.normOffset -= configuration.architecture.description.gguf.normOffset
        if further["rope_scaling"] == nil, let scaling = try scalingTensors(configuration) {
            configuration.ropeScaling = scaling
        }
        return configuration
    }

    /// The architectures that have a name in GGUF files.
    private static func architectures(named name: String) -> [DecoderArchitecture] {
        DecoderArchitecture.allCases.filter { $0.description.gguf.name == name }
    }

    /// The key under which a file that Shoken wrote has, as the JSON of a `config.json`, the fields
    /// that llama.cpp's keys cannot say.
    static let furtherFieldsKey = "shoken.config"
    /// The longest such JSON that is read, in bytes.
    private static let furtherFieldsLimit = 1_000_000

    /// Fields that stand in the file beside llama.cpp's keys; none of them changes a shape.
    private func furtherFields() throws(ModelConfigurationError) -> [String: JSONValue] {
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

    private func commonFields() throws(ModelConfigurationError) -> [String: JSONValue] {
        let heads = try required("attention.head_count")
        var fields: [String: JSONValue] = [
            "vocab_size": .integer(try vocabularySize()),
            "hidden_size": .integer(try required("embedding_length")),
            "intermediate_size": .integer(try required("feed_forward_length")),
            "num_hidden_layers": .integer(try required("block_count")),
            "num_attention_heads": .integer(heads),
            "num_key_value_heads": .integer(integer("attention.head_count_kv") ?? heads),
            "max_position_embeddings": .integer(try required("context_length")),
            "tie_word_embeddings": .bool(file.shape(of: "output.weight") == nil),
        ]
        guard let epsilon = number("attention.layer_norm_rms_epsilon") else {
            throw missing("attention.layer_norm_rms_epsilon")
        }
        fields["rms_norm_eps"] = .number(epsilon)
        if let theta = number("rope.freq_base") { fields["rope_theta"] = .number(theta) }
        let turning = integer("rope.dimension_count")
        if let width = integer("attention.key_length") ?? turning {
            fields["head_dim"] = .integer(width)
            if let turning, turning != width, width > 0 {
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
        if case .text(let type)? = value("rope.scaling.type"),
            !["none", "longrope"].contains(type)
        {
            var scaling: [String: JSONValue] = ["rope_type": .string(type)]
            if let factor = number("rope.scaling.factor") { scaling["factor"] = .number(factor) }
            if let context = integer("rope.scaling.original_context_length") {
                scaling["original_max_position_embeddings"] = .integer(context)
            }
            if let attention = number("rope.scaling.attn_factor") {
                scaling["attention_factor"] = .number(attention)
            }
            fields["rope_scaling"] = .sorted(scaling)
        }
        return fields
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

    // MARK: What the file has

    /// Whether feed-forward blocks are experts.
    var hasExperts: Bool { (integer("expert_count") ?? 0) > 0 }

    /// Whether some layers see only what is near.
    var hasWindow: Bool { (integer("attention.sliding_window") ?? 0) > 0 }

    /// Whether there is a tensor of a name.
    func hasTensor(_ name: String) -> Bool { file.shape(of: name) != nil }

    private func value(_ key: String) -> GGUFValue? { file.metadata["\(prefix).\(key)"] }

    /// A whole number of the architecture's keys.
    func integer(_ key: String) -> Int? {
        if case .integer(let value)? = value(key) { value } else { nil }
    }

    /// A number as its writer had it: 1e-5, not the 32-bit number next to it.
    func number(_ key: String) -> Double? {
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
