// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LinearHeads
package import Tensors

/// Inverse document frequencies of features by hash bucket.
package struct RarityTable: Hashable, Sendable {
    /// `ln((1 + n) / (1 + d)) + 1` of each bucket.
    package let weights: [Float]

    /// Counts in how many of `documents` each feature occurs.
    package init(documents: [[FeatureHash]], buckets: Int) {
        var counts = [Int](repeating: 0, count: buckets)
        for document in documents {
            for bucket in Set(document.map { $0.bucket(of: buckets) }) { counts[Int(bucket)] += 1 }
        }
        let total = Double(documents.count + 1)
        // Rounded as storage rounds, so that a stored table gives the same numbers.
        weights = counts.map { Float(Float16(log(total / Double($0 + 1)) + 1)) }
    }

    /// A stored table.
    package init(_ tensor: Tensor) { weights = tensor.values }

    /// The table to store, (buckets).
    package var tensor: Tensor { Tensor(shape: [weights.count], values: weights) }

    /// How rare a feature is.
    package subscript(hash: FeatureHash) -> Double {
        Double(weights[Int(hash.bucket(of: weights.count))])
    }
}
