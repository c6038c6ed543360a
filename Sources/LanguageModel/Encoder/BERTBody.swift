import Tensors
import WeightFiles

/// BERT (Devlin et al. 2019, arXiv 1810.04805) and RoBERTa (Liu et al. 2019, arXiv 1907.11692).
///
/// Norms stand after each block; positions are learned and added to the embedding. RoBERTa counts
/// positions from the padding token's id + 1 and takes row 0 of the token types for every token.
struct BERTBody: EncoderBody {
    private let configuration: EncoderConfiguration
    private let words: Tensor  // (V, C)
    private let positions: Tensor  // (P, C)
    private let types: Tensor  // (types, C)
    private let embeddingNorm: Norm
    private let layers: [EncoderLayer]

    init(
        _ tensors: EncoderTensors<some TensorSource>, _ configuration: EncoderConfiguration
    ) throws(WeightFileError) {
        self.configuration = configuration
        let (c, eps) = (configuration.hiddenSize, configuration.layerNormEps)
        words = try tensors.tensor(
            "embeddings.word_embeddings.weight", [configuration.vocabSize, c])
        positions = try tensors.tensor(
            "embeddings.position_embeddings.weight", [configuration.maxPositionEmbeddings, c])
        types = try tensors.tensor(
            "embeddings.token_type_embeddings.weight", [configuration.typeVocabSize, c])
        embeddingNorm = try tensors.norm("embeddings.LayerNorm", c, epsilon: eps)
        layers = try Self.layers(tensors, configuration, query: "query", "key", "value")
    }

    /// The layers of BERT's shape, whose projections of queries, keys and values have these names.
    static func layers(
        _ tensors: EncoderTensors<some TensorSource>, _ configuration: EncoderConfiguration,
        query: String, _ key: String, _ value: String
    ) throws(WeightFileError) -> [EncoderLayer] {
        let (c, f) = (configuration.hiddenSize, configuration.intermediateSize)
        let eps = configuration.layerNormEps
        var layers: [EncoderLayer] = []
        for index in 0..<configuration.numHiddenLayers {
            let at = "encoder.layer.\(index)."
            layers.append(
                EncoderLayer(
                    query: try tensors.projection(at + "attention.self." + query, c, c),
                    key: try tensors.projection(at + "attention.self." + key, c, c),
                    value: try tensors.projection(at + "attention.self." + value, c, c),
                    output: try tensors.projection(at + "attention.output.dense", c, c),
                    attentionNorm: try tensors.norm(
                        at + "attention.output.LayerNorm", c, epsilon: eps),
                    up: try tensors.projection(at + "intermediate.dense", f, c),
                    down: try tensors.projection(at + "output.dense", c, f),
                    feedForwardNorm: try tensors.norm(at + "output.LayerNorm", c, epsilon: eps)))
        }
        return layers
    }

    func states(
        _ ids: [Int32], types: [Int32], segments: Segments, _ observer: (Int, Tensor) -> Void
    ) -> Tensor {
        var x = Tensor(zeros: [ids.count, configuration.hiddenSize])
        ElementWise.gatherRows(words, ids: ids, into: &x)
        let isRoberta = configuration.architecture == .roberta
        let first = isRoberta ? configuration.padTokenID + 1 : 0
        add(positions, rows: segments.positions.map { Int32($0 + first) }, to: &x)
        let types = isRoberta ? [Int32](repeating: 0, count: ids.count) : types
        if self.types.rows > 0 { add(self.types, rows: types, to: &x) }
        embeddingNorm.apply(&x)
        let attention = EncoderAttention(
            heads: configuration.numAttentionHeads, headWidth: configuration.headDim, window: nil)
        for (index, layer) in layers.enumerated() {
            observer(index, x)
            ElementWise.add(attention.run(layer, x, segments), to: &x)
            layer.attentionNorm?.apply(&x)
            Self.feedForward(layer, configuration.activation, &x)
        }
        return x
    }

    /// x = norm(x + down · act(up · x))
    static func feedForward(_ layer: EncoderLayer, _ activation: Activation, _ x: inout Tensor) {
        var inner = Tensor(zeros: [x.rows, layer.up.weight.rows])
        layer.up.apply(x, into: &inner)
        activation.apply(&inner)
        layer.down.apply(inner, into: &x, accumulate: true)
        layer.feedForwardNorm.apply(&x)
    }

    private func add(_ table: Tensor, rows: [Int32], to x: inout Tensor) {
        var added = Tensor(zeros: x.shape)
        ElementWise.gatherRows(table, ids: rows, into: &added)
        ElementWise.add(added, to: &x)
    }
}
