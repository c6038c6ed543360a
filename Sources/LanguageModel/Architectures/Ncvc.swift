// SPDX-License-Identifier: Apache-2.0
import JSONFiles
import WeightFiles

extension ArchitectureDescription {
    /// NCVC-slm-1 (arXiv 2412.16423): as Llama, but down · SiLU(up · x) without a gate, and token
    /// embeddings that may be scaled.
    static let ncvc = ArchitectureDescription(
        className: "NcvcForCausalLM", ropeTheta: nil,
        // llama.cpp does not know it: such a file is read by Shoken only.
        gguf: GGUFConventions(
            name: "ncvc",
            read: { $1["embedding_scale"] = $0.number("embedding_scale").map { .number($0) } },
            write: {
                $0.embeddingScale == 1 ? [] : [("embedding_scale", .number($0.embeddingScale))]
            }),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            try fields.expect("hidden_act", try fields.string("hidden_act") ?? "silu" == "silu")
            for name in ["attention_bias", "mlp_bias", "mlp_gated"] {
                try fields.expect(name, try fields.bool(name) != true)
            }
            try fields.expect("rope_scaling", configuration.ropeScaling == .none)
            _ = try fields.required("bos_token_id", configuration.bosTokenID)
            _ = try fields.required("eos_token_id", configuration.eosTokenIDs.first)
            configuration.embeddingScale = try fields.number("embedding_scale") ?? 1
        },
        write: { configuration in
            var fields: [String: JSONValue] = [
                "attention_bias": .bool(false), "mlp_bias": .bool(false), "mlp_gated": .bool(false),
            ]
            if configuration.embeddingScale != 1 {
                fields["embedding_scale"] = .number(configuration.embeddingScale)
            }
            return fields
        })
}
