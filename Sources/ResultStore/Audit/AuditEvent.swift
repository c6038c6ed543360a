// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import GRDB

/// One event of the audit trail, as a row that is chained to the row before it.
///
/// Whatever writes to the table `events` does so by ``append(to:)``; a row without its hash is a fault of the
/// trail.
struct AuditEvent: Hashable {
    /// When (ISO 8601, UTC, milliseconds).
    let at: String
    /// Who: the name of a user, or the program.
    let actor: String
    /// What was done.
    let action: String
    /// To what.
    let object: String
    /// A JSON object of strings, without document text.
    let details: String

    /// The columns of its content, in the order in which the hash reads them.
    static let columns = ["at", "actor", "action", "object", "details"]

    /// The content in the order of ``columns``.
    private var fields: [String] { [at, actor, action, object, details] }

    /// Writes the event as the last row, with the hash that chains it to the row before.
    func append(to database: Database) throws {
        let last = try Row.fetchOne(
            database, sql: "SELECT id, hash FROM events ORDER BY id DESC LIMIT 1")
        let row: Int64 = (last?["id"] ?? 0) + 1
        let hash = Self.hash(
            ofRow: row, fields.map { Data($0.utf8) }, after: last?["hash"] ?? "")
        try insert(as: row, hash: hash, in: database)
    }

    /// Writes the event as a row that another database had, without making its hash anew.
    func insert(as row: Int64, hash: String, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO events (id, at, actor, action, object, details, hash)
                VALUES (?,?,?,?,?,?,?)
                """,
            arguments: [row, at, actor, action, object, details, hash])
    }

    /// SHA-256 in hexadecimal over the hash of the row before (nothing for the first row), the row's number
    /// and its content in the order of ``columns``.
    ///
    /// Each of these is a netstring, so that no two contents read alike: its length in bytes in decimal, a
    /// colon, its UTF-8, a comma.
    static func hash(ofRow row: Int64, _ fields: [Data], after former: String) -> String {
        var content = Data()
        for part in [Data(former.utf8), Data(String(row).utf8)] + fields {
            content += Data("\(part.count):".utf8) + part + Data(",".utf8)
        }
        return ContentDigest(of: content).hexadecimal
    }
}

extension AuditEvent {
    /// The event of a moment.
    init(
        at date: Date, actor: String, action: String, object: String,
        details: [String: String] = [:]
    ) {
        self.init(
            at: timestamp(date), actor: actor, action: action, object: object,
            details: jsonText(details))
    }
}

extension AuditEvent {
    /// The statements that give the trail its hashes.
    static let migration = "ALTER TABLE events ADD COLUMN hash TEXT NOT NULL DEFAULT ''"

    /// The action of the event that tells how many rows were written before there were hashes.
    static let chainingAction = "audit trail chained"

    /// How many rows are read at once when a trail gets its hashes.
    private static let rowsAtOnce = 1000

    /// Chains rows that were written before there were hashes, and says so in an event, since nothing tells
    /// whether they are as they were written.
    static func chainFormerRows(in database: Database, at date: Date) throws {
        var (former, last, count) = ("", Int64.min, 0)
        while true {
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, \(contentAsBytes) FROM events
                    WHERE id > ? ORDER BY id LIMIT \(rowsAtOnce)
                    """, arguments: [last])
            for row in rows {
                last = row[0]
                former = hash(ofRow: last, content(of: row, from: 1), after: former)
                try database.execute(
                    sql: "UPDATE events SET hash = ? WHERE id = ?", arguments: [former, last])
            }
            count += rows.count
            if rows.count < rowsAtOnce { break }
        }
        guard count > 0 else { return }
        try AuditEvent(
            at: date, actor: NSUserName(), action: chainingAction, object: "events",
            details: ["events": String(count)]
        ).append(to: database)
    }

    /// What selects ``columns`` byte by byte.
    static let contentAsBytes = columns.map { "CAST(\($0) AS BLOB)" }.joined(separator: ", ")

    /// The bytes of a row that was selected by ``contentAsBytes``, which begin at a column.
    static func content(of row: Row, from column: Int) -> [Data] {
        columns.indices.map { row[column + $0] ?? Data() }
    }
}
