// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

extension ShownDocument: Encodable {
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
        try container.encode(stored.text, forKey: .text)
        try container.encode(stored.sections.map(SectionRow.init), forKey: .sections)
        try container.encode(
            stored.mentions.map { MentionRow($0, cue: $0.cue.map(words)) }, forKey: .entities)
        try container.encodeIfPresent(stored.stage.map(StageRow.init), forKey: .tnm)
        try container.encode(evidence.map(EvidenceRow.init), forKey: .evidence)
        try container.encode(
            grades.map { GradeRow($0, surface: surface(of: $0.mention)) }, forKey: .grades)
        try container.encode(pairs.map { PairRow($0, in: self) }, forKey: .pairs)
        try container.encode(similar, forKey: .similar)
    }
}

private struct SectionRow: Encodable {
    let title: String
    let code: String?
    let start, stop: Int

    init(_ section: DocumentSection) {
        (title, code) = (section.title, section.code)
        (start, stop) = (section.range.start, section.range.end)
    }
}

private struct MentionRow: Encodable {
    let entity: Int64
    let type, surface, certainty, subject, temporality, method: String
    let state, name, code, codeSystem, codeEdition, cue: String?
    let start, stop, review: Int
    let sentenceStart, sentenceStop: Int?
    let score: Double

    init(_ mention: StoredMention, cue: String?) {
        (entity, type, surface) = (mention.id, mention.type, mention.surface)
        (start, stop) = (mention.range.start, mention.range.end)
        (certainty, subject, temporality) = (
            mention.certainty, mention.subject, mention.temporality
        )
        (state, name, method) = (mention.state, mention.standardName, mention.method)
        (code, codeSystem, codeEdition) = (mention.code, mention.codeSystem, mention.codeEdition)
        (score, review, self.cue) = (mention.score, mention.needsReview ? 1 : 0, cue)
        (sentenceStart, sentenceStop) = (mention.sentence?.start, mention.sentence?.end)
    }

    private enum CodingKeys: String, CodingKey {
        case type, start, stop, surface, certainty, subject, temporality, state, code, score
        case review, cue, method
        case entity = "entity_id"
        case name = "standard_name"
        case codeSystem = "code_system"
        case codeEdition = "code_edition"
        case sentenceStart = "sentence_start"
        case sentenceStop = "sentence_stop"
    }
}

private struct StageRow: Encodable {
    let t, n, m, stage, reason: String?
    let edition, review: String

    init(_ stored: StoredStage) {
        (t, n, m, stage, reason) = (stored.t, stored.n, stored.m, stored.stage, stored.reason)
        (edition, review) = (stored.edition, stored.review)
    }
}

private struct EvidenceRow: Encodable {
    let axis, rule: String
    let category, surface: String?
    let start, stop: Int?

    init(_ evidence: TNMEvidence) {
        (axis, category, rule) = (evidence.axis.rawValue, evidence.category, evidence.rule)
        (start, stop) = (evidence.span?.range.start, evidence.span?.range.end)
        surface = evidence.span?.surface
    }
}

private struct GradeRow: Encodable {
    let entity: Int64
    let role, surface: String
    let level: Int
    let score: Double

    init(_ grade: StoredAdverseEvent, surface: String) {
        (entity, role, self.surface) = (grade.mention, grade.role, surface)
        (level, score) = (grade.level, grade.score)
    }

    private enum CodingKeys: String, CodingKey {
        case role, surface, level, score
        case entity = "entity_id"
    }
}

private struct PairRow: Encodable {
    let drug, reaction, rule, cue: String
    let level, start, review: Int

    init(_ pair: StoredPair, in document: ShownDocument) {
        (drug, reaction) = (document.surface(of: pair.drug), document.surface(of: pair.disease))
        (level, rule, cue) = (pair.level, pair.rule, document.words(at: pair.cue))
        (start, review) = (pair.cue.start, pair.needsReview ? 1 : 0)
    }
}
