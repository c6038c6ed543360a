package import LanguageModel
package import WeightFiles

extension NetworkShape {
    /// The lengths that a model's configuration says.
    package init(_ configuration: DecoderConfiguration) {
        self.init(
            vocabulary: configuration.vocabSize, hidden: configuration.hiddenSize,
            feedForward: configuration.intermediateSize, layers: configuration.numHiddenLayers,
            heads: configuration.numAttentionHeads, groups: configuration.numKeyValueHeads,
            headWidth: configuration.headDim, context: configuration.maxPositionEmbeddings,
            epsilon: Float(configuration.rmsNormEps), ropeTheta: configuration.ropeTheta,
            embeddingScale: Float(configuration.embeddingScale),
            tiedHead: configuration.tieWordEmbeddings)
    }

    /// The configuration of a trained model of this shape.
    package func configuration(
        begin: Int32, end: Int32, storage: WeightStorage
    ) -> DecoderConfiguration {
        DecoderConfiguration(
            vocabSize: vocabulary, hiddenSize: hidden, intermediateSize: feedForward,
            numHiddenLayers: layers, numAttentionHeads: heads, numKeyValueHeads: groups,
            headDim: headWidth, rmsNormEps: shortestDouble(epsilon), ropeTheta: ropeTheta,
            maxPositionEmbeddings: context, embeddingScale: Double(embeddingScale),
            tieWordEmbeddings: tiedHead, bosTokenID: begin, eosTokenIDs: [end], dtype: storage)
    }

    /// The name of the first length that cannot be, or nil.
    var firstFault: String? {
        if heads % groups != 0 { return "num_key_value_heads" }
        return headWidth % 2 == 0 ? nil : "head_dim"
    }

    /// The double that a person would write for a float: 1e-5, not 9.99999974737875e-06.
    private func shortestDouble(_ value: Float) -> Double {
        Double(value.description) ?? Double(value)
    }
}
