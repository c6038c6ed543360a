// SPDX-License-Identifier: Apache-2.0

/// How one of several named classes agrees with the right one, row by row.
package struct LabelledClasses: Codable, Hashable, Sendable {
    /// Rows.
    package let rows: Int
    /// Share of right answers.
    package let accuracy: Double
    /// Cohen's kappa; linear where the classes are a scale.
    package let kappa: Double
    /// The same if every right class that occurs counted alike.
    package let balancedAccuracy, balancedKappa: Double
    /// The classes in their order.
    package let classes: [BenchmarkScore.Class]
    /// Rows by right class, and by answered class.
    package let confusion: BenchmarkScore.Confusion
    /// Where the figures lie in 95 of 100 draws of the texts.
    package let intervals: [String: Bootstrap.Interval]

    /// The figures of answers among named classes; nil is no answer, which is wrong.
    ///
    /// - Parameter rows: numbers of the right and the answered class, and what stands for the text.
    package init(
        classes names: [String], weighting: ClassificationMetrics.Weighting,
        rows: [(gold: Int, predicted: Int?, group: String)]
    ) {
        let empty = AgreementTable(
            classCount: names.count, weighting: weighting, farthest: names.count - 1)
        let bootstrap = Bootstrap(
            width: empty.cellCount,
            rows: rows.map {
                ($0.group, [(empty.cell(gold: $0.gold, predicted: $0.predicted), 1)])
            })
        let table = empty.with(bootstrap.total)
        self.rows = rows.count
        (accuracy, kappa) = (table.accuracy, table.kappa)
        (balancedAccuracy, balancedKappa) = (table.balanced.accuracy, table.balanced.kappa)
        (classes, confusion) = BenchmarkScore.classes(of: table, names: names)
        intervals = bootstrap.intervals(of: [
            "accuracy": { empty.with($0).accuracy }, "kappa": { empty.with($0).kappa },
        ])
    }
}
