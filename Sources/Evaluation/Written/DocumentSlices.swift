// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Finds what a model wrote in a document, and gives it back in the document's own characters.
///
/// Tokenizers fold full width, and models of words write spaces between them. What is not in the document as it
/// stands is looked for with both cleaned and white space left out; of several places the first counts.
package struct DocumentSlices {
    private let document: String
    private let cleaned: CleanedText
    /// Offsets of the cleaned scalars that are no white space.
    private let offsets: [Int]
    private let scalars: [Unicode.Scalar]

    private static let cleaner = TextCleaner(profile: .training, personalInformation: [])

    /// A document.
    package init(_ document: String) {
        self.document = document
        cleaned = Self.cleaner.clean(document)
        offsets = cleaned.scalars.indices.filter { [cleaned] in !Self.isSpace(cleaned.scalars[$0]) }
        scalars = offsets.map { [cleaned] in cleaned.scalars[$0] }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{2581}" || scalar.properties.isWhitespace
    }

    /// The document's own characters for a text that stands in it; nil where it does not.
    package func slice(of text: String) -> String? {
        guard !text.isEmpty else { return nil }
        if !DocumentPlaces(document).places(of: text).isEmpty { return text }
        let wanted = Self.cleaner.clean(text).scalars.filter { !Self.isSpace($0) }
        guard !wanted.isEmpty, wanted.count <= scalars.count else { return nil }
        for start in 0...scalars.count - wanted.count
        where scalars[start..<start + wanted.count].elementsEqual(wanted) {
            let range = CleanedRange(
                start: offsets[start], end: offsets[start + wanted.count - 1] + 1)
            return cleaned.sourceSlice(cleaned.sourceRange(of: range))
        }
        return nil
    }
}
