// SPDX-License-Identifier: Apache-2.0

/// What a text shows when it is laid beside another one: all that a comparison needs to know of it.
///
/// It is kept for many documents, so it holds each word once and sets as marks on words.
package struct SentenceProfile: Hashable, Sendable {
    /// What kinds of word a word of a text is.
    package struct Roles: OptionSet, Hashable, Sendable {
        /// The bits.
        package let rawValue: UInt8
        /// Any word but punctuation.
        package static let word = Roles(rawValue: 1)
        /// A noun, verb, adjective or adverb that carries a meaning of its own.
        package static let content = Roles(rawValue: 2)
        /// A noun with a meaning of its own.
        package static let noun = Roles(rawValue: 4)
        /// A verb or adjective with a meaning of its own.
        package static let verb = Roles(rawValue: 8)
        /// In katakana, Latin or Greek letters: drugs, tests, abbreviations.
        package static let foreign = Roles(rawValue: 16)

        /// Roles of these bits.
        package init(rawValue: UInt8) { self.rawValue = rawValue }
    }

    /// Which words of pairs of opposites a text has: a bit for each pair.
    package struct OppositeMarks: Hashable, Sendable {
        /// The pairs of which the text has the first word only.
        package var first: UInt64 = 0
        /// The pairs of which it has the second word only.
        package var second: UInt64 = 0

        /// No word of any pair.
        package init() {}

        /// How many opposites are spread over two texts: one word only here, its opposite only there.
        package func opposed(to text: OppositeMarks) -> Int {
            (first & text.second | second & text.first).nonzeroBitCount
        }
    }

    /// The cleaned text without white space and punctuation.
    package let letters: [Unicode.Scalar]
    /// Dictionary forms of all words but punctuation, each once, sorted.
    package let vocabulary: [String]
    /// What each word of the vocabulary is, at any of its places.
    package let roles: [Roles]
    /// The words in the order of the text, by their places in the vocabulary.
    package let words: [Int32]
    /// Numbers as they stand, with their decimals; each once, sorted.
    package let numbers: [String]
    /// Numbers with the character after them; each once, sorted.
    package let quantities: [String]
    /// How often something is denied.
    package let negations: Int
    /// How often something is only supposed.
    package let suppositions: Int
    /// Dictionary form of the last verb or adjective.
    package let predicate: String?
    /// Which words of opposites the text has.
    package let opposites: OppositeMarks

    /// A profile of its parts; `roles` has one for each word of the vocabulary, and `words` are its places.
    package init(
        letters: [Unicode.Scalar], vocabulary: [String], roles: [Roles], words: [Int32],
        numbers: [String], quantities: [String], negations: Int, suppositions: Int,
        predicate: String?, opposites: OppositeMarks
    ) {
        precondition(vocabulary.count == roles.count, "roles for each word")
        self.letters = letters
        self.vocabulary = vocabulary
        self.roles = roles
        self.words = words
        self.numbers = numbers
        self.quantities = quantities
        self.negations = negations
        self.suppositions = suppositions
        self.predicate = predicate
        self.opposites = opposites
    }

    /// About how much memory the profile takes, in bytes; a string above 15 bytes of UTF-8 has memory
    /// of its own.
    package var byteCount: Int {
        let strings = vocabulary + numbers + quantities
        let long = strings.reduce(0) { $0 + ($1.utf8.count > 15 ? 32 + $1.utf8.count : 0) }
        return 300 + 4 * letters.count + 4 * words.count + roles.count + 16 * strings.count + long
    }
}
