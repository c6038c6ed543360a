// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation
import JSONFiles

/// brat's pair of files for a document: `.txt`, and `.ann` with a line for each annotation.
///
/// Offsets count Unicode scalars of the text file.
package enum BratFiles {
    /// What brat must be told about our annotations: `annotation.conf`.
    package static let annotationConfiguration = """
        [entities]
        Disease
        Drug
        Dose

        [relations]
        CAUSED\tArg1:Drug, Arg2:Disease

        [attributes]
        Certainty\tArg:<ENTITY>, Value:positive|suspicious|negative|general

        [events]

        """

    /// How brat shows them: `visual.conf`.
    package static let visualConfiguration = """
        [labels]
        Disease | 病名・症状 | 病
        Drug | 薬剤 | 薬
        Dose | 用量 | 量
        CAUSED | 原因

        [drawing]
        Disease\tbgColor:#ffc4c4
        Drug\tbgColor:#b9d7ff
        Dose\tbgColor:#c9f0c9
        Certainty\tposition:left, glyph:*|?|-|~

        """

    /// The file in which an export says what brat's files have no place for: names and line ends.
    package static let documentList = "documents.jsonl"

    /// The line of that list for a document whose files have a name.
    package static func listed(_ text: AnnotatedText, file: String) -> String {
        JSONValue.object([.init(name: "file", value: .string(file))] + text.metadata).text
    }

    /// The annotations of a document: its `.ann`.
    package static func annotations(_ text: AnnotatedText) -> String {
        var lines: [String] = []
        for (index, span) in text.spans.enumerated() {
            let surface = onOneLine(text.surface(span.range))
            lines.append(
                "T\(index + 1)\t\(span.label.capitalized) \(span.range.start) \(span.range.end)\t"
                    + surface)
        }
        for (index, span) in text.spans.enumerated() {
            if let certainty = span.certainty {
                lines.append("A\(index + 1)\tCertainty T\(index + 1) \(certainty)")
            }
        }
        var notes = 0
        for (index, span) in text.spans.enumerated() {
            for code in (span.icd10 ?? "").split(separator: ";") {
                notes += 1
                lines.append(
                    "N\(notes)\tReference T\(index + 1) ICD10:\(code)\t"
                        + onOneLine(span.standardName ?? String(code)))
            }
        }
        for (index, relation) in text.relations.enumerated() {
            lines.append(
                "R\(index + 1)\t\(relation.type) Arg1:T\(relation.from + 1) Arg2:T\(relation.to + 1)"
            )
        }
        for (index, span) in text.spans.enumerated() {
            if let score = span.score {
                let rounded = (score * 1000).rounded() / 1000
                lines.append("#\(index + 1)\tAnnotatorNotes T\(index + 1)\tscore \(rounded)")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// A line break or a tab within a surface would end the line, or the field; brat writes a space.
    private static func onOneLine(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        view.append(
            contentsOf: text.unicodeScalars.map { "\n\r\t".unicodeScalars.contains($0) ? " " : $0 })
        return String(view)
    }

    /// What a pair of files holds; `document` and `ends` are what the export knew of it.
    package static func read(
        text: Data, annotations: Data, file: String, document: String?, lineEnds: LineEnds,
        into reading: inout AnnotationReading
    ) {
        let place = AnnotationPlace(file: file, record: 1)
        guard let content = String(validating: text, as: UTF8.self),
            let lines = String(validating: annotations, as: UTF8.self)
        else { return reading.faults.append(AnnotationFault(.malformed, at: place)) }
        var annotated = AnnotatedText(Array(content.unicodeScalars), document: document)
        // A text that was given other line ends on its way has other offsets, too.
        annotated.lineEnds = annotated.scalars.contains("\r") ? LineEnds() : lineEnds
        do throws(AnnotationFault) {
            try mark(lines, file, in: &annotated)
            reading.take(CorrectedText(place: place, annotated: annotated))
        } catch {
            reading.faults.append(error)
        }
    }

    private static func mark(
        _ content: String, _ file: String, in text: inout AnnotatedText
    ) throws(AnnotationFault) {
        var places: [Substring: Int] = [:]
        let lines = content.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let records = lines.enumerated().map { number, line in
            (
                place: AnnotationPlace(file: file, record: number + 1),
                fields: Substring(line).unicodeScalars
                    .split(separator: "\t", maxSplits: 2).map(Substring.init)
            )
        }
        for (place, fields) in records where fields.first?.first == "T" {
            guard fields.count == 3 else {
                throw AnnotationFault(.malformed, at: place, document: text.document)
            }
            places[fields[0]] = text.spans.count
            try mark(fields[1], surface: fields[2], at: place, in: &text)
        }
        for (_, fields) in records where fields.count >= 2 {
            let words = fields[1].split(separator: " ")
            switch fields[0].first {
            case "A", "M":
                guard words.count == 3, words[0] == "Certainty", let index = places[words[1]]
                else { continue }
                text.spans[index].certainty = AnnotatedText.Span.certainty(String(words[2]))
            case "R":
                guard words.count == 3, let from = places[words[1].dropFirst("Arg1:".count)],
                    let to = places[words[2].dropFirst("Arg2:".count)]
                else { continue }
                text.relations.append(.init(from: from, to: to, type: String(words[0])))
            default: continue
            }
        }
    }

    /// `Disease 16 18`, or `Disease 16 18;19 20` where brat has cut at a line end.
    private static func mark(
        _ field: Substring, surface: Substring, at place: AnnotationPlace,
        in text: inout AnnotatedText
    ) throws(AnnotationFault) {
        guard let space = field.firstIndex(of: " ") else {
            throw AnnotationFault(.malformed, at: place, document: text.document)
        }
        let parts = field[field.index(after: space)...].split(separator: ";").map { part in
            part.split(separator: " ").map { Int($0) }
        }
        guard let first = parts.first?.first, let last = parts.last?.last,
            parts.allSatisfy({ $0.count == 2 })
        else { throw AnnotationFault(.malformed, at: place, document: text.document) }
        try text.mark(from: first, to: last, as: String(field[..<space]), at: place)
        guard let range = text.spans.last?.range else { return }
        for (part, next) in zip(parts, parts.dropFirst()) {
            guard let end = part[1], let start = next[0], end <= start, end >= range.start,
                start <= range.end,
                text.scalars[end..<start].allSatisfy(\.properties.isWhitespace)
            else {
                throw AnnotationFault(
                    .discontinuous, at: place, document: text.document, range: range)
            }
        }
        // Between parts brat writes one space, whatever white space stands there.
        let (found, said) = (text.surface(range), String(surface))
        guard isSame(withoutSpace(found), withoutSpace(said)) else {
            throw AnnotationFault(.surface, at: place, document: text.document, range: range)
        }
    }

    private static func withoutSpace(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text.unicodeScalars.filter { !$0.properties.isWhitespace })
        return String(view)
    }
}
