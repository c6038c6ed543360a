// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import DurableFiles
package import Foundation
import GRDB

/// How much was recorded of late.
package struct RecordingRates: Hashable, Sendable, Encodable {
    /// What was recorded within a time before the look.
    package struct Amount: Hashable, Sendable, Encodable {
        /// Files that were recorded as a whole.
        package let files: Int
        /// Documents.
        package let documents: Int
    }

    /// Within the last 60 seconds.
    package let minute: Amount
    /// Within the last 60 minutes.
    package let hour: Amount
    /// Within the last 24 hours.
    package let day: Amount
    /// When the last file was recorded (ISO 8601, UTC); nil if none was.
    package let lastRecordedAt: String?
    /// Whole seconds since then; nil if none was.
    package let secondsSinceLast: Int?
    /// How many files were dropped again as they were, since the database was made.
    package let duplicates: Int
    /// When the last of these was dropped (ISO 8601, UTC); nil if none was.
    package let lastDuplicateAt: String?

    private enum CodingKeys: String, CodingKey {
        case day, hour, minute
        case lastRecordedAt = "last_recorded_at"
        case secondsSinceLast = "seconds_since_last"
    }

    /// Counts what a database recorded before a moment, beside a running daemon.
    ///
    /// Throws ``StoreError``.
    package init(of path: FilePath, at now: Date = Date()) throws(StoreError) {
        do {
            let connection = try ReadingConnection(to: path)
            self = try connection.read { database in
                try Schema.requireOurs(database, mayBeEmpty: false, file: path.description)
                return try RecordingRates(in: database, at: now)
            }
        } catch {
            throw StoreError(error, of: path.description)
        }
    }

    private init(in database: Database, at now: Date) throws {
        minute = try Self.amount(in: database, since: now.addingTimeInterval(-60))
        hour = try Self.amount(in: database, since: now.addingTimeInterval(-3600))
        day = try Self.amount(in: database, since: now.addingTimeInterval(-86_400))
        let last = try String.fetchOne(
            database, sql: "SELECT max(recorded_at) FROM files WHERE complete = 1")
        lastRecordedAt = last
        secondsSinceLast = last.flatMap(StatedTime.init).map {
            max(0, Int(now.timeIntervalSince1970 - Double($0.milliseconds) / 1000))
        }
        let row = try Row.fetchOne(
            database, sql: "SELECT count(*), max(at) FROM events WHERE action = ?",
            arguments: [ResultDatabase.repetitionAction])
        duplicates = row?[0] ?? 0
        lastDuplicateAt = row?[1]
    }

    private static func amount(in database: Database, since: Date) throws -> Amount {
        // The kinds are named so that the index over kind and time serves.
        let kinds = DocumentKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ",")
        return Amount(
            files: try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM files WHERE recorded_at >= ? AND complete = 1",
                arguments: [timestamp(since)]) ?? 0,
            documents: try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM documents WHERE kind IN (\(kinds)) AND processed_at >= ?
                    """, arguments: [timestamp(since)]) ?? 0)
    }

    /// The statement that lets the last files be found without reading all.
    static let migration = "CREATE INDEX files_recorded ON files(recorded_at)"
}
