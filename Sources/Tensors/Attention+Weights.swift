// SPDX-License-Identifier: Apache-2.0
import Foundation

extension Attention {
    /// How much each token attends to each (T, T), as the mean of some heads: rows are queries, columns keys,
    /// and what a query does not see is 0.
    ///
    /// Plain sums for looking at, which `forward` never makes of all pairs at once: with one head, the weights times
    /// the values are what that gives, but for rounding. `q` is (T, H · D), `k` (T, G · D).
    package func weights(q: Tensor, k: Tensor, offsets: [Int], heads shown: Range<Int>) -> Tensor {
        precondition(!shown.isEmpty && shown.clamped(to: 0..<heads) == shown, "heads of these")
        precondition(q.columns == queryWidth && k.columns == keyWidth && q.rows == k.rows)
        let count = q.rows
        let starts = zip(offsets, offsets.dropFirst()).flatMap { start, end in
            Array(repeating: (start, end), count: end - start)
        }
        precondition(starts.count == count, "segments cover all rows")
        let rows = ComputeThreads.map(count) { row in
            let (start, end) = starts[row]
            let seen = visibility.keys(seenFrom: row - start..<row - start + 1, of: end - start)
            var sum = [Float](repeating: 0, count: count)
            for head in shown {
                let scores = seen.map { score(q, row, k, start + $0, head) }
                let largest = scores.max() ?? 0
                let powers = scores.map { exp($0 - largest) }
                let share = 1 / powers.reduce(0, +) / Float(shown.count)
                for (key, power) in zip(seen, powers) { sum[start + key] += power * share }
            }
            return sum
        }
        return Tensor(shape: [count, count], values: rows.flatMap { $0 })
    }

    private func score(_ q: Tensor, _ row: Int, _ k: Tensor, _ key: Int, _ head: Int) -> Float {
        let (query, other) = (
            row * queryWidth + head * headWidth, key * keyWidth + keyColumn(ofHead: head)
        )
        var sum: Float = 0
        for place in 0..<headWidth { sum += q.values[query + place] * k.values[other + place] }
        sum *= scale
        guard let softcap else { return sum }
        return softcap * tanh(sum / softcap)
    }
}
