// SPDX-License-Identifier: Apache-2.0
package import Foundation
import GRDB

/// How far exports of a name have come, so that the next one of the name goes on from there.
enum ExportMarks {
    /// The last document that was there when an export of a name was made.
    static let migration = """
        CREATE TABLE exports (
          name TEXT PRIMARY KEY,
          at TEXT NOT NULL,
          last_document INTEGER NOT NULL
        ) STRICT;
        """
}

/// What a pass over documents has come to.
package struct DocumentPass: Hashable, Sendable {
    /// Documents that were given.
    package var documents = 0
    /// The last document of the database in that moment, given or not; 0 where there is none.
    package var lastDocument: Int64 = 0
    /// Documents up to the one that the selection begins after which are not current any more.
    package var removed: [Int64] = []
}

extension ResultReader {
    /// The last document that was there at the last export of a name; nil if there was none.
    package func lastDocument(ofExport name: String) throws(StoreError) -> Int64? {
        do {
            return try connection.read { database in
                guard try database.tableExists("exports") else { return nil }
                return try Int64.fetchOne(
                    database, sql: "SELECT last_document FROM exports WHERE name = ?",
                    arguments: [name])
            }
        } catch {
            throw StoreError(error, of: connection.path.description)
        }
    }
}

extension ResultDatabase {
    /// Says how far the export of a name has come.
    package func noteExport(
        of name: String, lastDocument: Int64, at date: Date
    ) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO exports (name, at, last_document) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE
                      SET at = excluded.at, last_document = excluded.last_document
                    """, arguments: [name, timestamp(date), lastDocument])
        }
    }
}
