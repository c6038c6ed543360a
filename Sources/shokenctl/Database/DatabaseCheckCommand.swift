// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import ResultStore

/// `shokenctl database check`: examines every page, index and reference.
struct DatabaseCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Examine every page, index and reference of the database.",
        discussion: """
            Changes nothing; reads the whole file. With --json: \
            {"bytes","documents","faults":[{"check","detail"}],"file","ok","schema"}. Exit code 65 if \
            anything is wrong; then: database restore, or database rebuild.

            Examples:
              shokenctl database check
              shokenctl database check /backup/shoken-2026-03-01.db --json
            """)

    @Argument(help: "Another file than the configured database, such as a backup.")
    var file: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let path = try file.map(absolutePath) ?? common.databasePath()
        let check = try DatabaseCheck(of: path)
        if common.json {
            try printJSON(check)
        } else if check.ok {
            print("\(check.file): ok, \(check.documents ?? 0) documents, \(check.bytes) bytes")
        } else {
            TextTable(
                columns: ["FAULT", "DETAIL"], rows: check.faults.map { [$0.check, $0.detail] },
                widest: 110
            ).print()
        }
        if !check.ok { throw ExitCode(Disposition.badData) }
    }
}
