// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB

/// A document with what the model and a reviewer say of it, as the review page shows it.
///
/// All offsets count Unicode scalars of `text`.
package struct DocumentUnderReview: Sendable, Encodable {
    /// A part of the text with a heading.
    package struct Section: Sendable, Encodable {
        let title: String
        let start: Int
        let end: Int
    }

    /// A mention as it stands after the reviewer's actions.
    package struct Mention: Sendable, Encodable {
        /// The model's row; nil for one that was added.
        package let entity: Int64?
        /// The row that added it; nil for one of the model's.
        package let added: Int64?
        /// `none`, `accept`, `reject`, `change` or `add`.
        package internal(set) var verdict: String
        var type: String
        var start: Int
        var end: Int
        var certainty: String
        var subject: String
        /// The level of an adverse event; nil where the mention has none.
        var level: Int?
        var score: Double?
        var normalized: String?
        var icd10: String?
        var method: String?
        /// Whether the model says that a person should look.
        var review = false
        /// The words that say whether it is so.
        var cueStart: Int?
        var cueEnd: Int?

        private enum CodingKeys: String, CodingKey {
            case entity, added, verdict, type, start, end, certainty, subject, level, score
            case normalized, icd10, method, review
            case cueStart = "cue_start"
            case cueEnd = "cue_end"
        }
    }

    /// Categories and group; nil where there are none.
    package struct Stage: Sendable, Encodable {
        var t: String?
        var n: String?
        var m: String?
        var stage: String?
    }

    /// Words that a category rests on.
    package struct Evidence: Sendable, Encodable {
        let axis: String
        let rule: String
        let start: Int?
        let end: Int?
    }

    /// The version of the document that it took the place of.
    package struct Version: Sendable, Encodable {
        let id: Int64
        let authoredAt: String?
        let text: String

        private enum CodingKeys: String, CodingKey {
            case id, text
            case authoredAt = "authored_at"
        }
    }

    /// Its number.
    package let id: Int64
    let kind: String
    let title: String?
    let patient: String?
    let authoredAt: String?
    let text: String
    let model: String
    let sections: [Section]
    /// The mentions in the order of the text; rejected ones are among them.
    package internal(set) var mentions: [Mention]
    /// The stage after the reviewer's actions; nil where neither has one.
    var stage: Stage?
    /// The stage that the model gave.
    let modelStage: Stage?
    /// Axes of which the model says that a person should look: `T,N`.
    let stageReview: String
    let evidence: [Evidence]
    let earlier: Version?
    /// Whether the reviewer has said that the document is done.
    package internal(set) var isDone = false
    /// How many of the reviewer's actions count.
    package internal(set) var actions = 0

    private enum CodingKeys: String, CodingKey {
        case id, kind, title, patient, text, model, sections, mentions, stage, evidence, earlier
        case actions
        case authoredAt = "authored_at"
        case modelStage = "model_stage"
        case stageReview = "stage_review"
        case isDone = "done"
    }
}

extension ResultDatabase {
    /// A document with the actions of a reviewer laid over it, and with those of others if `seesOthers`.
    ///
    /// Throws ``ReviewError/noDocument(_:)`` and ``ReviewError/store(_:)``.
    package func documentUnderReview(
        _ row: Int64, by reviewer: String, seesOthers: Bool
    ) throws(ReviewError) -> DocumentUnderReview {
        let found: DocumentUnderReview?
        do {
            found = try read {
                try DocumentUnderReview(row, by: reviewer, seesOthers: seesOthers, in: $0)
            }
        } catch {
            throw .store(error)
        }
        guard let found else { throw .noDocument(row) }
        return found
    }
}

extension DocumentUnderReview {
    /// What the model and a reviewer say of a document; nil if there is none of this number.
    init?(_ row: Int64, by reviewer: String, seesOthers: Bool, in database: Database) throws {
        try self.init(row, in: database)
        let actions = try Row.fetchCursor(
            database,
            sql: """
                SELECT * FROM reviews_in_force
                WHERE document_id = ? AND (? OR reviewer = ?) ORDER BY id
                """, arguments: [row, seesOthers, reviewer])
        while let action = try actions.next() {
            apply(action, isOwn: action["reviewer"] == reviewer)
        }
        mentions.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    /// What the model says of a document; nil if there is none of this number.
    init?(_ row: Int64, in database: Database) throws {
        let found = try Row.fetchOne(
            database,
            sql: """
                SELECT d.*, m.name || ' ' || m.version AS model FROM documents d
                JOIN models m ON m.id = d.model_id WHERE d.id = ?
                """, arguments: [row])
        guard let found else { return nil }
        id = row
        kind = found["kind"]
        title = found["title"]
        patient = found["patient_id"]
        authoredAt = found["authored_at"]
        text = found["text"]
        model = found["model"]
        sections = try Row.fetchAll(
            database,
            sql: """
                SELECT title, start, "end" FROM document_sections WHERE document_id = ?
                ORDER BY position
                """, arguments: [row]
        ).map { Section(title: $0[0], start: $0[1], end: $0[2]) }
        mentions = try Self.mentions(of: row, in: database)
        let stages = try Row.fetchOne(
            database, sql: "SELECT * FROM tnm_stages WHERE document_id = ?", arguments: [row])
        modelStage = stages.map { Stage(t: $0["t"], n: $0["n"], m: $0["m"], stage: $0["stage"]) }
        stage = modelStage
        stageReview = stages?["review"] ?? ""
        evidence = try Row.fetchAll(
            database,
            sql: """
                SELECT json_extract(e.value, '$.axis'), json_extract(e.value, '$.rule'),
                  json_extract(e.value, '$.span.range.start'),
                  json_extract(e.value, '$.span.range.end')
                FROM tnm_stages s, json_each(s.evidence) e WHERE s.document_id = ? ORDER BY e.key
                """, arguments: [row]
        ).map { Evidence(axis: $0[0], rule: $0[1], start: $0[2], end: $0[3]) }
        earlier = try Self.earlierVersion(of: found, in: database)
    }

    private static func mentions(of row: Int64, in database: Database) throws -> [Mention] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT e.*, (SELECT max(a.level) FROM adverse_events a WHERE a.entity_id = e.id)
                  AS level
                FROM entities e WHERE e.document_id = ?
                """, arguments: [row]
        ).map {
            Mention(
                entity: $0["id"], added: nil, verdict: "none", type: $0["type"], start: $0["start"],
                end: $0["end"], certainty: $0["certainty"], subject: $0["subject"],
                level: $0["level"], score: $0["score"], normalized: $0["normalized"],
                icd10: $0["icd10"], method: $0["method"], review: $0["review"],
                cueStart: $0["cue_start"], cueEnd: $0["cue_end"])
        }
    }

    /// The last version that the document, or its sender, has taken the place of.
    private static func earlierVersion(
        of document: Row, in database: Database
    ) throws -> Version? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT id, authored_at, text FROM documents
                WHERE id <> :id AND standing = 'superseded'
                  AND (document_key = :key OR document_key = :replaced)
                ORDER BY id DESC LIMIT 1
                """,
            arguments: [
                "id": document["id"] as Int64, "key": document["document_key"] as String?,
                "replaced": document["replaces"] as String?,
            ]
        ).map { Version(id: $0[0], authoredAt: $0[1], text: $0[2]) }
    }

    /// Lays an action over the document.
    private mutating func apply(_ action: Row, isOwn: Bool) {
        let name: String = action["action"]
        if isOwn { actions += 1 }
        switch name {
        case "done": if isOwn { isDone = true }
        case "stage":
            var stage = stage ?? Stage()
            let value: String? = action["value_after"]
            switch StagePart(rawValue: action["axis"] ?? "") {
            case .t?: stage.t = value
            case .n?: stage.n = value
            case .m?: stage.m = value
            case .stage?: stage.stage = value
            case nil: break
            }
            self.stage = stage
        case "level":
            guard let place = place(of: action) else { return }
            mentions[place].level = Int(action["value_after"] as String? ?? "")
        default: applyVerdict(action, name)
        }
    }

    private mutating func applyVerdict(_ action: Row, _ name: String) {
        let reading = MentionReading(
            action, columns: "type_after", "start_after", "end_after", "certainty_after",
            "subject_after")
        if let place = place(of: action) {
            let wasAdded = mentions[place].added != nil
            mentions[place].verdict = wasAdded && name != "reject" ? "add" : name
            if let reading { mentions[place].take(reading) }
        } else if let reading, action["entity_id"] == nil as Int64? {
            var mention = Mention(
                entity: nil, added: action["added_id"] ?? action["id"], verdict: "add", type: "",
                start: 0, end: 0,
                certainty: "", subject: "")
            mention.take(reading)
            mentions.append(mention)
        }
    }

    private func place(of action: Row) -> Int? {
        let (entity, added): (Int64?, Int64?) = (action["entity_id"], action["added_id"])
        guard entity != nil || added != nil else { return nil }
        return mentions.firstIndex { $0.entity == entity && $0.added == added }
    }
}

extension DocumentUnderReview.Mention {
    fileprivate mutating func take(_ reading: MentionReading) {
        let isElsewhere = (reading.range.start, reading.range.end) != (start, end)
        if isElsewhere || reading.type.rawValue != type { (normalized, icd10) = (nil, nil) }
        type = reading.type.rawValue
        (start, end) = (reading.range.start, reading.range.end)
        certainty = reading.certainty.rawValue
        subject = reading.subject.rawValue
    }
}
