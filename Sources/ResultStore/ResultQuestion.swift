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

    /// Every stage group that a result may have, those included of which only the common part is known.
    package static let stages = [
        "occult", "0", "I", "IA", "IA1", "IA2", "IA3", "IB", "II", "IIA", "IIB", "III", "IIIA",
        "IIIB", "IIIC", "IV", "IVA", "IVB",
    ]

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
    /// Entities: what is said of them; pairs and TNM: whether a person should look.
    package var status = EntityFilter()
    /// Entities, adverse events and the reactions of pairs: only those with a code that begins so
    /// (ICD-10 without the point).
    package var code: String?
    /// Entities, adverse events and their pairs: only this standard name; of a pair, either.
    package var standardName: String?
    /// Entities and adverse events: only what stands in sections of this title or code.
    package var section: String?
    /// Documents and TNM: only this stage group, and those that it is made up of: `IV`, `IVA` and `IVB`.
    package var stage: String?
    /// Adverse events, their pairs, and similarities: only this level.
    package var level: Int?
    /// Adverse events, their pairs, and similarities: only this level and above.
    package var minimumLevel: Int?
    /// Entities, adverse events and similarities: only scores (0 to 1) of this and above.
    package var minimumScore: Double?
    /// At most so many rows.
    package var limit: Int

    /// A question without filters.
    package init(_ subject: Subject, limit: Int = 100) {
        self.subject = subject
        self.limit = limit
    }

    /// A statement with its arguments.
    typealias Statement = (sql: String, arguments: [(any DatabaseValueConvertible)?])

    /// The statement that gives the rows, `limit` at most.
    var statement: Statement {
        let filter = filter
        return (
            "\(selection) \(source) \(filter.clause) \(order) LIMIT ?", filter.arguments + [limit]
        )
    }

    /// The statement that counts all rows, whatever the limit.
    var countingStatement: Statement {
        let filter = filter
        return ("SELECT count(*) \(source) \(filter.clause)", filter.arguments)
    }

    private var filter: (clause: String, arguments: [(any DatabaseValueConvertible)?]) {
        var conditions = Conditions()
        conditions.require("d.kind = ?", kind)
        conditions.require("d.patient_id = ?", patient)
        conditions.require("d.id = ?", document)
        if !includesHistory, document == nil {
            conditions.add("d.standing = 'current'")
            if subject == .similar { conditions.add("o.standing = 'current'") }
        }
        conditions.require("coalesce(d.authored_utc, d.received_at) >= ?", since?.utc)
        conditions.require("coalesce(d.authored_utc, d.received_at) < ?", until?.utc)
        switch subject {
        case .documents:
            if let stage {
                conditions.add(
                    """
                    EXISTS (SELECT 1 FROM tnm_stages t WHERE t.document_id = d.id
                      AND \(Self.isOfStage))
                    """, stage, stage)
            }
        case .tnm:
            if let stage { conditions.add(Self.isOfStage, stage, stage) }
            if status.review == true { conditions.add("t.review <> ''") }
        case .entities: restrictEntities(&conditions)
        case .adverseEvents:
            restrictMentions(&conditions)
            restrictLevels(&conditions, of: "a")
            conditions.require("a.score >= ?", minimumScore)
        case .adverseEventPairs:
            restrictPairs(&conditions)
            restrictLevels(&conditions, of: "p")
        case .similar:
            restrictLevels(&conditions, of: "s")
            conditions.require("s.score >= ?", minimumScore)
        }
        return (conditions.clause, conditions.arguments)
    }

    /// A stage group, or one of those that it is made up of: no `II` for `I`, but `IA` and `IA1`.
    private static let isOfStage = "(t.stage = ? OR t.stage GLOB ? || '[ABC0-9]*')"

    /// One of an entity's codes begins so.
    private static func hasCode(_ entity: String) -> String {
        "(\(entity).code IS NOT NULL AND instr(';' || \(entity).code, ';' || ?) > 0)"
    }

    private func restrictEntities(_ conditions: inout Conditions) {
        conditions.require("e.type = ?", type)
        conditions.require("e.certainty = ?", status.certainty)
        conditions.require("e.subject = ?", status.subject)
        conditions.require("e.temporality = ?", status.temporality)
        conditions.require("e.state = ?", status.state)
        conditions.require("e.review = ?", status.review.map { $0 ? 1 : 0 })
        conditions.require("e.score >= ?", minimumScore)
        restrictMentions(&conditions)
    }

    private func restrictMentions(_ conditions: inout Conditions) {
        conditions.require("instr(e.surface, ?) > 0", containing)
        conditions.require(Self.hasCode("e"), code)
        conditions.require("e.normalized = ?", standardName)
        guard let section else { return }
        conditions.add(
            """
            EXISTS (SELECT 1 FROM document_sections x WHERE x.document_id = d.id
              AND (x.title = ? OR x.code = ?) AND x.start <= e.start AND e."end" <= x."end")
            """, section, section)
    }

    private func restrictPairs(_ conditions: inout Conditions) {
        if let containing {
            conditions.add(
                "(instr(g.surface, ?) > 0 OR instr(e.surface, ?) > 0)", containing, containing)
        }
        if let standardName {
            conditions.add("? IN (g.normalized, e.normalized)", standardName)
        }
        if let code {
            conditions.add("(\(Self.hasCode("e")) OR \(Self.hasCode("g")))", code, code)
        }
        conditions.require("p.review = ?", status.review.map { $0 ? 1 : 0 })
    }

    private func restrictLevels(_ conditions: inout Conditions, of table: String) {
        conditions.require("\(table).level = ?", level)
        conditions.require("\(table).level >= ?", minimumLevel)
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
            """
        case .entities:
            """
            SELECT e.id, e.document_id, d.kind, d.patient_id, e.type, e.start, e."end", e.surface,
              e.certainty, e.subject, e.temporality, e.state,
              substr(d.text, e.cue_start + 1, e.cue_end - e.cue_start) AS cue, e.drug_id, e.review,
              (SELECT title FROM document_sections x WHERE x.document_id = d.id
                 AND x.start <= e.start AND e."end" <= x."end"
                 ORDER BY x.position DESC LIMIT 1) AS section,
              e.normalized, e.normalized_by, e.icd10, e.code, round(e.score, 3) AS score
            """
        case .tnm:
            """
            SELECT t.document_id, d.patient_id, t.t, t.n, t.m, t.stage, t.reason, t.prefix, t.edition,
              round(t.t_score, 3) AS t_score, round(t.n_score, 3) AS n_score,
              round(t.m_score, 3) AS m_score, t.review, t.evidence
            """
        case .adverseEvents:
            """
            SELECT a.id, a.document_id, d.patient_id, a.role, e.surface, e.start, e."end", a.level,
              round(a.score, 3) AS score
            """
        case .adverseEventPairs:
            """
            SELECT p.id, p.document_id, d.patient_id, g.surface AS drug, e.surface AS reaction,
              p.level, p.rule, substr(d.text, p.cue_start + 1, p.cue_end - p.cue_start) AS cue,
              p.review, p.drug_id, p.disease_id
            """
        case .similar:
            """
            SELECT s.document_id, s.other_document_id, d.kind, d.patient_id, s.level,
              round(s.score, 3) AS score, s.evidence
            """
        }
    }

    private var source: String {
        switch subject {
        case .documents: "FROM documents d"
        case .entities: "FROM entities e JOIN documents d ON d.id = e.document_id"
        case .tnm: "FROM tnm_stages t JOIN documents d ON d.id = t.document_id"
        case .adverseEvents:
            """
            FROM adverse_events a JOIN entities e ON e.id = a.entity_id
            JOIN documents d ON d.id = a.document_id
            """
        case .adverseEventPairs:
            """
            FROM adverse_event_pairs p JOIN entities g ON g.id = p.drug_id
            JOIN entities e ON e.id = p.disease_id
            JOIN documents d ON d.id = p.document_id
            """
        case .similar:
            """
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

/// The conditions of a statement's WHERE clause, with their arguments.
private struct Conditions {
    private var conditions: [String] = []
    /// The arguments, in the order of the conditions.
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []

    /// The clause; empty without conditions.
    var clause: String {
        conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    }

    /// Adds a condition.
    mutating func add(_ condition: String, _ values: (any DatabaseValueConvertible)?...) {
        conditions.append(condition)
        arguments += values
    }

    /// Adds a condition if there is a value for it.
    mutating func require(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
        if let value { add(condition, value) }
    }
}
