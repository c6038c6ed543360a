// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The words of two texts beside each other: which they share, in which role.
struct WordComparison {
    private let first: SentenceProfile
    private let second: SentenceProfile
    /// Places in both vocabularies of the words that stand in both.
    private let shared: [(first: Int, second: Int)]

    init(_ first: SentenceProfile, _ second: SentenceProfile) {
        (self.first, self.second) = (first, second)
        var shared: [(first: Int, second: Int)] = []
        forEachCommon(first.vocabulary, second.vocabulary) { shared.append(($0, $1)) }
        self.shared = shared
    }

    /// What each word of both vocabularies weighs.
    typealias Rareness = (first: [Double], second: [Double])

    /// The words' weights by a table.
    func rareness(_ rarity: RarityTable) -> Rareness {
        func weights(_ profile: SentenceProfile) -> [Double] {
            profile.vocabulary.map { rarity[SimilarityMeasures.hash("w", $0)] }
        }
        return (weights(first), weights(second))
    }

    /// How far the words of a role overlap.
    func overlap(_ role: SentenceProfile.Roles) -> Overlap {
        Overlap(
            first: first.roles.count { $0.contains(role) },
            second: second.roles.count { $0.contains(role) },
            common: shared.count { isCommon($0, role) })
    }

    /// Weights of the words of a role that only one text has in it, and of those that both have.
    func parted(
        _ role: SentenceProfile.Roles, _ rareness: Rareness
    ) -> (onlyFirst: [Double], onlySecond: [Double], common: [Double]) {
        let both = shared.filter { isCommon($0, role) }
        func only(_ roles: [SentenceProfile.Roles], _ weights: [Double], _ common: [Int])
            -> [Double]
        {
            var rest = common[...]
            return roles.indices.compactMap { place in
                if rest.first == place {
                    rest.removeFirst()
                    return nil
                }
                return roles[place].contains(role) ? weights[place] : nil
            }
        }
        return (
            only(first.roles, rareness.first, both.map(\.first)),
            only(second.roles, rareness.second, both.map(\.second)),
            both.map { rareness.first[$0.first] }
        )
    }

    /// Cosine of the angle between the words of a role, each as long as it is rare.
    func cosine(_ role: SentenceProfile.Roles, _ rareness: Rareness) -> Double {
        func weights(_ profile: SentenceProfile, _ weights: [Double]) -> [Double] {
            zip(profile.roles, weights).filter { $0.0.contains(role) }.map(\.1)
        }
        return SimilarityMeasures.cosine(
            weights(first, rareness.first), weights(second, rareness.second),
            common: shared.filter { isCommon($0, role) }.map { rareness.first[$0.first] })
    }

    /// The words of the first text in order, as numbers that are equal where the words are.
    var firstWords: [Int32] { first.words }

    /// The words of the second text by the numbers of the first; others are negative.
    var secondWords: [Int32] {
        var numbers = second.vocabulary.indices.map { -1 - Int32($0) }
        for place in shared { numbers[place.second] = Int32(place.first) }
        return second.words.map { numbers[Int($0)] }
    }

    /// Words of each vocabulary that the other has, and those that it has not.
    var alikeAndDifferent: (common: [String], different: [String]) {
        let (left, right) = (Set(shared.map(\.first)), Set(shared.map(\.second)))
        return (
            shared.map { first.vocabulary[$0.first] },
            first.vocabulary.indices.filter { !left.contains($0) }.map { first.vocabulary[$0] }
                + second.vocabulary.indices.filter { !right.contains($0) }
                .map { second.vocabulary[$0] }
        )
    }

    private func isCommon(
        _ place: (first: Int, second: Int), _ role: SentenceProfile.Roles
    ) -> Bool {
        first.roles[place.first].contains(role) && second.roles[place.second].contains(role)
    }
}
