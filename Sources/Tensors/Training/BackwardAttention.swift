import Kernels

/// What attention sees: heads, and which rows belong together.
package struct AttentionPlan: Sendable {
    /// Query heads, H.
    package let heads: Int
    /// Key and value heads; divides H.
    package let groups: Int
    /// Width of a head, D.
    package let headWidth: Int
    /// Rows that see each other; disjoint, together all rows.
    package let segments: [Range<Int>]
    /// Whether a row sees only itself and the rows before it in its segment.
    package let causal: Bool
    /// Dropout on the probabilities, or nil.
    package let dropout: DropoutMask?

    /// A plan; `groups` divides `heads`.
    package init(
        heads: Int, groups: Int, headWidth: Int, segments: [Range<Int>], causal: Bool,
        dropout: DropoutMask? = nil
    ) {
        precondition(heads % groups == 0)
        (self.heads, self.groups, self.headWidth) = (heads, groups, headWidth)
        (self.segments, self.causal, self.dropout) = (segments, causal, dropout)
    }
}

/// Attention with grouped queries over ragged segments, in tiles of query rows.
///
/// Probabilities are not kept: the backward pass makes them again from log-sum-exp, one tile at a
/// time, so that memory is one tile of scores (Dao et al., FlashAttention, arXiv 2205.14135).
package struct AttentionPass: Sendable {
    /// Query rows of a tile: small enough that a tile's scores stay in the second cache level.
    private static let tileRows = 128

    private var scores: [Float] = []
    private var gradients: [Float] = []

    /// A pass whose scratch memory grows to the largest tile it meets.
    package init() {}

    /// Writes attention to `output` (T, H · D) and the log-sum-exp of each row to `logSum` (T, H).
    package mutating func forward(
        query: Tensor, key: Tensor, value: Tensor, plan: AttentionPlan, output: inout Tensor,
        logSum: inout Tensor
    ) {
        check(query: query, key: key, value: value, plan: plan)
        precondition(output.shape == query.shape && logSum.count == query.rows * plan.heads)
        reserve(plan)
        query.values.withUnsafeBufferPointer { query in
            key.values.withUnsafeBufferPointer { key in
                value.values.withUnsafeBufferPointer { value in
                    output.values.withUnsafeMutableBufferPointer { output in
                        logSum.values.withUnsafeMutableBufferPointer { logSum in
                            scores.withUnsafeMutableBufferPointer { scores in
                                guard let q = query.baseAddress, let k = key.baseAddress,
                                    let v = value.baseAddress, let o = output.baseAddress,
                                    let l = logSum.baseAddress, let s = scores.baseAddress
                                else { return }
                                Self.forEachTile(plan, rows: query.count / plan.queryWidth) {
                                    Self.forwardTile($0, plan, q, k, v, o, l, s)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Writes the gradients of query, key and value, given that of the output.
    ///
    /// `output` and `logSum` are what ``forward`` wrote; `rowDots` (T, H) is scratch.
    package mutating func backward(
        _ outputGradient: Tensor, query: Tensor, key: Tensor, value: Tensor, output: Tensor,
        logSum: Tensor, plan: AttentionPlan, rowDots: inout Tensor, queryGradient: inout Tensor,
        keyGradient: inout Tensor, valueGradient: inout Tensor
    ) {
        check(query: query, key: key, value: value, plan: plan)
        precondition(outputGradient.shape == query.shape && output.shape == query.shape)
        precondition(queryGradient.shape == query.shape && keyGradient.shape == key.shape)
        precondition(valueGradient.shape == value.shape)
        precondition(logSum.count == query.rows * plan.heads && rowDots.count == logSum.count)
        reserve(plan)
        keyGradient.clear()
        valueGradient.clear()
        let rows = query.rows
        query.values.withUnsafeBufferPointer { query in
            key.values.withUnsafeBufferPointer { key in
                value.values.withUnsafeBufferPointer { value in
                    outputGradient.values.withUnsafeBufferPointer { outputGradient in
                        rowDots.values.withUnsafeMutableBufferPointer { rowDots in
                            output.values.withUnsafeBufferPointer {
                                shoken_train_head_dots(
                                    outputGradient.baseAddress, $0.baseAddress,
                                    rowDots.baseAddress, rows, plan.heads, plan.headWidth)
                            }
                            logSum.values.withUnsafeBufferPointer { logSum in
                                queryGradient.values.withUnsafeMutableBufferPointer { dq in
                                    keyGradient.values.withUnsafeMutableBufferPointer { dk in
                                        valueGradient.values.withUnsafeMutableBufferPointer { dv in
                                            backwardTiles(
                                                plan, rows: rows, query, key, value,
                                                outputGradient, rowDots, logSum, dq, dk, dv)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension AttentionPlan {
    /// Row length of queries, H · D.
    fileprivate var queryWidth: Int { heads * headWidth }
    /// Row length of keys and values.
    fileprivate var keyWidth: Int { groups * headWidth }
    /// Factor of the scores, 1 / √D.
    fileprivate var scale: Float { 1 / Float(headWidth).squareRoot() }
}

extension AttentionPass {
    /// Some query rows of one head, the keys they may see, and where they lie.
    private struct Tile {
        let head: Int
        /// First row of the segment, which is the first key.
        let start: Int
        let rows: Range<Int>
        /// Keys from `start` on.
        let columns: Int
        /// Keys that the first row sees, when causal.
        var firstVisible: Int { rows.lowerBound - start + 1 }
        /// Number of the first draw of a dropout mask among all of `total` rows.
        func firstDraw(total: Int) -> UInt64 {
            UInt64(head * total + rows.lowerBound) * UInt64(total)
        }
        let total: Int
    }

    private static func forEachTile(_ plan: AttentionPlan, rows total: Int, _ body: (Tile) -> Void)
    {
        for segment in plan.segments {
            for head in 0..<plan.heads {
                for start in stride(from: segment.lowerBound, to: segment.upperBound, by: tileRows)
                {
                    let end = min(start + tileRows, segment.upperBound)
                    body(
                        Tile(
                            head: head, start: segment.lowerBound, rows: start..<end,
                            columns: (plan.causal ? end : segment.upperBound) - segment.lowerBound,
                            total: total))
                }
            }
        }
    }

    private func check(query: Tensor, key: Tensor, value: Tensor, plan: AttentionPlan) {
        precondition(query.columns == plan.queryWidth && key.columns == plan.keyWidth)
        precondition(key.shape == value.shape && key.rows == query.rows)
        precondition(
            plan.segments.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= query.rows })
    }

    private mutating func reserve(_ plan: AttentionPlan) {
        let longest = plan.segments.map(\.count).max() ?? 0
        let needed = min(Self.tileRows, longest) * longest
        if scores.count < needed {
            scores = [Float](repeating: 0, count: needed)
            gradients = scores
        }
    }

    private static func forwardTile(
        _ tile: Tile, _ plan: AttentionPlan, _ query: UnsafePointer<Float>,
        _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>, _ logSum: UnsafeMutablePointer<Float>,
        _ scores: UnsafeMutablePointer<Float>
    ) {
        let (width, keyWidth, depth) = (plan.queryWidth, plan.keyWidth, plan.headWidth)
        let own = tile.rows.lowerBound * width + tile.head * depth
        let shared = tile.start * keyWidth + tile.head / (plan.heads / plan.groups) * depth
        stridedProduct(
            tile.rows.count, tile.columns, depth, query + own, stride: width,
            key + shared, stride: keyWidth, transposeB: true, into: scores, stride: tile.columns)
        shoken_train_attention_softmax(
            scores, logSum + tile.rows.lowerBound * plan.heads + tile.head, plan.heads,
            tile.rows.count, tile.columns, tile.columns, tile.firstVisible, plan.causal ? 1 : 0,
            plan.scale)
        if let dropout = plan.dropout {
            shoken_train_dropout(
                scores, tile.rows.count, tile.columns, tile.columns, dropout.seed,
                tile.firstDraw(total: tile.total), dropout.probability)
        }
        stridedProduct(
            tile.rows.count, depth, tile.columns, scores, stride: tile.columns,
            value + shared, stride: keyWidth, into: output + own, stride: width)
    }

    private mutating func backwardTiles(
        _ plan: AttentionPlan, rows: Int, _ query: UnsafeBufferPointer<Float>,
        _ key: UnsafeBufferPointer<Float>, _ value: UnsafeBufferPointer<Float>,
        _ outputGradient: UnsafeBufferPointer<Float>,
        _ rowDots: UnsafeMutableBufferPointer<Float>, _ logSum: UnsafeBufferPointer<Float>,
        _ queryGradient: UnsafeMutableBufferPointer<Float>,
        _ keyGradient: UnsafeMutableBufferPointer<Float>,
        _ valueGradient: UnsafeMutableBufferPointer<Float>
    ) {
        let (width, keyWidth, depth) = (plan.queryWidth, plan.keyWidth, plan.headWidth)
        scores.withUnsafeMutableBufferPointer { scores in
            gradients.withUnsafeMutableBufferPointer { gradients in
                guard let q = query.baseAddress, let k = key.baseAddress, let v = value.baseAddress,
                    let dy = outputGradient.baseAddress, let dots = rowDots.baseAddress,
                    let logSum = logSum.baseAddress, let dq = queryGradient.baseAddress,
                    let dk = keyGradient.baseAddress, let dv = valueGradient.baseAddress,
                    let p = scores.baseAddress, let ds = gradients.baseAddress
                else { return }
                Self.forEachTile(plan, rows: rows) { tile in
                    let (m, n) = (tile.rows.count, tile.columns)
                    let own = tile.rows.lowerBound * width + tile.head * depth
                    let shared =
                        tile.start * keyWidth + tile.head / (plan.heads / plan.groups) * depth
                    let kept = tile.rows.lowerBound * plan.heads + tile.head
                    stridedProduct(
                        m, n, depth, q + own, stride: width, k + shared, stride: keyWidth,
                        transposeB: true, into: p, stride: n)
                    shoken_train_attention_probabilities(
                        p, logSum + kept, plan.heads, m, n, n, tile.firstVisible,
                        plan.causal ? 1 : 0, plan.scale)
                    stridedProduct(
                        m, n, depth, dy + own, stride: width, v + shared, stride: keyWidth,
                        transposeB: true, into: ds, stride: n)
                    if let dropout = plan.dropout {
                        shoken_train_dropout(
                            ds, m, n, n, dropout.seed, tile.firstDraw(total: rows),
                            dropout.probability)
                    }
                    shoken_train_attention_softmax_backward(
                        p, ds, dots + kept, plan.heads, m, n, n, plan.scale)
                    if let dropout = plan.dropout {
                        shoken_train_dropout(
                            p, m, n, n, dropout.seed, tile.firstDraw(total: rows),
                            dropout.probability)
                    }
                    stridedProduct(
                        n, depth, m, p, stride: n, transposeA: true, dy + own, stride: width,
                        beta: 1, into: dv + shared, stride: keyWidth)
                    stridedProduct(
                        m, depth, n, ds, stride: n, k + shared, stride: keyWidth,
                        into: dq + own, stride: width)
                    stridedProduct(
                        n, depth, m, ds, stride: n, transposeA: true, q + own, stride: width,
                        beta: 1, into: dk + shared, stride: keyWidth)
                }
            }
        }
    }
}
