// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import GRDB

/// The full-text index: of each document the pairs of neighbouring characters in its text and in the
/// standard names of what was found in it.
///
/// An FTS5 table without content of its own: it only tells which documents may have a word, and
/// `SearchQuestion` looks into their texts. What is written of a document follows from its rows, so that it
/// can be taken out, or all be made anew.
struct SearchIndex {
    let database: Database

    /// The statement that makes the index.
    static let migration = """
        CREATE VIRTUAL TABLE search_index USING fts5(
          grams, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
        """

    /// Adds a document with the standard names of its findings.
    func insert(_ document: Int64, text: FoldedText, names: some Sequence<String>) throws {
        try database.cachedStatement(
            sql: "INSERT INTO search_index (rowid, grams) VALUES (?, ?)"
        ).execute(arguments: [document, Self.grams(of: text, names)])
    }

    /// Takes documents out whose rows are still there.
    func remove(_ documents: [Int64]) throws {
        for document in documents {
            guard
                let text = try String.fetchOne(
                    database, sql: "SELECT text FROM documents WHERE id = ?", arguments: [document])
            else { continue }
            try database.execute(
                sql: """
                    INSERT INTO search_index (search_index, rowid, grams) VALUES ('delete', ?, ?)
                    """,
                arguments: [
                    document, Self.grams(of: FoldedText(text), try names(of: document)),
                ])
        }
    }

    /// Takes documents out whose rows are still there, so that the file of the index holds nothing of them either.
    func removeWholly(_ documents: [Int64]) throws {
        if documents.isEmpty { return }
        try remove(documents)
        // Until its parts are merged, the index holds what was taken out, marked as such.
        try database.execute(sql: "INSERT INTO search_index (search_index) VALUES ('optimize')")
    }

    /// Makes the index anew from all documents; gives their number.
    @discardableResult
    func rebuild() throws -> Int {
        try database.execute(
            sql: "INSERT INTO search_index (search_index) VALUES ('delete-all')")
        var count = 0
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, text FROM documents ORDER BY id")
        while let row = try rows.next() {
            let document: Int64 = row[0]
            try insert(document, text: FoldedText(row[1]), names: names(of: document))
            count += 1
        }
        return count
    }

    /// Makes the index of a copy anew from its beginning, so that nothing is left of former texts.
    func remake() throws {
        try database.execute(sql: "DROP TABLE IF EXISTS search_index")
        try database.execute(sql: Self.migration)
        try rebuild()
    }

    private func names(of document: Int64) throws -> [String] {
        try String.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT DISTINCT normalized FROM entities
                    WHERE document_id = ? AND normalized IS NOT NULL
                    """), arguments: [document])
    }

    private static func grams(of text: FoldedText, _ names: some Sequence<String>) -> String {
        Set(names).reduce(into: text.grams) { $0.formUnion(FoldedText($1).grams) }
            .joined(separator: " ")
    }
}

extension ResultDatabase {
    /// Makes the full-text index anew, in one transaction, for which the daemon waits; gives the number of
    /// documents in it.
    @discardableResult
    package func rebuildSearchIndex() throws(StoreError) -> Int {
        try write { try SearchIndex(database: $0).rebuild() }
    }
}
