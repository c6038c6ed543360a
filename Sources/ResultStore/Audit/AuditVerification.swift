// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import GRDB

/// Whether the rows of an audit trail are those that were written, in the order in which they were written.
///
/// A row that was changed, inserted, moved or taken out from among others shows. Rows taken off the end show
/// only to somebody who has kept a later hash, and so does a trail whose every hash was made anew.
package struct AuditVerification: Hashable, Sendable, Encodable {
    /// The first row that does not fit.
    package struct Fault: Hashable, Sendable, Encodable {
        /// Its number.
        package let row: Int64
        /// What is wrong with it.
        package let reason: String
    }

    /// How many rows there are.
    package private(set) var events = 0
    /// The first row that does not fit the one before it; nil if all do.
    package private(set) var fault: Fault?
    /// The hash of the last row, which vouches for all rows; nil for an empty trail or one at fault.
    package private(set) var lastHash: String?
    /// The row that has the expected hash, among those before a fault.
    package private(set) var expectedRow: Int64?
    /// Whether every row fits, and the expected hash is among theirs.
    package var ok: Bool { fault == nil && (!expectsHash || expectedRow != nil) }
    private let expectsHash: Bool

    private enum CodingKeys: String, CodingKey {
        case events, fault, ok
        case lastHash = "last_hash"
        case expectedRow = "expected_row"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(events, forKey: .events)
        try container.encode(fault, forKey: .fault)
        try container.encode(ok, forKey: .ok)
        try container.encode(lastHash, forKey: .lastHash)
        if expectsHash { try container.encode(expectedRow, forKey: .expectedRow) }
    }

    /// Reads a trail from its first row to its last; `expected` is a hash that some row must have.
    ///
    /// Throws `StoreError.cannotOpen` also for a database whose trail has no hashes yet, and `.damaged`.
    package init(of path: FilePath, expecting expected: String? = nil) throws(StoreError) {
        expectsHash = expected != nil
        let name = path.description
        do {
            guard try DiskFiles().identity(of: path) != nil else {
                throw StoreError.cannotOpen(file: name, detail: "no such file")
            }
            let connection = try ReadingConnection(to: path)
            try connection.read { database in
                try Schema.requireOurs(database, mayBeEmpty: false, file: name)
                guard try database.columns(in: "events").contains(where: { $0.name == "hash" })
                else {
                    throw StoreError.cannotOpen(
                        file: name,
                        detail: "its audit trail has no hashes yet, which the daemon makes at its "
                            + "next start")
                }
                try follow(in: database, expecting: expected)
            }
        } catch {
            throw StoreError(error, of: name)
        }
    }

    private mutating func follow(in database: Database, expecting expected: String?) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, hash, \(AuditEvent.contentAsBytes) FROM events ORDER BY id")
        var former = ""
        while let row = try rows.next() {
            events += 1
            guard fault == nil else { continue }
            let (number, stored): (Int64, String) = (row[0], row[1])
            let hash = AuditEvent.hash(
                ofRow: number, AuditEvent.content(of: row, from: 2), after: former)
            guard stored == hash else {
                fault = Fault(
                    row: number,
                    reason: stored.isEmpty
                        ? "it has no hash, so another program wrote it"
                        : "it was changed, or rows before it were taken out, put in or reordered")
                continue
            }
            former = stored
            if stored == expected { expectedRow = number }
        }
        lastHash = events > 0 && fault == nil ? former : nil
    }
}

extension ResultReader {
    /// The rows of the audit trail in their order: those from a moment, before another, and of one action.
    ///
    /// The moments are ISO 8601 in UTC with milliseconds, as `StatedTime.utc` gives them.
    package func auditEvents(
        since: String? = nil, until: String? = nil, action: String? = nil
    ) throws(StoreError) -> ResultTable {
        try run(
            """
            SELECT * FROM events WHERE at >= coalesce(?1, at)
              AND (?2 IS NULL OR at < ?2) AND action = coalesce(?3, action) ORDER BY id
            """, arguments: [since, until, action])
    }
}
