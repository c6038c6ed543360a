// SPDX-License-Identifier: Apache-2.0

/// What a reader of JSON files throws about a field; `field` is its path, `$` the file as a whole.
///
/// Each module has an error of its own, with what its files can be wrong in besides.
package protocol JSONFieldError: Error {
    /// The bytes are not JSON, or a value has the wrong type or is no finite number.
    static func malformed(file: String, field: String) -> Self
    /// As ``malformed(file:field:)`` of a whole file, with where and how it stops being JSON.
    static func notJSON(file: String, fault: String) -> Self
    /// As ``malformed(file:field:)`` of a value, with the value, cut to what an error may show, and what it
    /// should be.
    static func mismatch(file: String, field: String, found: String, expected: String) -> Self
    /// A field that is needed is absent or null.
    static func missing(file: String, field: String) -> Self
    /// A name stands twice in one object.
    static func duplicate(file: String, field: String) -> Self
    /// A setting that is not carried out; the value cut to what an error may show.
    static func unsupported(file: String, field: String, value: String) -> Self
    /// The file, or a list in it, is larger than is accepted.
    static func tooLarge(file: String, field: String, count: Int, limit: Int) -> Self
}

extension JSONFieldError {
    /// Without the place.
    package static func notJSON(file: String, fault: String) -> Self {
        malformed(file: file, field: "$")
    }

    /// Without the value.
    package static func mismatch(
        file: String, field: String, found: String, expected: String
    ) -> Self {
        malformed(file: file, field: field)
    }
}

/// A value of a file with the path that leads to it, for errors that name the field.
///
/// A member that is `null` counts as absent. Numbers, strings and flags are not taken for each other.
package struct JSONField<Failure: JSONFieldError>: Sendable {
    /// The value itself.
    package let value: JSONValue
    /// Names and places that lead to it, as in `model.vocab[3]`; `$` for the whole file.
    package let path: String
    /// What errors call the file.
    package let file: String

    /// A value of a file.
    package init(value: JSONValue, path: String = "$", file: String) {
        (self.value, self.path, self.file) = (value, path, file)
    }

    /// Parses a whole file; with `namesOnce` a name may stand once only in an object.
    package init(
        parsing bytes: [UInt8], namesOnce: Bool = false, file: String
    ) throws(Failure) {
        do throws(JSONSyntaxError) {
            self.init(value: try JSONValue(parsing: bytes, namesOnce: namesOnce), file: file)
        } catch {
            throw switch error {
            case .malformed:
                Failure.notJSON(
                    file: file, fault: JSONValue.fault(in: bytes) ?? "it is nested too deeply")
            case .duplicate(let name): Failure.duplicate(file: file, field: name)
            case .tooLarge(let count, let limit):
                Failure.tooLarge(file: file, field: "$", count: count, limit: limit)
            }
        }
    }

    // MARK: - The value

    /// The members of an object in the file's order.
    package func members() throws(Failure) -> [JSONValue.Member] {
        guard case .object(let members) = value else { throw mismatch("an object") }
        return members
    }

    /// The members of an object with their paths.
    package func fields() throws(Failure) -> [(name: String, field: JSONField)] {
        try members().map { ($0.name, child($0.value, $0.name)) }
    }

    /// The values of a list.
    package func values() throws(Failure) -> [JSONValue] {
        guard case .array(let values) = value else { throw mismatch("a list") }
        return values
    }

    /// The values of a list with their paths.
    package func elements() throws(Failure) -> [JSONField] {
        let values = try values()
        var elements: [JSONField] = []
        elements.reserveCapacity(values.count)
        for index in values.indices { elements.append(element(values[index], index)) }
        return elements
    }

    /// The value at a place of this list.
    package func element(_ value: JSONValue, _ index: Int) -> JSONField {
        JSONField(value: value, path: "\(path)[\(index)]", file: file)
    }

    /// A string.
    package func string() throws(Failure) -> String {
        guard case .string(let string) = value else { throw mismatch("a string") }
        return string
    }

    /// True or false.
    package func bool() throws(Failure) -> Bool {
        guard case .bool(let bool) = value else { throw mismatch("true or false") }
        return bool
    }

    /// A whole number, which some writers give with a point.
    package func integer() throws(Failure) -> Int {
        switch value {
        case .integer(let integer): return integer
        case .number(let number):
            guard let integer = Int(exactly: number) else { throw mismatch("a whole number") }
            return integer
        default: throw mismatch("a whole number")
        }
    }

    /// A finite number.
    package func number() throws(Failure) -> Double {
        switch value {
        case .integer(let integer): return Double(integer)
        case .number(let number) where number.isFinite: return number
        default: throw mismatch("a number")
        }
    }

    /// The one scalar of a string.
    package func scalar() throws(Failure) -> Unicode.Scalar {
        let scalars = try string().unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first else { throw malformed }
        return scalar
    }

    // MARK: - Members

    /// The member `name` of an object, or nil where it is absent or null.
    package func optional(_ name: String) throws(Failure) -> JSONField? {
        _ = try members()
        guard let member = value[name], member != .null else { return nil }
        return child(member, name)
    }

    /// The member `name` of an object; throws `missing` where it is absent or null.
    package func required(_ name: String) throws(Failure) -> JSONField {
        try required(name, try optional(name))
    }

    /// What `value`, read of the member `name`, gives; throws `missing` where it is nil.
    package func required<Value>(_ name: String, _ value: Value?) throws(Failure) -> Value {
        guard let value else { throw .missing(file: file, field: place(name)) }
        return value
    }

    /// Whether the member is there and not null.
    package func has(_ name: String) -> Bool { (try? optional(name)) != nil }

    /// The members of an object by name, those that are null too; empty for anything else.
    package var all: [String: JSONValue] {
        guard case .object(let members) = value else { return [:] }
        return Dictionary(members.map { ($0.name, $0.value) }) { $1 }
    }

    /// Refuses every member of the object but these, and a name that stands twice.
    package func allow(only names: Set<String>) throws(Failure) {
        var seen: Set<String> = []
        for member in try members() {
            guard names.contains(member.name) else {
                throw child(member.value, shortened(member.name)).unsupported("set")
            }
            guard seen.insert(member.name).inserted else {
                throw .duplicate(file: file, field: place(member.name))
            }
        }
    }

    /// The member as an object, or nil where it is absent.
    package func object(_ name: String) throws(Failure) -> JSONField? {
        guard let field = try optional(name) else { return nil }
        _ = try field.members()
        return field
    }

    /// The member as a string, or nil where it is absent.
    package func string(_ name: String) throws(Failure) -> String? {
        try optional(name)?.string()
    }

    /// The member as true or false, or nil where it is absent.
    package func bool(_ name: String) throws(Failure) -> Bool? { try optional(name)?.bool() }

    /// The member as a whole number, or nil where it is absent.
    package func integer(_ name: String) throws(Failure) -> Int? { try optional(name)?.integer() }

    /// The member as a number, or nil where it is absent.
    package func number(_ name: String) throws(Failure) -> Double? { try optional(name)?.number() }

    /// The member as a list of strings, or nil where it is absent.
    package func strings(_ name: String) throws(Failure) -> [String]? {
        try list(name) { field throws(Failure) in try field.string() }
    }

    /// The member as a list of numbers, or nil where it is absent.
    package func numbers(_ name: String) throws(Failure) -> [Double]? {
        try list(name) { field throws(Failure) in try field.number() }
    }

    /// The member, a whole number or a list of them, as a list; nil where it is absent.
    ///
    /// `eos_token_id` is written in both ways.
    package func integers(_ name: String) throws(Failure) -> [Int]? {
        guard let field = try optional(name) else { return nil }
        if case .array = field.value {
            return try list(name) { field throws(Failure) in try field.integer() }
        }
        return [try field.integer()]
    }

    /// Reads a list; a wrong element is told by the name of the list.
    private func list<Value>(
        _ name: String, _ read: (JSONField) throws(Failure) -> Value
    ) throws(Failure) -> [Value]? {
        guard let field = try optional(name) else { return nil }
        var values: [Value] = []
        for value in try field.values() {
            values.append(try read(JSONField(value: value, path: field.path, file: file)))
        }
        return values
    }

    // MARK: - Errors

    /// The path of a member, as errors show it.
    package func place(_ name: String) -> String { path == "$" ? name : path + "." + name }

    /// An error that says that the value is not of the type that it should be.
    package var malformed: Failure { .malformed(file: file, field: path) }

    /// As ``malformed``, with what the value should be.
    private func mismatch(_ expected: String) -> Failure {
        .mismatch(file: file, field: path, found: shown, expected: expected)
    }

    /// The value as an error may show it; of lists and objects that they are such.
    private var shown: String {
        switch value {
        case .array: "a list"
        case .object: "an object"
        default: String(value.text.unicodeScalars.prefix(shownLimit))
        }
    }

    /// What stands at a path below this value, such as `rope_scaling.factor`, as an error may show it; nil
    /// where nothing does.
    package func shown(at path: String) -> String? {
        var field = self
        for name in path.split(separator: ".") {
            guard case .object = field.value, let member = field.value[String(name)] else {
                return nil
            }
            field = field.child(member, String(name))
        }
        return field.shown
    }

    /// An error that says that the value should be there.
    package var missing: Failure { .missing(file: file, field: path) }

    /// An error that says that the value is not carried out.
    package func unsupported(_ shown: String) -> Failure {
        .unsupported(
            file: file, field: path, value: String(shown.unicodeScalars.prefix(shownLimit)))
    }

    /// Throws `unsupported` naming the member unless the condition holds.
    package func expect(_ name: String, _ holds: Bool) throws(Failure) {
        guard holds else { throw .unsupported(file: file, field: place(name), value: "") }
    }

    /// Most characters of a value that an error shows.
    private var shownLimit: Int { 64 }

    private func child(_ value: JSONValue, _ name: String) -> JSONField {
        JSONField(value: value, path: place(name), file: file)
    }

    private func shortened(_ name: String) -> String {
        String(name.unicodeScalars.prefix(shownLimit))
    }
}
