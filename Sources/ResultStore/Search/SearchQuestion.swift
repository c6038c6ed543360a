// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

/// A search for words in documents' texts and in the standard names of what was found there.
package struct SearchQuestion: Sendable {
    /// What every document must have.
    package let words: [String]
    /// Only documents of this kind.
    package var kind: String?
    /// Only documents of this patient.
    package var patient: String?
    /// Only documents written, or else received, at or after this time.
    package var since: StatedTime?
    /// Only documents written, or else received, before this time.
    package var until: StatedTime?
    /// Also versions that are superseded, withdrawn or sent twice.
    package var includesHistory = false
    /// At most so many documents.
    package var limit: Int

    /// A search for words.
    package init(_ words: [String], limit: Int = 20) {
        (self.words, self.limit) = (words, limit)
    }

    /// The statement that gives the documents that may have the words, the last recorded first; nil where a
    /// word has no character that is searched for.
    fileprivate func statement(_ folded: [FoldedText]) -> (sql: String, StatementArguments)? {
        let matches = folded.compactMap(\.match)
        guard !matches.isEmpty, matches.count == folded.count else { return nil }
        var conditions = ["search_index MATCH ?"]
        var arguments: [(any DatabaseValueConvertible)?] = [matches.joined(separator: " AND ")]
        if !includesHistory { conditions.append("d.standing = 'current'") }
        for (condition, value) in [
            ("d.kind = ?", kind),
            // The few documents of a patient are looked up in the index, not the many that have the words in
            // the table.
            ("s.rowid IN (SELECT id FROM documents WHERE patient_id = ?)", patient),
            ("coalesce(d.authored_utc, d.received_at) >= ?", since?.utc),
            ("coalesce(d.authored_utc, d.received_at) < ?", until?.utc),
        ] where value != nil {
            conditions.append(condition)
            arguments.append(value)
        }
        let sql = """
            SELECT d.id, d.kind, d.patient_id, d.title, d.standing, d.text,
              date(coalesce(d.authored_utc, d.received_at), '+9 hours') AS date
            FROM search_index s CROSS JOIN documents d ON d.id = s.rowid
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY s.rowid DESC
            """
        return (sql, StatementArguments(arguments))
    }
}

/// A document that has all words of a search.
package struct SearchHit: Hashable, Sendable, Encodable {
    /// A place in the document's text.
    package struct Place: Hashable, Sendable, Encodable {
        /// Offset of the first Unicode scalar.
        package let start: Int
        /// Offset after the last.
        package let stop: Int
        /// What stands there, unchanged.
        package let surface: String
        /// The standard name by which it was found; nil where the text itself has the word.
        package let name: String?
    }

    /// Its row.
    package let document: Int64
    /// The day on which it was written, or else received, in Japan.
    package let date: String?
    /// Its kind.
    package let kind: String
    /// The sender's identifier of the patient.
    package let patient: String?
    /// Its title as sent.
    package let title: String?
    /// What it is among its versions.
    package let standing: String
    /// Where the words stand, in order of the text.
    package let places: [Place]
    /// The first of the places with what stands around it, in one line; the word is in 【】.
    package let snippet: String

    private enum CodingKeys: String, CodingKey {
        case date, kind, title, standing, places, snippet
        case document = "document_id"
        case patient = "patient_id"
    }
}

/// What a search found.
package struct SearchResult: Hashable, Sendable {
    /// The documents, the last recorded first.
    package let hits: [SearchHit]
    /// Whether there are more than the limit lets through.
    package let hasMore: Bool
}

extension ResultReader {
    /// Documents that have all words of a search, in their texts or as standard names of their findings.
    ///
    /// Throws `StoreError.statement` for words without a character that can be searched for.
    package func hits(of question: SearchQuestion) throws(StoreError) -> SearchResult {
        let words = question.words.map(FoldedText.init)
        guard let (sql, arguments) = question.statement(words) else {
            throw .statement(detail: "a word to search for has letters, digits or signs")
        }
        return try read { database in
            guard try database.tableExists("search_index") else {
                throw StoreError.cannotOpen(
                    file: connection.path.description,
                    detail: "it was made by an older version of Shoken and has no index to search; "
                        + "the daemon brings it up to date when it starts")
            }
            var hits: [SearchHit] = []
            let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            while let row = try rows.next() {
                guard let hit = try SearchHit(row, words: words, in: database) else { continue }
                if hits.count == question.limit { return SearchResult(hits: hits, hasMore: true) }
                hits.append(hit)
            }
            return SearchResult(hits: hits, hasMore: false)
        }
    }
}

extension SearchHit {
    /// The places of the words in a document; nil where it lacks one of them.
    fileprivate init?(_ row: Row, words: [FoldedText], in database: Database) throws {
        let folded = FoldedText(row["text"])
        let source = folded.cleaned
        var places: [Place] = []
        for word in words {
            var found = folded.places(of: word).map {
                Place(start: $0.start, stop: $0.end, surface: source.sourceSlice($0), name: nil)
            }
            if found.isEmpty { found = try Self.named(word, in: row["id"], of: database) }
            guard !found.isEmpty else { return nil }
            places += found
        }
        places.sort { ($0.start, $0.stop) < ($1.start, $1.stop) }
        document = row["id"]
        date = row["date"]
        kind = row["kind"]
        patient = row["patient_id"]
        title = row["title"]
        standing = row["standing"]
        snippet = places.first.map { Self.snippet($0, of: source.source) } ?? ""
        self.places = places
    }

    /// The findings of a document whose standard name has a word in it.
    private static func named(
        _ word: FoldedText, in document: Int64, of database: Database
    ) throws -> [Place] {
        let rows = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT start, "end", surface, normalized FROM entities
                    WHERE document_id = ? AND normalized IS NOT NULL ORDER BY start
                    """), arguments: [document])
        return rows.compactMap { row in
            let name: String = row[3]
            guard !FoldedText(name).places(of: word).isEmpty else { return nil }
            return Place(start: row[0], stop: row[1], surface: row[2], name: name)
        }
    }

    /// How much of the text stands on either side of a word in a snippet, in scalars.
    private static let sideOfSnippet = 24

    private static func snippet(_ place: Place, of text: [Unicode.Scalar]) -> String {
        let start = max(0, place.start - sideOfSnippet)
        let end = min(text.count, place.stop + sideOfSnippet)
        func line(_ range: Range<Int>) -> String {
            var (line, isAfterSpace) = (String.UnicodeScalarView(), false)
            for scalar in text[range] {
                let isSpace = scalar.properties.isWhitespace
                if !isSpace || !isAfterSpace { line.append(isSpace ? " " : scalar) }
                isAfterSpace = isSpace
            }
            return String(line)
        }
        return (start > 0 ? "…" : "") + line(start..<place.start)
            + "【" + line(place.start..<place.stop) + "】" + line(place.stop..<end)
            + (end < text.count ? "…" : "")
    }
}
