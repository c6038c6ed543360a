import WeightFiles

extension ArchitectureDescription {
    /// Qwen3 (arXiv 2505.09388): Llama with a norm over every query and key head.
    static let qwen3 = ArchitectureDescription(headDim: 128) {
        (fields, configuration) throws(ModelConfigurationError) in
        configuration.feedForward = .gated
        configuration.normalizesHeads = true
        let bias = try fields.flag("attention_bias") ?? false
        configuration.queryKeyValueBias = bias
        configuration.attentionOutputBias = bias
        try configuration.readActivation(fields, ["hidden_act"])
        guard try fields.flag("use_sliding_window") == true else { return }
        let first = try fields.integer("max_window_layers") ?? 28
        try configuration.readWindow(fields) { $0 >= first }
    }
}
