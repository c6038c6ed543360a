// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Glibc

/// How alike two cases are: whether the same things happened to their patients, in whatever words.
///
/// Each concept of one document looks for its best counterpart of the same kind and the same certainty in
/// the other; rare concepts weigh more (inverse document frequency), and what belongs to a pair of drug and
/// reaction most. The score is the geometric mean of the shares of both documents that are met, less what
/// one denies and the other has. It is a rank, no probability.
package struct CaseLikeness: Hashable, Sendable {
    /// Two concepts that stand for each other.
    package struct Match: Hashable, Sendable {
        /// What they name.
        package let type: EntityType
        /// The words of the document that was asked about.
        package let name: String
        /// Those of the other.
        package let other: String
        /// Whether both deny it.
        package let isDenied: Bool
        /// How near the words are, 0 to 1.
        package let nearness: Double
    }

    /// 0 to 1.
    package let score: Double
    /// What the two have in common, weightiest first.
    package let matches: [Match]
    /// What one denies and the other has, by the words of the document that was asked about.
    package let contradictions: [String]

    /// Share of the characters in pairs that two names must have in common to be near.
    private static let leastNearness = 0.5
    private static let nearnessOfCategory = 0.7
    private static let weightOfCausal = 3.0
    private static let weightOfDenied = 0.25
    private static let weightOfContradiction = 0.5

    /// Compares two cases; `rarity` gives the weight of a concept.
    package init(
        of one: CaseProfile, and other: CaseProfile, rarity: (CaseProfile.Concept) -> Double
    ) {
        let (forward, matches, against) = Self.met(one, by: other, rarity)
        let (backward, _, _) = Self.met(other, by: one, rarity)
        score = max(0, forward * backward).squareRoot()
        self.matches = matches
        contradictions = against
    }

    /// The share of a case that another one meets, and by what.
    private static func met(
        _ one: CaseProfile, by other: CaseProfile, _ rarity: (CaseProfile.Concept) -> Double
    ) -> (share: Double, [Match], against: [String]) {
        var (met, whole) = (0.0, 0.0)
        var matches: [(weight: Double, match: Match)] = []
        var against: [String] = []
        for concept in one.concepts {
            let weight =
                rarity(concept) * (concept.isDenied ? weightOfDenied : 1)
                * (concept.isCausal ? weightOfCausal : 1)
            whole += weight
            let same = best(concept, among: other.concepts) { $0.isDenied == concept.isDenied }
            if let (counterpart, nearness) = same {
                met += weight * nearness
                matches.append(
                    (
                        weight * nearness,
                        Match(
                            type: concept.type, name: concept.name, other: counterpart.name,
                            isDenied: concept.isDenied, nearness: nearness)
                    ))
            } else if best(concept, among: other.concepts, { $0.isDenied != concept.isDenied })?
                .nearness ?? 0 > 0.9
            {
                met -= weight * weightOfContradiction
                against.append(concept.name)
            }
        }
        matches.sort { $0.weight > $1.weight }
        return (whole > 0 ? max(0, met) / whole : 0, matches.map(\.match), against)
    }

    private static func best(
        _ concept: CaseProfile.Concept, among others: [CaseProfile.Concept],
        _ isAsked: (CaseProfile.Concept) -> Bool
    ) -> (concept: CaseProfile.Concept, nearness: Double)? {
        var best: (concept: CaseProfile.Concept, nearness: Double)?
        for other in others where other.type == concept.type && isAsked(other) {
            let nearness = nearness(concept, other)
            if nearness >= leastNearness, nearness > best?.nearness ?? 0 {
                best = (other, nearness)
            }
        }
        return best
    }

    /// 1 for the same name, else the share of pairs of characters that both have (Dice), and of one category
    /// of ICD-10 more than half.
    private static func nearness(
        _ one: CaseProfile.Concept, _ other: CaseProfile.Concept
    ) -> Double {
        guard one.names.isDisjoint(with: other.names) else { return 1 }
        let least = one.categories.isDisjoint(with: other.categories) ? 0 : nearnessOfCategory
        let (first, second) = (pairs(one.name), pairs(other.name))
        guard !first.isEmpty, !second.isEmpty else { return least }
        let common = first.intersection(second).count
        return max(least, 2 * Double(common) / Double(first.count + second.count))
    }

    private static func pairs(_ name: String) -> Set<String> {
        let characters = Array(name)
        return Set(zip(characters, characters.dropFirst()).map { String([$0, $1]) })
    }
}
