// SPDX-License-Identifier: Apache-2.0
import Tensors

/// ModernBERT (Warner et al. 2024, arXiv 2412.13663): norms before each block, rotary positions,
/// gated feed-forward blocks, and layers that see only tokens near by between those that see all.
struct ModernBERTBody: EncoderBody {
    let configuration: EncoderConfiguration
    let settings: ModernBERTSettings
    let weights: EncoderWeights

    func states(
        _ ids: [Int32], types: [Int32], segments: Segments, _ observer: (Int, Tensor) -> Void
    ) -> Tensor {
        var x = Tensor(zeros: [ids.count, configuration.hiddenSize])
        ElementWise.gatherRows(weights.words, ids: ids, into: &x)
        weights.embeddingNorm.apply(&x)
        let longest = (segments.positions.max() ?? -1) + 1
        let tables = [settings.globalTheta, settings.localTheta].map {
            RotaryTable(headWidth: configuration.headDim, theta: $0, positions: longest)
        }
        for (index, layer) in weights.layers.enumerated() {
            observer(index, x)
            let isLocal = settings.localLayers[index]
            let attention = EncoderAttention(
                heads: configuration.numAttentionHeads, headWidth: configuration.headDim,
                window: isLocal ? settings.localAttention / 2 + 1 : nil)
            var normed = x
            layer.attentionNorm?.apply(&normed)
            let added = attention.run(layer, normed, segments, rotary: tables[isLocal ? 1 : 0])
            ElementWise.add(added, to: &x)
            normed = x
            layer.feedForwardNorm.apply(&normed)
            let inner = layer.feedForward.inner(normed, configuration.activation)
            inner.down.apply(inner.states, into: &x, accumulate: true)
        }
        weights.finalNorm?.apply(&x)
        return x
    }
}
