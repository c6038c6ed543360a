// SPDX-License-Identifier: Apache-2.0

/// Bytes of a path made fit for one line of a terminal, a log or a JSON string.
package enum EscapedBytes {
    /// Gives the bytes as text in which nothing moves a cursor, ends a line or reorders letters.
    ///
    /// A backslash becomes `\\`, a byte that is no UTF-8 `\xNN`, and a control, format, separator
    /// or private scalar `\u{N}`, so two different names are shown differently.
    package static func text(of bytes: [UInt8]) -> String {
        var result = ""
        var position = 0
        while position < bytes.count {
            let length = sequenceLength(bytes, at: position)
            guard length > 0 else {
                let digits = String(bytes[position], radix: 16)
                result += "\\x" + (digits.count == 1 ? "0" : "") + digits
                position += 1
                continue
            }
            let sequence = String(decoding: bytes[position..<position + length], as: UTF8.self)
            for scalar in sequence.unicodeScalars { result += shown(scalar) }
            position += length
        }
        return result
    }

    /// The bytes that a text stands for; nil for one that ``text(of:)`` never gives.
    package static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let slash = rest.firstIndex(of: "\\") {
            bytes += rest[..<slash].utf8
            rest = rest[rest.index(after: slash)...]
            if rest.first == "\\" {
                bytes.append(UInt8(ascii: "\\"))
                rest = rest.dropFirst()
            } else if let found = rest.prefixMatch(of: /x([0-9a-f]{2})/) {
                guard let byte = UInt8(found.1, radix: 16) else { return nil }
                bytes.append(byte)
                rest = rest[found.range.upperBound...]
            } else if let found = rest.prefixMatch(of: /u\{([0-9a-f]{1,6})\}/) {
                guard let scalar = UInt32(found.1, radix: 16).flatMap(Unicode.Scalar.init) else {
                    return nil
                }
                bytes += Array(String(Character(scalar)).utf8)
                rest = rest[found.range.upperBound...]
            } else {
                return nil
            }
        }
        bytes += rest.utf8
        return self.text(of: bytes) == text ? bytes : nil
    }

    /// The length of the valid UTF-8 sequence at a position, zero when there is none.
    private static func sequenceLength(_ bytes: [UInt8], at position: Int) -> Int {
        var iterator = bytes[position...].prefix(4).makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return 0 }
        return String(scalar).utf8.count
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            return "\\u{" + String(scalar.value, radix: 16) + "}"
        default:
            return scalar == "\\" ? "\\\\" : String(scalar)
        }
    }
}
