package import JapaneseText

/// What a text shows when it is laid beside another one: all that a comparison needs to know of it.
package struct SentenceProfile: Hashable, Sendable {
    /// The cleaned text without white space and punctuation.
    let letters: [Unicode.Scalar]
    /// Dictionary forms of all words but punctuation.
    let words: [String]
    /// Those of nouns, verbs, adjectives and adverbs that carry a meaning of their own.
    let contentWords: Set<String>
    let nouns: Set<String>
    let verbs: Set<String>
    /// Chinese characters.
    let ideographs: Set<String>
    /// Words in katakana or Latin letters: drugs, tests, abbreviations.
    let foreignWords: Set<String>
    /// Numbers as they stand, with their decimals.
    let numbers: Set<String>
    /// Numbers with the word after them.
    let quantities: Set<String>
    /// How often something is denied.
    let negations: Int
    /// How often something is only supposed.
    let suppositions: Int
    /// Dictionary form of the last verb or adjective.
    let predicate: String?

    /// The profile of a text that is cleaned and cut into words already.
    package init(_ text: AnalyzedText) {
        let morphemes = text.sentences.flatMap(\.morphemes)
        letters = Self.letters(of: text)
        let meaningful = morphemes.filter { $0.partOfSpeech != "記号" }
        words = meaningful.map(\.baseForm)
        let independent = meaningful.filter {
            $0.subcategory != "非自立" && $0.subcategory != "接尾" && $0.baseForm != "する"
        }
        func set(_ parts: [String]) -> Set<String> {
            Set(independent.filter { parts.contains($0.partOfSpeech) }.map(\.baseForm))
        }
        contentWords = set(["名詞", "動詞", "形容詞", "副詞", "連体詞"])
        nouns = set(["名詞"])
        verbs = set(["動詞", "形容詞"])
        ideographs = Set(letters.filter(Self.isIdeograph).map { String(Character($0)) })
        foreignWords = Set(
            words.filter { word in word.unicodeScalars.allSatisfy(Self.isForeign) })
        (numbers, quantities) = Self.numbers(in: text.cleaned.scalars)
        let string = String(String.UnicodeScalarView(text.cleaned.scalars))
        negations = SimilarityWords.count(SimilarityWords.negations, in: string)
        suppositions = SimilarityWords.count(SimilarityWords.suppositions, in: string)
        predicate =
            meaningful.last {
                ["動詞", "形容詞"].contains($0.partOfSpeech) && $0.subcategory == "自立"
            }?.baseForm
    }

    /// About how much memory the profile takes, in bytes: a string's place and, above 15 bytes of
    /// UTF-8, its own memory; places of a set that is half full.
    package var byteCount: Int {
        let sets = [
            contentWords, nouns, verbs, ideographs, foreignWords, numbers, quantities,
        ].reduce(0) { $0 + 32 * $1.count }
        let long = words.reduce(0) { $0 + ($1.utf8.count > 15 ? 32 + $1.utf8.count : 0) }
        return 256 + 4 * letters.count + 16 * words.count + sets + long
    }

    /// The cleaned text without white space and punctuation.
    static func letters(of text: AnalyzedText) -> [Unicode.Scalar] {
        text.cleaned.scalars.filter(isLetter)
    }

    /// Numbers with up to one following character that is not a digit.
    private static func numbers(in scalars: [Unicode.Scalar]) -> (Set<String>, Set<String>) {
        var numbers: Set<String> = []
        var quantities: Set<String> = []
        var index = 0
        while index < scalars.count {
            guard isDigit(scalars[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < scalars.count,
                isDigit(scalars[index])
                    || (scalars[index] == "." && index + 1 < scalars.count
                        && isDigit(scalars[index + 1]))
            { index += 1 }
            numbers.insert(String(String.UnicodeScalarView(scalars[start..<index])))
            let end = min(index + 2, scalars.count)
            quantities.insert(String(String.UnicodeScalarView(scalars[start..<end])))
        }
        return (numbers, quantities)
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        (0x4E00...0x9FFF).contains(scalar.value) || (0x3400...0x4DBF).contains(scalar.value)
    }

    private static func isForeign(_ scalar: Unicode.Scalar) -> Bool {
        (0x30A1...0x30FC).contains(scalar.value) || (0x41...0x5A).contains(scalar.value)
            || (0x61...0x7A).contains(scalar.value) || (0x391...0x3C9).contains(scalar.value)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || isDigit(scalar) || scalar == "%" || scalar == "℃"
            || scalar == "+" || scalar == "-"
    }
}
