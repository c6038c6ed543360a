// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evaluation
import Foundation

/// `shokenctl evaluate compare`: which of two models is better on the same rows, and how surely.
struct EvaluateCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two models' answers to the same rows.",
        discussion: """
            FIRST and SECOND are files that --predictions of another evaluation wrote. Only rows that both have \
            are compared; a row whose question differs is an error.

            For each task: its measures of both, the difference with its 95 % interval by drawing documents, the \
            same for both (1000 times), and p, twice the share of draws in which the difference is on the other \
            side of zero. For letters also McNemar's exact test of the rows that only one answers rightly. The \
            rows that were answered in two ways stand below.

            With --json: {"first","second","tasks":[{"task","rows","onlyInFirst","onlyInSecond",\
            "differences":[{"measure","first","second","difference","interval","p"}],\
            "mcNemar":{"onlyFirst","onlySecond","p"},"differing":[{"row","answer","first","second"}]}]}.
            """)

    @Argument(help: "The first file of predictions.")
    var first: String

    @Argument(help: "The second file of predictions.")
    var second: String

    @Option(
        help: ArgumentHelp(
            "How many differing rows of a task are printed; with --json and --html all are.",
            valueName: "n"))
    var rows = 20

    @Option(help: ArgumentHelp("Write the comparison as a page, too.", valueName: "file"))
    var html: String?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        if rows < 0 { throw ValidationError("--rows is a number from 0") }
    }

    func run() throws {
        let comparison = try PredictionComparison(
            PredictionFile.read(first), PredictionFile.read(second), names: (first, second))
        if let html { try writePage(comparison.page, to: html) }
        if options.json { return try printJSON(comparison) }
        func text(_ value: Double?) -> String {
            value.map { String(format: "%.4f", $0) } ?? "-"
        }
        TextTable(
            columns: ["TASK", "ROWS", "MEASURE", "FIRST", "SECOND", "DIFFERENCE", "95 %", "P"],
            rows: comparison.tasks.flatMap { task in
                task.differences.map { difference in
                    [
                        task.task, "\(task.rows)", difference.measure, text(difference.first),
                        text(difference.second), String(format: "%+.4f", difference.difference),
                        difference.interval.map {
                            String(format: "%+.4f to %+.4f", $0.low, $0.high)
                        } ?? "-", text(difference.p),
                    ]
                }
            }
        ).print()
        for task in comparison.tasks {
            if task.onlyInFirst + task.onlyInSecond > 0 {
                print(
                    "\(task.task): left out, \(task.onlyInFirst) rows only in \(first), "
                        + "\(task.onlyInSecond) only in \(second)")
            }
            if let test = task.mcNemar {
                print(
                    "\(task.task): only the first right \(test.onlyFirst), only the second right "
                        + "\(test.onlySecond), McNemar p \(text(test.p))")
            }
            let shown = task.differing.prefix(rows)
            guard !shown.isEmpty else { continue }
            print("\(task.task): \(task.differing.count) rows with two answers")
            TextTable(
                columns: ["ROW", "RIGHT", "FIRST", "SECOND"],
                rows: shown.map {
                    [
                        "\($0.row)", $0.answer.words, $0.first?.words ?? "(none)",
                        $0.second?.words ?? "(none)",
                    ]
                }
            ).print()
        }
    }
}
