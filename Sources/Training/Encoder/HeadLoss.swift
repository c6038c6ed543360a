// SPDX-License-Identifier: Apache-2.0
import Foundation
package import Tensors

/// Losses over the numbers that a head gives, with their gradients, in double precision.
///
/// Each takes rows of scores and returns the summed loss and its gradient for every score.
package enum HeadLoss {
    /// A summed loss and its gradient for the scores, of their shape.
    package struct Value: Hashable, Sendable {
        /// The sum.
        package var loss: Double
        /// Its gradient.
        package var gradient: Tensor
    }

    /// −Σ log softmax(z)ₗ · w; with smoothing ε the target is 1 − ε of the label and ε / K of each.
    ///
    /// `rows[i]` of the scores (T, K) has label `labels[i]`, which counts `weights[i]`.
    package static func crossEntropy(
        _ scores: Tensor, rows: [Int32], labels: [Int32], weights: [Float]? = nil,
        smoothing: Float = 0
    ) -> Value {
        let count = scores.columns
        var value = Value(loss: 0, gradient: Tensor(zeros: scores.shape))
        for (place, row) in rows.enumerated() {
            let start = Int(row) * count
            let weight = Double(weights?[place] ?? 1)
            let logs = logProbabilities(scores.values[start..<start + count])
            for (label, log) in logs.enumerated() {
                let target =
                    Double(smoothing) / Double(count)
                    + (label == Int(labels[place]) ? 1 - Double(smoothing) : 0)
                value.loss -= weight * target * log
                value.gradient.values[start + label] += Float(weight * (exp(log) - target))
            }
        }
        return value
    }

    /// ½ Σ (z − y)², for one score a row.
    package static func square(_ scores: Tensor, numbers: [Float]) -> Value {
        var value = Value(loss: 0, gradient: Tensor(zeros: scores.shape))
        for (row, number) in numbers.enumerated() {
            let difference = Double(scores.values[row]) - Double(number)
            value.loss += 0.5 * difference * difference
            value.gradient.values[row] = Float(difference)
        }
        return value
    }

    /// Labels with an order: P(label ≤ k) = logistic(θₖ − z), as proportional odds have it
    /// (McCullagh 1980, J. R. Stat. Soc. B 42, 109).
    ///
    /// θ₀ is the first of `steps` and each further threshold is the one before plus exp(step), so
    /// that they stay in order. The second value is the gradient for `steps` (K − 1).
    package static func ordinal(
        _ scores: Tensor, steps: Tensor, labels: [Int32], weights: [Float]? = nil
    ) -> (scores: Value, steps: Tensor) {
        let thresholds = thresholds(steps)
        var value = Value(loss: 0, gradient: Tensor(zeros: scores.shape))
        var slopes = [Double](repeating: 0, count: thresholds.count)
        for (row, label) in labels.enumerated() {
            let (score, label) = (Double(scores.values[row]), Int(label))
            let weight = Double(weights?[row] ?? 1)
            let upper = label < thresholds.count ? thresholds[label] - score : .infinity
            let lower = label > 0 ? thresholds[label - 1] - score : -.infinity
            // σ(u) − σ(l) = σ(u) · σ(−l) · (1 − exp(l − u)) keeps its digits far out.
            let gap = upper.isInfinite || lower.isInfinite ? 0 : exp(lower - upper)
            value.loss -=
                weight * (logLogistic(upper) + logLogistic(-lower) + log1p(-min(gap, 1 - 1e-12)))
            let inner = gap > 0 ? gap / max(1 - gap, 1e-12) : 0
            let ofUpper = upper.isInfinite ? 0 : -(logistic(-upper) + inner)
            let ofLower = lower.isInfinite ? 0 : logistic(lower) + inner
            value.gradient.values[row] = Float(-weight * (ofUpper + ofLower))
            if label < thresholds.count { slopes[label] += weight * ofUpper }
            if label > 0 { slopes[label - 1] += weight * ofLower }
        }
        var gradient = Tensor(zeros: steps.shape)
        var sum = 0.0
        for place in slopes.indices.reversed() {
            sum += slopes[place]
            gradient.values[place] =
                Float(place == 0 ? sum : sum * exp(Double(steps.values[place])))
        }
        return (value, gradient)
    }

    /// The thresholds that steps stand for.
    package static func thresholds(_ steps: Tensor) -> [Double] {
        var thresholds: [Double] = []
        for (place, step) in steps.values.enumerated() {
            thresholds.append(
                place == 0 ? Double(step) : thresholds[place - 1] + exp(Double(step)))
        }
        return thresholds
    }

    /// The label with the largest probability for a score.
    package static func ordinalLabel(_ score: Float, thresholds: [Double]) -> Int {
        let cumulative = thresholds.map { logistic($0 - Double(score)) } + [1]
        let probabilities = zip(cumulative, [0] + cumulative).map { $0 - $1 }
        return probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    }

    /// The logarithms of a row's softmax, in double precision (K).
    package static func logProbabilities(_ scores: ArraySlice<Float>) -> [Double] {
        let largest = Double(scores.max() ?? 0)
        let sum = scores.reduce(0) { $0 + exp(Double($1) - largest) }
        return scores.map { Double($0) - largest - log(sum) }
    }

    private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private static func logLogistic(_ x: Double) -> Double {
        x == .infinity ? 0 : x > 0 ? -log1p(exp(-x)) : x - log1p(exp(x))
    }
}
