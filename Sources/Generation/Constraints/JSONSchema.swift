// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// The part of JSON Schema that texts can be bound to, as a grammar.
///
/// An object has all its `properties`, in their order, and no others. Values are of the types
/// `object`, `array` (`items`, `minItems`, `maxItems`), `string` (`minLength`, `maxLength`),
/// `integer`, `number`, `boolean` and `null`, of several types, or of an `enum` or `const`. A string
/// with `"withinDocument": true`, which is our own keyword, must be a substring of the document.
/// Between values stands no white space, or one space after a comma or colon. A keyword that would
/// bound a value in another way is refused, so that what is asked is what is done.
package struct JSONSchema: Sendable {
    /// The texts that the schema allows.
    package let grammar: ByteGrammar

    /// Deepest nesting of schemas.
    package static let depthLimit = 16
    /// Largest number that may be given as a count or length.
    package static let countLimit = 4096
    /// Most values of an `enum`, and most members of an object.
    package static let choiceLimit = 4096

    /// Reads a schema; `file` goes into the errors.
    package init(json: [UInt8], file: String) throws(SchemaError) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: json)
        } catch {
            throw SchemaError(file: file, field: "$", fault: .notJSON)
        }
        grammar = try SchemaReader(file: file).grammar(of: value, at: "$", depth: 0)
    }
}

/// Why a schema cannot be used.
package struct SchemaError: Error, Hashable {
    /// What is wrong.
    package enum Fault: Hashable, Sendable {
        /// The file is not JSON.
        case notJSON
        /// The keyword is not supported here.
        case unsupportedKeyword
        /// The value is not one that the keyword takes.
        case wrongValue
        /// Schemas stand too deep in each other; the limit.
        case tooDeep(Int)
        /// There are too many values; the limit.
        case tooMany(Int)
        /// A name stands twice.
        case duplicate
    }

    /// The file.
    package let file: String
    /// The path of the field, as `$.items.properties`.
    package let field: String
    /// What is wrong with it.
    package let fault: Fault

    /// An error about a field.
    package init(file: String, field: String, fault: Fault) {
        self.file = file
        self.field = field
        self.fault = fault
    }
}

/// Turns a schema into a grammar.
private struct SchemaReader {
    let file: String

    /// Keywords that say nothing about which values are allowed.
    static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "default", "examples",
    ]

    func fault(_ fault: SchemaError.Fault, _ field: String) -> SchemaError {
        SchemaError(file: file, field: String(field.unicodeScalars.prefix(256)), fault: fault)
    }

    func grammar(
        of value: JSONValue, at field: String, depth: Int
    ) throws(SchemaError) -> ByteGrammar {
        guard depth < JSONSchema.depthLimit else {
            throw fault(.tooDeep(JSONSchema.depthLimit), field)
        }
        guard case .object(let members) = value else { throw fault(.wrongValue, field) }
        var keywords: [String: JSONValue] = [:]
        for member in members {
            guard keywords.updateValue(member.value, forKey: member.name) == nil else {
                throw fault(.duplicate, "\(field).\(member.name)")
            }
        }
        for name in Self.annotations { keywords[name] = nil }
        let fixed = try fixedValues(&keywords, field)
        let result = if let fixed { fixed } else { try types(&keywords, field, depth) }
        if let name = keywords.keys.min() {
            throw fault(.unsupportedKeyword, "\(field).\(name)")
        }
        return result
    }

    /// `enum` or `const`; a type beside them is not looked at further.
    private func fixedValues(
        _ keywords: inout [String: JSONValue], _ field: String
    ) throws(SchemaError) -> ByteGrammar? {
        if let value = keywords.removeValue(forKey: "const") {
            keywords["type"] = nil
            return try literal(value, "\(field).const")
        }
        guard let value = keywords.removeValue(forKey: "enum") else { return nil }
        keywords["type"] = nil
        guard case .array(let values) = value, !values.isEmpty else {
            throw fault(.wrongValue, "\(field).enum")
        }
        guard values.count <= JSONSchema.choiceLimit else {
            throw fault(.tooMany(JSONSchema.choiceLimit), "\(field).enum")
        }
        var choices: [ByteGrammar] = []
        for (index, value) in values.enumerated() {
            choices.append(try literal(value, "\(field).enum[\(index)]"))
        }
        return .anyOf(choices)
    }

    private func literal(_ value: JSONValue, _ field: String) throws(SchemaError) -> ByteGrammar {
        switch value {
        case .null: return .text("null")
        case .bool(let value): return .text(value ? "true" : "false")
        case .integer(let value): return .text("\(value)")
        case .string(let value): return .jsonLiteral(value)
        case .number, .array, .object: throw fault(.wrongValue, field)
        }
    }

    private func types(
        _ keywords: inout [String: JSONValue], _ field: String, _ depth: Int
    ) throws(SchemaError) -> ByteGrammar {
        let names: [JSONValue]
        switch keywords.removeValue(forKey: "type") {
        case .string(let name)?: names = [.string(name)]
        case .array(let several)?: names = several
        default: throw fault(.wrongValue, "\(field).type")
        }
        var choices: [ByteGrammar] = []
        var seen: Set<String> = []
        for name in names {
            guard case .string(let name) = name, seen.insert(name).inserted else {
                throw fault(.wrongValue, "\(field).type")
            }
            choices.append(try type(name, &keywords, field, depth))
        }
        guard !choices.isEmpty else { throw fault(.wrongValue, "\(field).type") }
        return choices.count == 1 ? choices[0] : .anyOf(choices)
    }

    private func type(
        _ name: String, _ keywords: inout [String: JSONValue], _ field: String, _ depth: Int
    ) throws(SchemaError) -> ByteGrammar {
        switch name {
        case "null": return .text("null")
        case "boolean": return .oneOf(["true", "false"])
        case "integer": return .jsonInteger
        case "number": return .jsonNumber
        case "string": return try string(&keywords, field)
        case "array": return try array(&keywords, field, depth)
        case "object": return try object(&keywords, field, depth)
        default: throw fault(.wrongValue, "\(field).type")
        }
    }

    private func string(
        _ keywords: inout [String: JSONValue], _ field: String
    ) throws(SchemaError) -> ByteGrammar {
        switch keywords.removeValue(forKey: "withinDocument") {
        case .bool(true)?: return .documentString
        case .bool(false)?, nil: break
        default: throw fault(.wrongValue, "\(field).withinDocument")
        }
        let bounds = try bounds("minLength", "maxLength", &keywords, field)
        return .jsonString(atLeast: bounds.least, atMost: bounds.most)
    }

    private func array(
        _ keywords: inout [String: JSONValue], _ field: String, _ depth: Int
    ) throws(SchemaError) -> ByteGrammar {
        guard let items = keywords.removeValue(forKey: "items") else {
            throw fault(.wrongValue, "\(field).items")
        }
        let item = try grammar(of: items, at: "\(field).items", depth: depth + 1)
        let bounds = try bounds("minItems", "maxItems", &keywords, field)
        if bounds.most == 0 { return .text("[]") }
        let later = ByteGrammar.sequence([.text(","), .optional(.text(" ")), item])
        let filled = ByteGrammar.sequence([
            item,
            .repeated(
                later, atLeast: max(0, bounds.least - 1), atMost: bounds.most.map { $0 - 1 }),
        ])
        return .sequence([
            .text("["), bounds.least == 0 ? .optional(filled) : filled, .text("]"),
        ])
    }

    private func object(
        _ keywords: inout [String: JSONValue], _ field: String, _ depth: Int
    ) throws(SchemaError) -> ByteGrammar {
        guard case .object(let members)? = keywords.removeValue(forKey: "properties") else {
            throw fault(.wrongValue, "\(field).properties")
        }
        guard members.count <= JSONSchema.choiceLimit else {
            throw fault(.tooMany(JSONSchema.choiceLimit), "\(field).properties")
        }
        var parts: [ByteGrammar] = [.text("{")]
        var names: Set<String> = []
        for (index, member) in members.enumerated() {
            let place = "\(field).properties.\(member.name)"
            guard names.insert(member.name).inserted else { throw fault(.duplicate, place) }
            if index > 0 { parts += [.text(","), .optional(.text(" "))] }
            parts += [
                .jsonLiteral(member.name), .text(":"), .optional(.text(" ")),
                try grammar(of: member.value, at: place, depth: depth + 1),
            ]
        }
        try checkRequired(keywords.removeValue(forKey: "required"), names, field)
        switch keywords.removeValue(forKey: "additionalProperties") {
        case .bool?, nil: break
        default: throw fault(.wrongValue, "\(field).additionalProperties")
        }
        return .sequence(parts + [.text("}")])
    }

    /// Every property is written, so that `required` asks for nothing more; but it may not name one
    /// that there is not.
    private func checkRequired(
        _ value: JSONValue?, _ names: Set<String>, _ field: String
    ) throws(SchemaError) {
        guard let value else { return }
        guard case .array(let required) = value else {
            throw fault(.wrongValue, "\(field).required")
        }
        for (index, name) in required.enumerated() {
            guard case .string(let name) = name, names.contains(name) else {
                throw fault(.wrongValue, "\(field).required[\(index)]")
            }
        }
    }

    private func bounds(
        _ least: String, _ most: String, _ keywords: inout [String: JSONValue], _ field: String
    ) throws(SchemaError) -> (least: Int, most: Int?) {
        let least = try count(least, &keywords, field) ?? 0
        let upper = try count(most, &keywords, field)
        guard upper ?? .max >= least else { throw fault(.wrongValue, "\(field).\(most)") }
        return (least, upper)
    }

    private func count(
        _ name: String, _ keywords: inout [String: JSONValue], _ field: String
    ) throws(SchemaError) -> Int? {
        guard let value = keywords.removeValue(forKey: name) else { return nil }
        guard case .integer(let count) = value, count >= 0 else {
            throw fault(.wrongValue, "\(field).\(name)")
        }
        guard count <= JSONSchema.countLimit else {
            throw fault(.tooMany(JSONSchema.countLimit), "\(field).\(name)")
        }
        return count
    }
}
