import WeightFiles

extension ArchitectureDescription {
    /// Qwen2 (arXiv 2407.10671): Llama with biases on queries, keys and values.
    static let qwen2 = ArchitectureDescription {
        (fields, configuration) throws(ModelConfigurationError) in
        configuration.feedForward = .gated
        configuration.queryKeyValueBias = true
        try configuration.readActivation(fields, ["hidden_act"])
        // Where nothing is said, there is no window.
        guard try fields.flag("use_sliding_window") == true else { return }
        let first = try fields.integer("max_window_layers") ?? 28
        try configuration.readWindow(fields) { $0 >= first }
    }
}
