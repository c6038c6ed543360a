// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Which row of the relative embeddings stands for each distance, and what scores are made of.
package struct DisentangledPlan: Sendable {
    /// Heads, H.
    package var heads: Int
    /// Width of a head, D.
    package var headWidth: Int
    /// Rows that see each other; disjoint, together all rows.
    package var segments: [Range<Int>]
    /// Row of the relative embeddings for the distances −(N − 1) … N − 1, N the longest segment.
    package var buckets: [Int]
    /// What scores are multiplied by.
    package var scale: Float
    /// Dropout on the probabilities, or nil.
    package var dropout: DropoutMask?

    /// A plan of all parts.
    package init(
        heads: Int, headWidth: Int, segments: [Range<Int>], buckets: [Int], scale: Float,
        dropout: DropoutMask? = nil
    ) {
        (self.heads, self.headWidth, self.segments) = (heads, headWidth, segments)
        (self.buckets, self.scale, self.dropout) = (buckets, scale, dropout)
    }

    fileprivate var longest: Int { segments.lazy.map(\.count).max() ?? 0 }
}

/// Attention in which distances count beside contents (He et al. 2021, arXiv 2006.03654): a head's
/// score of i and j is (qᵢ · kⱼ + qᵢ · Kᵣ + kⱼ · Qᵣ) · scale, r the bucket of i − j.
///
/// Probabilities are made again on the way back, as in ``AttentionPass``.
private struct DisentangledPass {
    typealias Numbers = UnsafeMutablePointer<Float>

    let plan: DisentangledPlan
    /// Row length of everything, H · D.
    let width: Int
    /// Rows of all segments.
    let total: Int
    /// Rows of the relative embeddings, R.
    let distances: Int
    let query: Numbers
    let key: Numbers
    let value: Numbers
    /// Keys of the distances, or nil where they do not count.
    let positionKey: Numbers?
    /// Queries of the distances, or nil where they do not count.
    let positionQuery: Numbers?

    /// Numbers of one thread's scratch: three squares of scores, two of views of distances.
    var scratchSize: Int { 3 * plan.longest * plan.longest + 2 * plan.longest * distances }

    /// The parts of a thread's scratch.
    private struct Scratch {
        let scores: Numbers
        let slopes: Numbers
        let copy: Numbers
        let forQueries: Numbers
        let forKeys: Numbers

        init(_ start: Numbers, longest: Int, distances: Int) {
            let (square, view) = (longest * longest, longest * distances)
            (scores, slopes, copy) = (start, start + square, start + 2 * square)
            (forQueries, forKeys) = (start + 3 * square, start + 3 * square + view)
        }
    }

    private func visibility(_ n: Int) -> shoken_train_visibility {
        shoken_train_visibility(first: Int64(-n), end: Int64(n))
    }

    /// Writes the raw scores (n, n) of a head over a segment.
    private func score(_ segment: Range<Int>, _ head: Int, _ scratch: Scratch) {
        let (n, depth) = (segment.count, plan.headWidth)
        let own = segment.lowerBound * width + head * depth
        stridedProduct(
            n, n, depth, query + own, stride: width, key + own, stride: width, transposeB: true,
            into: scratch.scores, stride: n)
        if let positionKey {
            stridedProduct(
                n, distances, depth, query + own, stride: width, positionKey + head * depth,
                stride: width, transposeB: true, into: scratch.forQueries, stride: distances)
        }
        if let positionQuery {
            stridedProduct(
                n, distances, depth, key + own, stride: width, positionQuery + head * depth,
                stride: width, transposeB: true, into: scratch.forKeys, stride: distances)
        }
        for i in 0..<n {
            let row = scratch.scores + i * n
            withBuckets(ofRow: i) { buckets in
                if positionKey != nil {
                    let view = scratch.forQueries + i * distances
                    for j in 0..<n { row[j] += view[buckets[-j]] }
                }
                if positionQuery != nil {
                    for j in 0..<n { row[j] += scratch.forKeys[j * distances + buckets[-j]] }
                }
            }
        }
    }

    /// Calls `body` with the buckets so that place −j is that of the distance i − j.
    private func withBuckets(ofRow i: Int, _ body: (UnsafePointer<Int>) -> Void) {
        plan.buckets.withUnsafeBufferPointer { body($0.start + plan.longest - 1 + i) }
    }

    private func drop(_ scores: Numbers, _ segment: Range<Int>, _ head: Int) {
        guard let dropout = plan.dropout else { return }
        let first = UInt64(head * total + segment.lowerBound) * UInt64(total)
        shoken_train_dropout(
            scores, Int64(segment.count), Int64(segment.count), Int64(segment.count), dropout.seed,
            first, dropout.probability)
    }

    /// Writes attention to `output` (T, H · D) and the log-sum-exp of each row to `logSum` (T, H).
    func forward(output: Numbers, logSum: Numbers, memory: TapeMemory) {
        forEachHead(memory) { head, scratch in
            for segment in plan.segments where !segment.isEmpty {
                let n = segment.count
                let own = segment.lowerBound * width + head * plan.headWidth
                score(segment, head, scratch)
                shoken_train_attention_softmax(
                    scratch.scores, logSum + segment.lowerBound * plan.heads + head,
                    Int64(plan.heads), Int64(n), Int64(n), Int64(n), visibility(n), plan.scale, 0)
                drop(scratch.scores, segment, head)
                stridedProduct(
                    n, plan.headWidth, n, scratch.scores, stride: n, value + own, stride: width,
                    into: output + own, stride: width)
            }
        }
    }

    /// Heads go to the threads: those of different segments add to the same distances.
    private func forEachHead(_ memory: TapeMemory, _ body: (Int, Scratch) -> Void) {
        let threads = ComputeThreads.isInLoop ? 1 : ComputeThreads.count
        let size = scratchSize
        let scratch = memory.take(size * threads)
        ComputeThreads.prepareThisThread()
        ComputeThreads.loop(plan.heads, limit: threads) { thread, head in
            body(
                head,
                Scratch(scratch + thread * size, longest: plan.longest, distances: distances))
        }
        memory.release(scratch)
    }

    /// Where gradients are written; those of distances are added to.
    struct Gradients {
        let query: Numbers
        let key: Numbers
        let value: Numbers
        let positionKey: Numbers?
        let positionQuery: Numbers?
    }

    /// Writes the gradients of all arguments, given that of the output.
    func backward(
        _ dy: Numbers, output: Numbers, logSum: Numbers, into gradients: Gradients,
        memory: TapeMemory
    ) {
        let dots = memory.take(total * plan.heads)
        shoken_train_head_dots(
            dy, output, dots, Int64(total), Int64(plan.heads), Int64(plan.headWidth), Int64(width))
        forEachHead(memory) { head, scratch in
            for segment in plan.segments where !segment.isEmpty {
                backward(segment, head, dy, logSum, dots, gradients, scratch)
            }
        }
        memory.release(dots)
    }

    private func backward(
        _ segment: Range<Int>, _ head: Int, _ dy: Numbers, _ logSum: Numbers, _ dots: Numbers,
        _ gradients: Gradients, _ scratch: Scratch
    ) {
        let (n, depth) = (segment.count, plan.headWidth)
        let own = segment.lowerBound * width + head * depth
        let kept = segment.lowerBound * plan.heads + head
        let (p, ds) = (scratch.scores, scratch.slopes)
        score(segment, head, scratch)
        shoken_train_attention_probabilities(
            p, logSum + kept, Int64(plan.heads), Int64(n), Int64(n), Int64(n), visibility(n),
            plan.scale, 0, nil)
        stridedProduct(
            n, n, depth, dy + own, stride: width, value + own, stride: width, transposeB: true,
            into: ds, stride: n)
        drop(ds, segment, head)
        shoken_train_attention_softmax_backward(
            p, ds, dots + kept, Int64(plan.heads), Int64(n), Int64(n), Int64(n), plan.scale, nil)
        drop(p, segment, head)
        stridedProduct(
            n, depth, n, p, stride: n, transposeA: true, dy + own, stride: width,
            into: gradients.value + own, stride: width)
        stridedProduct(
            n, depth, n, ds, stride: n, key + own, stride: width, into: gradients.query + own,
            stride: width)
        stridedProduct(
            n, depth, n, ds, stride: n, transposeA: true, query + own, stride: width,
            into: gradients.key + own, stride: width)
        addDistances(n, own: own, head, gradients, scratch)
    }

    /// What scores owe to distances: sums of their gradients over the pairs in a bucket.
    private func addDistances(
        _ n: Int, own: Int, _ head: Int, _ gradients: Gradients, _ scratch: Scratch
    ) {
        let (depth, ds) = (plan.headWidth, scratch.slopes)
        if let positionKey, let target = gradients.positionKey {
            let sums = scratch.forQueries
            sums.update(repeating: 0, count: n * distances)
            for i in 0..<n {
                let row = sums + i * distances
                withBuckets(ofRow: i) { buckets in
                    for j in 0..<n { row[buckets[-j]] += ds[i * n + j] }
                }
            }
            stridedProduct(
                n, depth, distances, sums, stride: distances, positionKey + head * depth,
                stride: width, beta: 1, into: gradients.query + own, stride: width)
            stridedProduct(
                distances, depth, n, sums, stride: distances, transposeA: true, query + own,
                stride: width, beta: 1, into: target + head * depth, stride: width)
        }
        if let positionQuery, let target = gradients.positionQuery {
            let sums = scratch.forKeys
            sums.update(repeating: 0, count: n * distances)
            for i in 0..<n {
                withBuckets(ofRow: i) { buckets in
                    for j in 0..<n { sums[j * distances + buckets[-j]] += ds[i * n + j] }
                }
            }
            stridedProduct(
                n, depth, distances, sums, stride: distances, positionQuery + head * depth,
                stride: width, beta: 1, into: gradients.key + own, stride: width)
            stridedProduct(
                distances, depth, n, sums, stride: distances, transposeA: true, key + own,
                stride: width, beta: 1, into: target + head * depth, stride: width)
        }
    }
}

extension Tape {
    /// Attention with distances: (T, H · D).
    ///
    /// `query`, `key` and `value` are (T, H · D); `positionKey` and `positionQuery` (R, H · D) are
    /// what a layer's projections make of the relative embeddings, nil where that does not count.
    package func disentangledAttention(
        query: TapeValue, key: TapeValue, value: TapeValue, positionKey: TapeValue?,
        positionQuery: TapeValue?, _ plan: DisentangledPlan
    ) -> TapeValue {
        let width = plan.heads * plan.headWidth
        precondition(
            [query, key, value].allSatisfy { $0.columns == width && $0.rows == query.rows })
        precondition(plan.segments.map(\.count).reduce(0, +) == query.rows)
        precondition(plan.segments.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= query.rows })
        let distances = (positionKey ?? positionQuery)?.rows ?? 0
        precondition(plan.buckets.count >= 2 * plan.longest - 1, "a bucket a distance")
        precondition(distances == 0 || plan.buckets.allSatisfy { (0..<distances).contains($0) })
        let arguments = [query, key, value] + [positionKey, positionQuery].compactMap { $0 }
        let y = makeValue(
            rows: query.rows, columns: width,
            needsGradient: arguments.contains(where: needsGradient))
        let logSum = memory.take(max(1, query.rows * plan.heads))
        let pass = DisentangledPass(
            plan: plan, width: width, total: query.rows, distances: distances,
            query: start(query), key: start(key), value: start(value),
            positionKey: positionKey.map(start), positionQuery: positionQuery.map(start))
        let output = start(y)
        pass.forward(output: output, logSum: logSum, memory: memory)
        record(y) { tape, gradient in
            // Every argument is a projection, so that all want a gradient or none does.
            let positionKeySum = positionKey.flatMap(tape.sum)
            let positionQuerySum = positionQuery.flatMap(tape.sum)
            tape.withNewGradients(of: [query, key, value]) { targets in
                pass.backward(
                    gradient, output: output, logSum: logSum,
                    into: DisentangledPass.Gradients(
                        query: targets[0], key: targets[1], value: targets[2],
                        positionKey: positionKeySum, positionQuery: positionQuerySum),
                    memory: tape.memory)
            }
        }
        return y
    }

    /// What a convolution over tokens sees: for each row the rows around it in its segment, zeros
    /// beyond its ends; column c · K + k is column c of the row k − K / 2 further on: (T, C · K).
    ///
    /// The order is that of a stored convolution (out, C, K), which then is a matrix (out, C · K).
    package func unfolded(_ x: TapeValue, width: Int, _ segments: [Range<Int>]) -> TapeValue {
        precondition(width > 0 && width % 2 == 1, "a row stands in the middle")
        precondition(segments.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= x.rows })
        let columns = x.columns
        let y = makeValue(rows: x.rows, columns: columns * width, needsGradient: needsGradient(x))
        let (source, target) = (start(x), start(y))
        target.update(repeating: 0, count: y.count)
        Self.forEachNeighbour(segments, width) { row, other, place in
            let (to, from) = (target + row * columns * width + place, source + other * columns)
            for column in 0..<columns { to[column * width] = from[column] }
        }
        record(y) { tape, gradient in
            guard let dx = tape.sum(x) else { return }
            Self.forEachNeighbour(segments, width) { row, other, place in
                let (from, to) = (gradient + row * columns * width + place, dx + other * columns)
                for column in 0..<columns { to[column] += from[column * width] }
            }
        }
        return y
    }

    private static func forEachNeighbour(
        _ segments: [Range<Int>], _ width: Int, _ body: (Int, Int, Int) -> Void
    ) {
        for rows in segments {
            for row in rows {
                for place in 0..<width where rows.contains(row + place - width / 2) {
                    body(row, row + place - width / 2, place)
                }
            }
        }
    }
}
