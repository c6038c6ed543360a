import WeightFiles

extension ArchitectureDescription {
    /// Llama 2 and 3 (Touvron et al. 2023, arXiv 2307.09288): RMSNorm before each block, rotary
    /// positions, grouped queries, gated SiLU.
    static let llama = ArchitectureDescription {
        (fields, configuration) throws(ModelConfigurationError) in
        configuration.feedForward = .gated
        try configuration.readActivation(fields, ["hidden_act"])
        let bias = try fields.flag("attention_bias") ?? false
        configuration.queryKeyValueBias = bias
        configuration.attentionOutputBias = bias
        configuration.mlpBias = try fields.flag("mlp_bias") ?? false
    }
}
