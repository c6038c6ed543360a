// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import HTMLReports
import ResultStore

/// `shokenctl evaluate runs`: what two runs of models found in the same stored documents.
struct EvaluateRunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "Compare what two runs found in the same stored documents.",
        discussion: """
            FIRST and SECOND are numbers of runs, as the view model_runs lists them: of an active model, of one that \
            read along, or of reprocessing. Documents that both have read are compared, by their rows or by what was \
            kept of a former run.

            Said are the mentions of each type and the pairs that both have or only one, by their places; of what \
            both have, certainties, codes and levels that differ; categories of TNM and groups; and the documents.

            With --json: {"first","second","documents","shared":[{"of","both","onlyFirst","onlySecond"}],\
            "same","changes":[{"of","first","second","count"}],\
            "differing":[{"document","onlyFirst","onlySecond","changed"}]}.
            """)

    @Argument(help: "The number of the first run.")
    var first: Int64

    @Argument(help: "The number of the second run.")
    var second: Int64

    @Option(
        help: ArgumentHelp(
            "How many differing documents are printed; with --json and --html all are.",
            valueName: "n"))
    var documents = 20

    @Option(help: ArgumentHelp("Write the comparison as a page, too.", valueName: "file"))
    var html: String?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        if documents < 0 { throw ValidationError("--documents is a number from 0") }
    }

    func run() throws {
        let comparison = try ResultReader(file: options.databaseFile())
            .comparison(ofRun: first, and: second)
        if let html { try writePage(comparison.page, to: html) }
        if options.json { return try printJSON(comparison) }
        for run in [comparison.first, comparison.second] {
            print("run \(run.run): \(run.purpose), \(run.model) \(run.version), \(run.startedAt)")
        }
        print("\(comparison.documents) documents that both have read")
        for table in comparison.tables(documents) where !table.rows.isEmpty {
            TextTable(columns: table.columns.map { $0.uppercased() }, rows: table.rows).print()
        }
        let left = comparison.differing.count - documents
        if left > 0 { print("and \(left) more documents; --json lists all") }
    }
}

extension RunComparison {
    /// The figures as tables, with some of the documents that differ.
    fileprivate func tables(_ count: Int) -> [(columns: [String], rows: [[String]])] {
        [
            (
                ["found", "both", "only first", "only second"],
                shared.map { [$0.of, "\($0.both)", "\($0.onlyFirst)", "\($0.onlySecond)"] }
            ),
            (
                ["value", "same", "other"],
                Set(same.keys).union(changes.map(\.of)).sorted().map { name in
                    [
                        name, "\(same[name] ?? 0)",
                        "\(changes.filter { $0.of == name }.reduce(0) { $0 + $1.count })",
                    ]
                }
            ),
            (
                ["value", "first", "second", "count"],
                changes.map {
                    [
                        $0.of, $0.first.isEmpty ? "-" : $0.first,
                        $0.second.isEmpty ? "-" : $0.second, "\($0.count)",
                    ]
                }
            ),
            (
                ["document", "only first", "only second", "changed"],
                differing.prefix(count).map {
                    [
                        "\($0.document)", "\($0.onlyFirst)", "\($0.onlySecond)", "\($0.changed)",
                    ]
                }
            ),
        ]
    }

    /// The comparison as a page that needs no other file; no text of a document is in it.
    fileprivate var page: String {
        let runs = HTML.table(
            ["", "run", "purpose", "model", "version", "began"],
            [("first", first), ("second", second)].map { name, run in
                [name, "\(run.run)", run.purpose, run.model, run.version, run.startedAt]
            })
        return HTML.page(
            "Runs \(first.run) and \(second.run)",
            [runs, "<p>\(documents) documents that both have read.</p>"]
                + tables(.max).map { HTML.table($0.columns, $0.rows) })
    }
}
