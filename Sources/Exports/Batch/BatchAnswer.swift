// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import JSONFiles

/// One line of a file of answers, before it meets its document.
package struct BatchAnswer: Sendable {
    /// What was asked of which text.
    package let identifier: BatchIdentifier
    /// The model that answered, as the server calls it.
    package let model: String
    /// The answer.
    let content: String

    /// The identifier that a line carries; nil where it carries none.
    package static func customID(of line: [UInt8]) -> String? {
        guard let value = try? JSONValue(parsing: line),
            case .string(let text)? = value["custom_id"]
        else { return nil }
        return text
    }

    /// Reads a line of an answer to a request of this identifier; throws ``BatchFault``.
    package init(_ line: [UInt8], to identifier: BatchIdentifier) throws(BatchFault) {
        guard let value = try? JSONValue(parsing: line) else { throw .malformedLine }
        self.identifier = identifier
        if let error = value["error"], error != .null { throw .failed }
        guard let response = value["response"], response["status_code"] == .integer(200),
            let body = response["body"]
        else { throw .failed }
        guard case .string(let model)? = body["model"], !model.isEmpty,
            case .array(let choices)? = body["choices"], let choice = choices.first,
            choices.count == 1, let message = choice["message"]
        else { throw .malformedAnswer }
        if let refusal = message["refusal"], refusal != .null { throw .refused }
        switch choice["finish_reason"] {
        case .string("stop"): break
        case .string("length"): throw .cutOff
        case .string("content_filter"): throw .refused
        default: throw .malformedAnswer
        }
        guard case .string(let content)? = message["content"] else { throw .malformedAnswer }
        (self.model, self.content) = (model, content)
    }

    /// What the answer finds in its document's text, and how often a part of it was set aside for which fault.
    ///
    /// Throws ``BatchFault`` where nothing of it can be taken. Where a part is set aside, the rest is for review.
    func findings(in text: String) throws(BatchFault) -> (Findings, [BatchFault: Int]) {
        guard let answer = try? JSONValue(parsing: Array(unfenced.utf8), namesOnce: true) else {
            throw .malformedAnswer
        }
        switch identifier.task {
        case .entities: return try mentions(of: answer, in: AnsweredText(text))
        case .tnm: return try stage(of: answer, in: AnsweredText(text))
        }
    }

    /// The content without the fence of Markdown that many models put around JSON.
    private var unfenced: String {
        let content = content.trimmingCharacters(in: .whitespacesAndNewlines)
        guard content.hasPrefix("```"), content.hasSuffix("```"), content.count > 6,
            let start = content.firstIndex(of: "\n")
        else { return content }
        return String(content[start...].dropLast(3))
    }

    private func mentions(
        of answer: JSONValue, in text: AnsweredText
    ) throws(BatchFault) -> (Findings, [BatchFault: Int]) {
        guard case .array(let items)? = answer["mentions"] else { throw .malformedAnswer }
        var named: [NamedMention] = []
        for item in items {
            guard let mention = NamedMention(item) else { throw .malformedAnswer }
            named.append(mention)
        }
        var faults: [BatchFault: Int] = [:]
        var entities: [Entity] = []
        // By scalars, since strings of other scalars may count as equal.
        for mentions in Dictionary(grouping: named, by: { Array($0.surface.unicodeScalars) }).values
        {
            let places = mentions.first.map { text.places(of: $0.surface) } ?? []
            guard places.count == mentions.count else {
                faults[places.isEmpty ? .notInDocument : .ambiguous, default: 0] += mentions.count
                continue
            }
            entities += zip(mentions, places).map { $0.entity(at: $1) }
        }
        entities.sort { ($0.span.range, $0.type.rawValue) < ($1.span.range, $1.type.rawValue) }
        if !faults.isEmpty {
            for place in entities.indices { entities[place].needsReview = true }
        }
        var findings = Findings()
        findings.entities = entities
        return (findings, faults)
    }

    private func stage(
        of answer: JSONValue, in text: AnsweredText
    ) throws(BatchFault) -> (Findings, [BatchFault: Int]) {
        guard case .array(let items)? = answer["evidence"],
            let t = Self.category(answer["t"], BatchTask.tCategories),
            let n = Self.category(answer["n"], BatchTask.nCategories),
            let m = Self.category(answer["m"], BatchTask.mCategories)
        else { throw .malformedAnswer }
        var faults: [BatchFault: Int] = [:]
        for item in items {
            guard case .string(let surface) = item, !surface.isEmpty else { throw .malformedAnswer }
            if text.places(of: surface).isEmpty { faults[.notInDocument, default: 0] += 1 }
        }
        // A category whose words are invented is no reading of this report.
        guard faults.isEmpty else { throw .notInDocument }
        var findings = Findings()
        findings.tnm = TNMStage(
            t: t, n: n, m: m, stage: nil, edition: "UICC-8", tScore: 1, nScore: 1, mScore: 1,
            evidence: [], needsReview: TNMAxis.allCases)
        return (findings, faults)
    }

    /// A category, or null; nil for what may not stand there.
    private static func category(_ value: JSONValue?, _ known: [String]) -> String?? {
        switch value {
        case .null?: .some(nil)
        case .string(let text)? where known.contains(text): .some(text)
        default: nil
        }
    }
}

/// A mention as an answer names it.
private struct NamedMention {
    let type: EntityType
    let surface: String
    let status: AssertionStatus

    /// nil for what has not the form that was asked for.
    init?(_ item: JSONValue) {
        func text(_ name: String) -> String {
            if case .string(let text)? = item[name] { text } else { "" }
        }
        guard let type = EntityType(rawValue: text("type")),
            let certainty = Certainty(rawValue: text("certainty")),
            let subject = MentionSubject(rawValue: text("subject")),
            let temporality = Temporality(rawValue: text("temporality")), !text("text").isEmpty
        else { return nil }
        (self.type, surface) = (type, text("text"))
        status = AssertionStatus(certainty: certainty, subject: subject, temporality: temporality)
    }

    /// The mention at its place; the model gives no probability.
    func entity(at range: SourceRange) -> Entity {
        var entity = Entity(type: type, span: TextSpan(range: range, surface: surface), score: 1)
        entity.status = status
        return entity
    }
}

/// A text in which answers are looked up, by its scalars.
private struct AnsweredText {
    private let scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The places where these very characters stand, from the first on and none within another.
    func places(of surface: String) -> [SourceRange] {
        let wanted = Array(surface.unicodeScalars)
        var places: [SourceRange] = []
        var start = 0
        while !wanted.isEmpty, start + wanted.count <= scalars.count {
            if scalars[start..<start + wanted.count].elementsEqual(wanted) {
                places.append(SourceRange(start: start, end: start + wanted.count))
                start += wanted.count
            } else {
                start += 1
            }
        }
        return places
    }
}
