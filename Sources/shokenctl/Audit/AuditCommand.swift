// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Faults
import Foundation
import ResultStore

/// `shokenctl audit`: what was done with this instance, and whether that list is whole.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "List what was done with models, database and spool; see whether the list is whole.",
        discussion: """
            Examples:
              shokenctl audit list --since 2026-03-01 --action "model activated"
              shokenctl audit verify
            """,
        subcommands: [AuditListCommand.self, AuditVerifyCommand.self])
}

/// `shokenctl audit list`: the rows of the audit trail.
struct AuditListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the audit trail, in the order in which it was written.",
        discussion: """
            Columns: id, at, actor, action, object, details (a JSON object), hash; see events in \
            shoken-db(5). With --json: a list with an object for each row.

            Examples:
              shokenctl audit list --since 2026-03-01 --until 2026-04-01
              shokenctl audit list --action duplicate --json
            """)

    @Option(help: "Only events at or after this time.")
    var since: StatedTime?

    @Option(help: "Only events before this time.")
    var until: StatedTime?

    @Option(help: "Only events of this action.")
    var action: String?

    @OptionGroup var output: RowOutput

    func run() throws {
        let reader = try ResultReader(file: output.common.databaseFile())
        try output.print(
            reader.auditEvents(since: since?.utc, until: until?.utc, action: action))
    }
}

/// `shokenctl audit verify`: follows the hashes from row to row.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "See whether rows of the audit trail were changed, removed, put in or reordered.",
        discussion: """
            Each row holds a SHA-256 over the row before it and its own content. The last hash vouches \
            for all rows: kept elsewhere and given with --expect, it also shows whether rows were taken \
            off the end, or all hashes made anew. With --json: {"events","expected_row","fault":{"row",\
            "reason"},"last_hash","ok"}; "expected_row" with --expect. Exit code 65 if a row does not \
            fit, or none has the expected hash.

            Examples:
              shokenctl audit verify
              shokenctl audit verify /backup/shoken-2026-03-01.db
              shokenctl audit verify --expect "$(cat /safe/shoken-audit)"
            """)

    @Option(help: ArgumentHelp("A hash that some row must have.", valueName: "hash"))
    var expect: String?

    @Argument(help: "Another file than the configured database, such as a backup.")
    var file: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let expect else { return }
        let isHash = expect.utf8.count == 64 && expect.allSatisfy { $0.isHexDigit && $0.isASCII }
        guard isHash else { throw ValidationError("--expect is 64 hexadecimal digits") }
    }

    func run() throws {
        let path = try file.map(absolutePath) ?? common.databasePath()
        let trail = try AuditVerification(of: path, expecting: expect?.lowercased())
        if common.json {
            try printJSON(trail)
        } else {
            print(sentence(trail, path.description))
        }
        if !trail.ok { throw ExitCode(Disposition.badData) }
    }

    private func sentence(_ trail: AuditVerification, _ file: String) -> String {
        if let fault = trail.fault {
            return "\(file): row \(fault.row) of \(trail.events) does not fit: \(fault.reason)"
        }
        if !trail.ok {
            return
                "\(file): \(trail.events) events fit each other, and none has the expected hash: "
                + "rows were taken off the end, or all hashes made anew"
        }
        return "\(file): ok, \(trail.events) events, last hash \(trail.lastHash ?? "none")"
    }
}
