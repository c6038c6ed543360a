// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation
import JSONFiles
import RowFiles

/// doccano's JSON Lines: `text` with `label` (`[start, end, name]`), or `entities` with `relations`.
///
/// Offsets count Unicode scalars. What a file gives beside these, doccano keeps as it is.
package enum DoccanoLines {
    /// A document as one line, without its line feed; with relations where there are some.
    package static func line(_ text: AnnotatedText) -> String {
        var members: [JSONValue.Member] = [.init(name: "text", value: .string(text.text))]
        if text.relations.isEmpty {
            members.append(
                .init(
                    name: "label",
                    value: .array(
                        text.spans.map {
                            [.integer($0.range.start), .integer($0.range.end), .string($0.label)]
                        })))
        } else {
            members.append(.init(name: "entities", value: .array(entities(text))))
            members.append(.init(name: "relations", value: .array(relations(text))))
        }
        members.append(.init(name: "meta", value: .object(text.metadata)))
        return JSONValue.object(members).text
    }

    private static func entities(_ text: AnnotatedText) -> [JSONValue] {
        text.spans.enumerated().map { index, span in
            [
                "id": .integer(index), "label": .string(span.label),
                "start_offset": .integer(span.range.start),
                "end_offset": .integer(span.range.end),
            ]
        }
    }

    private static func relations(_ text: AnnotatedText) -> [JSONValue] {
        text.relations.enumerated().map { index, relation in
            [
                "id": .integer(index), "from_id": .integer(relation.from),
                "to_id": .integer(relation.to), "type": .string(relation.type),
            ]
        }
    }

    /// What a file that doccano exported holds, of any of its versions.
    package static func read(_ content: Data, file: String, into reading: inout AnnotationReading) {
        for line in NumberedLines(content) {
            let place = AnnotationPlace(file: file, record: line.number)
            do throws(AnnotationFault) {
                guard let value = try? JSONValue(parsing: Array(line.bytes)) else {
                    throw AnnotationFault(.malformed, at: place)
                }
                reading.take(try text(value, place))
            } catch {
                reading.faults.append(error)
            }
        }
    }

    private static func text(
        _ line: JSONValue, _ place: AnnotationPlace
    ) throws(AnnotationFault) -> CorrectedText {
        guard let content = line["text"]?.string ?? line["data"]?.string else {
            throw AnnotationFault(.noText, at: place)
        }
        var text = AnnotatedText(Array(content.unicodeScalars))
        text.take(metadata: [line["meta"], line])
        // In a browser doccano counts \r\n once, in files twice; nothing tells which was the case.
        if text.scalars.contains("\r") {
            throw AnnotationFault(.carriageReturn, at: place, document: text.document)
        }
        if let entities = line["entities"]?.elements {
            try read(entities, line["relations"]?.elements ?? [], place, into: &text)
        } else if let labels = (line["label"] ?? line["labels"])?.elements {
            for label in labels {
                guard let parts = label.elements, parts.count == 3, let name = parts[2].string
                else {
                    throw AnnotationFault(.malformed, at: place, document: text.document)
                }
                try text.mark(from: parts[0].integer, to: parts[1].integer, as: name, at: place)
            }
        } else {
            throw AnnotationFault(.malformed, at: place, document: text.document)
        }
        return CorrectedText(place: place, annotated: text)
    }

    private static func read(
        _ entities: [JSONValue], _ relations: [JSONValue], _ place: AnnotationPlace,
        into text: inout AnnotatedText
    ) throws(AnnotationFault) {
        var places: [String: Int] = [:]
        for entity in entities {
            guard let name = entity["label"]?.string else {
                throw AnnotationFault(.noLabel, at: place, document: text.document)
            }
            if let id = entity["id"]?.name { places[id] = text.spans.count }
            try text.mark(
                from: entity["start_offset"]?.integer, to: entity["end_offset"]?.integer, as: name,
                at: place)
        }
        text.relations = relations.compactMap { relation in
            guard let from = relation["from_id"]?.name.flatMap({ places[$0] }),
                let to = relation["to_id"]?.name.flatMap({ places[$0] })
            else { return nil }
            return .init(from: from, to: to, type: relation["type"]?.string ?? "")
        }
    }
}
