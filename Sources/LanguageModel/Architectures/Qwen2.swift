// SPDX-License-Identifier: Apache-2.0
import JSONFiles
import WeightFiles

extension ArchitectureDescription {
    /// Qwen2 (arXiv 2407.10671): Llama with biases on queries, keys and values.
    static let qwen2 = ArchitectureDescription(
        className: "Qwen2ForCausalLM", gguf: GGUFConventions(name: "qwen2"),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            configuration.feedForward = .gated
            configuration.queryKeyValueBias = true
            try configuration.readActivation(fields, ["hidden_act"])
            try configuration.readQwenWindow(fields)
        },
        write: { $0.qwenWindowFields })
}

extension DecoderConfiguration {
    /// Reads the window of Qwen's files: where nothing is said there is none.
    mutating func readQwenWindow(
        _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) {
        guard try fields.bool("use_sliding_window") == true else { return }
        let first = try fields.integer("max_window_layers") ?? 28
        try readWindow(fields) { $0 >= first }
    }

    /// What Qwen's files say of the window.
    var qwenWindowFields: [String: JSONValue] {
        var fields = windowFields(listsLayers: true)
        fields["use_sliding_window"] = .bool(slidingWindow != nil)
        return fields
    }
}
