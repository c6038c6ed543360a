// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LinearHeads

/// A factor for each feature during training, which goes into the weights afterwards.
///
/// A penalty treats all features alike, so their scale decides how much each is trusted. Centring
/// is not needed: the bias, which is not penalised, takes it up.
package struct ColumnScaling: Sendable {
    /// The factors; empty means 1 for every feature.
    fileprivate var factors: [Float]

    /// All features as they are.
    package static let none = ColumnScaling(factors: [])

    private init(factors: [Float]) { self.factors = factors }

    /// Starts with factor 1 for each of `featureCount` features.
    package init(featureCount: Int) {
        factors = [Float](repeating: 1, count: featureCount)
    }

    /// The factor of a feature.
    package subscript(feature: Int) -> Float { factors.isEmpty ? 1 : factors[feature] }

    /// Multiplies the factors of `range`.
    package mutating func multiply(_ range: Range<Int>, by factor: Float) {
        for feature in range { factors[feature] *= factor }
    }

    /// Brings the features of `range` to standard deviation `strength` over `examples`.
    ///
    /// Features that never vary get factor 0.
    package mutating func standardise(
        _ range: Range<Int>, over examples: [SparseVector], strength: Float
    ) {
        var sums = [Double](repeating: 0, count: range.count)
        var squares = sums
        for example in examples {
            for (index, value) in zip(example.indices, example.values)
            where range.contains(Int(index)) {
                sums[Int(index) - range.lowerBound] += Double(value)
                squares[Int(index) - range.lowerBound] += Double(value) * Double(value)
            }
        }
        let count = Double(max(1, examples.count))
        for offset in 0..<range.count {
            let mean = sums[offset] / count
            let variance = squares[offset] / count - mean * mean
            factors[range.lowerBound + offset] =
                variance > 1e-9 ? strength / Float(variance.squareRoot()) : 0
        }
    }

    /// Multiplies the features of `range` by their inverse document frequency, `ln((1+n)/(1+d)) + 1`.
    ///
    /// A feature that occurs in fewer than `minimumDocuments` examples gets factor 0.
    package mutating func weightByRarity(
        _ range: Range<Int>, over examples: [SparseVector], minimumDocuments: Int = 1
    ) {
        var documents = [Int](repeating: 0, count: range.count)
        for example in examples {
            for index in example.indices where range.contains(Int(index)) {
                documents[Int(index) - range.lowerBound] += 1
            }
        }
        for (offset, found) in documents.enumerated() {
            let rarity = log(Double(1 + examples.count) / Double(1 + found)) + 1
            factors[range.lowerBound + offset] *= found < minimumDocuments ? 0 : Float(rarity)
        }
    }
}
