// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Foundation
import ResultStore

/// `shokenctl database`: looks after the file that results are in.
struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Check the database, copy it, put a copy back, make it anew.",
        discussion: """
            The daemon may run during all of it: it notices that another file is in the database's place, \
            and no document counts as recorded that is not in that one.

            Examples:
              shokenctl database check
              shokenctl database backup /backup/shoken-2026-03-01.db
              shokenctl database restore /backup/shoken-2026-03-01.db
              shokenctl database rebuild
            """,
        subcommands: [
            DatabaseBackupCommand.self, DatabaseCheckCommand.self, DatabaseRebuildCommand.self,
            DatabaseReindexCommand.self, DatabaseRestoreCommand.self,
        ])
}

extension CommonOptions {
    /// The path of the configured instance's database.
    func databasePath() throws -> FilePath { FilePath(try configured().databaseFile) }
}

/// The path of a file that a user names, from the working directory where it is relative.
func absolutePath(_ file: String) -> FilePath {
    FilePath(URL(fileURLWithPath: file))
}

/// Says in the audit trail of the database that is in place now what was put there, by whom, and where the
/// trail of the one before ended, which lies in `kept` now.
func noteInAuditTrail(
    _ action: String, of database: FilePath, from source: FilePath, kept: FilePath?
) throws {
    var details: [String: String] = [:]
    if let kept {
        details["kept"] = kept.lastName?.escaped
        do {
            let former = try AuditVerification(of: kept)
            details["events"] = String(former.events)
            details["last_hash"] = former.lastHash
            details["fault"] = former.fault.map { "row \($0.row)" }
        } catch {
            details["fault"] = "cannot be read"
        }
    }
    try ResultDatabase(file: URL(filePath: database.text ?? database.description)).appendEvent(
        actor: NSUserName(), action: action, object: source.lastName?.escaped ?? "",
        details: details, at: Date())
}
