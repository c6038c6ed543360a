// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import GRDB

/// What a database says of one recorded file besides its results.
package struct RecordedFileFacts: Hashable, Sendable {
    /// SHA-256 of the file's bytes, in hexadecimal.
    package let sha256: String
    /// Folder that it was dropped into, as in the database.
    package let kind: String
    /// Its name as dropped, escaped.
    package let sourceName: String
    /// When it was claimed (ISO 8601), or else when it was recorded.
    package let receivedAt: String
}

/// The files of a database that may be damaged.
package struct RecordedFileList: Sendable {
    /// What could be read, in the order of recording.
    package private(set) var files: [RecordedFileFacts] = []
    /// The lines of the audit trail that could be read, with their columns in the order of the table.
    private(set) var events: [[String]] = []
    /// Why reading ended before the end; nil if all was read.
    package private(set) var fault: StoreError?

    /// Reads what can be read; there is nothing where no database is.
    package init(of path: FilePath) {
        do {
            guard try DiskFiles().identity(of: path) != nil else { return }
            let queue = try DatabaseQueue.reader(of: path)
            try queue.read { database in
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT sha256, kind, source_name, coalesce((SELECT min(received_at)
                          FROM documents WHERE file_id = files.id), recorded_at)
                        FROM files ORDER BY id
                        """)
                while let row = try rows.next() {
                    files.append(
                        RecordedFileFacts(
                            sha256: row[0], kind: row[1], sourceName: row[2], receivedAt: row[3]))
                }
                let lines = try Row.fetchCursor(
                    database,
                    sql: "SELECT at, actor, action, object, details FROM events ORDER BY id")
                while let line = try lines.next() {
                    events.append((0..<5).map { line[$0] })
                }
            }
        } catch {
            fault = StoreError(error, of: path.description)
        }
    }
}

extension ResultDatabase {
    /// Takes over the audit trail of another database, into one that has none yet.
    package func adoptEvents(of list: RecordedFileList) throws(StoreError) {
        try write { database in
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM events") == 0 else {
                return
            }
            for event in list.events {
                try database.execute(
                    sql: """
                        INSERT INTO events (at, actor, action, object, details) VALUES (?,?,?,?,?)
                        """, arguments: StatementArguments(event))
            }
        }
    }
}
