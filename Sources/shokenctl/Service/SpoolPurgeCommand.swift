// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import Foundation
import ResultStore
import Spool

/// `shokenctl spool purge`: removes old files that were recorded, or that failed.
struct SpoolPurgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract:
            "Remove recorded files of days before a limit, or failed ones set aside before it.",
        discussion: """
            Without --failed, files in done/ go; the results in the database stay. With --failed, files \
            in failed/ go with their reasons, and nothing is left of these documents. How many went, \
            of which codes, is noted in the audit trail, without names. With --json: \
            {"bytes","days","files"}, with --failed {"bytes","codes":{CODE:FILES},"files"}.

            Examples:
              shokenctl spool purge --days 90
              shokenctl spool purge --failed --days 365
            """)

    @OptionGroup var options: CommonOptions
    @Flag(help: "Remove from failed/ instead, with the reasons.") var failed = false
    @Option(help: "Keep the days of the last so many days.") var days: Int

    func validate() throws {
        if !(0...100_000).contains(days) { throw ValidationError("--days is 0 to 100000.") }
    }

    func run() throws {
        let spool = try SpoolCommand.open(options)
        // Before anything is gone: what cannot be noted is not removed.
        let database = try auditedDatabase()
        if failed {
            try purgeFailed(spool, database)
        } else {
            try purgeDone(spool, database)
        }
    }

    private func purgeDone(_ spool: SpoolDirectory, _ database: ResultDatabase?) throws {
        let purge = try spool.purgeDone(olderThanDays: days)
        if purge.files > 0 {
            try note(
                "recorded files purged", from: "done",
                ["bytes": purge.bytes, "days": purge.days, "files": purge.files], in: database)
        }
        if options.json { return try printJSON(purge) }
        print("removed \(purge.files) files (\(purge.bytes) bytes) of \(purge.days) days")
    }

    private func purgeFailed(_ spool: SpoolDirectory, _ database: ResultDatabase?) throws {
        var purge = FailedPurge()
        let result = Result { try spool.purgeFailed(olderThanDays: days, counting: &purge) }
        if purge.files > 0 {
            let codes = purge.codes.map { ("code \($0.key)", $0.value) }
            try note(
                "failed files purged", from: "failed",
                Dictionary(codes, uniquingKeysWith: +).merging([
                    "bytes": purge.bytes, "files": purge.files,
                ]) { $1 }, in: database)
        }
        try result.get()
        if options.json { return try printJSON(purge) }
        print("removed \(purge.files) failed files (\(purge.bytes) bytes)")
    }

    /// The database whose audit trail tells of the purge; nil where there is none.
    private func auditedDatabase() throws -> ResultDatabase? {
        let file = try options.databaseFile()
        // The daemon alone makes a database: one made here would hide that the old one is gone.
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            return nil
        }
        return try ResultDatabase(file: file)
    }

    private func note(
        _ action: String, from folder: String, _ counts: [String: Int],
        in database: ResultDatabase?
    ) throws {
        var details = counts.mapValues(String.init)
        details["older_than_days"] = String(days)
        try database?.appendEvent(
            actor: NSUserName(), action: action, object: folder, details: details, at: Date())
    }
}
