// SPDX-License-Identifier: Apache-2.0
import Evaluation
import Foundation

extension BenchmarkReport {
    /// Prints the figures for people.
    func print() {
        func text(_ value: Double?) -> String {
            value.map { String(format: "%.4f", $0) } ?? "-"
        }
        TextTable(
            columns: [
                "TASK", "ROWS", "KAPPA", "ACCURACY", "BALANCED KAPPA", "EXACT F1", "PARTIAL F1",
                "STRICT F1", "OVERLAP F1", "95 %", "NO ANSWER",
            ],
            rows: scores.map { score in
                [
                    score.task, "\(score.rows)", text(score.kappa), text(score.accuracy),
                    text(score.balancedKappa), text(score.exactF1), text(score.partialF1),
                    text(score.strictF1), text(score.overlapF1),
                    score.intervals[score.kappa == nil ? "exactF1" : "kappa"].map {
                        String(format: "%.2f–%.2f", $0.low, $0.high)
                    } ?? "-",
                    Self.faults(score),
                ]
            }
        ).print()
        for task in missing { Swift.print("\(task.task): not answered (\(task.reason))") }
    }

    private static func faults(_ score: BenchmarkScore) -> String {
        let parts = [
            (score.unparsed, "unparsed"), (score.tooLong, "too long"), (score.cut, "cut"),
        ].filter { $0.0 > 0 }
        return parts.isEmpty ? "-" : parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
