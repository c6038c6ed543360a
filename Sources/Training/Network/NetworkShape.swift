/// The lengths of a decoder of NCVC-slm-1's kind that is being trained.
package struct NetworkShape: Hashable, Sendable {
    /// Vocabulary, V.
    package var vocabulary: Int
    /// Model width, C.
    package var hidden: Int
    /// Feed-forward width, F.
    package var feedForward: Int
    /// Number of layers, L.
    package var layers: Int
    /// Query heads, H.
    package var heads: Int
    /// Key and value heads.
    package var groups: Int
    /// Width of a head, D.
    package var headWidth: Int
    /// Longest row in tokens.
    package var context: Int
    /// Added to the mean square in every norm.
    package var epsilon: Float
    /// Base of the rotary angles.
    package var ropeTheta: Double
    /// Factor on token embeddings in the forward pass.
    package var embeddingScale: Float
    /// Whether the head is the embedding.
    package var tiedHead: Bool

    /// Every length by name.
    package init(
        vocabulary: Int, hidden: Int, feedForward: Int, layers: Int, heads: Int, groups: Int,
        headWidth: Int, context: Int, epsilon: Float = 1e-5, ropeTheta: Double = 10000,
        embeddingScale: Float = 1, tiedHead: Bool = false
    ) {
        (self.vocabulary, self.hidden, self.feedForward) = (vocabulary, hidden, feedForward)
        (self.layers, self.heads, self.groups) = (layers, heads, groups)
        (self.headWidth, self.context, self.epsilon) = (headWidth, context, epsilon)
        (self.ropeTheta, self.embeddingScale) = (ropeTheta, embeddingScale)
        self.tiedHead = tiedHead
    }

    /// Row length of queries, H · D.
    package var queryWidth: Int { heads * headWidth }
    /// Row length of keys and of values.
    package var keyWidth: Int { groups * headWidth }

    /// Number of trained numbers.
    package var parameterCount: Int {
        ParameterLayout(self).entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    /// Number of numbers that enter a matrix product for every token (all but embedding and norms).
    package var productParameterCount: Int {
        ParameterLayout(self).entries.dropFirst().filter { $0.shape.count == 2 }
            .reduce(tiedHead ? vocabulary * hidden : 0) { $0 + $1.shape.reduce(1, *) }
    }
}
