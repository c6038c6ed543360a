// SPDX-License-Identifier: Apache-2.0
extension JSONValue {
    /// Deepest nesting that is read; the files of the field need about ten levels.
    package static let depthLimit = 64
    /// Most values in a file; each takes some 40 bytes of memory.
    package static let countLimit = 8_000_000

    /// Parses a whole text (RFC 8259), a byte-order mark before it left out.
    ///
    /// With `namesOnce` a name that stands twice in one object is refused, two ways to write it being
    /// the same name.
    package init(parsing bytes: [UInt8], namesOnce: Bool = false) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: bytes, namesOnce: namesOnce)
        self = try parser.wholeText()
    }

    /// Where and how a text stops being JSON, in words; nil where it is JSON.
    package static func fault(in bytes: [UInt8]) -> String? {
        guard bytes.contains(where: { !JSONParser.isSpace($0) }) else { return "it is empty" }
        var parser = JSONParser(bytes: bytes, namesOnce: false)
        do throws(JSONSyntaxError) {
            _ = try parser.wholeText()
            return nil
        } catch {
            let place = min(parser.index, bytes.count)
            let line = bytes[..<place].count { $0 == 0x0A } + 1
            let isEnd = place == bytes.count
            return (isEnd ? "it ends too soon, in line " : "it is no JSON in line ")
                + "\(line), at byte \(isEnd ? place : place + 1) of the file"
        }
    }
}

/// A member of an object with its value as it is written.
package struct JSONWrittenMember: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The value.
    package let value: JSONValue
    /// The value's own text, in which a number has all its digits and zeros.
    package let written: String

    /// The members of a text that is one object (RFC 8259), in which no name stands twice on any level.
    ///
    /// nil where the text is JSON and no object.
    package static func members(ofObject bytes: [UInt8]) throws(JSONSyntaxError) -> [Self]? {
        var parser = JSONParser(bytes: bytes, namesOnce: true)
        guard case .object(let members) = try parser.wholeText() else { return nil }
        return zip(members, parser.outermost).map { member, range in
            Self(
                name: member.name, value: member.value,
                written: String(decoding: bytes[range], as: UTF8.self))
        }
    }
}

extension JSONWrittenMember {
    /// A name that stands twice in a text that is one object, on any level; nil where none does, and for what is
    /// not JSON.
    package static func repeatedName(inObject bytes: [UInt8]) -> String? {
        do throws(JSONSyntaxError) {
            _ = try members(ofObject: bytes)
            return nil
        } catch .duplicate(let name) {
            return name
        } catch {
            return nil
        }
    }
}

/// Why a text is not read as JSON.
package enum JSONSyntaxError: Error, Hashable, Sendable {
    /// It is not JSON, or nested deeper than ``JSONValue/depthLimit``.
    case malformed
    /// It holds more values than ``JSONValue/countLimit``.
    case tooLarge(count: Int, limit: Int)
    /// A name stands twice in one object; its first hundred bytes.
    case duplicate(name: String)
}

/// Reads JSON from left to right.
private struct JSONParser {
    let bytes: [UInt8]
    let namesOnce: Bool
    var index = 0
    var count = 0
    /// Where the values of the outermost object stand.
    private(set) var outermost: [Range<Int>] = []

    init(bytes: [UInt8], namesOnce: Bool) {
        self.bytes = bytes
        self.namesOnce = namesOnce
    }

    mutating func wholeText() throws(JSONSyntaxError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw .malformed }
        return value
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = next, Self.isSpace(byte) { index += 1 }
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= JSONValue.depthLimit else { throw .malformed }
        count += 1
        guard count <= JSONValue.countLimit else {
            throw .tooLarge(count: count, limit: JSONValue.countLimit)
        }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        for byte in "\(word)".utf8 {
            guard take(byte) else { throw .malformed }
        }
        return value
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        index += 1
        var values: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw .malformed }
        return .array(values)
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        index += 1
        var members: [JSONValue.Member] = []
        var names: Set<[UInt8]> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw .malformed }
            let name = try string()
            if namesOnce, isTaken(name, in: members, &names) {
                throw .duplicate(name: String(decoding: name.utf8.prefix(100), as: UTF8.self))
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw .malformed }
            skipSpace()
            let start = index
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
            if depth == 0 { outermost.append(start..<index) }
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw .malformed }
        return .object(members)
    }

    /// Whether an object has a member of a name; of one with many the names are kept in a set.
    private func isTaken(
        _ name: String, in members: [JSONValue.Member], _ names: inout Set<[UInt8]>
    ) -> Bool {
        guard members.count >= 16 else { return members.contains { $0.isNamed(name) } }
        if names.isEmpty { names = Set(members.map { Array($0.name.utf8) }) }
        return !names.insert(Array(name.utf8)).inserted
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = index
        _ = take(UInt8(ascii: "-"))
        let whole = try digits()
        guard whole == 1 || bytes[index - whole] != UInt8(ascii: "0") else { throw .malformed }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            _ = try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            index += 1
            if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
            _ = try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text) else { throw .malformed }
        return .number(number)
    }

    private mutating func digits() throws(JSONSyntaxError) -> Int {
        let start = index
        while let byte = next, byte >= 0x30, byte <= 0x39 { index += 1 }
        guard index > start else { throw .malformed }
        return index - start
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        index += 1
        var content: [UInt8] = []
        var start = index
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                // Most strings have nothing that is escaped.
                if !content.isEmpty { content += bytes[start..<index] }
                let string = try content.isEmpty ? text(start..<index) : text(of: content.span)
                index += 1
                return string
            case UInt8(ascii: "\\"):
                content += bytes[start..<index]
                index += 1
                content += try escaped().utf8
                start = index
            case 0..<0x20: throw .malformed
            default:
                repeat { index += 1 } while index < bytes.count && Self.isPlain(bytes[index])
            }
        }
        throw .malformed
    }

    /// Whether a byte within a string stands for itself.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private func text(_ range: Range<Int>) throws(JSONSyntaxError) -> String {
        try text(of: bytes.span.extracting(range))
    }

    private func text(of utf8: Span<UInt8>) throws(JSONSyntaxError) -> String {
        guard let valid = try? UTF8Span(validating: utf8) else { throw .malformed }
        return String(copying: valid)
    }

    private mutating func escaped() throws(JSONSyntaxError) -> Character {
        guard let byte = next else { throw .malformed }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try escapedScalar())
        default: throw .malformed
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair.
    private mutating func escapedScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw .malformed
        }
        let low = try hexadecimal()
        guard low >= 0xDC00, low <= 0xDFFF,
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw .malformed }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw .malformed
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}
