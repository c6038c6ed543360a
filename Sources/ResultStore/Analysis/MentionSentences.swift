// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// The sentences of a document, by which people look at its findings.
struct MentionSentences {
    private let sentences: [SourceRange]

    /// Cuts a text into sentences.
    init(of text: FoldedText) {
        sentences = SentenceSplitter().sentences(in: text.cleaned).map {
            text.cleaned.sourceRange(of: $0)
        }
    }

    /// The sentence that a mention stands in; from the first to the last, of one that stands in several. nil
    /// where it stands in none.
    func range(around mention: SourceRange) -> SourceRange? {
        // Binary search: sentences are in order and do not overlap.
        var (low, high) = (0, sentences.count)
        while low < high {
            let middle = (low + high) / 2
            if sentences[middle].end > mention.start { high = middle } else { low = middle + 1 }
        }
        var found: SourceRange?
        while low < sentences.count, sentences[low].overlaps(mention) {
            found = SourceRange(
                start: found?.start ?? sentences[low].start, end: sentences[low].end)
            low += 1
        }
        return found
    }
}
