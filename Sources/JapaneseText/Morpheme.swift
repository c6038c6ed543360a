// SPDX-License-Identifier: Apache-2.0

/// One word as MeCab cuts it, with what the dictionary says of it.
package struct Morpheme: Hashable, Sendable {
    /// The word in the cleaned text.
    package let surface: String
    /// Where it stands in the cleaned text.
    package let range: CleanedRange
    /// Part of speech, for example `名詞`.
    package let partOfSpeech: String
    /// First subdivision of the part of speech, for example `固有名詞`; empty if there is none.
    package let subcategory: String
    /// Dictionary form in the letters of the cleaned text; the surface where none is known.
    package let baseForm: String
    /// Reading in katakana, where one is known.
    package let reading: String?
    /// Whether the word is in no dictionary and was cut by the kind of its characters.
    package let isUnknown: Bool

    /// A morpheme.
    package init(
        surface: String, range: CleanedRange, partOfSpeech: String, subcategory: String,
        baseForm: String, reading: String?, isUnknown: Bool
    ) {
        self.surface = surface
        self.range = range
        self.partOfSpeech = partOfSpeech
        self.subcategory = subcategory
        self.baseForm = baseForm
        self.reading = reading
        self.isUnknown = isUnknown
    }
}
