// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import JapaneseText

/// The sections that a sender marked, as far as their titles or codes say something of all that stands in them.
struct DeclaredSections {
    private let sections: [(section: SectionHeadings.Section, range: Range<Int>)]

    /// The sections of a document, but for those that were only found by headings in its text, where these
    /// themselves are read.
    static func marked(by source: DocumentSource) -> [DocumentSection] {
        switch source.format {
        case .pdf, .rtf: []
        default: source.sections
        }
    }

    init(_ sections: [DocumentSection], in text: CleanedText) {
        self.sections = sections.compactMap { section in
            guard let kind = Self.kind(of: section) else { return nil }
            let range = text.cleanedRange(of: section.range)
            return (kind, range.start..<range.end)
        }
    }

    /// The section that holds a place, if any.
    func section(
        at place: Int
    ) -> (section: SectionHeadings.Section, range: Range<Int>)? {
        sections.first { $0.range.contains(place) }
    }

    /// Codes of LOINC and of the documents of JP Core.
    private static let codes: [String: SectionHeadings.Section] = [
        "10157-6": .family, "550": .family, "552": .family,
        "11348-0": .past, "370": .past, "372": .past, "47519-4": .past,
        "48765-2": .allergy, "510": .allergy,
    ]
    private static let marks = Set("【】[]〔〕<>《》「」■□◆◇●○▼▽#*:・() ".unicodeScalars)

    private static func kind(of section: DocumentSection) -> SectionHeadings.Section? {
        if let code = section.code, let kind = codes[code] { return kind }
        let title = section.title.precomposedStringWithCompatibilityMapping.unicodeScalars
            .filter { !marks.contains($0) }
        let scalars = Array(title)
        return SectionHeadings.names.first { _, words in
            words.match(in: scalars, at: 0, end: scalars.count)?.upperBound == scalars.count
                && !scalars.isEmpty
        }.flatMap { $0.0 == .other ? nil : $0.0 }
    }
}
