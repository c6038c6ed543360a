// SPDX-License-Identifier: Apache-2.0

/// How well predicted classes agree with the right ones.
package struct ClassificationMetrics: Hashable, Codable, Sendable {
    /// How a wrong class counts in kappa.
    package enum Weighting: String, Codable, Hashable, Sendable {
        /// Every wrong class counts the same.
        case none
        /// By its distance on an ordered scale.
        case linear
    }

    /// Number of rows.
    package let count: Int
    /// Share of right answers.
    package let accuracy: Double
    /// Cohen's kappa; 0 where chance alone would agree fully.
    package let kappa: Double
    /// Accuracy if every right class that occurs counted the same (mean recall).
    package let balancedAccuracy: Double
    /// Kappa of the same predictions if every right class that occurs counted the same.
    package let balancedKappa: Double
    /// `confusion[gold][predicted]`, in rows.
    package let confusion: [[Int]]

    /// Compares `predicted` with `gold`, both classes 0 ..< `classCount`.
    ///
    /// Distances for linear weights are those of the class numbers, whether or not all classes
    /// between occur.
    package init(gold: [Int], predicted: [Int], classCount: Int, weighting: Weighting) {
        precondition(gold.count == predicted.count, "one prediction for each row")
        var table = [[Int]](
            repeating: [Int](repeating: 0, count: classCount), count: classCount)
        for (right, answer) in zip(gold, predicted) { table[right][answer] += 1 }
        confusion = table
        count = gold.count
        let counts = table.map { $0.map(Double.init) }
        let balanced = counts.map { row -> [Double] in
            let sum = row.reduce(0, +)
            return sum > 0 ? row.map { $0 / sum } : row
        }
        accuracy = Self.accuracy(counts)
        kappa = Self.kappa(counts, weighting: weighting)
        balancedAccuracy = Self.accuracy(balanced)
        balancedKappa = Self.kappa(balanced, weighting: weighting)
    }

    private static func accuracy(_ table: [[Double]]) -> Double {
        let total = table.joined().reduce(0, +)
        guard total > 0 else { return 0 }
        return table.indices.reduce(0) { $0 + table[$1][$1] } / total
    }

    /// Source: Cohen 1968, weighted kappa: one minus observed over expected disagreement.
    private static func kappa(_ table: [[Double]], weighting: Weighting) -> Double {
        let total = table.joined().reduce(0, +)
        guard total > 0 else { return 0 }
        let rows = table.map { $0.reduce(0, +) }
        let columns = table.indices.map { column in table.reduce(0) { $0 + $1[column] } }
        var observed = 0.0
        var expected = 0.0
        for row in table.indices {
            for column in table.indices where row != column {
                let distance = weighting == .linear ? Double(abs(row - column)) : 1
                observed += distance * table[row][column]
                expected += distance * rows[row] * columns[column] / total
            }
        }
        return expected > 0 ? 1 - observed / expected : 0
    }
}
