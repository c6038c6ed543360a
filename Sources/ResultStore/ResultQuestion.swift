// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

/// Which mentions are asked for; nil asks for any.
package struct EntityFilter: Hashable, Sendable {
    /// positive, suspicious, negative, general.
    package var certainty: String?
    /// patient, family, other.
    package var subject: String?
    /// current, past, planned.
    package var temporality: String?
    /// What is done with a drug.
    package var state: String?
    /// Whether a person should look.
    package var review: Bool?

    /// Any mention.
    package init() {}

    /// What the patient has, as far as the text goes.
    package static var present: EntityFilter {
        var filter = EntityFilter()
        filter.certainty = "positive"
        filter.subject = "patient"
        filter.temporality = "current"
        return filter
    }
}

/// A fixed question that `shokenctl query` asks, with its filters.
package struct ResultQuestion: Sendable {
    /// What is listed.
    package enum Subject: String, CaseIterable, Sendable {
        case documents
        case entities
        case tnm
        case adverseEvents = "adverse-events"
        case adverseEventPairs = "adverse-event-pairs"
        case similar
    }

    /// What is listed.
    package var subject: Subject
    /// Only documents of this kind.
    package var kind: String?
    /// Only documents of this patient.
    package var patient: String?
    /// Only this document (row identifier), whatever its standing.
    package var document: Int64?
    /// Also versions that are superseded, withdrawn or sent twice.
    package var includesHistory = false
    /// Only documents written at or after this time, to the beginning of what is stated; those of no time
    /// that can be read count by when they were received.
    package var since: StatedTime?
    /// Only documents written, or else received, before this time.
    package var until: StatedTime?
    /// Entities: only this type.
    package var type: String?
    /// Entities, adverse events and their pairs: only surfaces, of pairs one of the two, that contain this.
    package var containing: String?
    /// Entities: what is said of them; pairs: whether a person should look.
    package var status = EntityFilter()
    /// Adverse events, their pairs, and similarities: only this level and above.
    package var minimumLevel: Int?
    /// At most so many rows.
    package var limit: Int

    /// A question without filters.
    package init(_ subject: Subject, limit: Int = 100) {
        self.subject = subject
        self.limit = limit
    }

    /// The statement and its arguments.
    var statement: (String, [(any DatabaseValueConvertible)?]) {
        var conditions: [String] = []
        var arguments: [(any DatabaseValueConvertible)?] = []
        func require(_ condition: String, _ argument: (any DatabaseValueConvertible)?) {
            guard let argument else { return }
            conditions.append(condition)
            arguments.append(argument)
        }
        require("d.kind = ?", kind)
        require("d.patient_id = ?", patient)
        require("d.id = ?", document)
        if !includesHistory, document == nil {
            conditions.append("d.standing = 'current'")
            if subject == .similar { conditions.append("o.standing = 'current'") }
        }
        require("coalesce(d.authored_utc, d.received_at) >= ?", since?.utc)
        require("coalesce(d.authored_utc, d.received_at) < ?", until?.utc)
        switch subject {
        case .documents, .tnm: break
        case .entities:
            require("e.type = ?", type)
            require("instr(e.surface, ?) > 0", containing)
            require("e.certainty = ?", status.certainty)
            require("e.subject = ?", status.subject)
            require("e.temporality = ?", status.temporality)
            require("e.state = ?", status.state)
            require("e.review = ?", status.review.map { $0 ? 1 : 0 })
        case .adverseEvents:
            require("instr(e.surface, ?) > 0", containing)
            require("a.level >= ?", minimumLevel)
        case .adverseEventPairs:
            if let containing {
                conditions.append("(instr(g.surface, ?) > 0 OR instr(e.surface, ?) > 0)")
                arguments += [containing, containing]
            }
            require("p.level >= ?", minimumLevel)
            require("p.review = ?", status.review.map { $0 ? 1 : 0 })
        case .similar:
            require("s.level >= ?", minimumLevel)
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        arguments.append(limit)
        return ("\(selection) \(filter) \(order) LIMIT ?", arguments)
    }

    private var selection: String {
        switch subject {
        case .documents:
            """
            SELECT d.id, d.kind, d.patient_id, d.external_id, d.authored_at, d.processed_at,
              d.source_name, d.format, d.version, d.sender_status, d.standing, d.conflict,
              d.encoding, length(d.text) AS characters,
              (SELECT count(*) FROM entities e WHERE e.document_id = d.id
                 AND e.certainty = 'positive' AND e.subject = 'patient'
                 AND e.temporality = 'current') AS entities,
              (SELECT stage FROM tnm_stages t WHERE t.document_id = d.id) AS stage
            FROM documents d
            """
        case .entities:
            """
            SELECT e.id, e.document_id, d.kind, d.patient_id, e.type, e.start, e."end", e.surface,
              e.certainty, e.subject, e.temporality, e.state,
              substr(d.text, e.cue_start + 1, e.cue_end - e.cue_start) AS cue, e.drug_id, e.review,
              (SELECT title FROM document_sections x WHERE x.document_id = d.id
                 AND x.start <= e.start AND e."end" <= x."end"
                 ORDER BY x.position DESC LIMIT 1) AS section,
              e.normalized, e.normalized_by, e.icd10, round(e.score, 3) AS score
            FROM entities e JOIN documents d ON d.id = e.document_id
            """
        case .tnm:
            """
            SELECT t.document_id, d.patient_id, t.t, t.n, t.m, t.stage, t.reason, t.prefix, t.edition,
              round(t.t_score, 3) AS t_score, round(t.n_score, 3) AS n_score,
              round(t.m_score, 3) AS m_score, t.review, t.evidence
            FROM tnm_stages t JOIN documents d ON d.id = t.document_id
            """
        case .adverseEvents:
            """
            SELECT a.id, a.document_id, d.patient_id, a.role, e.surface, e.start, e."end", a.level,
              round(a.score, 3) AS score
            FROM adverse_events a JOIN entities e ON e.id = a.entity_id
            JOIN documents d ON d.id = a.document_id
            """
        case .adverseEventPairs:
            """
            SELECT p.id, p.document_id, d.patient_id, g.surface AS drug, e.surface AS reaction,
              p.level, p.rule, substr(d.text, p.cue_start + 1, p.cue_end - p.cue_start) AS cue,
              p.review, p.drug_id, p.disease_id
            FROM adverse_event_pairs p JOIN entities g ON g.id = p.drug_id
            JOIN entities e ON e.id = p.disease_id
            JOIN documents d ON d.id = p.document_id
            """
        case .similar:
            """
            SELECT s.document_id, s.other_document_id, d.kind, d.patient_id, s.level,
              round(s.score, 3) AS score, s.evidence
            FROM similarities s JOIN documents d ON d.id = s.document_id
            JOIN documents o ON o.id = s.other_document_id
            """
        }
    }

    private var order: String {
        switch subject {
        case .documents: "ORDER BY d.id"
        case .entities: "ORDER BY e.document_id, e.start"
        case .tnm: "ORDER BY t.document_id"
        case .adverseEvents: "ORDER BY a.document_id, e.start"
        case .adverseEventPairs: "ORDER BY p.document_id, g.start, e.start"
        case .similar: "ORDER BY s.document_id, s.level DESC, s.score DESC"
        }
    }
}
