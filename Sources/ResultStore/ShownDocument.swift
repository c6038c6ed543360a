// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation
import GRDB

/// One recorded document as people look at it: all that was found in it, everything else that is known of it, and
/// the documents that resemble it.
///
/// Offsets are Unicode scalars of its text; its JSON has the names of shoken-db(5).
package struct ShownDocument: Sendable {
    /// Another document that resembles it.
    package struct Alike: Sendable, Encodable {
        /// Its row.
        package let document: Int64
        /// 0 to 5.
        package let level: Int
        /// Probability of that level.
        package let score: Double

        private enum CodingKeys: String, CodingKey {
            case level, score
            case document = "document_id"
        }
    }

    /// What is known of the document itself: each of the columns of `documents` that says something, by name
    /// and in the table's order, then those of its model; the text is not among them.
    package let facts: [(name: String, value: ResultValue)]
    /// The document with its findings.
    package let stored: StoredDocument
    /// The scalars of its text.
    package let scalars: [Unicode.Scalar]
    /// What its stage rests on.
    package let evidence: [TNMEvidence]
    /// Grades of its mentions, and pairs of these, in the order of the text.
    package let grades: [StoredAdverseEvent], pairs: [StoredPair]
    /// Documents that resemble it, earlier and later ones.
    package let similar: [Alike]

    /// A fact by the name of its column; nil where it says nothing.
    package func fact(_ name: String) -> String? {
        facts.first { $0.name == name }?.value.text
    }

    /// What stands at a place, as far as the text goes.
    package func words(at range: SourceRange) -> String {
        let end = min(range.end, scalars.count)
        return String(String.UnicodeScalarView(scalars[min(range.start, end)..<end]))
    }

    /// The text of a mention; empty if there is none of this row.
    package func surface(of mention: Int64) -> String { stored.mention(mention)?.surface ?? "" }
}

extension ResultReader {
    /// The documents that a name may mean, by row: the row itself, or else all that have the key, or else all
    /// with that identifier of their sender; of a key or identifier the current ones, or all where none is.
    package func documents(named name: String) throws(StoreError) -> [Int64] {
        try read { database in
            if let row = Int64(name),
                try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM documents WHERE id = ?)",
                    arguments: [row]) == true
            {
                return [row]
            }
            for column in ["document_key", "external_id"] {
                let rows = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, standing = 'current' FROM documents WHERE \(column) = ?
                        ORDER BY id
                        """, arguments: [name])
                let current = rows.filter { $0[1] }
                if !rows.isEmpty { return (current.isEmpty ? rows : current).map { $0[0] } }
            }
            return []
        }
    }

    /// A document with all that was found in it; nil where there is none.
    package func document(_ row: Int64) throws(StoreError) -> ShownDocument? {
        try read { database in
            let cursor = try DocumentCursor(DocumentSelection(only: row), in: database)
            return try cursor.next().map { columns in
                try ShownDocument(cursor.document(of: columns), columns, in: database)
            }
        }
    }
}

extension ShownDocument {
    fileprivate init(_ stored: StoredDocument, _ columns: Row, in database: Database) throws {
        self.stored = stored
        facts = columns.compactMap { name, value in
            let value = ResultValue(value)
            return name == "text" || value == .null ? nil : (name, value)
        }
        scalars = Array(stored.text.unicodeScalars)
        evidence = try stored.stage?.pieces() ?? []
        func place(_ mention: Int64) -> Int { stored.mention(mention)?.range.start ?? 0 }
        grades = stored.adverseEvents.sorted { place($0.mention) < place($1.mention) }
        pairs = stored.pairs.sorted {
            (place($0.drug), place($0.disease)) < (place($1.drug), place($1.disease))
        }
        similar = try Row.fetchAll(
            database,
            sql: """
                SELECT other_document_id, level, score FROM similarities WHERE document_id = ?1
                UNION ALL
                SELECT document_id, level, score FROM similarities WHERE other_document_id = ?1
                ORDER BY 2 DESC, 3 DESC, 1
                """, arguments: [stored.id]
        ).map { Alike(document: $0[0], level: $0[1], score: $0[2]) }
    }
}
