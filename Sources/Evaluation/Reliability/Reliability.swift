// SPDX-License-Identifier: Apache-2.0
import Foundation
package import HeadTraining
import Tensors

/// How far the scores of answers are probabilities: whether of those with a score of 0.8 eight in ten are right.
package struct Reliability: Hashable, Sendable, Encodable {
    /// How answers are put together whose scores are compared with how many of them are right.
    package enum Binning: String, Hashable, Sendable {
        /// As many answers in each bin, to within one; in the order of their scores.
        case equalCount
        /// Each bin spans as much of 0 to 1; a bin without answers is left out.
        case equalWidth
    }

    /// Answers of similar scores.
    package struct Bin: Hashable, Sendable, Encodable {
        /// How many.
        package let count: Int
        /// Mean of their scores.
        package let meanScore: Double
        /// Part of them that is right.
        package let rightShare: Double
    }

    /// Bins unless something else is asked for.
    package static let usualBins = 15

    /// Answers.
    package let count: Int
    /// Mean of all scores.
    package let meanScore: Double
    /// Part of all that is right.
    package let rightShare: Double
    /// Expected calibration error in bins of equal count: mean distance of score and part that is right.
    package let errorByCount: Double
    /// The same in bins of equal width.
    package let errorByWidth: Double
    /// What the error in bins of equal count would be, on average, if every score were the very probability:
    /// few answers in a bin differ by chance.
    package let errorByChance: Double
    /// Probability that a right answer has a higher score than a wrong one (area under the ROC curve): what a map of
    /// scores that rises leaves as it is. 0.5 where all or none are right.
    package let ranking: Double
    /// The bins of equal count.
    package let bins: [Bin]

    /// The reliability of some answers.
    package init(_ answers: [HeldOutAnswer], bins count: Int = usualBins) {
        let sorted = Self.sorted(answers)
        let bins = Self.bins(sorted, count, .equalCount)
        self.count = sorted.count
        meanScore = Self.mean(sorted.map(\.score))
        rightShare = Self.mean(sorted.map { $0.isRight ? 1 : 0 })
        errorByCount = Self.error(bins)
        errorByWidth = Self.error(Self.bins(sorted, count, .equalWidth))
        errorByChance = Self.errorByChance(sorted.map(\.score), bins: count)
        ranking = Self.ranking(sorted)
        self.bins = bins
    }

    private typealias Answer = (score: Double, isRight: Bool)

    private static func sorted(_ answers: [HeldOutAnswer]) -> [Answer] {
        // Equal scores stay in the order in which they were given.
        answers.enumerated().sorted {
            ($0.element.score, $0.offset) < ($1.element.score, $1.offset)
        }
        .map { ($0.element.score, $0.element.isRight) }
    }

    private static func bins(_ sorted: [Answer], _ count: Int, _ binning: Binning) -> [Bin] {
        let parts: [ArraySlice<Answer>]
        switch binning {
        case .equalCount:
            parts = (0..<count).map {
                sorted[$0 * sorted.count / count..<($0 + 1) * sorted.count / count]
            }
        case .equalWidth:
            var start = 0
            parts = (1...count).map { number in
                let end =
                    number == count
                    ? sorted.count
                    : sorted[start...].firstIndex { $0.score >= Double(number) / Double(count) }
                        ?? sorted.count
                defer { start = end }
                return sorted[start..<end]
            }
        }
        return parts.filter { !$0.isEmpty }.map { part in
            Bin(
                count: part.count, meanScore: mean(part.map(\.score)),
                rightShare: mean(part.map { $0.isRight ? 1 : 0 }))
        }
    }

    private static func error(_ bins: [Bin]) -> Double {
        let all = bins.reduce(0) { $0 + $1.count }
        return bins.reduce(0) {
            $0 + Double($1.count) / Double(max(all, 1)) * abs($1.meanScore - $1.rightShare)
        }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func ranking(_ sorted: [Answer]) -> Double {
        var (pairs, wrongBelow, start) = (0.0, 0, sorted.startIndex)
        while start < sorted.endIndex {
            let end =
                sorted[start...].firstIndex { $0.score > sorted[start].score } ?? sorted.endIndex
            let right = sorted[start..<end].count { $0.isRight }
            let wrong = end - start - right
            // Of equal scores either order is as good.
            pairs += Double(right) * (Double(wrongBelow) + Double(wrong) / 2)
            wrongBelow += wrong
            start = end
        }
        let all = Double(wrongBelow) * Double(sorted.count - wrongBelow)
        return all > 0 ? pairs / all : 0.5
    }

    private static let draws = 200

    /// The mean error over drawn answers that are right as often as their scores say.
    private static func errorByChance(_ scores: [Double], bins count: Int) -> Double {
        var random = SplitMix64(seed: 1)
        let errors = (0..<draws).map { _ in
            error(
                bins(scores.map { ($0, random.unit() < $0) }, count, .equalCount))
        }
        return mean(errors)
    }
}
