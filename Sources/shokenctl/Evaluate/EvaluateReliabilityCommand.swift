// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evaluation
import Foundation
import HeadTraining

/// `shokenctl evaluate reliability`: whether scores are probabilities.
struct EvaluateReliabilityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reliability",
        abstract: "Tell how far scores are probabilities, from held-out answers.",
        discussion: """
            FILE holds answers as `shokenctl evaluate folds --predictions` writes them. ECE is the expected \
            calibration error, the mean distance between score and part that is right, in bins of equal count \
            and of equal width; BY CHANCE is what the first would be on average if every score were the very \
            probability. RANKING is how often a right answer has a higher score than a wrong one.
            With --json: {"rows":[{"task","type","reliability":{"count","meanScore","rightShare",\
            "errorByCount","errorByWidth","errorByChance","ranking","bins":[{"count","meanScore","rightShare"}]}}]}.
            """)

    @Argument(help: ArgumentHelp("Files of held-out answers.", valueName: "file"))
    var files: [String]

    @Option(help: "Bins, 2 to 100.")
    var bins = Reliability.usualBins

    @Option(
        help: ArgumentHelp("Draw the diagrams into this file.", valueName: "file"))
    var html: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (2...100).contains(bins) else { throw ValidationError("--bins is 2 to 100") }
    }

    func run() throws {
        let answers = try files.flatMap { try HeldOutAnswer.read(URL(filePath: $0)) }
        let report = ReliabilityReport(answers, bins: bins)
        if let html {
            do {
                try Data(report.html.utf8).write(to: URL(filePath: html), options: .atomic)
            } catch {
                throw CommandFailure(.cannotCreate, "the diagrams cannot be written to \(html)")
            }
        }
        if common.json { try printJSON(report) } else { report.table.print() }
    }
}

extension ReliabilityReport {
    /// The figures for people.
    fileprivate var table: TextTable {
        func text(_ value: Double) -> String { String(format: "%.4f", value) }
        return TextTable(
            columns: [
                "TASK", "ANSWER", "ANSWERS", "MEAN SCORE", "RIGHT", "ECE COUNT", "ECE WIDTH",
                "BY CHANCE", "RANKING",
            ],
            rows: rows.map { row in
                [row.task, row.type, "\(row.reliability.count)"]
                    + [
                        row.reliability.meanScore, row.reliability.rightShare,
                        row.reliability.errorByCount, row.reliability.errorByWidth,
                        row.reliability.errorByChance, row.reliability.ranking,
                    ].map(text)
            })
    }
}
