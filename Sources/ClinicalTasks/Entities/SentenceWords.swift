// SPDX-License-Identifier: Apache-2.0
package import JapaneseText
import LinearHeads

/// The words of a sentence as the entity features and tables look at them: letters in small form.
package struct SentenceWords: Sendable {
    /// The words with their parts of speech.
    package let morphemes: [Morpheme]
    /// The characters of each word, Latin letters small.
    package let characters: [[Unicode.Scalar]]
    private let partsOfSpeech: [[Unicode.Scalar]]
    private let subcategories: [[Unicode.Scalar]]
    private let shapes: [Int]

    /// The words of a sentence.
    package init(_ sentence: AnalyzedSentence) {
        morphemes = sentence.morphemes
        characters = sentence.morphemes.map { $0.surface.unicodeScalars.map(\.smallForm) }
        partsOfSpeech = morphemes.map { Array($0.partOfSpeech.unicodeScalars) }
        subcategories = morphemes.map {
            Array($0.partOfSpeech.unicodeScalars) + Array($0.subcategory.unicodeScalars)
        }
        shapes = characters.map(WordShape.code)
    }

    /// Number of words.
    package var count: Int { morphemes.count }

    /// The cleaned range of a run of words, which must not be empty.
    package func range(of words: Range<Int>) -> CleanedRange {
        CleanedRange(
            start: morphemes[words.lowerBound].range.start,
            end: morphemes[words.upperBound - 1].range.end)
    }

    /// The term hash of a run of words.
    package func termHash(of words: Range<Int>) -> TermHash {
        var hash = TermHash()
        for word in words { hash.mix(characters[word]) }
        return hash
    }
}

extension SentenceWords {
    private static let beforeSentence: [Unicode.Scalar] = ["<"]
    private static let afterSentence: [Unicode.Scalar] = [">"]
    private static let noWord: [Unicode.Scalar] = ["-"]

    /// The characters of a word; `<` before the sentence and `>` after it.
    func surface(_ index: Int) -> [Unicode.Scalar] {
        if index < 0 { return Self.beforeSentence }
        if index >= count { return Self.afterSentence }
        return characters[index]
    }

    /// The part of speech of a word; `-` outside the sentence.
    func partOfSpeech(_ index: Int) -> [Unicode.Scalar] {
        index < 0 || index >= count ? Self.noWord : partsOfSpeech[index]
    }

    /// Part of speech with its subdivision; `-` outside the sentence.
    func subcategory(_ index: Int) -> [Unicode.Scalar] {
        index < 0 || index >= count ? Self.noWord : subcategories[index]
    }

    /// The shape of a word; -1 outside the sentence.
    func shape(_ index: Int) -> Int {
        index < 0 || index >= count ? -1 : shapes[index]
    }
}

/// The hash under which a string stands in dictionaries and gazetteers: its characters without
/// white space and with small Latin letters, so that a run of words gives what the string gives.
package struct TermHash: Sendable {
    private var hash = FeatureHash("term")

    /// The hash of nothing.
    package init() {}

    /// The hash of a cleaned string.
    package init(_ cleaned: some Sequence<Unicode.Scalar>) {
        mix(cleaned.lazy.map(\.smallForm))
    }

    /// Goes on with the characters of a word.
    package mutating func mix(_ characters: some Sequence<Unicode.Scalar>) {
        for scalar in characters where !scalar.isSpace { hash.mix(scalar) }
    }

    /// The hash of all so far.
    package var value: UInt32 { UInt32(truncatingIfNeeded: hash.value) }

    /// The rest of it, where one in four thousand million is too many.
    package var check: UInt32 { UInt32(truncatingIfNeeded: hash.value >> 32) }
}

extension Unicode.Scalar {
    /// The small form of a Latin capital; every other character itself.
    var smallForm: Unicode.Scalar {
        (0x41...0x5A).contains(value) ? Unicode.Scalar(UInt8(value + 0x20)) : self
    }

    /// Whether it is cleaned or ordinary white space; kana and kanji need no look at Unicode's tables.
    var isSpace: Bool {
        if (0x3001...0xD7FF).contains(value) { return false }
        return value == 0x2581 || properties.isWhitespace
    }
}
