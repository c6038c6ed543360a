// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Attention over the rows of a batch.
package struct AttentionPlan: Sendable {
    /// Heads, and what each row sees of its segment.
    package var attention: Attention
    /// Rows that see each other; disjoint, together all rows.
    package var segments: [Range<Int>]
    /// Dropout on the probabilities, or nil.
    package var dropout: DropoutMask?

    /// A plan of all parts.
    package init(_ attention: Attention, segments: [Range<Int>], dropout: DropoutMask? = nil) {
        (self.attention, self.segments, self.dropout) = (attention, segments, dropout)
    }

    /// Query rows of a tile: small enough that a tile's scores stay in the second cache level.
    static let tileRows = 128

    /// Numbers of the largest tile of scores.
    var tileSize: Int {
        let longest = segments.map(\.count).max() ?? 0
        return min(Self.tileRows, longest) * longest
    }
}

/// A tile of one head of a segment, in rows of the batch.
private struct HeadTile {
    let head: Int
    /// Query rows.
    let rows: Range<Int>
    /// Rows of keys.
    let keys: Range<Int>
    /// Which of the tile's columns each of its rows sees.
    let visibility: shoken_train_visibility

    /// Number of the first draw of a dropout mask among all of `total` rows.
    func firstDraw(total: Int) -> UInt64 {
        UInt64(head * total + rows.lowerBound) * UInt64(total)
    }
}

/// Attention with grouped queries over ragged segments, in tiles of query rows.
///
/// Probabilities are not kept: the way back makes them again from log-sum-exp, one tile at a
/// time, so that memory is one tile of scores (Dao et al., FlashAttention, arXiv 2205.14135).
struct AttentionPass {
    let plan: AttentionPlan
    let attention: Attention
    let total: Int
    let query: UnsafePointer<Float>
    let key: UnsafePointer<Float>
    let value: UnsafePointer<Float>

    private func tiles(_ segment: Range<Int>, head: Int) -> [HeadTile] {
        let start = segment.lowerBound
        return attention.visibility.tiles(
            0..<segment.count, of: segment.count, rows: AttentionPlan.tileRows
        ).map {
            HeadTile(
                head: head,
                rows: start + $0.queries.lowerBound..<start + $0.queries.upperBound,
                keys: start + $0.keys.lowerBound..<start + $0.keys.upperBound,
                visibility: attention.visibility.columns($0))
        }
    }

    /// Where a head's keys begin.
    private func shared(_ tile: HeadTile) -> Int {
        tile.keys.lowerBound * attention.keyWidth + attention.keyColumn(ofHead: tile.head)
    }

    /// Where a head's queries begin.
    private func own(_ tile: HeadTile) -> Int {
        tile.rows.lowerBound * attention.queryWidth + tile.head * attention.headWidth
    }

    /// Writes attention to `output` (T, H · D) and the log-sum-exp of each row to `logSum` (T, H).
    func forward(
        output: UnsafeMutablePointer<Float>, logSum: UnsafeMutablePointer<Float>,
        memory: TapeMemory
    ) {
        let work = plan.segments.flatMap { segment in
            (0..<attention.heads).flatMap { tiles(segment, head: $0) }
        }
        let threads = ComputeThreads.isInLoop ? 1 : ComputeThreads.count
        let size = plan.tileSize
        let scores = memory.take(size * threads)
        ComputeThreads.prepareThisThread()
        ComputeThreads.loop(work.count, limit: threads) { thread, index in
            forward(
                work[index], output: output, logSum: logSum, scores: scores + thread * size)
        }
        memory.release(scores)
    }

    private func forward(
        _ tile: HeadTile, output: UnsafeMutablePointer<Float>, logSum: UnsafeMutablePointer<Float>,
        scores: UnsafeMutablePointer<Float>
    ) {
        let (width, keyWidth, depth) = (
            attention.queryWidth, attention.keyWidth, attention.headWidth
        )
        let (m, n) = (tile.rows.count, tile.keys.count)
        let (own, shared) = (own(tile), shared(tile))
        stridedProduct(
            m, n, depth, query + own, stride: width, key + shared, stride: keyWidth,
            transposeB: true, into: scores, stride: n)
        shoken_train_attention_softmax(
            scores, logSum + tile.rows.lowerBound * attention.heads + tile.head,
            Int64(attention.heads),
            Int64(m), Int64(n), Int64(n), tile.visibility, attention.scale, attention.softcap ?? 0)
        drop(scores, tile)
        stridedProduct(
            m, depth, n, scores, stride: n, value + shared, stride: keyWidth,
            into: output + own, stride: width)
    }

    private func drop(_ scores: UnsafeMutablePointer<Float>, _ tile: HeadTile) {
        guard let dropout = plan.dropout else { return }
        shoken_train_dropout(
            scores, Int64(tile.rows.count), Int64(tile.keys.count), Int64(tile.keys.count),
            dropout.seed, tile.firstDraw(total: total), dropout.probability)
    }

    /// Where the gradients of query, key and value are written.
    struct Gradients {
        let query: UnsafeMutablePointer<Float>
        let key: UnsafeMutablePointer<Float>
        let value: UnsafeMutablePointer<Float>
    }

    /// Writes the gradients of query, key and value, given that of the output.
    ///
    /// Query heads that share a key head add to it one after another; key heads go to the threads.
    func backward(
        _ outputGradient: UnsafePointer<Float>, output: UnsafePointer<Float>,
        logSum: UnsafePointer<Float>, into gradients: Gradients, memory: TapeMemory
    ) {
        let dots = memory.take(total * attention.heads)
        TrainingLoops.rows(total, width: attention.queryWidth) {
            let first = $0.lowerBound * attention.queryWidth
            shoken_train_head_dots(
                outputGradient + first, output + first, dots + $0.lowerBound * attention.heads,
                Int64($0.count), Int64(attention.heads), Int64(attention.headWidth),
                Int64(attention.queryWidth))
        }
        for start in [gradients.key, gradients.value] {
            start.update(repeating: 0, count: total * attention.keyWidth)
        }
        let threads = ComputeThreads.isInLoop ? 1 : ComputeThreads.count
        let size = plan.tileSize
        let scratch = memory.take(3 * size * threads)
        ComputeThreads.prepareThisThread()
        ComputeThreads.loop(plan.segments.count * attention.keyValueHeads, limit: threads) {
            thread, index in
            let segment = plan.segments[index / attention.keyValueHeads]
            let each = attention.heads / attention.keyValueHeads
            let first = index % attention.keyValueHeads * each
            for head in first..<first + each {
                for tile in tiles(segment, head: head) {
                    backward(
                        tile, outputGradient, logSum, dots, gradients,
                        scratch + 3 * thread * size, size)
                }
            }
        }
        memory.release(scratch)
        memory.release(dots)
    }

    private func backward(
        _ tile: HeadTile, _ dy: UnsafePointer<Float>, _ logSum: UnsafePointer<Float>,
        _ dots: UnsafePointer<Float>, _ gradients: Gradients,
        _ p: UnsafeMutablePointer<Float>, _ size: Int
    ) {
        let (width, keyWidth, depth) = (
            attention.queryWidth, attention.keyWidth, attention.headWidth
        )
        let (m, n) = (tile.rows.count, tile.keys.count)
        let (own, shared) = (own(tile), shared(tile))
        let kept = tile.rows.lowerBound * attention.heads + tile.head
        let (ds, slopes) = (p + size, attention.softcap == nil ? nil : p + 2 * size)
        stridedProduct(
            m, n, depth, query + own, stride: width, key + shared, stride: keyWidth,
            transposeB: true, into: p, stride: n)
        shoken_train_attention_probabilities(
            p, logSum + kept, Int64(attention.heads), Int64(m), Int64(n), Int64(n), tile.visibility,
            attention.scale, attention.softcap ?? 0, slopes)
        stridedProduct(
            m, n, depth, dy + own, stride: width, value + shared, stride: keyWidth,
            transposeB: true, into: ds, stride: n)
        drop(ds, tile)
        shoken_train_attention_softmax_backward(
            p, ds, dots + kept, Int64(attention.heads), Int64(m), Int64(n), Int64(n),
            attention.scale, slopes)
        drop(p, tile)
        stridedProduct(
            n, depth, m, p, stride: n, transposeA: true, dy + own, stride: width, beta: 1,
            into: gradients.value + shared, stride: keyWidth)
        stridedProduct(
            m, depth, n, ds, stride: n, key + shared, stride: keyWidth,
            into: gradients.query + own, stride: width)
        stridedProduct(
            n, depth, m, ds, stride: n, transposeA: true, query + own, stride: width, beta: 1,
            into: gradients.key + shared, stride: keyWidth)
    }
}

extension Tape {
    /// softmax(q · kᵀ · scale) · v within each segment, for every head: (T, H · D).
    ///
    /// `query` is (T, H · D), `key` and `value` (T, G · D).
    package func attention(
        query: TapeValue, key: TapeValue, value: TapeValue, _ plan: AttentionPlan
    ) -> TapeValue {
        let attention = plan.attention
        precondition(query.columns == attention.queryWidth && key.columns == attention.keyWidth)
        precondition(value.columns == attention.keyWidth && key.rows == query.rows)
        precondition(
            value.rows == query.rows && plan.segments.map(\.count).reduce(0, +) == query.rows)
        precondition(
            plan.segments.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= query.rows })
        let y = makeValue(
            rows: query.rows, columns: query.columns,
            needsGradient: needsGradient(query) || needsGradient(key) || needsGradient(value))
        let logSum = memory.take(query.rows * attention.heads)
        let pass = AttentionPass(
            plan: plan, attention: attention, total: query.rows, query: start(query),
            key: start(key), value: start(value))
        let output = start(y)
        pass.forward(output: output, logSum: logSum, memory: memory)
        record(y) { tape, gradient in
            tape.withNewGradients(of: [query, key, value]) { targets in
                pass.backward(
                    gradient, output: output, logSum: logSum,
                    into: AttentionPass.Gradients(
                        query: targets[0], key: targets[1], value: targets[2]),
                    memory: tape.memory)
            }
        }
        return y
    }
}
