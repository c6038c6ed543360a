import WeightFiles

/// The decoders that are known, by `model_type`.
package enum DecoderArchitecture: String, Hashable, Sendable, CaseIterable {
    case ncvc, llama, mistral, mixtral, qwen2, qwen3, gemma2, phi3

    /// What is particular to it.
    package var description: ArchitectureDescription {
        switch self {
        case .ncvc: .ncvc
        case .llama: .llama
        case .mistral: .mistral
        case .mixtral: .mixtral
        case .qwen2: .qwen2
        case .qwen3: .qwen3
        case .gemma2: .gemma2
        case .phi3: .phi3
        }
    }
}

/// What one architecture says otherwise than the others: settings and names of tensors.
package struct ArchitectureDescription: Sendable {
    /// Whether the embedding is the head where the file says nothing.
    var tiesEmbeddings = false
    /// Base of the rotary angles where the file says nothing.
    var ropeTheta: Double? = 10000
    /// Elements of a head where the file says nothing; nil for C / H.
    var headDim: Int?
    /// Names of a layer's tensors, without `model.layers.N.` and `.weight`, where they are not those
    /// of Llama; several tensors of one name lie in it one after another.
    var names: [[LayerTensor]: String] = [:]
    /// Sets what the file says, or what the architecture fixes, beyond the sizes.
    let read:
        @Sendable (ConfigurationFields, inout DecoderConfiguration) throws(ModelConfigurationError)
            -> Void
}

extension DecoderConfiguration {
    /// Reads the activation under any of some names.
    mutating func readActivation(
        _ fields: ConfigurationFields, _ names: [String]
    ) throws(ModelConfigurationError) {
        for name in names {
            guard let text = try fields.text(name) else { continue }
            guard let activation = Activation(name: text) else {
                throw .unsupported(file: fields.file, field: name)
            }
            self.activation = activation
            return
        }
    }

    /// Reads `sliding_window` and which layers have it: what `layer_types` says, else `windowed`.
    mutating func readWindow(
        _ fields: ConfigurationFields, windowed: (_ layer: Int) -> Bool
    ) throws(ModelConfigurationError) {
        guard let window = try fields.integer("sliding_window"),
            try fields.flag("use_sliding_window") != false
        else { return }
        guard (1...1024).contains(numHiddenLayers) else {
            throw .outOfRange(file: fields.file, field: "num_hidden_layers")
        }
        if let types = try fields.texts("layer_types") {
            for type in types where !["full_attention", "sliding_attention"].contains(type) {
                throw .unsupported(file: fields.file, field: "layer_types")
            }
            windowedLayers = types.map { $0 == "sliding_attention" }
            guard types.count == numHiddenLayers else {
                throw .outOfRange(file: fields.file, field: "layer_types")
            }
        } else {
            windowedLayers = (0..<numHiddenLayers).map(windowed)
        }
        slidingWindow = windowedLayers.contains(true) ? window : nil
        if slidingWindow == nil { windowedLayers = [] }
    }
}
