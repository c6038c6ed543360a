// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import JapaneseText

/// Finds every place where an entity's words stand in a document.
package enum SurfaceSearch {
    /// The places in cleaned text, ascending, not overlapping.
    ///
    /// Characters are compared as the document has them; if the words stand nowhere so, white space
    /// is passed over, because it is lost on the way of some questions.
    package static func occurrences(of surface: String, in text: CleanedText) -> [CleanedRange] {
        let exact = places(
            of: Array(surface.unicodeScalars), in: Array(text.source.enumerated()))
        if !exact.isEmpty { return exact.map(text.cleanedRange) }
        let visible = text.source.enumerated().filter { !$0.element.properties.isWhitespace }
        let words = surface.unicodeScalars.filter { !$0.properties.isWhitespace }
        return places(of: Array(words), in: visible).map(text.cleanedRange)
    }

    private static func places(
        of words: [Unicode.Scalar], in scalars: [(offset: Int, element: Unicode.Scalar)]
    ) -> [SourceRange] {
        guard !words.isEmpty else { return [] }
        var found: [SourceRange] = []
        var position = 0
        while position + words.count <= scalars.count {
            if words.indices.allSatisfy({ scalars[position + $0].element == words[$0] }) {
                let last = scalars[position + words.count - 1].offset
                found.append(SourceRange(start: scalars[position].offset, end: last + 1))
                position += words.count
            } else {
                position += 1
            }
        }
        return found
    }
}
