// SPDX-License-Identifier: Apache-2.0
import Evaluation
import Foundation

extension ClassificationFolds.Result {
    /// The figures for people.
    var table: TextTable {
        func text(_ value: Double) -> String { String(format: "%.4f", value) }
        let rows = [(name: task, metrics: all)] + tags.sorted { $0.key < $1.key }.map { ($0, $1) }
        return TextTable(
            columns: [
                "TASK", "ROWS", "KAPPA", "ACCURACY", "BALANCED KAPPA", "BALANCED ACCURACY",
            ],
            rows: rows.map { name, metrics in
                [
                    name, "\(metrics.count)", text(metrics.kappa), text(metrics.accuracy),
                    text(metrics.balancedKappa), text(metrics.balancedAccuracy),
                ]
            })
    }
}

extension EntityFolds.Result {
    /// The figures for people.
    var table: TextTable {
        func text(_ value: Double) -> String { String(format: "%.4f", value) }
        let rows = figures.map { row in
            [
                row.name + (row.taggerWeight.map { " (tagger \($0))" } ?? ""), String(row.rows),
            ]
                + [
                    row.exactF1, row.partialF1, row.strictF1, row.strictPrecision,
                    row.strictRecall, row.overlapF1, row.exactF1Unforced, row.strictF1Unforced,
                    row.overlapF1Unforced,
                ].map(text)
        }
        return TextTable(
            columns: [
                "task", "rows", "exact", "partial", "strict", "P", "R", "overlap", "exact/free",
                "strict/free", "overlap/free",
            ],
            rows: rows
                + [
                    ["seconds a fold", text(trainingSeconds)],
                    ["numbers stored", String(storedNumbers)],
                ].map { $0 + [String](repeating: "", count: 9) })
    }
}

extension [TNMFolds.Figures] {
    /// The figures for people.
    var table: TextTable {
        func text(_ value: Double) -> String { String(format: "%.4f", value) }
        return TextTable(
            columns: ["method", "axis", "rows", "kappa", "accuracy", "balanced", "bal. acc."],
            rows: map { row in
                [row.method, row.axis, String(row.metrics.count)]
                    + [
                        row.metrics.kappa, row.metrics.accuracy, row.metrics.balancedKappa,
                        row.metrics.balancedAccuracy,
                    ].map(text)
            })
    }
}
