// SPDX-License-Identifier: Apache-2.0

/// ISO-2022-JP unpacked to the bytes of EUC-JP, which iconv converts.
///
/// glibc's own ISO-2022-JP refuses what hospital systems send: the circled numbers and units of NEC's
/// row 13 under `ESC $ B`, and half-width katakana under `ESC ( I`. Its EUC-JP-MS knows them all.
///
/// RFC 1468 wants ASCII at the end of each line. A line break inside two-byte text is refused with
/// its place: going on in either mode would silently turn one kind of text into the other.
enum SevenBitJIS {
    /// The same text in EUC-JP, or the offset of the first byte that is wrong.
    static func unpacked(_ bytes: [UInt8]) -> (eucJP: [UInt8], failure: Int?) {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        let failure = walk(bytes) { piece, _ in
            result.append(piece.first)
            if piece.count > 1 { result.append(piece.second) }
            if piece.count > 2 { result.append(piece.third) }
        }
        return (result, failure)
    }

    /// The offset in `bytes` of the character that stands at an offset of the unpacked text.
    static func offset(in bytes: [UInt8], ofUnpacked target: Int) -> Int {
        var unpacked = 0
        var result = bytes.count
        var isFound = false
        _ = walk(bytes) { piece, offset in
            if !isFound, unpacked + piece.count > target {
                result = offset
                isFound = true
            }
            unpacked += piece.count
        }
        return result
    }

    private enum Mode { case ascii, kana, twoByte, supplement }

    /// The bytes of a character in EUC-JP: there are too many characters for an array each.
    private struct Piece {
        let first: UInt8
        var second: UInt8 = 0
        var third: UInt8 = 0
        var count = 1
    }

    /// Calls `emit` for each character with its EUC-JP bytes and its offset; returns the first fault.
    private static func walk(_ bytes: [UInt8], _ emit: (Piece, Int) -> Void) -> Int? {
        var mode = Mode.ascii
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x1B, let (next, length) = escape(in: bytes, at: index) {
                mode = next
                index += length
                continue
            }
            switch mode {
            case .ascii:
                if byte >= 0x80 { return index }
                emit(Piece(first: byte), index)
                index += 1
            case .kana where byte >= 0x21 && byte <= 0x5F:
                emit(Piece(first: 0x8E, second: byte | 0x80, count: 2), index)
                index += 1
            case .kana where byte <= 0x20 && byte != 0x1B:
                emit(Piece(first: byte), index)
                index += 1
            case .twoByte where isPair(bytes, at: index):
                emit(
                    Piece(first: byte | 0x80, second: bytes[index + 1] | 0x80, count: 2), index)
                index += 2
            case .supplement where isPair(bytes, at: index):
                emit(
                    Piece(
                        first: 0x8F, second: byte | 0x80, third: bytes[index + 1] | 0x80, count: 3),
                    index)
                index += 2
            // A space between two-byte characters is met and can mean nothing else.
            case .twoByte where byte == 0x20, .supplement where byte == 0x20:
                emit(Piece(first: byte), index)
                index += 1
            default:
                return index
            }
        }
        return nil
    }

    private static func isPair(_ bytes: [UInt8], at index: Int) -> Bool {
        index + 1 < bytes.count && isCode(bytes[index]) && isCode(bytes[index + 1])
    }

    private static func isCode(_ byte: UInt8) -> Bool { byte >= 0x21 && byte <= 0x7E }

    /// The escape sequence at a place: ASCII, JIS X 0201, JIS X 0208 (1978, 1983) or JIS X 0212.
    private static func escape(in bytes: [UInt8], at index: Int) -> (mode: Mode, length: Int)? {
        guard index + 2 < bytes.count else { return nil }
        switch (bytes[index + 1], bytes[index + 2]) {
        case (0x28, 0x42), (0x28, 0x4A): return (.ascii, 3)
        case (0x28, 0x49): return (.kana, 3)
        case (0x24, 0x40), (0x24, 0x42): return (.twoByte, 3)
        case (0x24, 0x28) where index + 3 < bytes.count && bytes[index + 3] == 0x44:
            return (.supplement, 4)
        case (0x24, 0x28) where index + 3 < bytes.count && bytes[index + 3] == 0x42:
            return (.twoByte, 4)
        default: return nil
        }
    }

    /// Whether the bytes are seven-bit and switch to Japanese at least once.
    static func isUsed(in bytes: [UInt8]) -> Bool {
        var isSwitched = false
        for (index, byte) in bytes.enumerated() {
            if byte >= 0x80 { return false }
            if byte == 0x1B, !isSwitched, let (mode, _) = escape(in: bytes, at: index) {
                isSwitched = mode != .ascii
            }
        }
        return isSwitched
    }
}
