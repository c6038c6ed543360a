// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Confidence intervals of measures that follow from sums over documents, by drawing the documents anew
/// (Efron 1979, percentile method).
///
/// Rows of one document do not stand for themselves, so documents are drawn, each with all of its rows. The
/// draws follow from a fixed seed: the same rows give the same intervals.
package struct Bootstrap: Sendable {
    /// Where a measure lies in 95 of 100 draws.
    package struct Interval: Codable, Hashable, Sendable {
        /// The 2.5th percentile.
        package let low: Double
        /// The 97.5th percentile.
        package let high: Double

        /// An interval.
        package init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
    }

    /// What a row adds to one of the sums.
    package typealias Part = (sum: Int, value: Double)

    /// Number of draws.
    package static let draws = 1000
    private static let seed: UInt64 = 1979

    private let groups: [[Part]]
    private let width: Int

    /// Rows that add to `width` sums; those of one group are drawn together.
    package init(width: Int, rows: [(group: String, parts: [Part])]) {
        var places: [String: Int] = [:]
        var groups: [[Part]] = []
        for row in rows {
            if let place = places[row.group] {
                groups[place] += row.parts
            } else {
                places[row.group] = groups.count
                groups.append(row.parts)
            }
        }
        (self.width, self.groups) = (width, groups)
    }

    /// Number of groups.
    package var groupCount: Int { groups.count }

    /// The sums over all rows.
    package var total: [Double] {
        var sums = [Double](repeating: 0, count: width)
        for group in groups { for part in group { sums[part.sum] += part.value } }
        return sums
    }

    /// The intervals of measures by name; none where there are fewer than two groups.
    package func intervals(
        of measures: [String: ([Double]) -> Double]
    ) -> [String: Interval] {
        drawn(measures).mapValues { values in
            let sorted = values.sorted()
            return Interval(
                low: Self.percentile(0.025, sorted), high: Self.percentile(0.975, sorted))
        }
    }

    /// The values of measures in each draw.
    func drawn(_ measures: [String: ([Double]) -> Double]) -> [String: [Double]] {
        guard groups.count > 1 else { return [:] }
        var generator = SplitMix64(seed: Self.seed)
        var values: [String: [Double]] = [:]
        for _ in 0..<Self.draws {
            var sums = [Double](repeating: 0, count: width)
            for _ in groups.indices {
                for part in groups[generator.below(groups.count)] { sums[part.sum] += part.value }
            }
            for (name, measure) in measures { values[name, default: []].append(measure(sums)) }
        }
        return values
    }

    /// A percentile between the two nearest values.
    static func percentile(_ share: Double, _ sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}
