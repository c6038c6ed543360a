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
        guard let stored = try StoredDocument.read(row, in: database) else { return nil }
        (id, kind, text) = (row, stored.kind, stored.text)
        (title, patient) = (stored.header.title, stored.header.patient)
        authoredAt = stored.header.authoredAt
        model = "\(stored.maker.name) \(stored.maker.version)"
        sections = stored.sections.map {
            Section(title: $0.title, start: $0.range.start, end: $0.range.end)
        }
        let levels = Dictionary(
            stored.adverseEvents.map { ($0.mention, $0.level) }, uniquingKeysWith: max)
        mentions = stored.mentions.map { Mention($0, level: levels[$0.id]) }
        modelStage = stored.stage.map { Stage(t: $0.t, n: $0.n, m: $0.m, stage: $0.stage) }
        stage = modelStage
        stageReview = stored.stage?.review ?? ""
        evidence = try stored.stage?.pieces().map(Evidence.init) ?? []
        earlier = try Self.earlierVersion(of: row, in: database)
    }

    /// The last version that the document, or its sender, has taken the place of.
    private static func earlierVersion(
        of document: Int64, in database: Database
    ) throws -> Version? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT id, authored_at, text FROM documents
                WHERE id <> ?1 AND standing = 'superseded' AND document_key IN (
                  SELECT document_key FROM documents WHERE id = ?1
                  UNION SELECT replaces FROM documents WHERE id = ?1)
                ORDER BY id DESC LIMIT 1
                """, arguments: [document]
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

extension DocumentUnderReview.Evidence {
    fileprivate init(_ evidence: TNMEvidence) {
        (axis, rule) = (evidence.axis.rawValue, evidence.rule)
        (start, end) = (evidence.span?.range.start, evidence.span?.range.end)
    }
}

extension DocumentUnderReview.Mention {
    /// A mention of the model's, of which nobody has said anything.
    fileprivate init(_ stored: StoredMention, level: Int?) {
        self.init(
            entity: stored.id, added: nil, verdict: "none", type: stored.type,
            start: stored.range.start, end: stored.range.end, certainty: stored.certainty,
            subject: stored.subject, level: level, score: stored.score,
            normalized: stored.standardName, icd10: stored.icd10, method: stored.method,
            review: stored.needsReview, cueStart: stored.cue?.start, cueEnd: stored.cue?.end)
    }

    fileprivate mutating func take(_ reading: MentionReading) {
        let isElsewhere = (reading.range.start, reading.range.end) != (start, end)
        if isElsewhere || reading.type.rawValue != type { (normalized, icd10) = (nil, nil) }
        type = reading.type.rawValue
        (start, end) = (reading.range.start, reading.range.end)
        certainty = reading.certainty.rawValue
        subject = reading.subject.rawValue
    }
}
