// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTMLReports

extension PredictionComparison {
    /// The comparison as a page that needs no other file; the answers that differ are in it, the documents not.
    package var page: String {
        var parts = [
            HTML.table(
                ["", "first", "second"],
                Set(first.keys).union(second.keys).sorted().map {
                    [$0, first[$0] ?? "", second[$0] ?? ""]
                })
        ]
        for task in tasks {
            parts.append("<h2>\(HTML.escaped(task.task))</h2>")
            parts.append(
                "<p>\(task.rows) rows; \(task.onlyInFirst) only in the first, \(task.onlyInSecond) only in the "
                    + "second file.</p>")
            parts.append(
                HTML.table(
                    ["measure", "first", "second", "difference", "95 %", "p"],
                    task.differences.map {
                        [
                            $0.measure, BenchmarkReport.text($0.first),
                            BenchmarkReport.text($0.second), BenchmarkReport.text($0.difference),
                            BenchmarkReport.text($0.interval), BenchmarkReport.text($0.p),
                        ]
                    }))
            if let test = task.mcNemar {
                parts.append(
                    "<p>McNemar: only the first right \(test.onlyFirst), only the second right "
                        + "\(test.onlySecond), p \(BenchmarkReport.text(test.p)).</p>")
            }
            parts.append(
                HTML.table(
                    ["row", "right", "first", "second"],
                    task.differing.map {
                        [
                            "\($0.row)", $0.answer.words, $0.first?.words ?? "(none)",
                            $0.second?.words ?? "(none)",
                        ]
                    }))
        }
        return HTML.page("Comparison", parts)
    }
}

extension BenchmarkPrediction.Answer {
    /// The answer for people.
    package var words: String {
        switch self {
        case .letter(let letter): letter
        case .strings(let strings): strings.isEmpty ? "-" : strings.joined(separator: " | ")
        }
    }
}
