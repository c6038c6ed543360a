// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Makes of a score the probability with which answers of that score are right.
///
/// Strictly rising, so that no two answers change their order.
package enum ScoreMap: Hashable, Sendable {
    /// The logistic function of `a ln p - b ln(1 - p) + c` (Kull et al., AISTATS 2017). With `a = b` it is that of
    /// Platt, with `c = 0` as well a temperature.
    case beta(a: Double, b: Double, c: Double)
    /// Straight lines between points of score and probability, and from the outer ones to 0 and 1.
    case lines([Point])

    /// A score with its probability.
    package struct Point: Hashable, Sendable {
        /// The score.
        package let score: Double
        /// How often answers of that score are right.
        package let probability: Double

        /// A point.
        package init(score: Double, probability: Double) {
            (self.score, self.probability) = (score, probability)
        }
    }

    /// What is computed with instead of 0, and of 1 from the other side.
    static let smallest = 1e-6

    /// The probability of a score.
    package func probability(of score: Double) -> Double {
        switch self {
        case .beta(let a, let b, let c):
            let p = min(max(score, Self.smallest), 1 - Self.smallest)
            return Probability.logistic(a * log(p) - b * log1p(-p) + c)
        case .lines(let points):
            let ends =
                [Point(score: 0, probability: 0)] + points + [Point(score: 1, probability: 1)]
            let next = ends.firstIndex { $0.score > score } ?? ends.count - 1
            let (from, to) = (ends[max(next - 1, 0)], ends[next])
            guard to.score > from.score else { return to.probability }
            let share = (min(max(score, 0), 1) - from.score) / (to.score - from.score)
            return from.probability + share * (to.probability - from.probability)
        }
    }

    /// Whether it rises strictly.
    package var isRising: Bool {
        switch self {
        case .beta(let a, let b, let c): a > 0 && b > 0 && c.isFinite && a.isFinite && b.isFinite
        case .lines(let points):
            points.allSatisfy {
                $0.score > 0 && $0.score < 1 && $0.probability > 0 && $0.probability < 1
            }
                && zip(points, points.dropFirst()).allSatisfy {
                    $0.score < $1.score && $0.probability < $1.probability
                }
        }
    }
}

/// `{"kind": "beta", "values": [a, b, c]}` or `{"kind": "lines", "points": [[score, probability], …]}`.
extension ScoreMap: Codable {
    private enum Key: String, CodingKey { case kind, values, points }
    private enum Kind: String, Codable { case beta, lines }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        func refuse(_ key: Key, _ expected: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: object, debugDescription: expected)
        }
        switch try object.decode(Kind.self, forKey: .kind) {
        case .beta:
            let values = try object.decode([Double].self, forKey: .values)
            guard values.count == 3 else { throw refuse(.values, "three numbers") }
            self = .beta(a: values[0], b: values[1], c: values[2])
            guard isRising else { throw refuse(.values, "a and b above 0") }
        case .lines:
            let pairs = try object.decode([[Double]].self, forKey: .points)
            guard pairs.allSatisfy({ $0.count == 2 }) else { throw refuse(.points, "pairs") }
            self = .lines(pairs.map { Point(score: $0[0], probability: $0[1]) })
            guard isRising else { throw refuse(.points, "rising points") }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        switch self {
        case .beta(let a, let b, let c):
            try object.encode(Kind.beta, forKey: .kind)
            try object.encode([a, b, c], forKey: .values)
        case .lines(let points):
            try object.encode(Kind.lines, forKey: .kind)
            try object.encode(points.map { [$0.score, $0.probability] }, forKey: .points)
        }
    }
}
