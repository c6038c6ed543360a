// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText

extension SentenceProfile {
    /// The profile of a text that is cleaned and cut into words already.
    package init(_ text: AnalyzedText) {
        let letters = Self.letters(of: text)
        let meaningful = text.sentences.flatMap(\.morphemes).filter { $0.partOfSpeech != "記号" }
        let (vocabulary, roles, words) = Self.vocabulary(of: meaningful)
        let (numbers, quantities) = Self.numbers(in: text.cleaned.scalars)
        self.init(
            letters: letters, vocabulary: vocabulary, roles: roles, words: words, numbers: numbers,
            quantities: quantities,
            negations: SimilarityWords.count(SimilarityWords.negations, in: text.cleaned.scalars),
            suppositions: SimilarityWords.count(
                SimilarityWords.suppositions, in: text.cleaned.scalars),
            predicate: meaningful.last {
                ["動詞", "形容詞"].contains($0.partOfSpeech) && $0.subcategory == "自立"
            }?.baseForm,
            opposites: OppositeMarks(letters))
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
