// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// A stretch of a text as it was sent that is personal information.
package struct PersonalInformationSpan: Hashable, Sendable {
    /// What it is.
    package let kind: PersonalInformationKind
    /// Where it stands, in Unicode scalars of the text as it was sent.
    package let range: SourceRange

    /// A span.
    package init(kind: PersonalInformationKind, range: SourceRange) {
        self.kind = kind
        self.range = range
    }
}

/// Finds personal information in texts and replaces it, leaving every other character as it is.
package struct DeIdentifier: Sendable {
    /// What is written in the place of what was found.
    package enum Placeholder: String, CaseIterable, Sendable {
        /// A word for the kind between brackets: `［氏名］`.
        case kind
        /// One `〓`, as the model reads it.
        case geta
        /// One `〓` for each Unicode scalar, line breaks kept, so that offsets stay.
        case sameLength = "same-length"
    }

    private let finder: PersonalInformationFinder

    /// A de-identifier for some kinds; without them, for all that records hold.
    package init(kinds: Set<PersonalInformationKind> = PersonalInformationKind.records) {
        finder = PersonalInformationFinder(kinds: kinds, edition: .labels)
    }

    /// What is found in a text, in order and apart from each other.
    package func spans(in text: String) -> [PersonalInformationSpan] {
        spans(in: Array(text.unicodeScalars))
    }

    /// A text with a placeholder for each of some spans of it, which must be in order and apart.
    package func replacing(
        _ spans: [PersonalInformationSpan], in text: String, by placeholder: Placeholder
    ) -> String {
        let source = Array(text.unicodeScalars)
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(source.count)
        var index = 0
        for span in spans {
            result += source[index..<span.range.start]
            switch placeholder {
            case .kind: result += "［\(span.kind.word)］".unicodeScalars
            case .geta: result.append("〓")
            case .sameLength:
                result += source[span.range.start..<span.range.end].map {
                    $0 == "\n" || $0 == "\r" ? $0 : "〓"
                }
            }
            index = span.range.end
        }
        result += source[index...]
        return String(scalars: result[...])
    }

    /// The rules of cleaning that give every character one form and take none out.
    private static let folding = TextCleaner(
        profile: .documents,
        only: [
            .invisibleCharacters, .lineBreaks, .fullWidthStops, .compatibilityFolding, .strokes,
            .ellipses, .symbols,
        ])

    private func spans(in source: [Unicode.Scalar]) -> [PersonalInformationSpan] {
        let folded = Self.folding.scalars(of: source)
        var spans: [PersonalInformationSpan] = []
        var last = 0
        for match in finder.matches(in: folded.values) {
            // Two matches may share a source scalar that folds to several, such as ℡; the first
            // of them has it.
            let start = max(last, Int(folded.starts[match.range.lowerBound]))
            let end = Int(folded.ends[match.range.upperBound - 1])
            guard end > start else { continue }
            spans.append(
                PersonalInformationSpan(
                    kind: match.kind, range: SourceRange(start: start, end: end)))
            last = end
        }
        return spans
    }
}
