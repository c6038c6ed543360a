// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

// What tools write in JSON is looked at, not required: a member of another type counts as missing.
extension JSONValue {
    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var integer: Int? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    var bool: Bool? {
        guard case .bool(let bool) = self else { return nil }
        return bool
    }

    var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// A name that a tool gives: a string, or a number.
    var name: String? { string ?? integer.map(String.init) }
}

extension LineEnds {
    /// The line ends as a tool keeps them among its own data: `{"crlf":[…],"cr":[…]}`; nil for line feeds.
    var json: JSONValue? {
        guard !pairs.isEmpty || !returns.isEmpty else { return nil }
        return [
            "crlf": .array(pairs.map(JSONValue.integer)),
            "cr": .array(returns.map(JSONValue.integer)),
        ]
    }

    init(json: JSONValue?) {
        self.init()
        pairs = json?["crlf"]?.elements?.compactMap(\.integer) ?? []
        returns = json?["cr"]?.elements?.compactMap(\.integer) ?? []
    }
}

extension AnnotatedText {
    /// What a tool keeps of a document, beside its text.
    var metadata: [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if let document { members.append(.init(name: "document", value: .string(document))) }
        if let ends = lineEnds.json { members.append(.init(name: "line_ends", value: ends)) }
        if let model { members.append(.init(name: "model", value: .string(model))) }
        return members
    }

    /// The document's name and line ends, from what a tool kept; the first that says so.
    mutating func take(metadata values: [JSONValue?]) {
        let values = values.compactMap(\.self)
        document = values.lazy.compactMap { ($0["document"] ?? $0["document_id"])?.name }.first
        lineEnds =
            values.lazy.compactMap { $0["line_ends"] }.map(LineEnds.init(json:)).first
            ?? LineEnds()
        model = values.lazy.compactMap { $0["model"]?.string }.first
    }
}
