import WeightFiles

extension ArchitectureDescription {
    /// Mistral (Jiang et al. 2023, arXiv 2310.06825): Llama with a window on every layer.
    static let mistral = ArchitectureDescription {
        (fields, configuration) throws(ModelConfigurationError) in
        configuration.feedForward = .gated
        try configuration.readActivation(fields, ["hidden_act"])
        try configuration.readWindow(fields) { _ in true }
    }
}
