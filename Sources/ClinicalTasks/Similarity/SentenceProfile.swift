package import JapaneseText

/// What a text shows when it is laid beside another one: all that a comparison needs to know of it.
///
/// It is kept for many documents, so it holds each word once and sets as marks on words.
package struct SentenceProfile: Hashable, Sendable {
    /// What kinds of word a word of a text is.
    struct Roles: OptionSet, Hashable {
        let rawValue: UInt8
        /// Any word but punctuation.
        static let word = Roles(rawValue: 1)
        /// A noun, verb, adjective or adverb that carries a meaning of its own.
        static let content = Roles(rawValue: 2)
        static let noun = Roles(rawValue: 4)
        /// A verb or adjective.
        static let verb = Roles(rawValue: 8)
        /// In katakana, Latin or Greek letters: drugs, tests, abbreviations.
        static let foreign = Roles(rawValue: 16)
    }

    /// The cleaned text without white space and punctuation.
    let letters: [Unicode.Scalar]
    /// Dictionary forms of all words but punctuation, each once, sorted.
    let vocabulary: [String]
    /// What each word of the vocabulary is, at any of its places.
    let roles: [Roles]
    /// The words in the order of the text, by their places in the vocabulary.
    let words: [Int32]
    /// Numbers as they stand, with their decimals; each once, sorted.
    let numbers: [String]
    /// Numbers with the character after them; each once, sorted.
    let quantities: [String]
    /// How often something is denied.
    let negations: Int
    /// How often something is only supposed.
    let suppositions: Int
    /// Dictionary form of the last verb or adjective.
    let predicate: String?
    /// Which words of opposites the text has.
    let opposites: SimilarityWords.OppositeMarks

    /// The profile of a text that is cleaned and cut into words already.
    package init(_ text: AnalyzedText) {
        letters = Self.letters(of: text)
        let meaningful = text.sentences.flatMap(\.morphemes).filter { $0.partOfSpeech != "記号" }
        (vocabulary, roles, words) = Self.vocabulary(of: meaningful)
        (numbers, quantities) = Self.numbers(in: text.cleaned.scalars)
        let string = String(String.UnicodeScalarView(text.cleaned.scalars))
        negations = SimilarityWords.count(SimilarityWords.negations, in: string)
        suppositions = SimilarityWords.count(SimilarityWords.suppositions, in: string)
        predicate =
            meaningful.last {
                ["動詞", "形容詞"].contains($0.partOfSpeech) && $0.subcategory == "自立"
            }?.baseForm
        opposites = SimilarityWords.OppositeMarks(String(String.UnicodeScalarView(letters)))
    }

    /// About how much memory the profile takes, in bytes; a string above 15 bytes of UTF-8 has memory
    /// of its own.
    package var byteCount: Int {
        let strings = vocabulary + numbers + quantities
        let long = strings.reduce(0) { $0 + ($1.utf8.count > 15 ? 32 + $1.utf8.count : 0) }
        return 300 + 4 * letters.count + 4 * words.count + roles.count + 16 * strings.count + long
    }

    /// The cleaned text without white space and punctuation.
    static func letters(of text: AnalyzedText) -> [Unicode.Scalar] {
        text.cleaned.scalars.filter(isLetter)
    }

    private static func vocabulary(of morphemes: [Morpheme]) -> ([String], [Roles], [Int32]) {
        var found: [String: Roles] = [:]
        for morpheme in morphemes {
            found[morpheme.baseForm, default: []].formUnion(roles(morpheme))
        }
        let vocabulary = found.keys.sorted()
        var places: [String: Int32] = [:]
        for (place, word) in vocabulary.enumerated() { places[word] = Int32(place) }
        return (
            vocabulary, vocabulary.map { found[$0] ?? .word },
            morphemes.compactMap { places[$0.baseForm] }
        )
    }

    private static func roles(_ morpheme: Morpheme) -> Roles {
        var roles: Roles = .word
        if morpheme.baseForm.unicodeScalars.allSatisfy(isForeign) { roles.insert(.foreign) }
        guard morpheme.subcategory != "非自立", morpheme.subcategory != "接尾",
            morpheme.baseForm != "する"
        else { return roles }
        switch morpheme.partOfSpeech {
        case "名詞": roles.formUnion([.content, .noun])
        case "動詞", "形容詞": roles.formUnion([.content, .verb])
        case "副詞", "連体詞": roles.insert(.content)
        default: break
        }
        return roles
    }

    /// Numbers, and the same with up to one following character that is not a digit.
    private static func numbers(in scalars: [Unicode.Scalar]) -> ([String], [String]) {
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
        return (numbers.sorted(), quantities.sorted())
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    /// Whether a character is a Chinese one.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
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
