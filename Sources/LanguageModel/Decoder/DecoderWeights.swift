package import Tensors
package import WeightFiles

/// The weights of one layer; matrices are (out, in).
package struct LayerWeights: Hashable, Sendable {
    /// Norm before attention (C).
    package var inputNorm: Tensor
    /// Query projection (H · D, C).
    package var query: Tensor
    /// Key projection (G · D, C).
    package var key: Tensor
    /// Value projection (G · D, C).
    package var value: Tensor
    /// Output projection (C, H · D).
    package var output: Tensor
    /// Norm before the feed-forward block (C).
    package var postAttentionNorm: Tensor
    /// First feed-forward matrix (F, C).
    package var up: Tensor
    /// Second feed-forward matrix (C, F).
    package var down: Tensor
}

/// All weights of a decoder, or as many numbers of the same shapes: gradients, moments.
package struct DecoderWeights: Hashable, Sendable {
    /// Token embedding (V, C).
    package var embedding: Tensor
    /// The layers, the first one first.
    package var layers: [LayerWeights]
    /// Norm before the head (C).
    package var finalNorm: Tensor
    /// Head (V, C); nil where the embedding serves as head.
    package var head: Tensor?

    /// The matrix that turns states into logits (V, C).
    package var output: Tensor { head ?? embedding }

    /// Zeros in the shapes of a configuration.
    package init(zeros configuration: DecoderConfiguration) {
        let c = configuration.hiddenSize
        let queries = configuration.numAttentionHeads * configuration.headDim
        let keys = configuration.numKeyValueHeads * configuration.headDim
        let layer = LayerWeights(
            inputNorm: Tensor(zeros: [c]),
            query: Tensor(zeros: [queries, c]),
            key: Tensor(zeros: [keys, c]),
            value: Tensor(zeros: [keys, c]),
            output: Tensor(zeros: [c, queries]),
            postAttentionNorm: Tensor(zeros: [c]),
            up: Tensor(zeros: [configuration.intermediateSize, c]),
            down: Tensor(zeros: [c, configuration.intermediateSize]))
        embedding = Tensor(zeros: [configuration.vocabSize, c])
        layers = [LayerWeights](repeating: layer, count: configuration.numHiddenLayers)
        finalNorm = Tensor(zeros: [c])
        head = configuration.tieWordEmbeddings ? nil : Tensor(zeros: [configuration.vocabSize, c])
    }
}
