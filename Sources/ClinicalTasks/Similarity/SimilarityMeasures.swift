// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import LinearHeads

/// Named measures of how alike two texts are; the same whichever comes first.
struct SimilarityMeasures {
    /// Name and value, always in the same order.
    private(set) var values: [(name: String, value: Double)] = []

    init(
        _ a: SentenceProfile, _ b: SentenceProfile, _ words: WordComparison, rarity: RarityTable
    ) {
        addCharacterMeasures(a, b, rarity)
        addWordMeasures(words, rarity)
        addSequenceMeasures(a, b, words)
        addFactMeasures(a, b)
    }

    private mutating func add(_ name: String, _ value: Double) {
        values.append((name, value.isFinite ? value : 0))
    }

    private mutating func addCharacterMeasures(
        _ a: SentenceProfile, _ b: SentenceProfile, _ rarity: RarityTable
    ) {
        let (left, right) = (CharacterRuns(a.letters), CharacterRuns(b.letters))
        add(Overlap(left.singles, right.singles), runLength: 1)
        add(Overlap(left.pairs, right.pairs), runLength: 2)
        add(
            "characters2.cosine",
            Self.cosine(left.pairs, right.pairs) { rarity[CharacterRuns.hash(of: $0, length: 2)] })
        add(Overlap(left.triples, right.triples), runLength: 3)
        add(
            "characters3.cosine",
            Self.cosine(left.triples, right.triples) {
                rarity[CharacterRuns.hash(of: $0, length: 3)]
            })
        add(Overlap(left.quadruples, right.quadruples), runLength: 4)
        add("ideographs.dice", Overlap(left.ideographs, right.ideographs).dice)
    }

    private mutating func add(_ overlap: Overlap, runLength length: Int) {
        add("characters\(length).dice", overlap.dice)
        let containment = overlap.containment
        add("characters\(length).containedLess", containment.less)
        add("characters\(length).containedMore", containment.more)
    }

    private mutating func addWordMeasures(
        _ words: WordComparison, _ rarity: RarityTable
    ) {
        let rareness = words.rareness(rarity)
        add("words.dice", words.overlap(.word).dice)
        add("words.cosine", words.cosine(.word, rareness))
        add("content.dice", words.overlap(.content).dice)
        add("content.cosine", words.cosine(.content, rareness))
        let containment = words.overlap(.content).containment
        add("content.containedLess", containment.less)
        add("content.containedMore", containment.more)
        add("nouns.dice", words.overlap(.noun).dice)
        add("verbs.dice", words.overlap(.verb).dice)
        let foreign = words.overlap(.foreign)
        add("foreign.dice", foreign.dice)
        add("foreign.any", foreign.first + foreign.second == 0 ? 0 : 1)
        let content = words.parted(.content, rareness)
        let counts = [Double(content.onlyFirst.count), Double(content.onlySecond.count)].sorted()
        add("content.onlyLess", min(counts[0], 10) / 10)
        add("content.onlyMore", min(counts[1], 10) / 10)
        let rare = [content.onlyFirst, content.onlySecond]
            .map { $0.sorted().reduce(0, +) }.sorted()
        add("content.rareLess", min(rare[0], 40) / 40)
        add("content.rareMore", min(rare[1], 40) / 40)
        let only = content.onlyFirst + content.onlySecond
        add("content.rarestOnly", only.max().map { min($0, 10) / 10 } ?? 0)
        add("content.rarestCommon", content.common.max().map { min($0, 10) / 10 } ?? 0)
        add("content.common", Double(min(content.common.count, 10)) / 10)
    }

    private mutating func addSequenceMeasures(
        _ a: SentenceProfile, _ b: SentenceProfile, _ comparison: WordComparison
    ) {
        let (left, right) = (a.letters, b.letters)
        let longer = Double(max(left.count, right.count, 1))
        let shorter = Double(min(left.count, right.count))
        add("length.ratio", shorter / longer)
        add("length.longer", min(log(longer + 1) / 5, 1))
        add("length.shorter", min(log(shorter + 1) / 5, 1))
        let alignment = SequenceAlignment(left, right)
        add("edits", 1 - Double(alignment.editDistance) / longer)
        add("subsequence", Double(alignment.commonSubsequence) / max(shorter, 1))
        add("subsequence.longer", Double(alignment.commonSubsequence) / longer)
        add("substring", Double(alignment.commonSubstring) / max(shorter, 1))
        let wordAlignment = SequenceAlignment(comparison.firstWords, comparison.secondWords)
        let words = Double(max(a.words.count, b.words.count, 1))
        add("words.edits", 1 - Double(wordAlignment.editDistance) / words)
        add("words.substring", Double(wordAlignment.commonSubstring) / words)
        let prefix = zip(left, right).prefix { $0 == $1 }.count
        let suffix = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        add("prefix", Double(prefix) / longer)
        add("suffix", Double(suffix) / longer)
        add("same", left == right ? 1 : 0)
        add("predicate.same", a.predicate != nil && a.predicate == b.predicate ? 1 : 0)
    }

    private mutating func addFactMeasures(_ a: SentenceProfile, _ b: SentenceProfile) {
        let (both, any) = (
            !a.numbers.isEmpty && !b.numbers.isEmpty, !a.numbers.isEmpty || !b.numbers.isEmpty
        )
        add("numbers.any", any ? 1 : 0)
        add("numbers.onlyOne", any && !both ? 1 : 0)
        let numbers = Overlap(a.numbers, b.numbers)
        add("numbers.dice", any ? numbers.dice : 1)
        add("numbers.differ", both && a.numbers != b.numbers ? 1 : 0)
        add("numbers.disjoint", both && numbers.common == 0 ? 1 : 0)
        add("numbers.same", both && a.numbers == b.numbers ? 1 : 0)
        add("quantities.dice", any ? Overlap(a.quantities, b.quantities).dice : 1)
        add("negation.any", a.negations + b.negations > 0 ? 1 : 0)
        add("negation.differs", (a.negations > 0) != (b.negations > 0) ? 1 : 0)
        add("negation.count", Double(min(abs(a.negations - b.negations), 3)) / 3)
        add("supposition.differs", (a.suppositions > 0) != (b.suppositions > 0) ? 1 : 0)
        add("opposites", Double(min(a.opposites.opposed(to: b.opposites), 3)) / 3)
    }

    // MARK: Hashes and weights

    static func hash(_ family: String, _ text: String) -> FeatureHash {
        var hash = FeatureHash(family)
        hash.mix(text)
        return hash
    }

    /// Cosine of the angle between two sets of runs whose members weigh what `rareness` says.
    private static func cosine(
        _ a: [UInt64], _ b: [UInt64], _ rareness: (UInt64) -> Double
    ) -> Double {
        let weights = a.map(rareness)
        var common: [Double] = []
        forEachCommon(a, b) { place, _ in common.append(weights[place]) }
        return cosine(weights, b.map(rareness), common: common)
    }

    /// Cosine of the angle between two sets whose members weigh so much, those in common as well.
    static func cosine(_ a: [Double], _ b: [Double], common: [Double]) -> Double {
        // Sums in a fixed order, whichever comes first.
        func square(_ weights: [Double]) -> Double {
            weights.map { $0 * $0 }.sorted().reduce(0, +)
        }
        let norms = (square(a) * square(b)).squareRoot()
        return norms > 0 ? square(common) / norms : 0
    }
}
