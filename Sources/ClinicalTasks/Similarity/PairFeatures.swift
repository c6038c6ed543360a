// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import LinearHeads

/// The features of two texts laid beside each other.
package struct PairFeatures {
    /// The vector: hashed words first, then measures.
    package let vector: SparseVector
    /// The measures by name.
    let measures: SimilarityMeasures

    /// Room for measures and their steps after the buckets.
    package static let measureRoom = 512
    /// Entries of one measure: itself, then one for each knot.
    package static let entriesPerMeasure = 7
    /// Places between 0 and 1 at which the effect of a measure may bend.
    private static let knots = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]

    /// Compares two texts.
    package init(
        _ a: SentenceProfile, _ b: SentenceProfile, rarity: RarityTable,
        settings: SimilarityJudge.Settings
    ) {
        let words = WordComparison(a, b)
        measures = SimilarityMeasures(a, b, words, rarity: rarity)
        var entries = Self.words(words, buckets: settings.buckets)
        entries += Self.bent(measures, after: settings.buckets)
        vector = SparseVector(entries)
    }

    /// The features whose rarity counts: runs of characters and words.
    package static func rarityFeatures(of profile: SentenceProfile) -> [FeatureHash] {
        let runs = CharacterRuns(profile.letters)
        return profile.vocabulary.map { SimilarityMeasures.hash("w", $0) }
            + runs.pairs.map { CharacterRuns.hash(of: $0, length: 2) }
            + runs.triples.map { CharacterRuns.hash(of: $0, length: 3) }
    }

    /// Each measure itself, and how near it lies to each of the knots.
    private static func bent(
        _ measures: SimilarityMeasures, after start: Int
    ) -> [(index: UInt32, value: Float)] {
        var entries: [(index: UInt32, value: Float)] = []
        for (number, measure) in measures.values.enumerated() {
            let base = start + number * entriesPerMeasure
            precondition((number + 1) * entriesPerMeasure <= measureRoom, "room for all measures")
            entries.append((UInt32(base), Float(measure.value)))
            for (step, knot) in knots.enumerated() {
                let nearness = 1 - abs(measure.value - knot) / 0.2
                if nearness > 0 { entries.append((UInt32(base + 1 + step), Float(nearness))) }
            }
        }
        return entries
    }

    /// Words that only one text has (`d`), and those that both have (`c`).
    private static func words(
        _ words: WordComparison, buckets: Int
    ) -> [(index: UInt32, value: Float)] {
        var entries: [(index: UInt32, value: Float)] = []
        func add(_ family: String, _ word: String) {
            entries.append((SimilarityMeasures.hash(family, word).bucket(of: buckets), 1))
        }
        let (common, different) = words.alikeAndDifferent
        for word in different { add("d", word) }
        for word in common { add("c", word) }
        return entries
    }
}
