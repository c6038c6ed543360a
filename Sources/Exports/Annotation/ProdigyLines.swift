// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation
import JSONFiles
import RowFiles

/// Prodigy's JSON Lines: `text`, `spans`, and after the work `answer`.
///
/// Offsets count Unicode scalars. Only what was accepted is an answer.
package enum ProdigyLines {
    /// A document as one line, without its line feed.
    package static func line(_ text: AnnotatedText) -> String {
        let spans = text.spans.map { span -> JSONValue in
            [
                "start": .integer(span.range.start), "end": .integer(span.range.end),
                "label": .string(span.label.uppercased()),
                "text": .string(text.surface(span.range)),
            ]
        }
        let relations = text.relations.map { relation -> JSONValue in
            let (head, child) = (text.spans[relation.from].range, text.spans[relation.to].range)
            return [
                "head_span": ["start": .integer(head.start), "end": .integer(head.end)],
                "child_span": ["start": .integer(child.start), "end": .integer(child.end)],
                "label": .string(relation.type),
            ]
        }
        var members: [JSONValue.Member] = [
            .init(name: "text", value: .string(text.text)),
            .init(name: "spans", value: .array(spans)),
        ]
        if !relations.isEmpty {
            members.append(.init(name: "relations", value: .array(relations)))
        }
        members.append(.init(name: "meta", value: .object(text.metadata)))
        return JSONValue.object(members).text
    }

    /// What a file that `prodigy db-out` wrote holds.
    ///
    /// `proposals` reads a file that was written for Prodigy, which has no answers yet.
    package static func read(
        _ content: Data, file: String, proposals: Bool = false,
        into reading: inout AnnotationReading
    ) {
        for line in NumberedLines(content) {
            let place = AnnotationPlace(file: file, record: line.number)
            guard let value = try? JSONValue(parsing: Array(line.bytes)) else {
                reading.faults.append(AnnotationFault(.malformed, at: place))
                continue
            }
            let answer = value["answer"]?.string ?? (proposals ? "accept" : "unanswered")
            guard answer == "accept" else {
                reading.passedOver[answer, default: 0] += 1
                continue
            }
            do throws(AnnotationFault) {
                reading.take(try text(value, place))
            } catch {
                reading.faults.append(error)
            }
        }
    }

    private static func text(
        _ line: JSONValue, _ place: AnnotationPlace
    ) throws(AnnotationFault) -> CorrectedText {
        guard let content = line["text"]?.string else { throw AnnotationFault(.noText, at: place) }
        var text = AnnotatedText(Array(content.unicodeScalars))
        text.take(metadata: [line["meta"], line])
        for span in line["spans"]?.elements ?? [] {
            guard let label = span["label"]?.string else {
                throw AnnotationFault(.noLabel, at: place, document: text.document)
            }
            try text.mark(
                from: span["start"]?.integer, to: span["end"]?.integer, as: label,
                surface: span["text"]?.string, at: place)
        }
        let spans = text.spans
        func index(of span: JSONValue?) -> Int? {
            SourceRange(from: span?["start"]?.integer, to: span?["end"]?.integer).flatMap { range in
                spans.firstIndex { $0.range == range }
            }
        }
        text.relations = (line["relations"]?.elements ?? []).compactMap { relation in
            guard let from = index(of: relation["head_span"]),
                let to = index(of: relation["child_span"])
            else { return nil }
            return .init(from: from, to: to, type: relation["label"]?.string ?? "")
        }
        return CorrectedText(
            place: place, annotated: text,
            annotator: Annotator.hash(line["_annotator_id"]?.name),
            time: line["_timestamp"]?.integer.map(String.init))
    }
}
