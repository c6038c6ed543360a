// SPDX-License-Identifier: Apache-2.0
import JSONFiles
import WeightFiles

extension ArchitectureDescription {
    /// Gemma 2 (arXiv 2408.00118): norms before and after each block, their weights stored less one,
    /// bounded scores and logits (softcapping), a window on every other layer, embeddings times √C.
    static let gemma2 = ArchitectureDescription(
        className: "Gemma2ForCausalLM", tiesEmbeddings: true, headDim: 256, activation: .geluTanh,
        isExportedForTraining: false,
        names: [
            [.attentionOutputNorm]: "post_attention_layernorm",
            [.feedForwardNorm]: "pre_feedforward_layernorm",
        ],
        gguf: GGUFConventions(
            name: "gemma2", normOffset: 1, furtherFields: ["query_pre_attn_scalar"],
            read: readGemma2),
        read: { (fields, configuration) throws(ModelConfigurationError) in
            configuration.feedForward = .gated
            try configuration.readActivation(fields, ["hidden_activation"])
            let bias = try fields.bool("attention_bias") ?? false
            configuration.queryKeyValueBias = bias
            configuration.attentionOutputBias = bias
            configuration.normOffset = 1
            configuration.normalizesBlockOutputs = true
            // The reference rounds √C to the type of the embeddings, 32 bits here.
            configuration.embeddingScale = Double(configuration.hiddenSize).squareRoot()
            let scalar = try fields.number("query_pre_attn_scalar") ?? 256
            guard scalar > 0 else {
                throw .outOfRange(file: fields.file, field: "query_pre_attn_scalar")
            }
            configuration.attentionScale = 1 / scalar.squareRoot()
            configuration.attentionSoftcap = try fields.number("attn_logit_softcapping")
            configuration.logitSoftcap = try fields.number("final_logit_softcapping")
            try configuration.readWindow(fields) { $0 % 2 == 0 }
        },
        write: { configuration in
            var fields = configuration.windowFields()
            fields["hidden_activation"] = .string(configuration.activation.rawValue)
            fields["attention_bias"] = .bool(configuration.queryKeyValueBias)
            fields["query_pre_attn_scalar"] = .number(configuration.queryScalar)
            fields["attn_logit_softcapping"] =
                configuration.attentionSoftcap.map { .number($0) } ?? .null
            fields["final_logit_softcapping"] =
                configuration.logitSoftcap.map { .number($0) } ?? .null
            return fields
        })

    @Sendable
    private static func readGemma2(
        _ settings: GGUFSettings, _ fields: inout [String: JSONValue]
    ) {
        for name in ["attn_logit_softcapping", "final_logit_softcapping"] {
            fields[name] = settings.number(name).map { .number($0) }
        }
        // The file does not say it; 9 B and 2 B take the head's width, 27 B takes C / H.
        if case .integer(let width)? = fields["head_dim"],
            case .integer(let hidden)? = fields["hidden_size"],
            case .integer(let heads)? = fields["num_attention_heads"],
            case .integer(let layers)? = fields["num_hidden_layers"], heads > 0
        {
            let scalar = layers == 46 ? hidden / heads : width
            fields["query_pre_attn_scalar"] = .integer(scalar)
        }
    }
}

extension DecoderConfiguration {
    /// The number whose −½th power scores are multiplied by.
    fileprivate var queryScalar: Double {
        let scale = attentionScale ?? 1 / Double(headDim).squareRoot()
        let scalar = 1 / (scale * scale)
        // The way there and back rounds; published numbers are whole.
        let whole = scalar.rounded()
        return abs(scalar - whole) < 1e-9 * whole ? whole : scalar
    }
}
