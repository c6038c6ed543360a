// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation
import GRDB

/// A recorded document that is to be read once more.
package struct RereadDocument: Hashable, Sendable {
    /// Its row.
    package let id: Int64
    /// The document, with all of it that findings follow from.
    package let document: ClinicalDocument
}

extension RereadDocument {
    /// The document as it was recorded; nil where its kind or format is one that a newer program gave it.
    init?(_ stored: StoredDocument) {
        guard let kind = DocumentKind(rawValue: stored.kind),
            let format = SourceFormat(rawValue: stored.format),
            let status = SenderStatus(rawValue: stored.header.status)
        else { return nil }
        var source = DocumentSource(format: format)
        source.key = stored.header.key
        source.status = status
        source.sections = stored.sections
        id = stored.id
        document = ClinicalDocument(
            kind: kind, text: stored.text, authoredAt: stored.header.authoredAt, source: source)
    }
}

extension ResultDatabase {
    /// Puts what is found in a document now into the place of what was found before, which is kept beside it, and
    /// says so in the request; all in one transaction. Whether it was done: not for a request that was cancelled or has
    /// this document behind it.
    package func replaceResults(
        of document: RereadDocument, by findings: Findings, for request: Int64,
        maker: ResultMaker, at date: Date
    ) throws(StoreError) -> Bool {
        try write { database in
            guard try isOpen(request, before: document.id, in: database) else { return false }
            guard let stored = try StoredDocument.read(document.id, in: database) else {
                // A part of a file that was taken back.
                try advance(request, past: document.id, counting: nil, in: database)
                return true
            }
            let model = try modelRow(maker, at: date, in: database)
            let run = try runRow(maker, of: model, documents: 1, at: date, in: database)
            let former = KeptResults(
                stored, similarities: try likenesses(of: document.id, in: database))
            try database.execute(
                sql: """
                    INSERT INTO run_results (document_id, run_id, read_at, kept_at, results)
                    SELECT id, run_id, processed_at, ?, ? FROM documents WHERE id = ?
                    """, arguments: [timestamp(date), jsonText(former), document.id])
            try database.execute(
                sql: "UPDATE documents SET processed_at = ?, model_id = ?, run_id = ? WHERE id = ?",
                arguments: [timestamp(date), model, run, document.id])

            let text = FoldedText(document.document.text)
            let index = SearchIndex(database: database)
            try index.remove([document.id])
            let reviews = RereadReviews(document: document.id, database: database)
            let known = try reviews.rows(for: findings.entities)
            let lost = try reviews.detach(except: Set(known.values))
            try removeFindings(of: document.id, except: Set(known.values), in: database)
            let rows = try FindingsRows(
                document: document.id, kind: document.document.kind, text: text, maker: maker,
                database: database
            ).insert(findings, over: known)
            try index.insert(
                document.id, text: text, names: findings.entities.compactMap(\.normalized))
            try reviews.attach(to: findings.entities, rows: rows)
            try reviews.mark(
                lost: lost, former, KeptResults(findings, by: maker), run: run,
                at: timestamp(date))
            try advance(request, past: document.id, counting: "reread", in: database)
            return true
        }
    }

    /// The earlier documents that may resemble one that is read once more, best first.
    package func precedents(
        of document: RereadDocument, bands: [UInt64], candidateLimit: Int
    ) throws(StoreError) -> [SimilarityCandidate] {
        try read { database in
            try bestCandidates(
                kind: document.document.kind, bands: Set(bands),
                key: document.document.source.key, limit: candidateLimit, before: document.id,
                in: database)
        }
    }

    /// Removes the rows of what was found in a document, but for these mentions.
    private func removeFindings(
        of document: Int64, except kept: Set<Int64>, in database: Database
    ) throws {
        for table in [
            "adverse_event_pairs", "adverse_events", "tnm_stages", "similarities",
            "similarity_bands",
        ] {
            try database.execute(
                sql: "DELETE FROM \(table) WHERE document_id = ?", arguments: [document])
        }
        let rows = try Int64.fetchAll(
            database, sql: "SELECT id FROM entities WHERE document_id = ?", arguments: [document])
        for row in rows {
            try database.execute(
                sql: kept.contains(row)
                    ? "DELETE FROM dose_amounts WHERE entity_id = ?"
                    : "DELETE FROM entities WHERE id = ?", arguments: [row])
        }
    }

    private func likenesses(
        of document: Int64, in database: Database
    ) throws -> [KeptResults.Likeness] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT other_document_id, level, score FROM similarities
                WHERE document_id = ? ORDER BY other_document_id
                """, arguments: [document]
        ).map { KeptResults.Likeness(document: $0[0], level: $0[1], score: $0[2]) }
    }
}
