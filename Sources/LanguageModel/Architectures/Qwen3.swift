// SPDX-License-Identifier: Apache-2.0
import WeightFiles

extension ArchitectureDescription {
    /// Qwen3 (arXiv 2505.09388): Llama with a norm over every query and key head.
    static let qwen3 = ArchitectureDescription(
        className: "Qwen3ForCausalLM", headDim: 128, gguf: GGUFConventions(name: "qwen3"),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            configuration.feedForward = .gated
            configuration.normalizesHeads = true
            let bias = try fields.bool("attention_bias") ?? false
            configuration.queryKeyValueBias = bias
            configuration.attentionOutputBias = bias
            try configuration.readActivation(fields, ["hidden_act"])
            try configuration.readQwenWindow(fields)
        },
        write: { configuration in
            var fields = configuration.qwenWindowFields
            fields["attention_bias"] = .bool(configuration.queryKeyValueBias)
            return fields
        })
}
