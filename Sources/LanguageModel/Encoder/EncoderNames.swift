// SPDX-License-Identifier: Apache-2.0

/// How checkpoints of each encoder call its tensors, as Hugging Face's library has it.
extension EncoderArchitecture {
    /// What stands before the names of the trunk's tensors in a checkpoint with a head.
    package var trunkPrefix: String {
        switch self {
        case .bert: "bert."
        case .roberta: "roberta."
        case .debertaV2: "deberta."
        case .modernbert: "model."
        }
    }

    /// The name of a part, without `.weight` and `.bias`; that of a head's part depends on its task.
    ///
    /// Parts of one name lie in one tensor.
    func name(of part: EncoderPart, _ task: EncoderTask) -> String {
        let isModern = self == .modernbert
        switch part {
        case .words:
            return trunkPrefix
                + (isModern ? "embeddings.tok_embeddings" : "embeddings.word_embeddings")
        case .positions: return trunkPrefix + "embeddings.position_embeddings"
        case .types: return trunkPrefix + "embeddings.token_type_embeddings"
        case .embeddingNorm:
            return trunkPrefix + (isModern ? "embeddings.norm" : "embeddings.LayerNorm")
        case .layer(let index, let part):
            let layer = isModern ? "layers.\(index)." : "encoder.layer.\(index)."
            return trunkPrefix + layer + (isModern ? part.modernName : name(of: part))
        case .distances: return trunkPrefix + "encoder.rel_embeddings"
        case .distanceNorm: return trunkPrefix + "encoder.LayerNorm"
        case .convolution: return trunkPrefix + "encoder.conv.conv"
        case .convolutionNorm: return trunkPrefix + "encoder.conv.LayerNorm"
        case .finalNorm: return trunkPrefix + "final_norm"
        case .headDense:
            return task == .sequenceClassification ? poolerName : transformName + "dense"
        case .headNorm:
            return transformName
                + (isModern ? "norm" : self == .roberta ? "layer_norm" : "LayerNorm")
        case .classifier:
            return self == .roberta && task == .sequenceClassification
                ? "classifier.out_proj" : "classifier"
        case .decoder:
            return isModern ? "decoder" : self == .roberta ? "lm_head" : "cls.predictions"
        }
    }

    /// The name of a layer's part in trunks like BERT's.
    private func name(of part: EncoderLayerPart) -> String {
        let suffix = self == .debertaV2 ? "_proj" : ""
        switch part {
        case .query: return "attention.self.query" + suffix
        case .key: return "attention.self.key" + suffix
        case .value: return "attention.self.value" + suffix
        case .output: return "attention.output.dense"
        case .attentionNorm: return "attention.output.LayerNorm"
        case .gate, .up: return "intermediate.dense"
        case .down: return "output.dense"
        case .feedForwardNorm: return "output.LayerNorm"
        }
    }

    /// The dense layer that a text's first token passes before the classifier.
    private var poolerName: String {
        switch self {
        // BERT's belongs to its trunk, DeBERTa's to its head.
        case .bert: trunkPrefix + "pooler.dense"
        case .debertaV2: "pooler.dense"
        case .roberta: "classifier.dense"
        case .modernbert: transformName + "dense"
        }
    }

    /// What stands before the names of the layers that every token passes before the classifier.
    private var transformName: String {
        switch self {
        case .bert, .debertaV2: "cls.predictions.transform."
        case .roberta: "lm_head."
        case .modernbert: "head."
        }
    }
}

extension EncoderLayerPart {
    /// The name in ModernBERT.
    fileprivate var modernName: String {
        switch self {
        case .query, .key, .value: "attn.Wqkv"
        case .output: "attn.Wo"
        case .attentionNorm: "attn_norm"
        case .gate, .up: "mlp.Wi"
        case .down: "mlp.Wo"
        case .feedForwardNorm: "mlp_norm"
        }
    }
}
