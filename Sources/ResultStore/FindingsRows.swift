// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import GRDB

/// The rows of one document's findings: where they go within a transaction that goes on.
struct FindingsRows {
    /// The document's row.
    let document: Int64
    let kind: DocumentKind
    /// The document's text.
    let text: FoldedText
    let maker: ResultMaker
    let database: Database

    /// Writes everything that was found; gives the rows of the mentions.
    ///
    /// A mention takes over the row that `known` has for its place in the list.
    @discardableResult
    func insert(_ findings: Findings, over known: [Int: Int64] = [:]) throws -> [Int64] {
        let entityRows = try insert(findings.entities, over: known)
        try insert(MentionDoses(findings.entities, in: text.cleaned).doses, rows: entityRows)
        try insert(findings.tnm)
        try insert(findings.adverseEvents, entityRows: entityRows)
        try insert(findings.adverseEventPairs, entityRows: entityRows)
        try insert(findings.similarities, bands: findings.similarityBands)
        return entityRows
    }

    /// Writes the entities; gives their rows in the same order.
    private func insert(_ entities: [Entity], over known: [Int: Int64]) throws -> [Int64] {
        let columns = """
            (document_id, type, start, "end", surface, certainty, normalized, icd10, score,
             method, normalized_by, subject, temporality, state, cue_start, cue_end, review,
             sentence_start, sentence_end, code, code_edition)
            """
        let values = "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        let statement = try database.cachedStatement(
            sql: "INSERT INTO entities \(columns) VALUES \(values)")
        let sentences = MentionSentences(of: text)
        let rows = try entities.enumerated().map { index, entity in
            let sentence = sentences.range(around: entity.span.range)
            let arguments: StatementArguments = [
                document, entity.type.rawValue, entity.span.range.start, entity.span.range.end,
                entity.span.surface, entity.certainty.rawValue, entity.normalized, entity.icd10,
                entity.score, maker.method(of: entity),
                entity.normalizedBy?.rawValue, entity.status.subject.rawValue,
                entity.status.temporality.rawValue, entity.status.state?.rawValue,
                entity.status.cue?.range.start, entity.status.cue?.range.end,
                entity.needsReview, sentence?.start, sentence?.end, entity.code,
                entity.codeEdition,
            ]
            guard let row = known[index] else {
                try statement.execute(arguments: arguments)
                return database.lastInsertedRowID
            }
            try database.execute(
                sql: "UPDATE entities SET drug_id = NULL, \(columns) = \(values) WHERE id = ?",
                arguments: arguments + [row])
            return row
        }
        try join(entities, rows: rows)
        return rows
    }

    /// Joins doses to the rows of their drugs, which may stand behind them.
    private func join(_ entities: [Entity], rows: [Int64]) throws {
        let statement = try database.cachedStatement(
            sql: "UPDATE entities SET drug_id = ? WHERE id = ?")
        for (entity, row) in zip(entities, rows) {
            guard let drug = entity.drug, rows.indices.contains(drug) else { continue }
            try statement.execute(arguments: [rows[drug], row])
        }
    }

    private func insert(_ doses: [Int: StatedDose], rows: [Int64]) throws {
        for (index, dose) in doses.sorted(by: { $0.key < $1.key }) {
            try dose.insert(entity: rows[index], in: database)
        }
    }

    private func insert(_ tnm: TNMStage?) throws {
        guard let tnm else { return }
        try database.execute(
            sql: """
                INSERT INTO tnm_stages
                  (document_id, t, n, m, stage, reason, prefix, t_score, n_score, m_score,
                   evidence, edition, review, method)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """,
            arguments: [
                document, tnm.t, tnm.n, tnm.m, tnm.stage, tnm.reason?.rawValue, tnm.prefix,
                tnm.tScore, tnm.nScore, tnm.mScore, jsonText(tnm.evidence), tnm.edition,
                tnm.needsReview.map(\.rawValue).joined(separator: ","),
                maker.method(of: .tnm),
            ])
    }

    private func insert(_ adverseEvents: [AdverseEvent], entityRows: [Int64]) throws {
        for event in adverseEvents {
            try database.execute(
                sql: """
                    INSERT INTO adverse_events (document_id, entity_id, role, level, score, method)
                    VALUES (?,?,?,?,?,?)
                    """,
                arguments: [
                    document, entityRows[event.entityIndex], event.role.rawValue,
                    event.level.rawValue, event.score,
                    maker.method(of: .adverseEvents),
                ])
        }
    }

    private func insert(_ pairs: [AdverseEventPair], entityRows: [Int64]) throws {
        for pair in pairs {
            try database.execute(
                sql: """
                    INSERT INTO adverse_event_pairs
                      (document_id, drug_id, disease_id, level, rule, cue_start, cue_end, review,
                       method)
                    VALUES (?,?,?,?,?,?,?,?,?)
                    """,
                arguments: [
                    document, entityRows[pair.drug], entityRows[pair.disease],
                    pair.level.rawValue, pair.rule.rawValue, pair.cue.range.start,
                    pair.cue.range.end, pair.needsReview, "rules",
                ])
        }
    }

    private func insert(_ similarities: [Similarity], bands: [UInt64]) throws {
        for similarity in similarities {
            try database.execute(
                sql: """
                    INSERT INTO similarities
                      (document_id, other_document_id, level, score, evidence, method)
                    VALUES (?,?,?,?,?,?)
                    """,
                arguments: [
                    document, similarity.otherDocument, similarity.level, similarity.score,
                    jsonText(similarity.evidence), maker.method(of: .similarity),
                ])
        }
        for band in Set(bands) {
            try database.execute(
                sql: "INSERT INTO similarity_bands (kind, band, document_id) VALUES (?,?,?)",
                arguments: [kind.rawValue, Int64(bitPattern: band), document])
        }
    }
}
