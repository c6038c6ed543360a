// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Which tokens of its own sequence a token sees: itself, and those that are near enough and, where
/// attention is causal, not behind it.
package struct AttentionVisibility: Hashable, Sendable {
    /// Whether a token sees only itself and those before it.
    package let causal: Bool
    /// A token sees those nearer than this, itself included; nil for all.
    package let window: Int?

    /// Visibility within a window, which is at least 1.
    package init(causal: Bool, window: Int? = nil) {
        precondition((window ?? 1) > 0, "a token sees itself")
        (self.causal, self.window) = (causal, window)
    }

    /// The keys of a sequence of `count` that at least one of the queries at these positions sees.
    func keys(seenFrom queries: Range<Int>, of count: Int) -> Range<Int> {
        let first = window.map { max(0, queries.lowerBound - $0 + 1) } ?? 0
        if causal { return first..<queries.upperBound }
        return first..<(window.map { min(count, queries.upperBound - 1 + $0) } ?? count)
    }

    /// The queries at some positions of a sequence of `count` keys, at most `rows` at a time.
    func tiles(_ queries: Range<Int>, of count: Int, rows: Int) -> [AttentionTile] {
        stride(from: queries.lowerBound, to: queries.upperBound, by: rows).map { first in
            let part = first..<min(first + rows, queries.upperBound)
            return AttentionTile(queries: part, keys: keys(seenFrom: part, of: count))
        }
    }

    /// Which columns of a tile's scores each of its rows sees.
    func columns(_ tile: AttentionTile) -> shoken_train_visibility {
        // As far as any key of the tile is from any query.
        let reach = window ?? tile.keys.upperBound + tile.queries.upperBound
        let first = tile.queries.lowerBound - tile.keys.lowerBound
        return shoken_train_visibility(
            first: Int64(first - reach + 1), end: Int64(first + (causal ? 1 : reach)))
    }
}

/// Some queries of a sequence, and the keys that at least one of them sees; both are positions in
/// the sequence.
struct AttentionTile {
    let queries: Range<Int>
    let keys: Range<Int>
}
