// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// What one run found in a document, as it is kept beside the results that count: of an earlier run, or of a model
/// that reads along.
///
/// Mentions name each other by their place in the list, since rows are others in each run.
package struct KeptResults: Codable, Hashable, Sendable {
    /// A mention.
    package struct Mention: Codable, Hashable, Sendable {
        var type: String
        var start, end: Int
        var surface: String
        var certainty, subject, temporality: String
        var state, normalized, icd10, code: String?
        var score: Double
        var method: String
        var review: Bool
        /// Of a dose, the place of its drug.
        var drug: Int?
    }

    /// The stage of a report.
    package struct Stage: Codable, Hashable, Sendable {
        var t, n, m, stage, reason, prefix: String?
        var edition, review, method: String
        /// The evidence as the row had it, in JSON.
        var evidence: String
    }

    /// The grade of a mention.
    package struct Grade: Codable, Hashable, Sendable {
        var mention: Int
        var role: String
        var level: Int
        var score: Double
    }

    /// A drug with a reaction.
    package struct Pair: Codable, Hashable, Sendable {
        var drug, disease, level: Int
        var rule: String
        var review: Bool
    }

    /// How alike it was to an earlier document.
    package struct Likeness: Codable, Hashable, Sendable {
        var document: Int64
        var level: Int
        var score: Double
    }

    /// The mentions in the order in which they were found.
    package var mentions: [Mention]
    /// The stage; nil where none was asked for or told of.
    package var stage: Stage?
    /// Grades of mentions.
    package var grades: [Grade]
    /// Drugs with reactions.
    package var pairs: [Pair]
    /// Comparisons with earlier documents.
    package var similarities: [Likeness]
}

extension KeptResults {
    /// What the rows of a document say.
    init(_ stored: StoredDocument, similarities: [Likeness]) {
        let places = Dictionary(
            uniqueKeysWithValues: stored.mentions.enumerated().map { ($1.id, $0) })
        mentions = stored.mentions.map { mention in
            Mention(
                type: mention.type, start: mention.range.start, end: mention.range.end,
                surface: mention.surface, certainty: mention.certainty, subject: mention.subject,
                temporality: mention.temporality, state: mention.state,
                normalized: mention.standardName, icd10: mention.icd10, code: mention.code,
                score: mention.score, method: mention.method, review: mention.needsReview,
                drug: mention.drug.flatMap { places[$0] })
        }
        stage = stored.stage.map {
            Stage(
                t: $0.t, n: $0.n, m: $0.m, stage: $0.stage, reason: $0.reason, prefix: $0.prefix,
                edition: $0.edition, review: $0.review, method: $0.method, evidence: $0.evidence)
        }
        grades = stored.adverseEvents.compactMap { event in
            places[event.mention].map {
                Grade(mention: $0, role: event.role, level: event.level, score: event.score)
            }
        }
        pairs = stored.pairs.compactMap { pair in
            guard let drug = places[pair.drug], let disease = places[pair.disease] else {
                return nil
            }
            return Pair(
                drug: drug, disease: disease, level: pair.level, rule: pair.rule,
                review: pair.needsReview)
        }
        self.similarities = similarities
    }

    /// What a run has found that writes no rows.
    package init(_ findings: Findings, by maker: ResultMaker) {
        mentions = findings.entities.map { entity in
            Mention(
                type: entity.type.rawValue, start: entity.span.range.start,
                end: entity.span.range.end, surface: entity.span.surface,
                certainty: entity.certainty.rawValue, subject: entity.status.subject.rawValue,
                temporality: entity.status.temporality.rawValue,
                state: entity.status.state?.rawValue, normalized: entity.normalized,
                icd10: entity.icd10, code: entity.code, score: entity.score,
                method: maker.method(of: entity), review: entity.needsReview, drug: entity.drug)
        }
        stage = findings.tnm.map {
            Stage(
                t: $0.t, n: $0.n, m: $0.m, stage: $0.stage, reason: $0.reason?.rawValue,
                prefix: $0.prefix, edition: $0.edition,
                review: $0.needsReview.map(\.rawValue).joined(separator: ","),
                method: maker.method(of: .tnm), evidence: jsonText($0.evidence))
        }
        grades = findings.adverseEvents.map {
            Grade(
                mention: $0.entityIndex, role: $0.role.rawValue, level: $0.level.rawValue,
                score: $0.score)
        }
        pairs = findings.adverseEventPairs.map {
            Pair(
                drug: $0.drug, disease: $0.disease, level: $0.level.rawValue,
                rule: $0.rule.rawValue, review: $0.needsReview)
        }
        similarities = findings.similarities.map {
            Likeness(document: $0.otherDocument, level: $0.level, score: $0.score)
        }
    }
}
