// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LinearHeads

/// Fits the map from scores to probabilities to answers about documents that the model had not seen.
package enum ScoreMapFit {
    /// Ways to fit a map, the plainest first.
    package enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
        /// Scores stay as they are.
        case unchanged
        /// One number: the logit is multiplied by it.
        case temperature
        /// Two: a number is added besides (Platt, 1999). Where scores do not tell right answers from wrong ones it is
        /// next to one probability for all.
        case platt
        /// Three: a score's own logarithm and that of the rest count differently (Kull et al., 2017).
        case beta
        /// Steps that rise (Zadrozny and Elkan, 2002), joined by lines, so that the order stays.
        case isotonic
    }

    /// A map of a kind; nil where the answers make none that rises.
    package static func map(_ kind: Kind, _ answers: [HeldOutAnswer]) -> ScoreMap? {
        let map: ScoreMap?
        switch kind {
        case .unchanged: map = .beta(a: 1, b: 1, c: 0)
        case .temperature:
            map = weights(answers, start: [1]) { [$0 + $1] }.map {
                .beta(a: $0[0], b: $0[0], c: 0)
            }
        case .platt:
            map = platt(answers)
        case .beta:
            map = weights(answers, start: [1, 1, 0]) { [$0, $1, 1] }.map {
                .beta(a: $0[0], b: $0[1], c: $0[2])
            }
        case .isotonic: map = isotonic(answers)
        }
        return map.flatMap { $0.isRising ? $0 : nil }
    }

    // MARK: Logistic maps

    /// So far a map rises at least, for the order of scores to stay.
    private static let leastSlope = 0.02

    private static func platt(_ answers: [HeldOutAnswer]) -> ScoreMap? {
        guard let free = weights(answers, start: [1, 0], features: { [$0 + $1, 1] }) else {
            return nil
        }
        if free[0] >= leastSlope { return .beta(a: free[0], b: free[0], c: free[1]) }
        let flat = weights(
            answers, start: [0], features: { _, _ in [1] }, offset: { leastSlope * ($0 + $1) })
        return flat.map { .beta(a: leastSlope, b: leastSlope, c: $0[0]) }
    }

    /// Weight of the pull towards the map that changes nothing, as of so many answers.
    private static let pull = 1.0
    private static let mostSteps = 100

    /// The weights of a logistic regression by Newton's steps, pulled towards `start`.
    ///
    /// `features` gets ln p and -ln(1 - p), and so does `offset`, which is added as it is. Nil if the steps do not
    /// come to rest.
    private static func weights(
        _ answers: [HeldOutAnswer], start: [Double],
        features: (Double, Double) -> [Double],
        offset: (Double, Double) -> Double = { _, _ in 0 }
    ) -> [Double]? {
        let rows = answers.map { answer in
            let p = min(max(answer.score, 1e-6), 1 - 1e-6)
            let (own, rest) = (log(p), -log1p(-p))
            return (x: features(own, rest), offset: offset(own, rest), y: answer.isRight ? 1.0 : 0)
        }
        var weights = start
        for _ in 0..<mostSteps {
            var gradient = zip(weights, start).map { pull * ($0 - $1) }
            var curvature = start.indices.map { row in
                start.indices.map { $0 == row ? pull : 0 }
            }
            for row in rows {
                let p = Probability.logistic(
                    zip(weights, row.x).reduce(row.offset) { $0 + $1.0 * $1.1 })
                for i in weights.indices {
                    gradient[i] += (p - row.y) * row.x[i]
                    for j in weights.indices {
                        curvature[i][j] += p * (1 - p) * row.x[i] * row.x[j]
                    }
                }
            }
            guard let step = solution(of: curvature, gradient) else { return nil }
            for i in weights.indices { weights[i] -= step[i] }
            guard weights.allSatisfy(\.isFinite) else { return nil }
            if step.allSatisfy({ abs($0) < 1e-9 }) { return weights }
        }
        return nil
    }

    /// Solves a small symmetric system by elimination; nil for one without a solution.
    private static func solution(of matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var rows = zip(matrix, right).map { $0 + [$1] }
        for column in rows.indices {
            guard
                let pivot = (column..<rows.count).max(by: {
                    abs(rows[$0][column]) < abs(rows[$1][column])
                }), abs(rows[pivot][column]) > 1e-12
            else { return nil }
            rows.swapAt(column, pivot)
            for row in rows.indices where row != column {
                let factor = rows[row][column] / rows[column][column]
                for place in column...rows.count {
                    rows[row][place] -= factor * rows[column][place]
                }
            }
        }
        return rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
    }

    // MARK: Isotonic maps

    /// Answers that a step holds at least, so that none is a matter of chance alone.
    package static let leastAnswersOfStep = 25

    private struct Step {
        var score: Double
        var right: Double
        var count: Double
        /// As if it held one right and one wrong answer more, so that none is certain.
        var probability: Double { (right + 1) / (count + 2) }
    }

    private static func isotonic(_ answers: [HeldOutAnswer]) -> ScoreMap? {
        let sorted = answers.sorted { $0.score < $1.score }
        let count = sorted.count / leastAnswersOfStep
        guard count > 0 else { return nil }
        var steps: [Step] = []
        for index in 0..<count {
            let part = sorted[
                index * sorted.count / count..<(index + 1) * sorted.count / count]
            steps.append(
                Step(
                    score: part.reduce(0) { $0 + $1.score },
                    right: Double(part.count { $0.isRight }), count: Double(part.count)))
            // Neighbours that do not rise are one.
            while steps.count > 1,
                steps[steps.count - 2].probability >= steps[steps.count - 1].probability
            {
                let last = steps.removeLast()
                steps[steps.count - 1].score += last.score
                steps[steps.count - 1].right += last.right
                steps[steps.count - 1].count += last.count
            }
        }
        return .lines(
            steps.map { .init(score: $0.score / $0.count, probability: $0.probability) })
    }
}
