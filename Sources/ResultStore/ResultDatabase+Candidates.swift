// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
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
    /// The most documents of one band that are looked at: text that every document of a ward has would
    /// otherwise cost more with each of them.
    package static let mostOfBand = 64

    /// Looks up what files that are to be recorded together will be compared with.
    ///
    /// The candidates of a document are the earlier ones of its kind that share most bands with it,
    /// `candidateLimit` at most; among equals the newest come first. Of the documents that share a band
    /// only the newest ``mostOfBand`` are looked at. Earlier ones of the same call are among them, because
    /// order decides, not how files come together. What is found holds as long as
    /// nobody else writes: ``record(_:after:maker:at:)`` checks that.
    package func precedents(
        of files: [RecordedFile], candidateLimit: Int
    ) throws(StoreError) -> Precedents {
        try readBeforeWriting { database in
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
                    let key = entry.document.source.key
                    let found = try bestCandidates(
                        kind: kind, bands: bands, key: key, limit: candidateLimit, earlier,
                        in: database)
                    earlier.append(kind: kind, bands: bands, key: key)
                    return found
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

    /// The recorded documents before one that may resemble it, best first.
    func bestCandidates(
        kind: DocumentKind, bands: Set<UInt64>, key: String?, limit: Int, before document: Int64,
        in database: Database
    ) throws -> [SimilarityCandidate] {
        try bestCandidates(
            kind: kind, bands: bands, key: key, limit: limit, EarlierInCall(first: .max),
            before: document, in: database)
    }

    /// The documents of a kind that share most bands, best first: one bounded look-up a band.
    ///
    /// Other versions of the same document are not among them, nor any that is not current.
    private func bestCandidates(
        kind: DocumentKind, bands: Set<UInt64>, key: String?, limit: Int,
        _ earlier: EarlierInCall, before last: Int64 = .max, in database: Database
    ) throws -> [SimilarityCandidate] {
        guard limit > 0 else { return [] }
        let statement = try database.cachedStatement(
            sql: """
                SELECT document_id FROM similarity_bands
                WHERE kind = ? AND band = ? AND document_id < ?
                ORDER BY document_id DESC LIMIT ?
                """)
        var shared: [Int64: Int] = [:]
        for band in bands {
            let own = earlier.documents(kind: kind, band: band).suffix(Self.mostOfBand)
            for document in own { shared[document, default: 0] += 1 }
            let recorded = try Int64.fetchCursor(
                statement,
                arguments: [
                    kind.rawValue, Int64(bitPattern: band), last, Self.mostOfBand - own.count,
                ])
            while let document = try recorded.next() { shared[document, default: 0] += 1 }
        }
        let isOther = try database.cachedStatement(
            sql: """
                SELECT 1 FROM documents WHERE id = ? AND standing = 'current'
                AND (?2 IS NULL OR document_key IS NOT ?2)
                """)
        var best: [SimilarityCandidate] = []
        let sorted = shared.map { SimilarityCandidate(document: $0.key, sharedBands: $0.value) }
            .sorted { ($0.sharedBands, $0.document) > ($1.sharedBands, $1.document) }
        for candidate in sorted where best.count < limit {
            let isFit =
                try earlier.has(candidate.document)
                ? key == nil || earlier.key(of: candidate.document) != key
                : Int.fetchOne(isOther, arguments: [candidate.document, key]) != nil
            if isFit { best.append(candidate) }
        }
        return best
    }
}

/// The documents of one call that come before the one in hand, by their bands.
private struct EarlierInCall {
    private struct Key: Hashable {
        let kind: DocumentKind
        let band: UInt64
    }

    private let first: Int64
    private var keys: [String?] = []
    private var documents: [Key: [Int64]] = [:]

    /// None yet; the first will have the row `first`.
    init(first: Int64) { self.first = first }

    /// Adds a document, which will have the next row; `key` is that of its versions.
    mutating func append(kind: DocumentKind, bands: Set<UInt64>, key: String?) {
        let next = first + Int64(keys.count)
        for band in bands { documents[Key(kind: kind, band: band), default: []].append(next) }
        keys.append(key)
    }

    /// Whether a row is going to be that of one of them.
    func has(_ row: Int64) -> Bool { row >= first }

    /// The key of the document that is going to have a row.
    func key(of row: Int64) -> String? { keys[Int(row - first)] }

    /// The documents of a kind that have a band, the oldest first.
    func documents(kind: DocumentKind, band: UInt64) -> [Int64] {
        documents[Key(kind: kind, band: band)] ?? []
    }
}
