import WeightFiles

extension ArchitectureDescription {
    /// Mixtral (Jiang et al. 2024, arXiv 2401.04088): Mistral with several feed-forward blocks, of
    /// which each token takes the best. `w1` is the gate, `w3` up, `w2` down.
    static let mixtral = ArchitectureDescription(
        ropeTheta: 1e6, names: [[.router]: "block_sparse_moe.gate"]
    ) { (fields, configuration) throws(ModelConfigurationError) in
        configuration.feedForward = .experts(
            count: try fields.required(
                "num_local_experts", try fields.integer("num_local_experts")),
            active: try fields.integer("num_experts_per_tok") ?? 2)
        try configuration.readActivation(fields, ["hidden_act"])
        try configuration.readWindow(fields) { _ in true }
    }
}
