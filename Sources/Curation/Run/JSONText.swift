// SPDX-License-Identifier: Apache-2.0

/// Lines of JSON from bytes of UTF-8, which are copied as they are but for what must be escaped.
enum JSONText {
    /// A string with its quotes.
    static func quoted(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 2)
        append(text, to: &result)
        return result
    }

    /// A document as a line of a corpus; `source` is quoted already.
    static func line(_ document: ReadDocument, _ source: [UInt8], text: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(text.count + 64)
        line.append(UInt8(ascii: "{"))
        if !document.id.isEmpty {
            line += "\"id\":".utf8
            append(document.id, to: &line)
            line.append(UInt8(ascii: ","))
        }
        line += "\"source\":".utf8
        line += source
        line += ",\"text\":".utf8
        append(text, to: &line)
        line += "}\n".utf8
        return line
    }

    private static func append(_ text: [UInt8], to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                line.append(UInt8(ascii: "\\"))
                line.append(byte)
            case 0x0A: line += "\\n".utf8
            case 0..<0x20:
                line += "\\u00".utf8
                line += [byte >> 4, byte & 15].map { $0 < 10 ? $0 + 0x30 : $0 + 0x57 }
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
