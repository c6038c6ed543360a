// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import GRDB
import JSONFiles

/// The database of results: one writer, any number of readers.
///
/// Write-ahead log with `synchronous = FULL`: what `record` has returned from survives a power cut. Before
/// and after each use the file at the database's path is compared with the one that is open, so that
/// nothing counts as recorded that was written to a deleted or replaced file.
package struct ResultDatabase: Sendable {
    /// What became of the file at the database's path.
    package enum Change: Hashable, Sendable {
        /// There was none; an empty database was made.
        case made
        /// Another one was put into its place and is in use now.
        case reopened
    }

    private let connection: DatabaseConnection
    private let report: @Sendable (Change) -> Void

    /// Opens the database, making it where there is none and migrating it as needed; `report` hears of
    /// what happens to its file.
    ///
    /// Throws ``StoreError``.
    package init(
        file: URL, report: @escaping @Sendable (Change) -> Void = { _ in }
    ) throws(StoreError) {
        connection = try DatabaseConnection(FilePath(file)) { report(.made) }
        self.report = report
    }

    /// Opens what stands at the path now, if the file in use was deleted, moved or replaced.
    ///
    /// Throws what opening throws, and `StoreError.gone` while there is none: a database that is in use
    /// is never begun anew. Rows of one ``generation`` are others in the next.
    package func reopenIfReplaced() throws(StoreError) {
        if try connection.reopenIfReplaced() { report(.reopened) }
    }

    /// Counts the files that stood at the path so far.
    package var generation: Int { connection.generation }

    /// Whether this very file has been recorded before.
    package func isRecorded(
        sha256: String, kind: String, sourceName: String
    ) throws(StoreError) -> Bool {
        try read { database in
            try isRecorded(sha256: sha256, kind: kind, sourceName: sourceName, in: database)
        }
    }

    /// As ``isRecorded(sha256:kind:sourceName:)``, within a read or write that goes on.
    func isRecorded(
        sha256: String, kind: String, sourceName: String, in database: Database
    ) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM files
                WHERE sha256 = ? AND kind = ? AND source_name = ? AND complete = 1)
                """,
            arguments: [sha256, kind, sourceName]) ?? false
    }

    /// Adds a line to the audit trail; `details` must hold no document text.
    package func appendEvent(
        actor: String, action: String, object: String, details: [String: String] = [:], at: Date
    ) throws(StoreError) {
        let event = AuditEvent(
            at: at, actor: actor, action: action, object: object, details: details)
        try write { try event.append(to: $0) }
    }

    /// Reads with the database layer's errors sorted.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        try connection.use { try $0.read(body) }
    }

    /// Reads on the connection that writes, for what is going to be written to the same pages: they stay in its cache
    /// as long as nobody else writes, whereas each write empties the caches of all that only read.
    func readBeforeWriting<Value>(
        _ body: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        try connection.use { pool in
            try pool.writeWithoutTransaction { database in
                try database.beginTransaction(.deferred)
                defer { try? database.rollback() }
                return try body(database)
            }
        }
    }

    /// Writes in one transaction with the database layer's errors sorted.
    ///
    /// Where the disk is full the log is brought into the file, as far as that has room: the log holds pages many
    /// times over, so the next try may find its room there.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        try connection.use { pool in
            do {
                return try pool.write(body)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
                _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
                throw error
            }
        }
    }
}

/// ISO 8601 in UTC with milliseconds: sorts as text.
package func timestamp(_ date: Date) -> String {
    date.formatted(
        Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt))
}

/// A JSON object with sorted keys.
func jsonText(_ value: some Encodable) -> String {
    guard let data = try? JSONEncoder.sorted().encode(value) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
}
