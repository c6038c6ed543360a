// SPDX-License-Identifier: Apache-2.0
import Tensors

/// What a decoder has read of one sequence: the keys and values of every layer (its KV cache).
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

    /// What was read of the first `count` tokens, in the same memory.
    package func prefix(_ count: Int) -> SequenceCache {
        var prefix = self
        for index in layers.indices { prefix.layers[index] = layers[index].prefix(count) }
        return prefix
    }

    /// The blocks of one layer, which stand for those of all: layers grow together.
    package var blockIdentities: [ObjectIdentifier] { layers.first?.blockIdentities ?? [] }

    /// Blocks that hold this many tokens.
    package static func blocks(_ tokens: Int) -> Int {
        (tokens + KeyValueCache.blockRows - 1) / KeyValueCache.blockRows
    }
}
