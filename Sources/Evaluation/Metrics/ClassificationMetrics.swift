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
    /// Rows of each right class that were not answered, and count as wrong; nil where all were.
    package let unanswered: [Int]?

    /// Compares `predicted` with `gold`, both classes 0 ..< `classCount`.
    ///
    /// Distances for linear weights are those of the class numbers, whether or not all classes
    /// between occur. A row that is not answered, nil, is wrong by `farthest` classes, or by the whole scale.
    package init(
        gold: [Int], predicted: [Int?], classCount: Int, weighting: Weighting, farthest: Int? = nil
    ) {
        precondition(gold.count == predicted.count, "one prediction for each row")
        var table = AgreementTable(
            classCount: classCount, weighting: weighting, farthest: farthest ?? classCount - 1)
        for (right, answer) in zip(gold, predicted) { table.add(gold: right, predicted: answer) }
        let columns = table.counts
        confusion = columns.map { $0.prefix(classCount).map { Int($0) } }
        unanswered = predicted.contains(nil) ? columns.map { Int($0[classCount]) } : nil
        count = gold.count
        accuracy = table.accuracy
        kappa = table.kappa
        let balanced = table.balanced
        balancedAccuracy = balanced.accuracy
        balancedKappa = balanced.kappa
    }
}

/// Rows by their right class and the one that was answered, with what follows from their numbers.
package struct AgreementTable: Sendable {
    /// Number of classes.
    package let classCount: Int
    private let weighting: ClassificationMetrics.Weighting
    private let farthest: Int
    /// Row by row, a column for each class and one for no answer.
    private var cells: [Double]

    /// A table without rows; no answer is wrong by `farthest` classes.
    package init(
        classCount: Int, weighting: ClassificationMetrics.Weighting, farthest: Int
    ) {
        (self.classCount, self.weighting) = (classCount, weighting)
        self.farthest = farthest
        cells = [Double](repeating: 0, count: classCount * (classCount + 1))
    }

    /// The same table with other numbers, one for each of `cell(gold:predicted:)`.
    package func with(_ cells: [Double]) -> AgreementTable {
        var table = self
        table.cells = cells
        return table
    }

    /// Number of cells.
    package var cellCount: Int { cells.count }

    /// The number of the cell of a right class and an answer.
    package func cell(gold: Int, predicted: Int?) -> Int {
        gold * (classCount + 1) + (predicted ?? classCount)
    }

    /// Adds a row.
    package mutating func add(gold: Int, predicted: Int?) {
        cells[cell(gold: gold, predicted: predicted)] += 1
    }

    /// The numbers of each right class: of each answered class, and of no answer.
    package var counts: [[Double]] {
        stride(from: 0, to: cells.count, by: classCount + 1).map {
            Array(cells[$0..<$0 + classCount + 1])
        }
    }

    /// The table if every right class that occurs counted the same.
    package var balanced: AgreementTable {
        with(
            counts.flatMap { row -> [Double] in
                let sum = row.reduce(0, +)
                return sum > 0 ? row.map { $0 / sum } : row
            })
    }

    /// Share of right answers; 0 without rows.
    package var accuracy: Double {
        let total = cells.reduce(0, +)
        guard total > 0 else { return 0 }
        return (0..<classCount).reduce(0) { $0 + cells[cell(gold: $1, predicted: $1)] } / total
    }

    /// Cohen's kappa: one minus observed over expected disagreement; 0 where chance alone would agree fully.
    ///
    /// Source: Cohen 1968, weighted kappa.
    package var kappa: Double {
        let table = counts
        let total = cells.reduce(0, +)
        guard total > 0 else { return 0 }
        let rows = table.map { $0.reduce(0, +) }
        let columns = (0...classCount).map { column in table.reduce(0) { $0 + $1[column] } }
        var observed = 0.0
        var expected = 0.0
        for row in table.indices {
            for column in 0...classCount where row != column {
                let steps = column == classCount ? farthest : abs(row - column)
                let distance = weighting == .linear ? Double(steps) : 1
                observed += distance * table[row][column]
                expected += distance * rows[row] * columns[column] / total
            }
        }
        return expected > 0 ? 1 - observed / expected : 0
    }
}
