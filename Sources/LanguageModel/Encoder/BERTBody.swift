// SPDX-License-Identifier: Apache-2.0
import Tensors

/// BERT (Devlin et al. 2019, arXiv 1810.04805) and RoBERTa (Liu et al. 2019, arXiv 1907.11692).
///
/// Norms stand after each block; positions are learned and added to the embedding. RoBERTa counts
/// positions from the padding token's id + 1 and takes row 0 of the token types for every token.
struct BERTBody: EncoderBody {
    let configuration: EncoderConfiguration
    let weights: EncoderWeights

    func states(
        _ ids: [Int32], types: [Int32], segments: Segments, _ observer: (Int, Tensor) -> Void
    ) -> Tensor {
        var x = Tensor(zeros: [ids.count, configuration.hiddenSize])
        ElementWise.gatherRows(weights.words, ids: ids, into: &x)
        let isRoberta = configuration.architecture == .roberta
        let first = isRoberta ? configuration.padTokenID + 1 : 0
        if let positions = weights.positions {
            positions.addRows(segments.positions.map { Int32($0 + first) }, to: &x)
        }
        if let table = weights.types, table.rows > 0 {
            table.addRows(isRoberta ? [Int32](repeating: 0, count: ids.count) : types, to: &x)
        }
        weights.embeddingNorm.apply(&x)
        let attention = EncoderAttention(
            heads: configuration.numAttentionHeads, headWidth: configuration.headDim, window: nil)
        for (index, layer) in weights.layers.enumerated() {
            observer(index, x)
            ElementWise.add(attention.run(layer, x, segments), to: &x)
            layer.attentionNorm?.apply(&x)
            Self.feedForward(layer, configuration.activation, &x)
        }
        return x
    }

    /// x = norm(x + down · act(up · x))
    static func feedForward(
        _ layer: EncoderLayerWeights, _ activation: Activation, _ x: inout Tensor
    ) {
        let inner = layer.feedForward.inner(x, activation)
        inner.down.apply(inner.states, into: &x, accumulate: true)
        layer.feedForwardNorm.apply(&x)
    }
}
