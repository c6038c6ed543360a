// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Where a document tells, under a heading, of relatives or of earlier times: what stands there is no finding of
/// the patient's of today.
package struct DocumentHistories: Hashable, Sendable {
    private struct Entry: Hashable {
        /// In the cleaned text.
        let range: Range<Int>
        let isFamily: Bool
    }

    /// From left to right.
    private var entries: [Entry] = []

    /// None.
    package init() {}

    /// Those of a document, by its headings and by the sections that its sender marked.
    package init(of reading: DocumentReading) {
        let declared = DeclaredSections.marked(by: reading.document.source)
        self = SectionHeadings(reading.text, declared: declared).histories
    }

    /// Adds what a sentence has of them, that begins in a section and holds headings of others; a heading is of
    /// its section.
    mutating func add(
        _ sentence: Range<Int>, from section: SectionHeadings.Section?, headings: [InlineHeading]
    ) {
        var start = sentence.lowerBound
        var section = section
        for heading in headings where heading.range.lowerBound >= start {
            add(start..<heading.range.lowerBound, section)
            (start, section) = (heading.range.lowerBound, heading.section)
        }
        add(start..<max(start, sentence.upperBound), section)
    }

    private mutating func add(_ range: Range<Int>, _ section: SectionHeadings.Section?) {
        guard !range.isEmpty else { return }
        switch section {
        case .family, .donor: entries.append(Entry(range: range, isFamily: true))
        case .past, .allergy: entries.append(Entry(range: range, isFamily: false))
        case .stopped, .absent, .present, .asked, .orders, .explained, .other, nil: return
        }
    }

    /// Whether a place of the cleaned text is in one.
    func contains(_ place: Int) -> Bool { entry(at: place) != nil }

    /// Whether a place of the cleaned text tells of relatives.
    func isOfFamily(_ place: Int) -> Bool { entry(at: place)?.isFamily == true }

    /// The numbers of the entities that stand in one.
    func numbers(of entities: [Entity], in text: CleanedText) -> Set<Int> {
        guard !entries.isEmpty else { return [] }
        return Set(
            entities.indices.filter {
                contains(text.cleanedRange(of: entities[$0].span.range).start)
            })
    }

    private func entry(at place: Int) -> Entry? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].range.upperBound <= place { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].range.contains(place) ? entries[low] : nil
    }
}
