// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation

/// What a document tells of its patient, as far as cases are compared by it: what is present, what is denied,
/// and which drug caused which reaction.
package struct CaseProfile: Hashable, Sendable {
    /// A disease, symptom or drug that a document speaks of, however often.
    package struct Concept: Hashable, Sendable {
        /// What it is; doses are no concepts.
        package let type: EntityType
        /// Its words without differences of width and case.
        package let name: String
        /// Its words and its standard name as they stand, under which documents are looked up.
        package let spellings: [String]
        /// The same without differences of width and case.
        let names: Set<String>
        /// The categories of ICD-10 that it belongs to, of three characters.
        let categories: Set<String>
        /// Whether the text says that the patient has it not.
        package let isDenied: Bool
        /// Whether it is the drug or the reaction of a pair.
        package let isCausal: Bool
    }

    /// The concepts in the order in which they come first.
    package let concepts: [Concept]

    /// The profile of mentions; what is others', planned or general is left out.
    package init(of mentions: [CaseMention]) {
        var concepts: [Concept] = []
        var places: [String: Int] = [:]
        for mention in mentions {
            guard mention.type != .dose, mention.status.subject == .patient,
                mention.status.temporality != .planned, mention.status.certainty != .general,
                mention.status.state != .planned
            else { continue }
            let name = Self.folded(mention.surface)
            let isDenied =
                mention.status.certainty == .negative || mention.status.state == .notGiven
            let place = "\(mention.type.rawValue) \(isDenied) \(name)"
            if let index = places[place] {
                guard mention.isCausal, !concepts[index].isCausal else { continue }
                concepts[index] = Concept(
                    type: mention.type, name: name, spellings: concepts[index].spellings,
                    names: concepts[index].names, categories: concepts[index].categories,
                    isDenied: isDenied, isCausal: true)
                continue
            }
            places[place] = concepts.count
            let spellings = [mention.surface, mention.normalized].compactMap(\.self)
            concepts.append(
                Concept(
                    type: mention.type, name: name, spellings: spellings,
                    names: Set(spellings.map(Self.folded)),
                    categories: Set(
                        (mention.icd10 ?? "").split(separator: ";").map { String($0.prefix(3)) }),
                    isDenied: isDenied, isCausal: mention.isCausal))
        }
        self.concepts = concepts
    }

    /// The profile of what the model found in a text.
    package init(of findings: Findings) {
        var causal: Set<Int> = []
        for pair in findings.adverseEventPairs where pair.level.rawValue >= 2 {
            causal.formUnion([pair.drug, pair.disease])
        }
        self.init(
            of: findings.entities.enumerated().map { index, entity in
                CaseMention(
                    type: entity.type, surface: entity.span.surface, normalized: entity.normalized,
                    icd10: entity.icd10, status: entity.status, isCausal: causal.contains(index))
            })
    }

    /// Words without differences of width and case, and without white space (NFKC).
    static func folded(_ words: String) -> String {
        words.precomposedStringWithCompatibilityMapping.lowercased().filter { !$0.isWhitespace }
    }
}
