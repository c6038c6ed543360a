// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Foundation
import ResultStore

/// `shokenctl database restore`: puts a backup into the database's place.
struct DatabaseRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup into the database's place, also while the daemon works.",
        discussion: """
            A copy of the backup is checked, then put into place by one rename; the database that was \
            there stays beside it under a dated name. What was recorded after the backup is not in it: \
            its files lie in done/ of the spool, and `database rebuild` reads them again. \
            With --json: {"database","documents","kept"}.

            Examples:
              shokenctl database restore /backup/shoken-2026-03-01.db
            """)

    @Argument(help: "The backup.")
    var file: String

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        let database: String
        let documents: Int
        /// Where the database lies that was in place before.
        let kept: String?
    }

    func run() throws {
        let place = try common.databasePath()
        let placement = try DatabasePlacement(at: place)
        let bar = ProgressBar()
        let copy = try DatabaseCopy(of: absolutePath(file), for: place) { bar.show("copied", $0) }
        bar.finish()
        let kept = try placement.put(copy)
        try noteInAuditTrail("database restored", of: place, from: absolutePath(file), kept: kept)
        let report = Report(
            database: place.description, documents: copy.check.documents ?? 0,
            kept: kept?.description)
        if common.json { return try printJSON(report) }
        print("\(report.database): \(report.documents) documents are in place")
        if let kept = report.kept { print("the database before is \(kept)") }
    }
}
