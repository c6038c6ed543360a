// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Which experts each row goes to, and with which share; shares of a row sum to 1.
package struct ExpertRouting: Sendable {
    /// The shares (T, experts), 0 for experts that a row does not go to.
    package let shares: TapeValue
    /// The rows that go to each expert.
    package let rows: [[Int32]]
}

extension Tape {
    /// The best `active` experts of each row by its scores (T, experts); of equal ones the first.
    ///
    /// Shares are the softmax over the chosen scores, which equals the softmax over all scores divided by the
    /// sum of the chosen (Jiang et al. 2024, arXiv 2401.04088). The choice itself has no gradient.
    package func route(_ scores: TapeValue, active: Int) -> ExpertRouting {
        let (count, experts) = (scores.rows, scores.columns)
        precondition(active > 0 && active <= experts, "as many experts as there are")
        let y = makeValue(rows: count, columns: experts, needsGradient: needsGradient(scores))
        let (source, target) = (start(scores), start(y))
        target.update(repeating: 0, count: y.count)
        var rows = [[Int32]](repeating: [], count: experts)
        for row in 0..<count {
            let scores = source + row * experts
            let best = (0..<experts).sorted {
                scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
            }.prefix(active)
            let chosen = best.map { scores[$0] }
            var weights = Tensor(shape: [1, active], values: chosen)
            ElementWise.softmaxRows(&weights)
            for (expert, share) in zip(best, weights.values) {
                target[row * experts + expert] = share
                rows[expert].append(Int32(row))
            }
        }
        record(y) { tape, gradient in
            guard let sum = tape.sum(scores) else { return }
            for row in 0..<count {
                let (p, d) = (target + row * experts, gradient + row * experts)
                var mean: Float = 0
                for expert in 0..<experts { mean += p[expert] * d[expert] }
                for expert in 0..<experts {
                    // Experts that were not chosen have p = 0.
                    sum[row * experts + expert] += p[expert] * (d[expert] - mean)
                }
            }
        }
        return ExpertRouting(shares: y, rows: rows)
    }

    /// The experts' results, each times its share, at the rows that they belong to: (T, C).
    ///
    /// `results[e]` (rows of expert e, C) is nil for an expert without rows. With a residual the result is
    /// residual + that.
    package func mixExperts(
        _ results: [TapeValue?], _ routing: ExpertRouting, columns: Int,
        addingTo residual: TapeValue? = nil
    ) -> TapeValue {
        let shares = routing.shares
        let experts = shares.columns
        let y = makeValue(
            rows: shares.rows, columns: columns,
            needsGradient: needsGradient(shares) || (residual.map(needsGradient) ?? false)
                || results.contains { $0.map(needsGradient) ?? false })
        let (target, weights) = (start(y), start(shares))
        if let residual {
            target.update(from: start(residual), count: y.count)
        } else {
            target.update(repeating: 0, count: y.count)
        }
        for (expert, result) in results.enumerated() {
            guard let result else { continue }
            precondition(result.rows == routing.rows[expert].count && result.columns == columns)
            let source = start(result)
            for (place, row) in routing.rows[expert].enumerated() {
                shoken_add_scaled(
                    source + place * columns, target + Int(row) * columns, Int64(columns),
                    weights[Int(row) * experts + expert])
            }
        }
        record(y) { tape, gradient in
            let shareSum = tape.sum(shares)
            for (expert, result) in results.enumerated() {
                guard let result else { continue }
                let (source, sum) = (tape.start(result), tape.sum(result))
                for (place, row) in routing.rows[expert].enumerated() {
                    let dy = gradient + Int(row) * columns
                    let share = Int(row) * experts + expert
                    if let sum {
                        shoken_add_scaled(dy, sum + place * columns, Int64(columns), weights[share])
                    }
                    shareSum?[share] += shoken_dot(dy, source + place * columns, Int64(columns))
                }
            }
            if let residual { tape.pass(gradient, from: y, to: residual) }
        }
        return y
    }
}
