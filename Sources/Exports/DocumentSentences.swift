// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// The sentences of a document, to show what stands around a mention.
struct DocumentSentences {
    private let cleaned: CleanedText
    private let ranges: [SourceRange]

    init(of text: String) {
        let cleaned = TextCleaner(profile: .documents, personalInformation: []).clean(text)
        self.cleaned = cleaned
        ranges = SentenceSplitter().sentences(in: cleaned).map(cleaned.sourceRange)
    }

    /// The characters of a range of the source; of one that lies outside, nothing.
    func text(at range: SourceRange) -> String {
        range.end <= cleaned.source.count ? cleaned.sourceSlice(range) : ""
    }

    /// From the beginning of the sentence in which a range begins to the end of the one in which it ends.
    func around(_ range: SourceRange) -> SourceRange {
        let first = ranges.first { $0.end > range.start } ?? range
        let last = ranges.last { $0.start < range.end } ?? range
        return SourceRange(
            start: min(first.start, range.start), end: max(last.end, range.end))
    }
}
