// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

/// Which documents are looked through for similar cases; nil stands for any.
package struct CaseFilter: Hashable, Sendable {
    /// Only documents of this kind.
    package var kind: String?
    /// Only documents of this patient.
    package var patient: String?
    /// Only documents of other patients than this one.
    package var otherThanPatient: String?
    /// Only documents written, or else received, at or after this time.
    package var since: StatedTime?
    /// Only documents written, or else received, before this time.
    package var until: StatedTime?

    /// Any document.
    package init() {}
}

/// A document with what it says of its patient.
package struct StoredCase: Hashable, Sendable {
    /// Its row.
    package let document: Int64
    /// Its kind.
    package let kind: String
    /// The patient's identifier.
    package let patient: String?
    /// When it was written, as sent.
    package let authoredAt: String?
    /// Its key, where it has one.
    package let key: String?
    /// Its mentions in the text's order.
    package let mentions: [CaseMention]
}

extension ResultReader {
    /// Of each name only so many mentions are looked at, the newest.
    private static let mostOfName = 500

    /// How many documents speak of a name, among so many of its mentions at most.
    package func frequency(
        of name: String, type: EntityType, upTo bound: Int
    ) throws(StoreError) -> Int {
        let table = try run(
            """
            SELECT count(DISTINCT document_id) FROM (
              SELECT document_id FROM entities WHERE surface = ?1 AND type = ?2
              UNION ALL
              SELECT document_id FROM entities WHERE normalized = ?1 AND type = ?2 LIMIT ?3)
            """, arguments: [name, type.rawValue, bound])
        return Int(table.rows.first?.first?.text ?? "") ?? 0
    }

    /// How many documents are current.
    package func currentDocuments() throws(StoreError) -> Int {
        let table = try run(
            "SELECT count(*) FROM documents_current", arguments: [])
        return Int(table.rows.first?.first?.text ?? "") ?? 0
    }

    /// The newest current documents that speak of any of some names, and of how many of them, best first.
    ///
    /// Names are words as they stand, or standard names. The work is bounded whatever is stored: of each name
    /// the newest `mostOfName` mentions are looked at.
    package func documents(
        speakingOf names: [(name: String, type: EntityType, weight: Double)],
        within filter: CaseFilter, limit: Int
    ) throws(StoreError) -> [Int64] {
        var votes: [Int64: Double] = [:]
        for (name, type, weight) in names {
            var found: Set<Int64> = []
            for column in ["surface", "normalized"] {
                let table = try run(
                    """
                    SELECT DISTINCT d.id FROM (
                      SELECT document_id FROM entities WHERE \(column) = ?1 AND type = ?2
                      ORDER BY id DESC LIMIT ?8) e JOIN documents d ON d.id = e.document_id
                    WHERE d.standing = 'current'
                      AND (?3 IS NULL OR d.kind = ?3) AND (?4 IS NULL OR d.patient_id = ?4)
                      AND (?5 IS NULL OR d.patient_id IS NOT ?5)
                      AND (?6 IS NULL OR coalesce(d.authored_utc, d.received_at) >= ?6)
                      AND (?7 IS NULL OR coalesce(d.authored_utc, d.received_at) < ?7)
                    """,
                    arguments: [
                        name, type.rawValue, filter.kind, filter.patient, filter.otherThanPatient,
                        filter.since?.utc, filter.until?.utc, Self.mostOfName,
                    ])
                found.formUnion(table.rows.compactMap { Int64($0[0].text) })
            }
            for document in found { votes[document, default: 0] += weight }
        }
        return votes.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.prefix(limit).map(\.key)
    }

    /// A document with what it says of its patient; nil where there is none of this number.
    package func storedCase(ofDocument document: Int64) throws(StoreError) -> StoredCase? {
        let documents = try run(
            "SELECT kind, patient_id, authored_at, document_key FROM documents WHERE id = ?",
            arguments: [document])
        guard let row = documents.rows.first else { return nil }
        let mentions = try run(
            """
            SELECT e.type, e.surface, e.normalized, e.certainty, e.subject, e.temporality, e.state,
              e.icd10,
              EXISTS (SELECT 1 FROM adverse_event_pairs p WHERE p.drug_id = e.id AND p.level >= 2)
              OR EXISTS (SELECT 1 FROM adverse_event_pairs p
                         WHERE p.disease_id = e.id AND p.level >= 2)
            FROM entities e WHERE e.document_id = ? ORDER BY e.start
            """, arguments: [document])
        func optional(_ value: ResultValue) -> String? {
            if case .text(let text) = value { text } else { nil }
        }
        return StoredCase(
            document: document, kind: row[0].text, patient: optional(row[1]),
            authoredAt: optional(row[2]), key: optional(row[3]),
            mentions: mentions.rows.compactMap { row in
                guard let type = EntityType(rawValue: row[0].text),
                    let certainty = Certainty(rawValue: row[3].text)
                else { return nil }
                return CaseMention(
                    type: type, surface: row[1].text, normalized: optional(row[2]),
                    icd10: optional(row[7]),
                    status: AssertionStatus(
                        certainty: certainty,
                        subject: MentionSubject(rawValue: row[4].text) ?? .patient,
                        temporality: Temporality(rawValue: row[5].text) ?? .current,
                        state: optional(row[6]).flatMap(DrugState.init)),
                    isCausal: row[8] == .integer(1))
            })
    }
}
