// SPDX-License-Identifier: Apache-2.0
package import Foundation
import GRDB
import JSONFiles

/// The database of results: one writer, any number of readers.
///
/// Write-ahead log with `synchronous = FULL`: what `record` has returned from survives a power cut.
package struct ResultDatabase: Sendable {
    let pool: DatabasePool

    /// Opens the database, creating and migrating it as needed.
    ///
    /// Throws `StoreError.cannotOpen`.
    package init(file: URL) throws(StoreError) {
        var configuration = GRDB.Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.label = "shoken"
        do {
            pool = try DatabasePool(path: file.path, configuration: configuration)
            // After the pool is made: setting up the write-ahead log puts NORMAL, whose commits a power
            // cut may take back.
            let level = try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                return try Int.fetchOne(database, sql: "PRAGMA synchronous")
            }
            guard level == 2 else {
                throw StoreError.cannotOpen(
                    file: file.path, detail: "SQLite does not flush each commit to the disk")
            }
            try Schema.migrator.migrate(pool)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .cannotOpen(file: file.path, detail: String(describing: StoreError(error)))
        }
    }

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
                WHERE sha256 = ? AND kind = ? AND source_name = ?)
                """,
            arguments: [sha256, kind, sourceName]) ?? false
    }

    /// Adds a line to the audit trail; `details` must hold no document text.
    package func appendEvent(
        actor: String, action: String, object: String, details: [String: String] = [:], at: Date
    ) throws(StoreError) {
        let json = jsonText(details)
        try write { database in
            try database.execute(
                sql: "INSERT INTO events (at, actor, action, object, details) VALUES (?,?,?,?,?)",
                arguments: [timestamp(at), actor, action, object, json])
        }
    }

    /// Reads with the database layer's errors sorted.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try pool.read(body) } catch { throw StoreError(error) }
    }

    /// Writes in one transaction with the database layer's errors sorted.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try pool.write(body) } catch { throw StoreError(error) }
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
