// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The findings of one document as they are printed; stable, for programs.
struct AnnotationLine: Encodable {
    struct EntityLine: Encodable {
        let type: EntityType
        let start: Int
        let end: Int
        let surface: String
        let certainty: Certainty
        let subject: MentionSubject
        let temporality: Temporality
        let state: DrugState?
        let cue: TextSpan?
        /// For a dose, the number of its drug in this list.
        let drug: Int?
        let review: Bool
        let method: MentionMethod
        let normalized: String?
        let normalizedBy: NormalizationMethod?
        let icd10: String?
        let code: String?
        let score: Double

        enum CodingKeys: String, CodingKey {
            case type, start, end, surface, certainty, subject, temporality, state, cue, drug,
                review, method
            case normalized, icd10, code, score
            case normalizedBy = "normalized_by"
        }
    }

    struct AdverseEventLine: Encodable {
        let entity: Int
        let role: AdverseEventRole
        let level: Int
        let score: Double
    }

    struct AdverseEventPairLine: Encodable {
        /// Numbers of drug and reaction in the list of entities.
        let drug: Int
        let disease: Int
        let level: Int
        let rule: CausalRule
        let cue: TextSpan
        let review: Bool
    }

    let id: String?
    let kind: DocumentKind
    let entities: [EntityLine]
    let tnm: TNMStage?
    let adverseEvents: [AdverseEventLine]
    let adverseEventPairs: [AdverseEventPairLine]

    enum CodingKeys: String, CodingKey {
        case id, kind, entities, tnm
        case adverseEvents = "adverse_events"
        case adverseEventPairs = "adverse_event_pairs"
    }

    init(_ document: ClinicalDocument, _ findings: Findings) {
        id = document.externalIdentifier
        kind = document.kind
        entities = findings.entities.map {
            EntityLine(
                type: $0.type, start: $0.span.range.start, end: $0.span.range.end,
                surface: $0.span.surface, certainty: $0.certainty, subject: $0.status.subject,
                temporality: $0.status.temporality, state: $0.status.state, cue: $0.status.cue,
                drug: $0.drug, review: $0.needsReview, method: $0.foundBy,
                normalized: $0.normalized,
                normalizedBy: $0.normalizedBy, icd10: $0.icd10, code: $0.code,
                score: $0.score)
        }
        tnm = findings.tnm
        adverseEvents = findings.adverseEvents.map {
            AdverseEventLine(
                entity: $0.entityIndex, role: $0.role, level: $0.level.rawValue, score: $0.score)
        }
        adverseEventPairs = findings.adverseEventPairs.map {
            AdverseEventPairLine(
                drug: $0.drug, disease: $0.disease, level: $0.level.rawValue, rule: $0.rule,
                cue: $0.cue, review: $0.needsReview)
        }
    }
}
