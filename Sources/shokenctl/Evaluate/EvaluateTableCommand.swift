// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
import Evaluation
import Faults
import Foundation
import HTMLReports

/// `shokenctl evaluate table`: the results of several models side by side.
struct EvaluateTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Show several models' results side by side.",
        discussion: """
            Each FILE is what evaluate jmed-llm, igakuqa or qa printed with --json. The tables are in the form of \
            the paper on NCVC-slm-1: kappa and, in brackets, accuracy; partial and, in brackets, exact F1; points \
            and, in brackets, percent of a year. A task that a model has no figures of is -.

            With --json: a list of {"title","columns","rows"}.
            """)

    @Argument(help: ArgumentHelp("Files of results.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("Write the tables as a page, too.", valueName: "file"))
    var html: String?

    @OptionGroup var options: CommonOptions

    /// One table.
    private struct Table: Encodable {
        let title: String
        let columns: [String]
        let rows: [[String]]
    }

    private static let choices: [(BenchmarkTask, String)] = [
        (.examination, "JMMLU-Med"), (.crade, "CRADE"), (.rrtnm, "RRTNM"), (.smdis, "SMDIS"),
        (.jcsts, "JCSTS"),
    ]
    private static let entities: [(BenchmarkTask, String)] = [
        (.caseReportDiseases, "MRNER-disease"), (.caseReportDrugs, "MRNER-medicine"),
        (.nursingEntities, "NRNER"),
    ]

    func run() throws {
        var reports: [BenchmarkReport] = []
        var examinations: [ExaminationScore] = []
        for file in files {
            let data = try InputFile.data(file)
            if let report = try? JSONDecoder().decode(BenchmarkReport.self, from: data) {
                reports.append(report)
            } else if let score = try? JSONDecoder().decode(ExaminationScore.self, from: data) {
                examinations.append(score)
            } else {
                throw CommandFailure(
                    .badData,
                    "\(file) is not what evaluate jmed-llm, igakuqa or qa prints with --json")
            }
        }
        let tables = tables(reports) + tables(examinations)
        if let html {
            try writePage(
                HTML.page(
                    "Evaluation",
                    tables.flatMap {
                        ["<h2>\(HTML.escaped($0.title))</h2>", HTML.table($0.columns, $0.rows)]
                    }), to: html)
        }
        if options.json { return try printJSON(tables) }
        for table in tables {
            print(table.title)
            TextTable(columns: table.columns, rows: table.rows).print()
        }
    }

    private func tables(_ reports: [BenchmarkReport]) -> [Table] {
        func cell(
            _ report: BenchmarkReport, _ task: BenchmarkTask,
            _ values: (BenchmarkScore) -> (Double?, Double?)
        ) -> String {
            guard let score = report.scores.first(where: { $0.task == task.rawValue }),
                case (let first?, let second?) = values(score)
            else { return "-" }
            return String(format: "%.2f (%.2f)", first, second)
        }
        func table(
            _ title: String, _ tasks: [(BenchmarkTask, String)],
            _ values: @escaping (BenchmarkScore) -> (Double?, Double?)
        ) -> Table? {
            let names = Set(tasks.map(\.0.rawValue))
            let some = reports.filter { $0.scores.contains { names.contains($0.task) } }
            guard !some.isEmpty else { return nil }
            return Table(
                title: title, columns: ["model"] + tasks.map(\.1),
                rows: some.map { report in
                    [report.model] + tasks.map { cell(report, $0.0, values) }
                })
        }
        return [
            table("JMED-LLM, kappa (accuracy)", Self.choices) { ($0.kappa, $0.accuracy) },
            table("JMED-LLM, partial (exact) F1", Self.entities) { ($0.partialF1, $0.exactF1) },
        ].compactMap(\.self)
    }

    private func tables(_ scores: [ExaminationScore]) -> [Table] {
        var order: [String] = []
        for score in scores where !order.contains(score.task) { order.append(score.task) }
        return order.map { task in
            let own = scores.filter { $0.task == task }
            let groups = Set(own.flatMap { $0.parts.map(\.group) }).subtracting(["all"]).sorted()
            return Table(
                title: task == "igakuqa" ? "IgakuQA, points (percent)" : "QA, points (percent)",
                columns: ["model"] + groups + ["all"],
                rows: own.map { score in
                    [score.model]
                        + (groups + ["all"]).map { group in
                            score.parts.first { $0.group == group }.map {
                                "\($0.points) (\(String(format: "%.1f", $0.percent))%)"
                            } ?? "-"
                        }
                })
        }
    }
}
