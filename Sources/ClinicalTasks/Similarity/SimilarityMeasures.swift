import Foundation
import LinearHeads

/// Named measures of how alike two texts are; the same whichever comes first.
struct SimilarityMeasures {
    /// Name and value, always in the same order.
    private(set) var values: [(name: String, value: Double)] = []

    init(_ a: SentenceProfile, _ b: SentenceProfile, rarity: RarityTable) {
        addCharacterMeasures(a, b, rarity)
        addWordMeasures(a, b, rarity)
        addSequenceMeasures(a, b)
        addFactMeasures(a, b)
    }

    private mutating func add(_ name: String, _ value: Double) {
        values.append((name, value.isFinite ? value : 0))
    }

    private mutating func addCharacterMeasures(
        _ a: SentenceProfile, _ b: SentenceProfile, _ rarity: RarityTable
    ) {
        for length in 1...4 {
            let (left, right) = (
                Self.runs(of: a.letters, length: length), Self.runs(of: b.letters, length: length)
            )
            add("characters\(length).dice", Self.dice(left, right))
            let containment = Self.containment(left, right)
            add("characters\(length).containedLess", containment.less)
            add("characters\(length).containedMore", containment.more)
            if length == 2 || length == 3 {
                add(
                    "characters\(length).cosine",
                    Self.cosine(left, right) { rarity[Self.hash("r", $0)] })
            }
        }
        add("ideographs.dice", Self.dice(a.ideographs, b.ideographs))
    }

    private mutating func addWordMeasures(
        _ a: SentenceProfile, _ b: SentenceProfile, _ rarity: RarityTable
    ) {
        let (left, right) = (Set(a.words), Set(b.words))
        func rareness(_ word: String) -> Double { rarity[Self.hash("w", word)] }
        add("words.dice", Self.dice(left, right))
        add("words.cosine", Self.cosine(left, right, rareness))
        add("content.dice", Self.dice(a.contentWords, b.contentWords))
        add("content.cosine", Self.cosine(a.contentWords, b.contentWords, rareness))
        let containment = Self.containment(a.contentWords, b.contentWords)
        add("content.containedLess", containment.less)
        add("content.containedMore", containment.more)
        add("nouns.dice", Self.dice(a.nouns, b.nouns))
        add("verbs.dice", Self.dice(a.verbs, b.verbs))
        add("foreign.dice", Self.dice(a.foreignWords, b.foreignWords))
        add("foreign.any", a.foreignWords.isEmpty && b.foreignWords.isEmpty ? 0 : 1)
        let (onlyA, onlyB) = (
            a.contentWords.subtracting(b.contentWords), b.contentWords.subtracting(a.contentWords)
        )
        let counts = [Double(onlyA.count), Double(onlyB.count)].sorted()
        add("content.onlyLess", min(counts[0], 10) / 10)
        add("content.onlyMore", min(counts[1], 10) / 10)
        let rare = [onlyA, onlyB].map { $0.map(rareness).sorted().reduce(0, +) }.sorted()
        add("content.rareLess", min(rare[0], 40) / 40)
        add("content.rareMore", min(rare[1], 40) / 40)
        add(
            "content.rarestOnly",
            (onlyA.map(rareness) + onlyB.map(rareness)).max().map { min($0, 10) / 10 } ?? 0)
        let common = a.contentWords.intersection(b.contentWords)
        add("content.rarestCommon", common.map(rareness).max().map { min($0, 10) / 10 } ?? 0)
        add("content.common", Double(min(common.count, 10)) / 10)
    }

    private mutating func addSequenceMeasures(_ a: SentenceProfile, _ b: SentenceProfile) {
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
        let wordAlignment = SequenceAlignment(a.words, b.words)
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
        add("numbers.dice", any ? Self.dice(a.numbers, b.numbers) : 1)
        add("numbers.differ", both && a.numbers != b.numbers ? 1 : 0)
        add("numbers.disjoint", both && a.numbers.isDisjoint(with: b.numbers) ? 1 : 0)
        add("numbers.same", both && a.numbers == b.numbers ? 1 : 0)
        add("quantities.dice", any ? Self.dice(a.quantities, b.quantities) : 1)
        add("negation.any", a.negations + b.negations > 0 ? 1 : 0)
        add("negation.differs", (a.negations > 0) != (b.negations > 0) ? 1 : 0)
        add("negation.count", Double(min(abs(a.negations - b.negations), 3)) / 3)
        add("supposition.differs", (a.suppositions > 0) != (b.suppositions > 0) ? 1 : 0)
        let opposed = SimilarityWords.opposed(Self.string(a.letters), Self.string(b.letters))
        add("opposites", Double(min(opposed, 3)) / 3)
    }

    // MARK: Sets

    static func hash(_ family: String, _ text: String) -> FeatureHash {
        var hash = FeatureHash(family)
        hash.mix(text)
        return hash
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// All runs of `length` characters.
    static func runs(of letters: [Unicode.Scalar], length: Int) -> Set<String> {
        guard letters.count >= length else { return [] }
        return Set((0...(letters.count - length)).map { string(letters[$0..<($0 + length)]) })
    }

    private static func dice(_ a: Set<String>, _ b: Set<String>) -> Double {
        let total = a.count + b.count
        return total == 0 ? 0 : 2 * Double(a.intersection(b).count) / Double(total)
    }

    /// Which share of each is in the other, the smaller share and the larger.
    private static func containment(
        _ a: Set<String>, _ b: Set<String>
    ) -> (less: Double, more: Double) {
        let common = Double(a.intersection(b).count)
        let shares = [common / Double(max(a.count, 1)), common / Double(max(b.count, 1))].sorted()
        return (shares[0], shares[1])
    }

    /// Cosine of the angle between two sets whose members weigh what `rareness` says.
    private static func cosine(
        _ a: Set<String>, _ b: Set<String>, _ rareness: (String) -> Double
    ) -> Double {
        // Sums in a fixed order: sets come in another one on every run.
        func square(_ set: Set<String>) -> Double {
            set.map { rareness($0) * rareness($0) }.sorted().reduce(0, +)
        }
        let norms = (square(a) * square(b)).squareRoot()
        return norms > 0 ? square(a.intersection(b)) / norms : 0
    }
}
