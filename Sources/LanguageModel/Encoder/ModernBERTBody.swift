import Tensors
import WeightFiles

/// ModernBERT (Warner et al. 2024, arXiv 2412.13663): norms before each block, rotary positions,
/// gated feed-forward blocks, and layers that see only tokens near by between those that see all.
struct ModernBERTBody: EncoderBody {
    private let configuration: EncoderConfiguration
    private let settings: ModernBERTSettings
    private let words: Tensor  // (V, C)
    private let embeddingNorm: Norm
    private let layers: [EncoderLayer]
    private let finalNorm: Norm

    init(
        _ tensors: EncoderTensors<some TensorSource>, _ configuration: EncoderConfiguration,
        _ settings: ModernBERTSettings
    ) throws(WeightFileError) {
        self.configuration = configuration
        self.settings = settings
        let (c, f) = (configuration.hiddenSize, configuration.intermediateSize)
        func norm(_ name: String) throws(WeightFileError) -> Norm {
            try tensors.norm(
                name, c, epsilon: configuration.layerNormEps, bias: settings.normBias)
        }
        words = try tensors.tensor(
            "embeddings.tok_embeddings.weight", [configuration.vocabSize, c])
        embeddingNorm = try norm("embeddings.norm")
        finalNorm = try norm("final_norm")
        var layers: [EncoderLayer] = []
        for index in 0..<configuration.numHiddenLayers {
            let at = "layers.\(index)."
            let joined = try tensors.projections(
                at + "attn.Wqkv", [c, c, c], c, bias: settings.attentionBias)
            let halves = try tensors.projections(
                at + "mlp.Wi", [f, f], c, bias: settings.mlpBias)
            layers.append(
                EncoderLayer(
                    query: joined[0], key: joined[1], value: joined[2],
                    output: try tensors.projection(
                        at + "attn.Wo", c, c, bias: settings.attentionBias),
                    // The first layer's attention follows the embedding's norm.
                    attentionNorm: index == 0 ? nil : try norm(at + "attn_norm"),
                    gate: halves[0], up: halves[1],
                    down: try tensors.projection(at + "mlp.Wo", c, f, bias: settings.mlpBias),
                    feedForwardNorm: try norm(at + "mlp_norm")))
        }
        self.layers = layers
    }

    func states(
        _ ids: [Int32], types: [Int32], segments: Segments, _ observer: (Int, Tensor) -> Void
    ) -> Tensor {
        var x = Tensor(zeros: [ids.count, configuration.hiddenSize])
        ElementWise.gatherRows(words, ids: ids, into: &x)
        embeddingNorm.apply(&x)
        let longest = (segments.positions.max() ?? -1) + 1
        let tables = [settings.globalTheta, settings.localTheta].map {
            RotaryTable(headWidth: configuration.headDim, theta: $0, positions: longest)
        }
        for (index, layer) in layers.enumerated() {
            observer(index, x)
            let isLocal = settings.localLayers[index]
            let attention = EncoderAttention(
                heads: configuration.numAttentionHeads, headWidth: configuration.headDim,
                window: isLocal ? settings.localAttention / 2 + 1 : nil)
            var normed = x
            layer.attentionNorm?.apply(&normed)
            let added = attention.run(layer, normed, segments, rotary: tables[isLocal ? 1 : 0])
            ElementWise.add(added, to: &x)
            feedForward(layer, &x)
        }
        finalNorm.apply(&x)
        return x
    }

    /// x += down · (act(gate · norm(x)) ∘ up · norm(x)).
    private func feedForward(_ layer: EncoderLayer, _ x: inout Tensor) {
        var normed = x
        layer.feedForwardNorm.apply(&normed)
        let f = configuration.intermediateSize
        var gate = Tensor(zeros: [x.rows, f])
        var inner = gate
        layer.gate?.apply(normed, into: &gate)
        layer.up.apply(normed, into: &inner)
        configuration.activation.apply(&gate)
        ElementWise.multiply(gate, into: &inner)
        layer.down.apply(inner, into: &x, accumulate: true)
    }
}
