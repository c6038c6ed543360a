import Kernels

/// What attention sees: heads, and which rows belong together.
package struct AttentionPlan: Sendable {
    /// Query heads, H.
    package var heads: Int
    /// Key and value heads, G; divides H.
    package var groups: Int
    /// Width of a head, D.
    package var headWidth: Int
    /// Rows that see each other; disjoint, together all rows.
    package var segments: [Range<Int>]
    /// Whether a row sees only itself and the rows before it in its segment.
    package var causal: Bool
    /// A row sees those nearer than this, itself included; nil for all.
    package var window: Int?
    /// What scores are multiplied by; D^−½ as a rule.
    package var scale: Float
    /// Bound c of scores, c · tanh(s / c), or nil.
    package var softcap: Float?
    /// Dropout on the probabilities, or nil.
    package var dropout: DropoutMask?

    /// A plan; `groups` divides `heads`, and `scale` is D^−½ unless given.
    package init(
        heads: Int, groups: Int, headWidth: Int, segments: [Range<Int>], causal: Bool,
        window: Int? = nil, scale: Float? = nil, softcap: Float? = nil,
        dropout: DropoutMask? = nil
    ) {
        precondition(groups > 0 && heads % groups == 0, "query heads are shared out evenly")
        precondition((window ?? 1) > 0, "a token sees itself")
        (self.heads, self.groups, self.headWidth) = (heads, groups, headWidth)
        (self.segments, self.causal, self.window) = (segments, causal, window)
        self.scale = scale ?? 1 / Float(headWidth).squareRoot()
        (self.softcap, self.dropout) = (softcap, dropout)
    }

    /// Row length of queries, H · D.
    var queryWidth: Int { heads * headWidth }
    /// Row length of keys and values, G · D.
    var keyWidth: Int { groups * headWidth }

    /// Query rows of a tile: small enough that a tile's scores stay in the second cache level.
    static let tileRows = 128

    /// Numbers of the largest tile of scores.
    var tileSize: Int {
        let longest = segments.map(\.count).max() ?? 0
        return min(Self.tileRows, longest) * longest
    }
}

/// Some query rows of one head, and the keys that at least one of them sees.
private struct Tile {
    let head: Int
    /// Query rows, of all rows.
    let rows: Range<Int>
    /// Keys, of all rows.
    let keys: Range<Int>
    /// Which of the tile's columns each of its rows sees.
    let visibility: shoken_train_visibility

    init(_ plan: AttentionPlan, _ segment: Range<Int>, head: Int, start: Int) {
        self.head = head
        rows = start..<min(start + AttentionPlan.tileRows, segment.upperBound)
        let window = plan.window ?? segment.count
        let first = max(segment.lowerBound, rows.lowerBound - window + 1)
        let end =
            plan.causal
            ? rows.upperBound : min(segment.upperBound, rows.upperBound + window - 1)
        keys = first..<end
        visibility = shoken_train_visibility(
            first: Int64(rows.lowerBound - window + 1 - first),
            end: Int64(rows.lowerBound + (plan.causal ? 1 : window) - first))
    }

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
    let total: Int
    let query: UnsafePointer<Float>
    let key: UnsafePointer<Float>
    let value: UnsafePointer<Float>

    private func tiles(_ segment: Range<Int>, head: Int) -> [Tile] {
        stride(from: segment.lowerBound, to: segment.upperBound, by: AttentionPlan.tileRows).map {
            Tile(plan, segment, head: head, start: $0)
        }
    }

    /// Where a head's keys begin.
    private func shared(_ tile: Tile) -> Int {
        tile.keys.lowerBound * plan.keyWidth
            + tile.head / (plan.heads / plan.groups) * plan.headWidth
    }

    /// Where a head's queries begin.
    private func own(_ tile: Tile) -> Int {
        tile.rows.lowerBound * plan.queryWidth + tile.head * plan.headWidth
    }

    /// Writes attention to `output` (T, H · D) and the log-sum-exp of each row to `logSum` (T, H).
    func forward(
        output: UnsafeMutablePointer<Float>, logSum: UnsafeMutablePointer<Float>,
        memory: TapeMemory
    ) {
        let work = plan.segments.flatMap { segment in
            (0..<plan.heads).flatMap { tiles(segment, head: $0) }
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
        _ tile: Tile, output: UnsafeMutablePointer<Float>, logSum: UnsafeMutablePointer<Float>,
        scores: UnsafeMutablePointer<Float>
    ) {
        let (width, keyWidth, depth) = (plan.queryWidth, plan.keyWidth, plan.headWidth)
        let (m, n) = (tile.rows.count, tile.keys.count)
        let (own, shared) = (own(tile), shared(tile))
        stridedProduct(
            m, n, depth, query + own, stride: width, key + shared, stride: keyWidth,
            transposeB: true, into: scores, stride: n)
        shoken_train_attention_softmax(
            scores, logSum + tile.rows.lowerBound * plan.heads + tile.head, Int64(plan.heads),
            Int64(m), Int64(n), Int64(n), tile.visibility, plan.scale, plan.softcap ?? 0)
        drop(scores, tile)
        stridedProduct(
            m, depth, n, scores, stride: n, value + shared, stride: keyWidth,
            into: output + own, stride: width)
    }

    private func drop(_ scores: UnsafeMutablePointer<Float>, _ tile: Tile) {
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
    /// The heads of a group add to the same keys, one after another; groups go to the threads.
    func backward(
        _ outputGradient: UnsafePointer<Float>, output: UnsafePointer<Float>,
        logSum: UnsafePointer<Float>, into gradients: Gradients, memory: TapeMemory
    ) {
        let dots = memory.take(total * plan.heads)
        TrainingLoops.rows(total, width: plan.queryWidth) {
            let first = $0.lowerBound * plan.queryWidth
            shoken_train_head_dots(
                outputGradient + first, output + first, dots + $0.lowerBound * plan.heads,
                Int64($0.count), Int64(plan.heads), Int64(plan.headWidth), Int64(plan.queryWidth))
        }
        for start in [gradients.key, gradients.value] {
            start.update(repeating: 0, count: total * plan.keyWidth)
        }
        let threads = ComputeThreads.isInLoop ? 1 : ComputeThreads.count
        let size = plan.tileSize
        let scratch = memory.take(3 * size * threads)
        ComputeThreads.prepareThisThread()
        ComputeThreads.loop(plan.segments.count * plan.groups, limit: threads) { thread, index in
            let segment = plan.segments[index / plan.groups]
            let each = plan.heads / plan.groups
            let first = index % plan.groups * each
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
        _ tile: Tile, _ dy: UnsafePointer<Float>, _ logSum: UnsafePointer<Float>,
        _ dots: UnsafePointer<Float>, _ gradients: Gradients,
        _ p: UnsafeMutablePointer<Float>, _ size: Int
    ) {
        let (width, keyWidth, depth) = (plan.queryWidth, plan.keyWidth, plan.headWidth)
        let (m, n) = (tile.rows.count, tile.keys.count)
        let (own, shared) = (own(tile), shared(tile))
        let kept = tile.rows.lowerBound * plan.heads + tile.head
        let (ds, slopes) = (p + size, plan.softcap == nil ? nil : p + 2 * size)
        stridedProduct(
            m, n, depth, query + own, stride: width, key + shared, stride: keyWidth,
            transposeB: true, into: p, stride: n)
        shoken_train_attention_probabilities(
            p, logSum + kept, Int64(plan.heads), Int64(m), Int64(n), Int64(n), tile.visibility,
            plan.scale, plan.softcap ?? 0, slopes)
        stridedProduct(
            m, n, depth, dy + own, stride: width, value + shared, stride: keyWidth,
            transposeB: true, into: ds, stride: n)
        drop(ds, tile)
        shoken_train_attention_softmax_backward(
            p, ds, dots + kept, Int64(plan.heads), Int64(m), Int64(n), Int64(n), plan.scale, slopes)
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
        precondition(query.columns == plan.queryWidth && key.columns == plan.keyWidth)
        precondition(value.columns == plan.keyWidth && key.rows == query.rows)
        precondition(
            value.rows == query.rows && plan.segments.map(\.count).reduce(0, +) == query.rows)
        precondition(
            plan.segments.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= query.rows })
        let y = makeValue(
            rows: query.rows, columns: query.columns,
            needsGradient: needsGradient(query) || needsGradient(key) || needsGradient(value))
        let logSum = memory.take(query.rows * plan.heads)
        let pass = AttentionPass(
            plan: plan, total: query.rows, query: start(query), key: start(key),
            value: start(value))
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
