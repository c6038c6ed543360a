// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import GRDB

/// A document that a reviewer has done, with the mentions that are right.
package struct ReviewedDocument: Hashable, Sendable {
    /// Its number.
    package let id: Int64
    /// Its kind, as its sender or folder says.
    package let kind: String
    /// Its text.
    package let text: String
    /// Who has done it, in the order of names.
    package let reviewers: [String]
    /// The mentions of `findings_reviewed`, in the order of the text.
    package let mentions: [MentionReading]

    /// Calls `body` with each document that is done, in the order of recording.
    ///
    /// Throws ``StoreError``, or what `body` throws inside one of its cases.
    package static func each(
        of path: FilePath, _ body: (ReviewedDocument) throws -> Void
    ) throws(StoreError) {
        do {
            try ReadingConnection.reviewed(path) { database in
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT d.id, d.kind, d.text FROM documents d
                        WHERE d.standing = 'current' AND EXISTS (
                          SELECT 1 FROM reviews_in_force r
                          WHERE r.document_id = d.id AND r.action = 'done')
                        ORDER BY d.id
                        """)
                while let row = try rows.next() { try body(ReviewedDocument(row, in: database)) }
            }
        } catch {
            throw StoreError(error, of: path.description)
        }
    }

    private init(_ row: Row, in database: Database) throws {
        id = row[0]
        kind = row[1]
        text = row[2]
        reviewers = try String.fetchAll(
            database,
            sql: """
                SELECT DISTINCT reviewer FROM reviews_in_force
                WHERE document_id = ? AND action = 'done' ORDER BY reviewer
                """, arguments: [id])
        mentions = try Row.fetchAll(
            database,
            sql: """
                SELECT type, start, "end", certainty, subject FROM findings_reviewed
                WHERE document_id = ? ORDER BY start, "end"
                """, arguments: [id]
        ).compactMap {
            MentionReading($0, columns: "type", "start", "end", "certainty", "subject")
        }
    }
}
