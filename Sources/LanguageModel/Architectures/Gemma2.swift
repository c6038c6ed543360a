import WeightFiles

extension ArchitectureDescription {
    /// Gemma 2 (arXiv 2408.00118): norms before and after each block, their weights stored less one,
    /// bounded scores and logits, a window on every other layer, embeddings times √C.
    static let gemma2 = ArchitectureDescription(
        tiesEmbeddings: true, headDim: 256,
        names: [
            [.attentionOutputNorm]: "post_attention_layernorm",
            [.feedForwardNorm]: "pre_feedforward_layernorm",
        ]
    ) { (fields, configuration) throws(ModelConfigurationError) in
        configuration.feedForward = .gated
        configuration.activation = .geluTanh
        try configuration.readActivation(fields, ["hidden_activation"])
        let bias = try fields.flag("attention_bias") ?? false
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
    }
}
