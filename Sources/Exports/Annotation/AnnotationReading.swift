// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// Where an annotation stands: a file and its line, task or part, counted from 1.
package struct AnnotationPlace: Hashable, Sendable {
    /// The file's name.
    package var file: String
    /// The record in it.
    package var record: Int

    /// A place.
    package init(file: String, record: Int) { (self.file, self.record) = (file, record) }
}

/// A text that somebody annotated.
package struct CorrectedText: Hashable, Sendable {
    /// Where it stands.
    package var place: AnnotationPlace
    /// The text with its places.
    package var annotated: AnnotatedText
    /// Who did it, as a hash of the tool's name or number; nil where the tool does not say.
    package var annotator: String?
    /// Whether the tool calls it the truth, so that it counts before others.
    package var isTruth = false
    /// When it was done, as the tool says it.
    package var time: String?
    /// What the model had proposed, where the same file says so.
    package var proposed: [AnnotatedText.Span]?
}

/// Why a record gives no training row.
package struct AnnotationFault: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Reason: String, Hashable, Sendable {
        /// The record is none of the tool's.
        case malformed
        /// It has no text.
        case noText = "no-text"
        /// Its text has `\r`, which the tool counts in two ways.
        case carriageReturn = "carriage-return"
        /// A place ends before it begins, lies outside the text, or cuts a character.
        case outside
        /// What the tool says stands at a place does not.
        case surface
        /// A place has several parts with text between them.
        case discontinuous
        /// A place has no label.
        case noLabel = "no-label"
        /// Two places overlap.
        case overlapping
        /// The map of line ends does not belong to the text.
        case lineEnds = "line-ends"
        /// People marked one document differently, and none is called the truth.
        case conflict
    }

    /// Where.
    package var place: AnnotationPlace
    /// The document, where the record names it.
    package var document: String?
    /// What is wrong.
    package var reason: Reason
    /// The place in the text, in Unicode scalars, where there is one.
    package var range: SourceRange?

    /// A fault.
    package init(
        _ reason: Reason, at place: AnnotationPlace, document: String? = nil,
        range: SourceRange? = nil
    ) {
        (self.reason, self.place) = (reason, place)
        (self.document, self.range) = (document, range)
    }
}

/// What the files of a tool hold.
package struct AnnotationReading: Hashable, Sendable {
    /// What people marked.
    package var texts: [CorrectedText] = []
    /// Records that are refused.
    package var faults: [AnnotationFault] = []
    /// Records that are no answers, by what the tool calls them: `reject`, `ignore`, `cancelled`.
    package var passedOver: [String: Int] = [:]

    /// Nothing.
    package init() {}

    /// Takes a text whose places lie in it and do not overlap, else says what is wrong.
    mutating func take(_ text: CorrectedText) {
        var text = text
        let annotated = text.annotated
        func refuse(_ reason: AnnotationFault.Reason, _ range: SourceRange? = nil) {
            faults.append(
                AnnotationFault(
                    reason, at: text.place, document: annotated.document, range: range))
        }
        if annotated.scalars.isEmpty { return refuse(.noText) }
        if annotated.lineEnds.restored(in: annotated.scalars) == nil { return refuse(.lineEnds) }
        for span in annotated.spans where span.range.end > annotated.scalars.count {
            return refuse(.outside, span.range)
        }
        // Marked twice alike is marked once; relations name places by their index.
        if annotated.relations.isEmpty {
            var seen: Set<AnnotatedText.Span> = []
            text.annotated.spans = annotated.spans.filter { seen.insert($0).inserted }
        }
        let sorted = text.annotated.spans.map(\.range).sorted()
        for (first, second) in zip(sorted, sorted.dropFirst()) where first.overlaps(second) {
            return refuse(.overlapping, second)
        }
        texts.append(text)
    }
}

extension AnnotatedText.Span {
    /// The name of our own for a tool's label, whichever its case; another label as it is.
    static func label(_ name: String) -> String {
        let lowered = name.lowercased()
        return EntityType(rawValue: lowered)?.rawValue ?? name
    }

    /// A certainty in our own words; nil for what is none.
    static func certainty(_ name: String?) -> String? {
        name.flatMap { Certainty(rawValue: $0.lowercased())?.rawValue }
    }
}

extension AnnotatedText {
    /// Adds a place in Unicode scalars; `surface` is what the tool says stands there.
    mutating func mark(
        from start: Int?, to end: Int?, as label: String, surface: String? = nil,
        at place: AnnotationPlace
    ) throws(AnnotationFault) {
        guard let range = SourceRange(from: start, to: end), range.end <= scalars.count else {
            throw AnnotationFault(.outside, at: place, document: document)
        }
        if let surface, !isSame(surface, self.surface(range)) {
            throw AnnotationFault(.surface, at: place, document: document, range: range)
        }
        spans.append(Span(range: range, label: Span.label(label)))
    }
}
