// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// One sentence as the assertion layer reads it: its characters, its words, its mentions.
///
/// Places are offsets of the cleaned text, unless lines were wrapped within the sentence: then the
/// breaks are left out, so that no cue is cut by one, and `cleaned` gives the way back.
struct Statement {
    /// A mention with its place in the statement.
    struct Mention {
        let type: EntityType
        let range: Range<Int>
    }

    let scalars: [Unicode.Scalar]
    let range: Range<Int>
    let words: [Morpheme]
    /// The mentions that begin in it, from left to right.
    let mentions: [Mention]
    /// For each place of the sentence, the number of the word that covers it; -1 for white space.
    private let wordAt: [Int]
    /// The cleaned place of each place, where line breaks were left out.
    private let places: [Int]?

    /// A sentence with the cleaned ranges of its mentions.
    init(_ sentence: AnalyzedSentence, in text: CleanedText, mentions: [Mention]) {
        let cleaned = sentence.range.start..<sentence.range.end
        if text.scalars[cleaned].contains("\n") {
            let places = cleaned.filter { text.scalars[$0] != "\n" }
            // A place that was left out becomes the one behind it.
            func place(_ cleaned: Int) -> Int { places.partitioningIndex { $0 >= cleaned } }
            scalars = places.map { text.scalars[$0] }
            range = 0..<places.count
            words = sentence.morphemes.map {
                $0.moved(to: CleanedRange(start: place($0.range.start), end: place($0.range.end)))
            }
            self.mentions = mentions.map {
                Mention(
                    type: $0.type, range: place($0.range.lowerBound)..<place($0.range.upperBound))
            }
            self.places = places
        } else {
            scalars = text.scalars
            range = cleaned
            words = sentence.morphemes
            self.mentions = mentions
            places = nil
        }
        var wordAt = [Int](repeating: -1, count: range.count)
        for (number, word) in words.enumerated() {
            for place in word.range.start..<word.range.end where range.contains(place) {
                wordAt[place - range.lowerBound] = number
            }
        }
        self.wordAt = wordAt
    }

    /// The cleaned range of a range of the statement, which must not be empty.
    func cleaned(_ range: Range<Int>) -> Range<Int> {
        guard let places, let last = range.last else { return range }
        return places[range.lowerBound]..<places[last] + 1
    }

    /// The word that covers a place.
    func word(at place: Int) -> Int? {
        guard range.contains(place) else { return nil }
        let number = wordAt[place - range.lowerBound]
        return number < 0 ? nil : number
    }

    /// The mention that covers a place.
    func mention(at place: Int) -> Mention? { mentions.first { $0.range.contains(place) } }

    subscript(place: Int) -> Unicode.Scalar? { range.contains(place) ? scalars[place] : nil }

    /// The first place at or after `place` that is no white space.
    func skippingSpace(_ place: Int) -> Int {
        var place = place
        while let scalar = self[place], scalar.isSpace { place += 1 }
        return place
    }

    /// The end of the longest of the words that stands at a place.
    func end(of words: WordList, at place: Int) -> Int? {
        words.match(in: scalars, at: place, end: range.upperBound)?.upperBound
    }

    /// Whether one of the words ends at a place.
    func ends(with words: WordList, at place: Int) -> Bool {
        place >= range.lowerBound && words.ends(scalars, range.lowerBound..<place)
    }

    /// Where the bracket that opens at `place` closes within the sentence.
    func closing(of place: Int) -> Int? {
        guard let opening = self[place], let closing = Self.brackets[opening] else { return nil }
        var depth = 0
        for index in place..<range.upperBound {
            if scalars[index] == opening { depth += 1 }
            if scalars[index] == closing { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    private static let brackets: [Unicode.Scalar: Unicode.Scalar] = [
        "(": ")", "[": "]", "【": "】", "〔": "〕", "<": ">", "〈": "〉",
    ]

    /// What separates the items of a list.
    static let enumerators: WordList = [
        "・", "、", ",", "/", "と", "や", "及び", "および", "又は", "または", "並びに", "ならびに", "もしくは", "若しくは", "or",
        "+",
        "とか", "、および", "、及び", "、または", "、又は", "も", "を含め", "をはじめ", "をはじめとする",
    ]
}

extension Statement {
    /// The cleaned characters of a range.
    func text(_ range: Range<Int>) -> String { String(scalars: scalars[range]) }
}

extension [Int] {
    /// The first index whose value fulfils a condition that holds from there to the end.
    fileprivate func partitioningIndex(where holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Morpheme {
    /// The same word at another place.
    fileprivate func moved(to range: CleanedRange) -> Morpheme {
        Morpheme(
            surface: surface, range: range, partOfSpeech: partOfSpeech, subcategory: subcategory,
            baseForm: baseForm, reading: reading, isUnknown: isUnknown)
    }
}
