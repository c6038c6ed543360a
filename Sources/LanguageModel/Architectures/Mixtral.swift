// SPDX-License-Identifier: Apache-2.0
import WeightFiles

extension ArchitectureDescription {
    /// Mixtral (Jiang et al. 2024, arXiv 2401.04088): Mistral with several feed-forward blocks, of
    /// which each token takes the best. `w1` is the gate, `w3` up, `w2` down.
    static let mixtral = ArchitectureDescription(
        className: "MixtralForCausalLM", ropeTheta: 1e6, isExportedForTraining: false,
        names: [[.router]: "block_sparse_moe.gate"],
        gguf: GGUFConventions(
            name: "llama", interleavesHeads: true, isMeant: { $0.hasExperts },
            read: { settings, fields in
                for (key, field) in [
                    ("expert_count", "num_local_experts"),
                    ("expert_used_count", "num_experts_per_tok"),
                ] { if let count = settings.integer(key) { fields[field] = .integer(count) } }
            }),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            configuration.feedForward = .experts(
                count: try fields.required(
                    "num_local_experts", try fields.integer("num_local_experts")),
                active: try fields.integer("num_experts_per_tok") ?? 2)
            try configuration.readActivation(fields, ["hidden_act"])
            try configuration.readWindow(fields) { _ in true }
        },
        write: { configuration in
            var fields = configuration.windowFields()
            if case .experts(let count, let active) = configuration.feedForward {
                fields["num_local_experts"] = .integer(count)
                fields["num_experts_per_tok"] = .integer(active)
            }
            return fields
        })
}
