// SPDX-License-Identifier: Apache-2.0

/// The escape sequences within a field, `\F\`, `\.br\`, `\X0D0A\` and the like, resolved once.
///
/// What is no sequence of the standard stands as it was sent: a lone backslash is part of a text, as in a
/// path of Windows or as the sign of the yen.
struct HL7Escapes {
    private let delimiters: HL7Delimiters
    private let encoding: TextEncoding
    private static let mostLines = 100

    init(_ delimiters: HL7Delimiters, _ encoding: TextEncoding) {
        (self.delimiters, self.encoding) = (delimiters, encoding)
    }

    /// The text of a value that is no narrative; a switch of the character set stands as it was sent.
    func plainText(of bytes: ArraySlice<UInt8>) -> String {
        guard let escape = delimiters.escape, bytes.contains(escape) else {
            return Self.string(bytes)
        }
        return (try? text(of: bytes, field: "")) ?? Self.string(bytes)
    }

    /// The text of a part of a field, with line feeds as line breaks.
    ///
    /// Throws `wrongValue` for a switch of the character set (`\C2842\`, `\M244200\`), which changes what
    /// the bytes after it mean.
    func text(of bytes: ArraySlice<UInt8>, field: String) throws(IntakeError) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        /// Bytes of `\X…\` sequences that follow each other: a character may be spread over two of them.
        var coded: (bytes: [UInt8], sent: ArraySlice<UInt8>) = ([], [])
        func flush() {
            if !coded.bytes.isEmpty { output += decoded(coded.bytes) ?? Array(coded.sent) }
            coded = ([], [])
        }
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == delimiters.escape,
                let end = bytes[(index + 1)...].firstIndex(of: bytes[index])
            else {
                // Without a second escape character nothing after this is a sequence.
                let stop =
                    bytes[index] == delimiters.escape
                    ? bytes.endIndex
                    : bytes[index...].firstIndex { $0 == delimiters.escape } ?? bytes.endIndex
                flush()
                output += bytes[index..<stop]
                index = stop
                continue
            }
            let body = bytes[(index + 1)..<end]
            if Self.isSwitch(body) {
                throw .hl7(
                    .wrongValue(
                        field: field,
                        expected: "without switches of the character set (\\C…\\, \\M…\\)"))
            }
            if let pairs = Self.hexadecimal(body) {
                if coded.bytes.isEmpty { coded.sent = bytes[index..<index] }
                coded.bytes += pairs
                coded.sent = bytes[coded.sent.startIndex...end]
                index = end + 1
                continue
            }
            flush()
            if let meaning = meaning(of: body) {
                output += meaning
                index = end + 1
            } else {
                // The second one may begin a sequence.
                output += bytes[index..<end]
                index = end
            }
        }
        flush()
        return Self.string(Self.withLineFeeds(output)[...])
    }

    /// What a sequence stands for; nil for one that is not known.
    private func meaning(of body: ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = body.first else { return nil }
        if first == UInt8(ascii: ".") { return Self.layout(body.dropFirst()) }
        guard body.count == 1 else { return nil }
        switch first {
        case UInt8(ascii: "F"): return [delimiters.field]
        case UInt8(ascii: "S"): return [delimiters.component]
        case UInt8(ascii: "R"): return [delimiters.repetition]
        case UInt8(ascii: "T"): return delimiters.subcomponent.map { [$0] }
        case UInt8(ascii: "E"): return delimiters.escape.map { [$0] }
        case UInt8(ascii: "H"), UInt8(ascii: "N"): return []
        default: return nil
        }
    }

    /// What a command of layout leaves in a text: line breaks, or nothing.
    private static func layout(_ command: ArraySlice<UInt8>) -> [UInt8]? {
        let letters = command.prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
        let rest = command.dropFirst(letters.count).filter { $0 != 0x20 && $0 != 0x2B }
        guard letters.count == 2, rest.count <= 4,
            let number = rest.isEmpty ? 1 : Int(string(rest[...]))
        else { return nil }
        switch string(letters).lowercased() {
        case "br" where rest.isEmpty: return [0x0A]
        case "sp": return Array(repeating: 0x0A, count: min(max(1, number), mostLines))
        case "sk": return Array(repeating: 0x20, count: min(max(0, number), mostLines))
        case "in", "ti", "ce", "fi", "nf": return []
        default: return nil
        }
    }

    private static func isSwitch(_ body: ArraySlice<UInt8>) -> Bool {
        guard let first = body.first, body.dropFirst().allSatisfy({ digit($0) != nil }) else {
            return false
        }
        return first == UInt8(ascii: "C") && body.count == 5
            || first == UInt8(ascii: "M") && (body.count == 5 || body.count == 7)
    }

    /// The bytes of `X0D0A`; nil for what is no such sequence.
    private static func hexadecimal(_ body: ArraySlice<UInt8>) -> [UInt8]? {
        guard body.first == UInt8(ascii: "X"), body.count >= 3, body.count % 2 == 1 else {
            return nil
        }
        var result: [UInt8] = []
        var index = body.startIndex + 1
        while index < body.endIndex {
            guard let high = digit(body[index]), let low = digit(body[index + 1]) else {
                return nil
            }
            result.append(high << 4 | low)
            index += 2
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Bytes in the message's encoding as UTF-8; nil where they are not valid there or are control
    /// characters that no text has.
    private func decoded(_ bytes: [UInt8]) -> [UInt8]? {
        guard let text = (try? TextDecoding.attempt(bytes, in: encoding))?.text,
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) })
        else { return nil }
        return Array(text.utf8)
    }

    private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0x0D) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A, index > 0, bytes[index - 1] == 0x0D { continue }
            result.append(byte == 0x0D ? 0x0A : byte)
        }
        return result
    }

    /// Bytes of a message, which is decoded before it is parted, and is parted at ASCII characters only.
    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(utf8: bytes) ?? ""
    }
}
