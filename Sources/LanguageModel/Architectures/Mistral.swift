// SPDX-License-Identifier: Apache-2.0
import WeightFiles

extension ArchitectureDescription {
    /// Mistral (Jiang et al. 2023, arXiv 2310.06825): Llama with a window on every layer.
    static let mistral = ArchitectureDescription(
        className: "MistralForCausalLM",
        // A window is all that tells Mistral from Llama there.
        gguf: GGUFConventions(
            name: "llama", interleavesHeads: true, furtherFields: ["model_type"],
            isMeant: { !$0.hasExperts && $0.hasWindow }),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            configuration.feedForward = .gated
            try configuration.readActivation(fields, ["hidden_act"])
            try configuration.readWindow(fields) { _ in true }
        },
        write: { $0.windowFields() })
}
