// SPDX-License-Identifier: Apache-2.0
import WeightFiles

extension ArchitectureDescription {
    /// Llama 2 and 3 (Touvron et al. 2023, arXiv 2307.09288): RMSNorm before each block, rotary
    /// positions (RoPE), grouped-query attention, gated SiLU (SwiGLU).
    static let llama = ArchitectureDescription(
        className: "LlamaForCausalLM",
        gguf: GGUFConventions(
            name: "llama", interleavesHeads: true,
            isMeant: { !$0.hasExperts && !$0.hasWindow },
            read: { $1["attention_bias"] = .bool($0.hasTensor("blk.0.attn_output.bias")) }),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            configuration.feedForward = .gated
            try configuration.readActivation(fields, ["hidden_act"])
            let bias = try fields.bool("attention_bias") ?? false
            configuration.queryKeyValueBias = bias
            configuration.attentionOutputBias = bias
            configuration.mlpBias = try fields.bool("mlp_bias") ?? false
        },
        write: {
            ["attention_bias": .bool($0.queryKeyValueBias), "mlp_bias": .bool($0.mlpBias)]
        })
}
