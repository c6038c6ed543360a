// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Foundation
import ModelBundle
import ResultStore

/// `shokenctl reprocess start`: writes the wish into the database; the daemon carries it out.
struct ReprocessStartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Ask the daemon to read documents once more.",
        discussion: """
            Without a filter every recorded document is read again, in the order of recording, superseded \
            versions included. The daemon does so when nothing waits in the spool, and with a share of its \
            time besides (reprocess.share of shoken.toml(5)); a stop or a kill costs nothing that is done. \
            The new results of a document take the place of the old ones in one transaction; the old ones \
            are kept in run_results until `reprocess prune`. Reviews stay; a document that reads otherwise \
            than its reviewers saw it is open for review again. With --json: {"documents","dry_run"}, and \
            {"request"} of one that was made.

            Examples:
              shokenctl reprocess --model-other-than shoken-base --dry-run
              shokenctl reprocess --kind radiology --since 2026-01
              shokenctl reprocess --document 17
            """)

    @OptionGroup var filter: DocumentFilter

    @Option(help: ArgumentHelp("Only this document.", valueName: "id")) var document: Int64?

    @Option(
        help: ArgumentHelp(
            "Only documents that the installed bundle of this name, as it is now, has not read.",
            valueName: "name"))
    var modelOtherThan: String?

    @Flag(help: "Only say how many documents it would be.") var dryRun = false

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        var documents: Int
        var dryRun: Bool
        var request: Int64?

        private enum CodingKeys: String, CodingKey {
            case documents, request
            case dryRun = "dry_run"
        }
    }

    func run() throws {
        let file = try common.databaseFile()
        let selection = try selection()
        // Opening for writing would make a database where there is none.
        let reader = try ResultReader(file: file)
        var report = Report(documents: 0, dryRun: dryRun)
        if dryRun {
            report.documents = try reader.count(of: selection)
        } else {
            let request = try ResultDatabase(file: file).request(
                selection, by: NSUserName(), at: Date())
            (report.documents, report.request) = (request.selected, request.id)
        }
        if common.json { return try printJSON(report) }
        guard let request = report.request else {
            return print("\(report.documents) documents would be read again")
        }
        print(
            "request \(request): \(report.documents) documents; the daemon reads them when it has time "
                + "(shokenctl reprocess status)")
    }

    private func selection() throws -> ReprocessSelection {
        var selection = ReprocessSelection()
        selection.kind = filter.kind?.rawValue
        selection.patient = filter.patient
        selection.since = filter.written.since?.utc
        selection.until = filter.written.until?.utc
        selection.document = document
        if let modelOtherThan {
            let registry = try common.configured().registry
            let names = registry.names()
            guard names.contains(modelOtherThan) else {
                throw CommandFailure(
                    .usage,
                    "--model-other-than \(modelOtherThan): no bundle of this name is installed; there are "
                        + (names.isEmpty ? "none" : names.joined(separator: ", ")))
            }
            selection.otherThan = try registry.bundle(modelOtherThan).sha256
        }
        return selection
    }
}
