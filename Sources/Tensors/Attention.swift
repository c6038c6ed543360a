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
    /// Whether a token sees only itself and those before it.
    package let causal: Bool
    /// What scores are multiplied by before the softmax: D^−½.
    package var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Attention of the given lengths.
    package init(heads: Int, keyValueHeads: Int, headWidth: Int, causal: Bool) {
        precondition(
            heads > 0 && keyValueHeads > 0 && heads % keyValueHeads == 0,
            "query heads are shared out evenly")
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headWidth = headWidth
        self.causal = causal
    }

    /// softmax(q · kᵀ · D^−½) · v within each segment `offsets[s] ..< offsets[s + 1]`.
    ///
    /// `q` and `output` are (T, H · D), `k` and `v` (T, G · D). Scores are held for one block of
    /// queries of one head and thread at a time, never for all pairs of tokens.
    package func forward(
        q: Tensor, k: Tensor, v: Tensor, offsets: [Int], into output: inout Tensor
    ) {
        var unused: [Float] = []
        run(q, k, v, offsets, &output, &unused, keepsLogSums: false)
    }

    /// The same, and leaves log Σ exp of each token's and head's scaled scores in `logSums`
    /// (T · H, the head running fastest), from which a backward pass can find the probabilities.
    package func forward(
        q: Tensor, k: Tensor, v: Tensor, offsets: [Int], into output: inout Tensor,
        logSums: inout [Float]
    ) {
        let count = q.rows * heads
        if logSums.count != count { logSums = [Float](repeating: 0, count: count) }
        run(q, k, v, offsets, &output, &logSums, keepsLogSums: true)
    }

    private func run(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, _ offsets: [Int], _ output: inout Tensor,
        _ logSums: inout [Float], keepsLogSums: Bool
    ) {
        check(q, k, v, output, offsets)
        let blocks = queryBlocks(offsets)
        let scratch = blocks.map { $0.queries.count * $0.scoreStride }.max() ?? 0
        guard scratch > 0 else { return }
        let threads = ComputeThreads.count
        ComputeThreads.prepareThisThread()
        var scores = [Float](unsafeUninitializedCapacity: scratch * threads + 16) {
            // Every score is written by the product before it is read.
            $1 = $0.count
        }
        q.values.withUnsafeBufferPointer { q in
            k.values.withUnsafeBufferPointer { k in
                v.values.withUnsafeBufferPointer { v in
                    output.values.withUnsafeMutableBufferPointer { output in
                        logSums.withUnsafeMutableBufferPointer { logSums in
                            scores.withUnsafeMutableBufferPointer { scores in
                                let memory = Memory(
                                    q: q.start, k: k.start, v: v.start,
                                    output: output.start,
                                    logSums: keepsLogSums ? logSums.baseAddress : nil)
                                let start = scores.start.cacheLine
                                ComputeThreads.loop(blocks.count * heads, limit: threads) {
                                    thread, index in
                                    attend(
                                        blocks[index / heads], head: index % heads, memory,
                                        scores: start + thread * scratch)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private struct Memory {
        let q: UnsafePointer<Float>
        let k: UnsafePointer<Float>
        let v: UnsafePointer<Float>
        let output: UnsafeMutablePointer<Float>
        let logSums: UnsafeMutablePointer<Float>?
    }

    /// One block of queries of one head: scores, softmax, weighted sum of values.
    private func attend(
        _ block: QueryBlock, head: Int, _ memory: Memory, scores: UnsafeMutablePointer<Float>
    ) {
        let (width, narrow) = (heads * headWidth, keyValueHeads * headWidth)
        let query = block.queries.lowerBound * width + head * headWidth
        let key = block.keys.lowerBound * narrow + head / (heads / keyValueHeads) * headWidth
        let (rows, columns) = (block.queries.count, block.keys.count)
        let stride = block.scoreStride
        StridedProduct(
            m: rows, n: columns, k: headWidth, transposeB: true, strideA: width,
            strideB: narrow, strideC: stride, scale: scale
        ).run(memory.q + query, memory.k + key, scores)
        // The rows are divided by their sums after the values are weighted: D divisions, not T.
        var factors = [Float](repeating: 0, count: rows)
        for row in 0..<rows {
            let start = scores + row * stride
            let token = block.queries.lowerBound + row
            let seen = causal ? token - block.keys.lowerBound + 1 : columns
            var sum: Float = 0
            let largest = shoken_exp_below_largest(start, Int64(seen), &sum)
            (start + seen).update(repeating: 0, count: columns - seen)
            factors[row] = 1 / sum
            memory.logSums?[token * heads + head] = largest + log(sum)
        }
        StridedProduct(
            m: rows, n: headWidth, k: columns, strideA: stride, strideB: narrow, strideC: width
        ).run(scores, memory.v + key, memory.output + query)
        for row in 0..<rows {
            let start = memory.output + query + row * width
            shoken_scale(start, start, Int64(headWidth), factors[row])
        }
    }

    private func check(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, _ output: Tensor, _ offsets: [Int]
    ) {
        Segments.check(offsets, rows: q.rows)
        precondition(
            q.columns == heads * headWidth && output.count == q.count, "queries are H · D wide")
        precondition(
            k.columns == keyValueHeads * headWidth && k.shape == v.shape && k.rows == q.rows,
            "keys and values are G · D wide")
    }
}

/// A run of queries and the keys that they may see, as rows.
struct QueryBlock {
    var queries: Range<Int>
    var keys: Range<Int>

    /// Elements from one row of scores to the next: whole cache lines, so that no wide load or
    /// store touches two.
    var scoreStride: Int { (keys.count + 15) / 16 * 16 }
}

extension Attention {
    /// Elements of scores that a thread holds at once, unless one row alone has more: 2 MiB.
    private static var scoresAtOnce: Int { 524_288 }

    /// The blocks of all segments, in the order of rows.
    func queryBlocks(_ offsets: [Int]) -> [QueryBlock] {
        var blocks: [QueryBlock] = []
        for (start, end) in zip(offsets, offsets.dropFirst()) where end > start {
            // A causal block computes the corner above its diagonal in vain: keep it small.
            let most = max(1, min(causal ? 128 : 512, Self.scoresAtOnce / (end - start)))
            for first in stride(from: start, to: end, by: most) {
                let last = min(end, first + most)
                blocks.append(
                    QueryBlock(queries: first..<last, keys: start..<(causal ? last : end)))
            }
        }
        return blocks
    }
}
