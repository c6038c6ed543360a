/// A value of a file with the path that leads to it, for errors that name the field.
struct JSONField {
    let value: JSONValue
    let path: String
    let file: String

    /// Most characters of a value that an error shows.
    private static let shownLimit = 64

    var isNull: Bool {
        if case .null = value { true } else { false }
    }

    var malformed: TokenizerError { .malformed(file: file, field: path) }

    var missing: TokenizerError { .missing(file: file, field: path) }

    /// An error that says that the field's value is not carried out.
    func unsupported(_ shown: String) -> TokenizerError {
        .unsupported(
            file: file, field: path, value: String(shown.unicodeScalars.prefix(Self.shownLimit)))
    }

    /// The member `name` of an object, or nil where it is absent or null.
    func optional(_ name: String) throws(TokenizerError) -> JSONField? {
        for member in try members() where member.name.utf8.elementsEqual(name.utf8) {
            if case .null = member.value { return nil }
            return child(member.value, name)
        }
        return nil
    }

    /// The member `name` of an object; throws `.missing` where it is absent or null.
    func required(_ name: String) throws(TokenizerError) -> JSONField {
        guard let field = try optional(name) else {
            throw .missing(file: file, field: childPath(name))
        }
        return field
    }

    /// Refuses every member of the object but these, and a name that stands twice.
    func allow(only names: Set<String>) throws(TokenizerError) {
        var seen: Set<String> = []
        for member in try members() {
            guard names.contains(member.name) else {
                throw child(member.value, shortened(member.name)).unsupported("set")
            }
            guard seen.insert(member.name).inserted else {
                throw .duplicate(file: file, field: childPath(member.name))
            }
        }
    }

    func members() throws(TokenizerError) -> [JSONValue.Member] {
        guard case .object(let members) = value else { throw malformed }
        return members
    }

    func values() throws(TokenizerError) -> [JSONValue] {
        guard case .array(let values) = value else { throw malformed }
        return values
    }

    /// The elements of an array with their paths.
    func elements() throws(TokenizerError) -> [JSONField] {
        try values().enumerated().map { element($0.element, $0.offset) }
    }

    func element(_ value: JSONValue, _ index: Int) -> JSONField {
        JSONField(value: value, path: "\(path)[\(index)]", file: file)
    }

    func string() throws(TokenizerError) -> String {
        guard case .string(let string) = value else { throw malformed }
        return string
    }

    func bool() throws(TokenizerError) -> Bool {
        guard case .bool(let bool) = value else { throw malformed }
        return bool
    }

    func integer() throws(TokenizerError) -> Int {
        guard case .integer(let integer) = value else { throw malformed }
        return integer
    }

    /// A finite number.
    func number() throws(TokenizerError) -> Double {
        switch value {
        case .integer(let integer): return Double(integer)
        case .number(let number) where number.isFinite: return number
        default: throw malformed
        }
    }

    /// The one scalar of a string.
    func scalar() throws(TokenizerError) -> Unicode.Scalar {
        let scalars = try string().unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first else { throw malformed }
        return scalar
    }

    /// The member `name`, or `standard` where it is absent or null.
    func bool(_ name: String, _ standard: Bool) throws(TokenizerError) -> Bool {
        try optional(name)?.bool() ?? standard
    }

    /// The member `name`, or nil where it is absent or null.
    func string(_ name: String) throws(TokenizerError) -> String? {
        try optional(name)?.string()
    }

    private func child(_ value: JSONValue, _ name: String) -> JSONField {
        JSONField(value: value, path: childPath(name), file: file)
    }

    private func childPath(_ name: String) -> String {
        path == "$" ? name : path + "." + name
    }

    private func shortened(_ name: String) -> String {
        String(name.unicodeScalars.prefix(Self.shownLimit))
    }
}
