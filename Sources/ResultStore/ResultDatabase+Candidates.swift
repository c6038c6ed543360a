import ClinicalTypes
import GRDB

/// An earlier document that may resemble a new one.
package struct SimilarityCandidate: Hashable, Sendable {
    /// Its row.
    package let document: Int64
    /// Its text.
    package let text: String
    /// How many similarity bands the two share.
    package let sharedBands: Int
}

extension ResultDatabase {
    /// The earlier documents of a kind that share most bands with a new one, best first.
    ///
    /// Among equals the newest come first. Cost: one index look-up a band.
    func similarityCandidates(
        kind: DocumentKind, bands: [UInt64], limit: Int, in database: Database
    ) throws -> [SimilarityCandidate] {
        guard !bands.isEmpty, limit > 0 else { return [] }
        let keys = Set(bands).map { Int64(bitPattern: $0) }
        let marks = Array(repeating: "?", count: keys.count).joined(separator: ",")
        var arguments: StatementArguments = [kind.rawValue]
        arguments += StatementArguments(keys)
        arguments += [limit]
        let sql = """
            SELECT d.id, d.text, c.shared FROM (
              SELECT document_id, count(*) AS shared FROM similarity_bands
              WHERE kind = ? AND band IN (\(marks))
              GROUP BY document_id ORDER BY shared DESC, document_id DESC LIMIT ?
            ) c JOIN documents d ON d.id = c.document_id
            ORDER BY c.shared DESC, d.id DESC
            """
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
            SimilarityCandidate(document: row[0], text: row[1], sharedBands: row[2])
        }
    }
}
