// SPDX-License-Identifier: Apache-2.0
import GRDB

/// One recorded document with all that was found in it, as people look at it.
///
/// Offsets are Unicode scalars of its text; its JSON has the names of shoken-db(5).
package struct ShownDocument: Sendable, Encodable {
    /// A part of the document with a title of its own.
    package struct Section: Sendable, Encodable {
        /// The title.
        package let title: String
        /// The sender's code.
        package let code: String?
        /// Where its body begins.
        package let start: Int
        /// Where its body ends.
        package let stop: Int
    }

    /// A mention of a disease, a drug or a dose.
    package struct Mention: Sendable, Encodable {
        /// Its row.
        package let entity: Int64
        /// disease, drug or dose.
        package let type: String
        /// Where it begins.
        package let start: Int
        /// Where it ends.
        package let stop: Int
        /// What stands there.
        package let surface: String
        /// How sure the text is that the patient has it.
        package let certainty: String
        /// Whose it is.
        package let subject: String
        /// When it holds.
        package let temporality: String
        /// What is done with a drug.
        package let state: String?
        /// Standard name.
        package let name: String?
        /// ICD-10 code.
        package let code: String?
        /// Probability, 0 to 1.
        package let score: Double
        /// 1 if a person should look.
        package let review: Int
        /// The words that say what is said of it; nil where nothing but the mention does.
        package let cue: String?
        /// What found it.
        package let method: String
        /// Where its sentence begins.
        package let sentenceStart: Int?
        /// Where its sentence ends.
        package let sentenceStop: Int?

        private enum CodingKeys: String, CodingKey {
            case type, start, stop, surface, certainty, subject, temporality, state, code, score
            case review, cue, method
            case entity = "entity_id"
            case name = "standard_name"
            case sentenceStart = "sentence_start"
            case sentenceStop = "sentence_stop"
        }
    }

    /// The TNM classification, or why there is none.
    package struct Stage: Sendable, Encodable {
        /// The categories; nil without a lung cancer to stage.
        package let t, n, m: String?
        /// The stage group.
        package let stage: String?
        /// Why there is no stage group.
        package let reason: String?
        /// Edition of the classification.
        package let edition: String
        /// Axes that a person should look at, with commas.
        package let review: String
    }

    /// A piece of evidence for a category.
    package struct Evidence: Sendable, Encodable {
        /// T, N or M.
        package let axis: String
        /// The category that it speaks for.
        package let category: String?
        /// The rule's name.
        package let rule: String
        /// Where the words begin; nil where the rule is that nothing was found.
        package let start: Int?
        /// Where they end.
        package let stop: Int?
        /// The words.
        package let surface: String?
    }

    /// The grade of an entity of a case report.
    package struct Grade: Sendable, Encodable {
        /// The mention.
        package let entity: Int64
        /// disease or drug.
        package let role: String
        /// Its text.
        package let surface: String
        /// 0 to 3.
        package let level: Int
        /// Probability of that level.
        package let score: Double

        private enum CodingKeys: String, CodingKey {
            case role, surface, level, score
            case entity = "entity_id"
        }
    }

    /// A drug and the reaction that it caused, as the text says.
    package struct Pair: Sendable, Encodable {
        /// Text of the drug.
        package let drug: String
        /// Text of the reaction.
        package let reaction: String
        /// 0 denied to 3 stated.
        package let level: Int
        /// The kind of wording that decided.
        package let rule: String
        /// The words that say so.
        package let cue: String
        /// Where these begin.
        package let start: Int
        /// 1 if a person should look.
        package let review: Int
    }

    /// Another document that resembles it.
    package struct Alike: Sendable, Encodable {
        /// Its row.
        package let document: Int64
        /// 0 to 5.
        package let level: Int
        /// Probability of that level.
        package let score: Double

        private enum CodingKeys: String, CodingKey {
            case level, score
            case document = "document_id"
        }
    }

    /// What is known of the document itself: each of the columns of `documents` that says something, by name
    /// and in the table's order; the text is not among them.
    package let facts: [(name: String, value: ResultValue)]
    /// The text as it was sent.
    package let text: String
    /// Its sections, in order.
    package let sections: [Section]
    /// Its mentions, in order of the text.
    package let mentions: [Mention]
    /// Its stage; nil where it was not asked for TNM.
    package let stage: Stage?
    /// What the stage rests on.
    package let evidence: [Evidence]
    /// Grades of its entities.
    package let grades: [Grade]
    /// Its pairs of drug and reaction.
    package let pairs: [Pair]
    /// Documents that resemble it, earlier and later ones.
    package let similar: [Alike]

    /// A fact by the name of its column; nil where it says nothing.
    package func fact(_ name: String) -> String? {
        facts.first { $0.name == name }?.value.text
    }

    private enum CodingKeys: String, CodingKey {
        case document, text, sections, entities, tnm, similar
        case evidence = "tnm_evidence"
        case grades = "adverse_events"
        case pairs = "adverse_event_pairs"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(
            Dictionary(facts.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
            forKey: .document)
        try container.encode(text, forKey: .text)
        try container.encode(sections, forKey: .sections)
        try container.encode(mentions, forKey: .entities)
        try container.encodeIfPresent(stage, forKey: .tnm)
        try container.encode(evidence, forKey: .evidence)
        try container.encode(grades, forKey: .grades)
        try container.encode(pairs, forKey: .pairs)
        try container.encode(similar, forKey: .similar)
    }
}

extension ResultReader {
    /// The documents that a name may mean, by row: the row itself, or else all that have the key, or else all
    /// with that identifier of their sender; of a key or identifier the current ones, or all where none is.
    package func documents(named name: String) throws(StoreError) -> [Int64] {
        try read { database in
            if let row = Int64(name),
                try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM documents WHERE id = ?)",
                    arguments: [row]) == true
            {
                return [row]
            }
            for column in ["document_key", "external_id"] {
                let rows = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, standing = 'current' FROM documents WHERE \(column) = ?
                        ORDER BY id
                        """, arguments: [name])
                let current = rows.filter { $0[1] }
                if !rows.isEmpty { return (current.isEmpty ? rows : current).map { $0[0] } }
            }
            return []
        }
    }

    /// A document with all that was found in it; nil where there is none.
    package func document(_ row: Int64) throws(StoreError) -> ShownDocument? {
        try read { database in
            guard
                let document = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT d.*, m.name AS model, m.version AS model_version
                        FROM documents d JOIN models m ON m.id = d.model_id WHERE d.id = ?
                        """, arguments: [row])
            else { return nil }
            return try ShownDocument(document, row: row, in: database)
        }
    }
}

extension ShownDocument {
    fileprivate init(_ document: Row, row: Int64, in database: Database) throws {
        func all<Record>(_ sql: String, _ record: (Row) -> Record) throws -> [Record] {
            try Row.fetchAll(database, sql: sql, arguments: [row]).map(record)
        }
        facts = document.compactMap { name, value in
            let value = ResultValue(value)
            return name == "text" || value == .null ? nil : (name, value)
        }
        text = document["text"]
        sections = try all(
            """
            SELECT title, code, start, "end" AS stop FROM document_sections
            WHERE document_id = ? ORDER BY position
            """, Section.init)
        mentions = try all(
            """
            SELECT e.id AS entity, e.type, e.start, e."end" AS stop, e.surface, e.certainty,
              e.subject, e.temporality, e.state, e.normalized AS name, e.icd10 AS code, e.score,
              e.review, substr(d.text, e.cue_start + 1, e.cue_end - e.cue_start) AS cue, e.method,
              e.sentence_start, e.sentence_end
            FROM entities e JOIN documents d ON d.id = e.document_id
            WHERE e.document_id = ? ORDER BY e.start, e."end"
            """, Mention.init)
        stage = try all(
            """
            SELECT t, n, m, stage, reason, edition, review FROM tnm_stages WHERE document_id = ?
            """, Stage.init
        ).first
        evidence = try all(
            """
            SELECT json_extract(e.value, '$.axis') AS axis,
              json_extract(e.value, '$.category') AS category,
              json_extract(e.value, '$.rule') AS rule,
              json_extract(e.value, '$.span.range.start') AS start,
              json_extract(e.value, '$.span.range.end') AS stop,
              json_extract(e.value, '$.span.surface') AS surface
            FROM tnm_stages s, json_each(s.evidence) e WHERE s.document_id = ? ORDER BY e.key
            """, Evidence.init)
        grades = try all(
            """
            SELECT a.entity_id AS entity, a.role, e.surface, a.level, a.score
            FROM adverse_events a JOIN entities e ON e.id = a.entity_id
            WHERE a.document_id = ? ORDER BY e.start
            """, Grade.init)
        pairs = try all(
            """
            SELECT g.surface AS drug, e.surface AS reaction, p.level, p.rule,
              substr(d.text, p.cue_start + 1, p.cue_end - p.cue_start) AS cue,
              p.cue_start AS start, p.review
            FROM adverse_event_pairs p JOIN entities g ON g.id = p.drug_id
            JOIN entities e ON e.id = p.disease_id JOIN documents d ON d.id = p.document_id
            WHERE p.document_id = ? ORDER BY g.start, e.start
            """, Pair.init)
        similar = try all(
            """
            SELECT other_document_id AS document, level, score FROM similarities
            WHERE document_id = ?1 UNION ALL
            SELECT document_id, level, score FROM similarities WHERE other_document_id = ?1
            ORDER BY 2 DESC, 3 DESC, 1
            """, Alike.init)
    }
}

extension ShownDocument.Section {
    fileprivate init(_ row: Row) {
        (title, code) = (row["title"], row["code"])
        (start, stop) = (row["start"], row["stop"])
    }
}

extension ShownDocument.Mention {
    fileprivate init(_ row: Row) {
        (entity, type, surface) = (row["entity"], row["type"], row["surface"])
        (start, stop) = (row["start"], row["stop"])
        (certainty, subject, temporality) = (row["certainty"], row["subject"], row["temporality"])
        (state, name, code) = (row["state"], row["name"], row["code"])
        (score, review, cue) = (row["score"], row["review"], row["cue"])
        (method, sentenceStart, sentenceStop) = (
            row["method"], row["sentence_start"], row["sentence_end"]
        )
    }
}

extension ShownDocument.Stage {
    fileprivate init(_ row: Row) {
        (t, n, m) = (row["t"], row["n"], row["m"])
        (stage, reason) = (row["stage"], row["reason"])
        (edition, review) = (row["edition"], row["review"])
    }
}

extension ShownDocument.Evidence {
    fileprivate init(_ row: Row) {
        (axis, category, rule) = (row["axis"], row["category"], row["rule"])
        (start, stop, surface) = (row["start"], row["stop"], row["surface"])
    }
}

extension ShownDocument.Grade {
    fileprivate init(_ row: Row) {
        (entity, role, surface) = (row["entity"], row["role"], row["surface"])
        (level, score) = (row["level"], row["score"])
    }
}

extension ShownDocument.Pair {
    fileprivate init(_ row: Row) {
        (drug, reaction) = (row["drug"], row["reaction"])
        (level, rule, cue, review) = (row["level"], row["rule"], row["cue"], row["review"])
        start = row["start"]
    }
}

extension ShownDocument.Alike {
    fileprivate init(_ row: Row) {
        (document, level, score) = (row["document"], row["level"], row["score"])
    }
}
