// SPDX-License-Identifier: Apache-2.0

/// Cuts RTF into groups, control words and characters.
struct RTFScanner {
    /// A piece of RTF.
    enum Token: Equatable {
        case open
        case close
        /// A control word with its number.
        case word(String, Int?)
        /// A control symbol, such as the tilde of `\~`.
        case symbol(UInt8)
        /// A byte of text, written as itself or as `\'hh`.
        case byte(UInt8, isEscaped: Bool)
    }

    private let bytes: [UInt8]
    /// Where the next piece begins.
    private(set) var position: Int

    /// RTF from an offset on.
    init(_ bytes: [UInt8], at position: Int) { (self.bytes, self.position) = (bytes, position) }

    /// The next piece; nil at the end.
    mutating func next() throws(FormatFlaw) -> Token? {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "{"): return .open
            case UInt8(ascii: "}"): return .close
            case UInt8(ascii: "\\"): return try control()
            // Lines mean nothing.
            case 0x0A, 0x0D: continue
            default: return .byte(byte, isEscaped: false)
            }
        }
        return nil
    }

    /// The byte that comes next, whatever it is, as the second of two of a character.
    mutating func rawByte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Passes over bytes of `\bin`.
    mutating func skip(_ count: Int) throws(FormatFlaw) {
        guard count >= 0, count <= bytes.count - position else {
            throw .malformed(expected: "as many bytes as \\bin says", byteOffset: position)
        }
        position += count
    }

    private mutating func control() throws(FormatFlaw) -> Token {
        guard position < bytes.count else {
            throw .malformed(expected: "a control word", byteOffset: position)
        }
        let start = position
        while position < bytes.count, Self.isLetter(bytes[position]) { position += 1 }
        guard position > start else {
            let symbol = bytes[position]
            position += 1
            return symbol == UInt8(ascii: "'") ? try escapedByte() : .symbol(symbol)
        }
        guard position - start <= 32 else {
            throw .malformed(expected: "a control word of 32 letters at most", byteOffset: start)
        }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        let number = try number()
        if position < bytes.count, bytes[position] == 0x20 { position += 1 }
        return .word(word, number)
    }

    private mutating func number() throws(FormatFlaw) -> Int? {
        let start = position
        var end = position
        if end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
        let digits = end
        while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
        guard end > digits else { return nil }
        guard end - digits <= 10,
            let number = Int(String(decoding: bytes[start..<end], as: UTF8.self))
        else {
            throw .malformed(expected: "a number of ten digits at most", byteOffset: start)
        }
        position = end
        return number
    }

    private mutating func escapedByte() throws(FormatFlaw) -> Token {
        guard bytes.count - position >= 2, let high = Self.value(bytes[position]),
            let low = Self.value(bytes[position + 1])
        else {
            throw .malformed(expected: "two hexadecimal digits", byteOffset: position)
        }
        position += 2
        return .byte(high << 4 | low, isEscaped: true)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
