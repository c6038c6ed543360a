// SPDX-License-Identifier: Apache-2.0
import WeightFiles

extension ArchitectureDescription {
    /// Phi-3 (arXiv 2404.14219): Llama with queries, keys and values in one matrix, gate and up in
    /// another.
    static let phi3 = ArchitectureDescription(
        className: "Phi3ForCausalLM",
        names: [
            [.query, .key, .value]: "self_attn.qkv_proj",
            [.gate, .up]: "mlp.gate_up_proj",
        ],
        gguf: GGUFConventions(name: "phi3"),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            configuration.feedForward = .gated
            let bias = try fields.bool("attention_bias") ?? false
            configuration.queryKeyValueBias = bias
            configuration.attentionOutputBias = bias
            try configuration.readActivation(fields, ["hidden_act"])
            try configuration.readWindow(fields) { _ in true }
        },
        write: { configuration in
            var fields = configuration.windowFields()
            if configuration.queryKeyValueBias { fields["attention_bias"] = .bool(true) }
            return fields
        })
}
