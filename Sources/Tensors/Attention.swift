// SPDX-License-Identifier: Apache-2.0
import Foundation
import Kernels

/// Scaled dot-product attention over rows of several sequences, without padding.
///
/// Letters: T tokens of all segments together, H query heads, G key and value heads (H a multiple
/// of G; head h reads key head h / (H / G)), D elements of a head.
package struct Attention: Sendable {
    /// Query heads, H.
    package let heads: Int
    /// Key and value heads, G.
    package let keyValueHeads: Int
    /// Elements of a head, D.
    package let headWidth: Int
    /// Which keys a query sees.
    package let visibility: AttentionVisibility
    /// What scores are multiplied by before the softmax.
    package let scale: Float
    /// Bound c of scores, c · tanh(s / c), or nil.
    package let softcap: Float?

    /// Attention of the given lengths; `scale` is D^−½ unless given.
    package init(
        heads: Int, keyValueHeads: Int, headWidth: Int, causal: Bool, window: Int? = nil,
        scale: Float? = nil, softcap: Float? = nil
    ) {
        precondition(
            heads > 0 && keyValueHeads > 0 && heads % keyValueHeads == 0,
            "query heads are shared out evenly")
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headWidth = headWidth
        visibility = AttentionVisibility(causal: causal, window: window)
        self.scale = scale ?? 1 / Float(headWidth).squareRoot()
        self.softcap = softcap
    }

    /// Row length of queries, H · D.
    var queryWidth: Int { heads * headWidth }
    /// Row length of keys and values, G · D.
    var keyWidth: Int { keyValueHeads * headWidth }

    /// Where the keys of a query head begin in a row of keys.
    func keyColumn(ofHead head: Int) -> Int { head / (heads / keyValueHeads) * headWidth }

    /// softmax(q · kᵀ · scale) · v within each segment `offsets[s] ..< offsets[s + 1]`.
    ///
    /// `q` and `output` are (T, H · D), `k` and `v` (T, G · D). Scores are held for one block of
    /// queries of one head and thread at a time, never for all pairs of tokens.
    package func forward(
        q: Tensor, k: Tensor, v: Tensor, offsets: [Int], into output: inout Tensor
    ) {
        precondition(
            k.columns == keyWidth && k.shape == v.shape && k.rows == q.rows,
            "keys and values are G · D wide")
        k.values.withUnsafeBufferPointer { k in
            v.values.withUnsafeBufferPointer { v in
                let width = keyWidth
                let sequences = zip(offsets, offsets.dropFirst()).map { start, end in
                    KeySequence(
                        count: end - start,
                        runs: end == start
                            ? []
                            : [
                                KeyRun(
                                    first: 0, count: end - start, keys: k.start + start * width,
                                    values: v.start + start * width)
                            ])
                }
                run(q, sequences, offsets, &output)
            }
        }
    }

    /// The same where the keys and values are those of caches, one for each segment; the queries
    /// of a segment are the last tokens of its cache.
    package func forward(
        q: Tensor, caches: [KeyValueCache], offsets: [Int], into output: inout Tensor
    ) {
        precondition(caches.count == offsets.count - 1, "one cache a segment")
        precondition(
            caches.allSatisfy { $0.width == keyWidth }, "keys and values are G · D wide")
        let sequences = caches.map { cache in
            KeySequence(
                count: cache.count,
                runs: cache.blocks.enumerated().map { index, block in
                    let first = index * KeyValueCache.blockRows
                    return KeyRun(
                        first: first, count: min(KeyValueCache.blockRows, cache.count - first),
                        keys: UnsafePointer(block.keys), values: UnsafePointer(block.values))
                })
        }
        withExtendedLifetime(caches) { run(q, sequences, offsets, &output) }
    }

    /// Keys and values of one sequence: rows that lie in one piece or several.
    private struct KeySequence {
        let count: Int
        let runs: [KeyRun]
    }

    /// Rows of keys and values, one after another in memory, from position `first` on.
    private struct KeyRun {
        let first: Int
        let count: Int
        let keys: UnsafePointer<Float>
        let values: UnsafePointer<Float>
    }

    /// A tile of a sequence, whose queries begin at a row of all queries.
    private struct QueryBlock {
        let sequence: Int
        let row: Int
        let tile: AttentionTile

        var count: Int { tile.queries.count }
        var keys: Range<Int> { tile.keys }

        /// Elements from one row of scores to the next: whole cache lines, so that no wide load or
        /// store touches two.
        var scoreStride: Int { (keys.count + 15) / 16 * 16 }
    }

    private func run(
        _ q: Tensor, _ sequences: [KeySequence], _ offsets: [Int], _ output: inout Tensor
    ) {
        precondition(offsets.first == 0 && offsets.last == q.rows, "segments cover all rows")
        precondition(
            q.columns == queryWidth && output.count == q.count, "queries are H · D wide")
        let blocks = queryBlocks(sequences, offsets)
        let scratch = blocks.map { $0.count * $0.scoreStride }.max() ?? 0
        guard scratch > 0 else { return }
        let threads = ComputeThreads.count
        ComputeThreads.prepareThisThread()
        var scores = [Float](unsafeUninitializedCapacity: scratch * threads + 16) {
            // Every score is written by the product before it is read.
            $1 = $0.count
        }
        q.values.withUnsafeBufferPointer { q in
            output.values.withUnsafeMutableBufferPointer { output in
                scores.withUnsafeMutableBufferPointer { scores in
                    let start = scores.start.cacheLine
                    ComputeThreads.loop(blocks.count * heads, limit: threads) { thread, index in
                        let block = blocks[index / heads]
                        attend(
                            block, sequences[block.sequence].runs, head: index % heads, q.start,
                            output.start, scores: start + thread * scratch)
                    }
                }
            }
        }
    }

    /// One block of queries of one head: scores, softmax, weighted sum of values.
    private func attend(
        _ block: QueryBlock, _ runs: [KeyRun], head: Int, _ q: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>, scores: UnsafeMutablePointer<Float>
    ) {
        let (width, narrow) = (queryWidth, keyWidth)
        let query = block.row * width + head * headWidth
        let key = keyColumn(ofHead: head)
        let stride = block.scoreStride
        let parts = runs.compactMap { run in
            let seen = block.keys.clamped(to: run.first..<run.first + run.count)
            return seen.isEmpty ? nil : (run, seen)
        }
        for (run, seen) in parts {
            StridedProduct(
                m: block.count, n: seen.count, k: headWidth, transposeB: true, strideA: width,
                strideB: narrow, strideC: stride, scale: scale
            ).run(
                q + query, run.keys + (seen.lowerBound - run.first) * narrow + key,
                scores + (seen.lowerBound - block.keys.lowerBound))
        }
        // The rows are divided by their sums after the values are weighted: D divisions, not T.
        var factors = [Float](repeating: 0, count: block.count)
        for row in 0..<block.count {
            factors[row] = weights(block, row, scores + row * stride)
        }
        for (index, (run, seen)) in parts.enumerated() {
            StridedProduct(
                m: block.count, n: headWidth, k: seen.count, strideA: stride, strideB: narrow,
                strideC: width, accumulate: index > 0
            ).run(
                scores + (seen.lowerBound - block.keys.lowerBound),
                run.values + (seen.lowerBound - run.first) * narrow + key, output + query)
        }
        for row in 0..<block.count {
            let start = output + query + row * width
            shoken_scale(start, start, Int64(headWidth), factors[row])
        }
    }

    /// Turns a row of scores into weights that are 0 for unseen keys; gives back what makes their
    /// sum 1.
    private func weights(
        _ block: QueryBlock, _ row: Int, _ scores: UnsafeMutablePointer<Float>
    ) -> Float {
        let position = block.tile.queries.lowerBound + row
        let seen = visibility.keys(
            seenFrom: position..<position + 1, of: block.keys.upperBound)
        let first = seen.lowerBound - block.keys.lowerBound
        let last = seen.upperBound - block.keys.lowerBound
        if let softcap { shoken_softcap(scores + first, Int64(seen.count), softcap) }
        var sum: Float = 0
        _ = shoken_exp_below_largest(scores + first, Int64(seen.count), &sum)
        scores.update(repeating: 0, count: first)
        (scores + last).update(repeating: 0, count: block.keys.count - last)
        return 1 / sum
    }

    /// Elements of scores that a thread holds at once, unless one row alone has more: 2 MiB.
    private static var scoresAtOnce: Int { 524_288 }

    /// The blocks of all segments, in the order of rows.
    private func queryBlocks(_ sequences: [KeySequence], _ offsets: [Int]) -> [QueryBlock] {
        var blocks: [QueryBlock] = []
        for (index, sequence) in sequences.enumerated() {
            let (start, end) = (offsets[index], offsets[index + 1])
            guard end > start else { continue }
            precondition(sequence.count >= end - start, "queries are tokens of their sequence")
            let before = sequence.count - (end - start)
            // A causal block computes the corner above its diagonal in vain: keep it small.
            let most = max(
                1,
                min(
                    visibility.causal || visibility.window != nil ? 128 : 512,
                    Self.scoresAtOnce / sequence.count))
            blocks += visibility.tiles(before..<sequence.count, of: sequence.count, rows: most)
                .map {
                    QueryBlock(
                        sequence: index, row: start + $0.queries.lowerBound - before, tile: $0)
                }
        }
        return blocks
    }
}
