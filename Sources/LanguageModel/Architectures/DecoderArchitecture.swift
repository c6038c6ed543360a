// SPDX-License-Identifier: Apache-2.0
import JSONFiles
import WeightFiles

/// The decoders that are known, by `model_type`: the one list beside the descriptions.
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

/// What one architecture says otherwise than the others: settings, names of tensors, and what its files
/// in both formats have.
package struct ArchitectureDescription: Sendable {
    /// The class of Hugging Face's library.
    let className: String
    /// Whether the embedding is the head where the file says nothing (weight tying).
    var tiesEmbeddings = false
    /// Base of the rotary angles where the file says nothing.
    var ropeTheta: Double? = 10000
    /// Elements of a head where the file says nothing; nil for C / H.
    var headDim: Int?
    /// The activation where the file says nothing.
    var activation: Activation = .silu
    /// Whether the script of `train export` knows how to train it.
    package var isExportedForTraining = true
    /// Names of a layer's tensors, without `model.layers.N.` and `.weight`, where they are not those
    /// of Llama; several tensors of one name lie in it one after another.
    var names: [[LayerTensor]: String] = [:]
    /// How GGUF files have it.
    let gguf: GGUFConventions
    /// Sets what a `config.json` says, or what the architecture fixes, beyond the sizes.
    let read:
        @Sendable (ConfigurationFields, inout DecoderConfiguration) throws(ModelConfigurationError)
            -> Void
    /// The fields of a `config.json` that it reads beyond the sizes and `hidden_act`.
    let write: @Sendable (DecoderConfiguration) -> [String: JSONValue]
}

/// How llama.cpp's GGUF files have an architecture.
struct GGUFConventions: Sendable {
    /// Its name in `general.architecture`, which is also part of the keys; several may share one.
    let name: String
    /// Whether the rows of queries and keys lie in pairs that turn together (interleaved RoPE).
    var interleavesHeads = false
    /// What files add to the weights of norms.
    var normOffset: Float = 0
    /// Fields of a `config.json` that llama.cpp's keys cannot say; they stand under a key of our own.
    var furtherFields: Set<String> = []
    /// Whether a file of the name is of this architecture, not of another of the same name.
    var isMeant: @Sendable (GGUFSettings) -> Bool = { _ in true }
    /// Sets fields of a `config.json` from keys that only this architecture has.
    var read: @Sendable (GGUFSettings, inout [String: JSONValue]) -> Void = { _, _ in }
    /// Keys, without the name before them, that only this architecture has.
    var write: @Sendable (DecoderConfiguration) -> [(key: String, value: GGUFValue)] = { _ in [] }
}

extension DecoderConfiguration {
    /// Reads the activation under any of some names.
    mutating func readActivation(
        _ fields: ConfigurationFields, _ names: [String]
    ) throws(ModelConfigurationError) {
        for name in names {
            guard let text = try fields.string(name) else { continue }
            guard let activation = Activation(name: text) else {
                throw .unsupported(
                    file: fields.file, field: name, supported: Activation.names)
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
            try fields.bool("use_sliding_window") != false
        else { return }
        guard (1...1024).contains(numHiddenLayers) else {
            throw .outOfRange(file: fields.file, field: "num_hidden_layers")
        }
        if let types = try fields.strings("layer_types") {
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

    /// `sliding_window`, and `layer_types` where layers differ.
    ///
    /// Older readers know no `layer_types` where all layers are alike; `listsLayers` writes it there too.
    func windowFields(listsLayers: Bool = false) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "sliding_window": slidingWindow.map { .integer($0) } ?? .null
        ]
        if listsLayers || windowedLayers.contains(false), !windowedLayers.isEmpty {
            fields["layer_types"] = .array(
                windowedLayers.map { .string($0 ? "sliding_attention" : "full_attention") })
        }
        return fields
    }
}
