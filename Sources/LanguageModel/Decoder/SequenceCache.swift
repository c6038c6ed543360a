import Tensors

/// What a decoder has read of one sequence: the keys and values of every layer.
///
/// A value: a copy may be continued another way, and shares the memory of what both have read.
package struct SequenceCache: Sendable {
    /// One store of keys and values a layer.
    var layers: [KeyValueCache]

    /// An empty cache for a decoder.
    package init(_ configuration: DecoderConfiguration) {
        layers = (0..<configuration.numHiddenLayers).map { _ in
            KeyValueCache(width: configuration.numKeyValueHeads * configuration.headDim)
        }
    }

    /// Tokens in the cache.
    package var count: Int { layers.first?.count ?? 0 }
}
