// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

/// An earlier document that may resemble a new one.
package struct SimilarityCandidate: Hashable, Sendable {
    /// Its row; of a document that is recorded by the same call the row that it is going to have.
    package let document: Int64
    /// How many similarity bands the two share.
    package let sharedBands: Int
}

/// What new files meet in the database, as of one moment: what there is to know before they are
/// recorded.
package struct Precedents: Sendable {
    /// The newest document's row; 0 in an empty database. New documents get the rows after it.
    package let lastDocument: Int64
    /// Of each file the candidates of each of its documents, best first; nil for a file that is
    /// recorded already, or stands in the list before.
    package let candidates: [[[SimilarityCandidate]]?]
}

extension ResultDatabase {
    /// Looks up what files that are to be recorded together will be compared with.
    ///
    /// The candidates of a document are the earlier ones of its kind that share most bands with it,
    /// `candidateLimit` at most; among equals the newest come first. Earlier ones of the same call are
    /// among them, because order decides, not how files come together. What is found holds as long as
    /// nobody else writes: ``record(_:after:maker:at:)`` checks that.
    package func precedents(
        of files: [RecordedFile], candidateLimit: Int
    ) throws(StoreError) -> Precedents {
        try read { database in
            let last = try lastDocument(in: database)
            var earlier = EarlierInCall(first: last + 1)
            var identities: Set<[String]> = []
            let candidates = try files.map { file -> [[SimilarityCandidate]]? in
                let identity = [file.sha256, file.kind.rawValue, file.sourceName]
                guard identities.insert(identity).inserted,
                    try !isRecorded(
                        sha256: file.sha256, kind: file.kind.rawValue, sourceName: file.sourceName,
                        in: database)
                else { return nil }
                return try file.documents.map { entry in
                    let (kind, bands) = (entry.document.kind, Set(entry.findings.similarityBands))
                    let found =
                        try earlier.candidates(
                            kind: kind, bands: bands, limit: candidateLimit)
                        + similarityCandidates(
                            kind: kind, bands: bands, limit: candidateLimit, in: database)
                    earlier.append(kind: kind, bands: bands)
                    return Array(found.sorted(by: Self.isBetter).prefix(candidateLimit))
                }
            }
            return Precedents(lastDocument: last, candidates: candidates)
        }
    }

    /// The text of a recorded document; nil if there is none.
    package func text(ofDocument document: Int64) throws(StoreError) -> String? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT text FROM documents WHERE id = ?", arguments: [document])
        }
    }

    /// The newest document's row, 0 if there is none.
    func lastDocument(in database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT max(id) FROM documents") ?? 0
    }

    private static func isBetter(_ a: SimilarityCandidate, _ b: SimilarityCandidate) -> Bool {
        (a.sharedBands, a.document) > (b.sharedBands, b.document)
    }

    /// The recorded documents of a kind that share most bands, best first: one index look-up a band.
    private func similarityCandidates(
        kind: DocumentKind, bands: Set<UInt64>, limit: Int, in database: Database
    ) throws -> [SimilarityCandidate] {
        guard !bands.isEmpty, limit > 0 else { return [] }
        let marks = Array(repeating: "?", count: bands.count).joined(separator: ",")
        var arguments: StatementArguments = [kind.rawValue]
        arguments += StatementArguments(bands.map { Int64(bitPattern: $0) })
        arguments += [limit]
        let statement = try database.cachedStatement(
            sql: """
                SELECT document_id, count(*) AS shared FROM similarity_bands
                WHERE kind = ? AND band IN (\(marks))
                GROUP BY document_id ORDER BY shared DESC, document_id DESC LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            SimilarityCandidate(document: row[0], sharedBands: row[1])
        }
    }
}

/// The documents of one call that come before the one in hand, by their bands.
private struct EarlierInCall {
    private struct Key: Hashable {
        let kind: DocumentKind
        let band: UInt64
    }

    private var next: Int64
    private var documents: [Key: [Int64]] = [:]

    /// None yet; the first will have the row `first`.
    init(first: Int64) { next = first }

    /// Adds a document, which will have the next row.
    mutating func append(kind: DocumentKind, bands: Set<UInt64>) {
        for band in bands { documents[Key(kind: kind, band: band), default: []].append(next) }
        next += 1
    }

    /// The documents of a kind that share most bands, best first.
    func candidates(kind: DocumentKind, bands: Set<UInt64>, limit: Int) -> [SimilarityCandidate] {
        var shared: [Int64: Int] = [:]
        for band in bands {
            for document in documents[Key(kind: kind, band: band)] ?? [] {
                shared[document, default: 0] += 1
            }
        }
        return shared.map { SimilarityCandidate(document: $0.key, sharedBands: $0.value) }
            .sorted { ($0.sharedBands, $0.document) > ($1.sharedBands, $1.document) }
            .prefix(limit).map { $0 }
    }
}
