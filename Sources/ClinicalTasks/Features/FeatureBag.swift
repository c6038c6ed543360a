// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LinearHeads

/// Counts of hashed features of one kind, to become one block of a sparse vector.
package struct FeatureBag: Sendable {
    /// Number of hash buckets, a power of two.
    package let buckets: Int
    private var counts: [UInt32: Float] = [:]

    /// An empty bag.
    package init(buckets: Int) {
        precondition(buckets > 0 && buckets & (buckets - 1) == 0, "a power of two")
        self.buckets = buckets
    }

    /// Counts one feature.
    package mutating func add(_ hash: FeatureHash, _ value: Float = 1) {
        counts[hash.bucket(of: buckets), default: 0] += value
    }

    /// Counts a named feature with a word.
    package mutating func add(_ family: String, _ word: String) {
        var hash = FeatureHash(family)
        hash.mix(word)
        add(hash)
    }

    /// Counts all runs of `lengths` characters.
    package mutating func addRuns(
        _ family: String, of scalars: ArraySlice<Unicode.Scalar>, lengths: ClosedRange<Int>
    ) {
        let start = FeatureHash(family)
        for first in scalars.indices {
            var hash = start
            for length in 1...lengths.upperBound where first + length <= scalars.endIndex {
                hash.mix(scalars[first + length - 1])
                if lengths.contains(length) { add(hash) }
            }
        }
    }

    /// Counts all runs of `lengths` words.
    package mutating func addRuns(
        _ family: String, of words: [String], lengths: ClosedRange<Int>
    ) {
        let start = FeatureHash(family)
        for first in words.indices {
            var hash = start
            for length in 1...lengths.upperBound where first + length <= words.count {
                hash.mix(words[first + length - 1])
                if lengths.contains(length) { add(hash) }
            }
        }
    }

    /// The entries with `1 + ln(count)` for a count, scaled to length `norm`.
    package func block(norm: Float) -> [(index: UInt32, value: Float)] {
        let damped = counts.mapValues { 1 + log($0) }
        // In order, because sums of floats depend on it.
        let keys = damped.keys.sorted()
        let squares = keys.reduce(Float(0)) { $0 + (damped[$1] ?? 0) * (damped[$1] ?? 0) }
        guard squares > 0 else { return [] }
        let scale = norm / squares.squareRoot()
        return keys.map { ($0, (damped[$0] ?? 0) * scale) }
    }
}
