// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// A sentence with its words.
package struct AnalyzedSentence: Sendable {
    /// Where it stands in the cleaned text.
    package let range: CleanedRange
    /// Its words in order; white space belongs to none.
    package let morphemes: [Morpheme]

    /// A sentence.
    package init(range: CleanedRange, morphemes: [Morpheme]) {
        self.range = range
        self.morphemes = morphemes
    }
}

/// A text cleaned, cut into sentences and words.
package struct AnalyzedText: Sendable {
    /// The text in both coordinates.
    package let cleaned: CleanedText
    /// Its sentences in order.
    package let sentences: [AnalyzedSentence]

    /// An analysed text.
    package init(cleaned: CleanedText, sentences: [AnalyzedSentence]) {
        self.cleaned = cleaned
        self.sentences = sentences
    }

    /// The place in the original text, with its own characters, that a cleaned range stands for.
    package func textSpan(of range: CleanedRange) -> TextSpan {
        let place = cleaned.sourceRange(of: range)
        return TextSpan(range: place, surface: cleaned.sourceSlice(place))
    }
}

/// Takes a text through cleaning, sentence splitting and MeCab.
package struct TextAnalyzer: Sendable {
    /// How text is cleaned.
    package let cleaner: TextCleaner
    private let analyzer: MorphologicalAnalyzer
    private let splitter = SentenceSplitter()

    /// An analyzer; any number of threads may use it at once.
    package init(
        cleaner: TextCleaner = TextCleaner(profile: .documents), analyzer: MorphologicalAnalyzer
    ) {
        self.cleaner = cleaner
        self.analyzer = analyzer
    }

    /// Analyses a text.
    package func analyze(_ text: String) -> AnalyzedText {
        let cleaned = cleaner.clean(text)
        let ranges = splitter.sentences(in: cleaned)
        let words = analyzer.morphemes(in: cleaned, ranges: ranges)
        return AnalyzedText(
            cleaned: cleaned,
            sentences: zip(ranges, words).map { AnalyzedSentence(range: $0, morphemes: $1) })
    }
}
