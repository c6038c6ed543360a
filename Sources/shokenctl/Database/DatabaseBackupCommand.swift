// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import ResultStore

/// `shokenctl database backup`: a whole, checked copy while the daemon writes.
struct DatabaseBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into a new file while the daemon works.",
        discussion: """
            The copy is one moment's state. It gets its name when it has been checked and is on the disk; \
            a file that is there is never overwritten. With --json: {"bytes","documents","file"}.

            Examples:
              shokenctl database backup /backup/shoken-2026-03-01.db
            """)

    @Argument(help: "The new file.")
    var file: String

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        let file: String
        let documents: Int
        let bytes: Int
    }

    func run() throws {
        let target = absolutePath(file)
        let source = try common.databasePath()
        guard try DiskFiles().identity(of: target) == nil else {
            throw CommandFailure(
                .cannotCreate, "\(target) is there already; a backup overwrites nothing")
        }
        let bar = ProgressBar()
        let copy = try DatabaseCopy(of: source, for: target) { bar.show("copied", $0) }
        bar.finish()
        try copy.move(to: target)
        let report = Report(
            file: target.description, documents: copy.check.documents ?? 0,
            bytes: copy.check.bytes)
        if common.json { return try printJSON(report) }
        print("\(report.file): \(report.documents) documents, \(report.bytes) bytes, checked")
    }
}
