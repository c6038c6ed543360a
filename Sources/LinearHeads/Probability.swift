// SPDX-License-Identifier: Apache-2.0
import Foundation

/// From scores to probabilities, and from probabilities to a decision.
package enum Probability {
    /// Exponentials of the scores, divided by their sum.
    package static func softmax(_ scores: [Double]) -> [Double] {
        guard let largest = scores.max() else { return [] }
        let exponentials = scores.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }

    /// The logistic function, exact on both sides.
    package static func logistic(_ score: Double) -> Double {
        if score >= 0 { return 1 / (1 + exp(-score)) }
        let exponential = exp(score)
        return exponential / (1 + exponential)
    }

    /// The probabilities as they would be if classes were less uneven than in training.
    ///
    /// Each is divided by its class's share of the training rows to the power `strength` (1: as if
    /// all classes were equally frequent; 0: unchanged), then all are scaled to sum to one.
    package static func correctingPrior(
        _ probabilities: [Double], prior: [Double], strength: Double
    ) -> [Double] {
        precondition(probabilities.count == prior.count, "one share for each class")
        let corrected = zip(probabilities, prior).map { $0 / pow(max($1, 1e-6), strength) }
        let sum = corrected.reduce(0, +)
        return sum > 0 ? corrected.map { $0 / sum } : probabilities
    }

    /// The answer on an ordered scale with the least expected distance from the truth: the first
    /// class at which half of the probability is reached.
    package static func median(_ probabilities: [Double]) -> Int {
        var sum = 0.0
        for (index, probability) in probabilities.enumerated() {
            sum += probability
            if sum >= 0.5 { return index }
        }
        return max(0, probabilities.count - 1)
    }

    /// The most probable class; the first of several.
    package static func mostProbable(_ probabilities: [Double]) -> Int {
        var best = 0
        for index in probabilities.indices where probabilities[index] > probabilities[best] {
            best = index
        }
        return best
    }
}
