// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation
import JSONFiles

/// Label Studio's JSON: a list of tasks with `data`, `predictions` and `annotations`.
///
/// Offsets count UTF-16 units. What a model predicted is never taken for what a person said.
package enum LabelStudioTasks {
    /// The labelling interface that the names in tasks refer to, in Label Studio's XML.
    package static let interface = """
        <View>
          <Labels name="label" toName="text">
            <Label value="disease" background="#d62728"/>
            <Label value="drug" background="#1f77b4"/>
            <Label value="dose" background="#2ca02c"/>
          </Labels>
          <Choices name="certainty" toName="text" perRegion="true" whenTagName="label">
            <Choice value="positive"/>
            <Choice value="suspicious"/>
            <Choice value="negative"/>
            <Choice value="general"/>
          </Choices>
          <Text name="text" value="$text" granularity="symbol"/>
        </View>

        """

    /// A document as a task, on one line without its line feed.
    package static func task(_ text: AnnotatedText) -> String {
        let units = UnitOffsets(of: text.scalars)
        var result: [JSONValue] = []
        for (index, span) in text.spans.enumerated() {
            let (start, end) = (units.units(of: span.range.start), units.units(of: span.range.end))
            func region(_ kind: String, _ from: String, _ value: JSONValue) -> JSONValue {
                [
                    "id": .string("m\(index)"), "from_name": .string(from), "to_name": "text",
                    "type": .string(kind), "score": span.score.map(JSONValue.number) ?? .null,
                    "value": [
                        "start": .integer(start), "end": .integer(end),
                        "text": .string(text.surface(span.range)),
                        kind == "labels" ? "labels" : "choices": value,
                    ],
                ]
            }
            result.append(region("labels", "label", [.string(span.label)]))
            if let certainty = span.certainty {
                result.append(region("choices", "certainty", [.string(certainty)]))
            }
        }
        result += text.relations.map { relation in
            [
                "from_id": .string("m\(relation.from)"), "to_id": .string("m\(relation.to)"),
                "type": "relation", "direction": "right", "labels": [.string(relation.type)],
            ]
        }
        let scores = text.spans.compactMap(\.score)
        let task: JSONValue = [
            "data": .object(
                [.init(name: "text", value: .string(text.text))] + text.metadata),
            "predictions": [
                [
                    "model_version": .string(text.model ?? ""),
                    "score": scores.min().map(JSONValue.number) ?? .null,
                    "result": .array(result),
                ]
            ],
        ]
        return task.text
    }

    /// What a file that Label Studio exported (JSON) holds; `proposals` reads the predictions instead of what
    /// people said.
    package static func read(
        _ content: Data, file: String, proposals: Bool = false,
        into reading: inout AnnotationReading
    ) {
        guard let value = try? JSONValue(parsing: Array(content)), let tasks = value.elements else {
            let place = AnnotationPlace(file: file, record: 1)
            return reading.faults.append(AnnotationFault(.malformed, at: place))
        }
        for (index, task) in tasks.enumerated() {
            let place = AnnotationPlace(file: file, record: index + 1)
            let answers = (task[proposals ? "predictions" : "annotations"]?.elements ?? [])
                .filter { answer in
                    guard answer["was_cancelled"]?.bool == true else { return true }
                    reading.passedOver["cancelled", default: 0] += 1
                    return false
                }
            if answers.isEmpty { reading.passedOver["unanswered", default: 0] += 1 }
            for answer in answers {
                do throws(AnnotationFault) {
                    reading.take(try text(task, answer, place, proposals))
                } catch {
                    reading.faults.append(error)
                }
            }
        }
    }

    private static func text(
        _ task: JSONValue, _ answer: JSONValue, _ place: AnnotationPlace, _ proposals: Bool
    ) throws(AnnotationFault) -> CorrectedText {
        guard let data = task["data"], let content = data["text"]?.string else {
            throw AnnotationFault(.noText, at: place)
        }
        var text = AnnotatedText(Array(content.unicodeScalars))
        text.take(metadata: [data, data["meta"]])
        if text.scalars.contains("\r") {
            throw AnnotationFault(.carriageReturn, at: place, document: text.document)
        }
        let units = UnitOffsets(of: text.scalars)
        try mark(answer, units, place, in: &text)
        var corrected = CorrectedText(place: place, annotated: text)
        guard !proposals else { return corrected }
        corrected.isTruth = answer["ground_truth"]?.bool == true
        corrected.annotator = Annotator.hash(
            answer["completed_by"]?.name ?? answer["completed_by"]?["id"]?.name)
        corrected.time = answer["updated_at"]?.string ?? answer["created_at"]?.string
        if let prediction = task["predictions"]?.elements?.last {
            var proposed = text
            (proposed.spans, proposed.relations) = ([], [])
            // A prediction that cannot be read is none to compare with.
            if (try? mark(prediction, units, place, in: &proposed)) != nil {
                corrected.proposed = proposed.spans
            }
        }
        return corrected
    }

    private static func mark(
        _ answer: JSONValue, _ units: UnitOffsets, _ place: AnnotationPlace,
        in text: inout AnnotatedText
    ) throws(AnnotationFault) {
        let result = answer["result"]?.elements ?? []
        var places: [String: Int] = [:]
        for region in result where region["type"]?.string == "labels" {
            let value = region["value"]
            guard let label = value?["labels"]?.elements?.first?.string else {
                throw AnnotationFault(.noLabel, at: place, document: text.document)
            }
            if let id = region["id"]?.name { places[id] = text.spans.count }
            try text.mark(
                from: value?["start"]?.integer.flatMap(units.scalar),
                to: value?["end"]?.integer.flatMap(units.scalar), as: label,
                surface: value?["text"]?.string, at: place)
        }
        for region in result where region["type"]?.string == "choices" {
            guard region["from_name"]?.string == "certainty",
                let index = region["id"]?.name.flatMap({ places[$0] })
            else { continue }
            text.spans[index].certainty = AnnotatedText.Span.certainty(
                region["value"]?["choices"]?.elements?.first?.string)
        }
        text.relations = result.filter { $0["type"]?.string == "relation" }.compactMap { relation in
            guard let from = relation["from_id"]?.name.flatMap({ places[$0] }),
                let to = relation["to_id"]?.name.flatMap({ places[$0] })
            else { return nil }
            return .init(
                from: from, to: to, type: relation["labels"]?.elements?.first?.string ?? "")
        }
    }
}
