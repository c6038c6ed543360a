// SPDX-License-Identifier: Apache-2.0

/// The characters that byte-level tokenizers write bytes with: printable ones of Latin-1 for
/// themselves, and for the other 68 the characters from U+0100 on.
///
/// Source: A. Radford et al., “Language Models are Unsupervised Multitask Learners”, 2019, and the
/// code published with it.
enum ByteAlphabet {
    /// The character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (UInt8.min...UInt8.max).map { byte in
            if isPrintable(byte) { return Unicode.Scalar(byte) }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? " "
        }
    }()

    private static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = Int16(byte) }
        return bytes
    }()

    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: true
        default: false
        }
    }

    /// The byte that a character stands for, or nil.
    @inline(__always)
    static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        guard scalar.value < 0x144 else { return nil }
        let byte = bytes[Int(scalar.value)]
        return byte >= 0 ? UInt8(byte) : nil
    }

    /// The bytes that a piece stands for, or nil where a character of it stands for none.
    static func bytes(of piece: String) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in piece.unicodeScalars {
            guard let byte = byte(scalar) else { return nil }
            result.append(byte)
        }
        return result
    }
}

extension NormalizedText {
    /// Writes each byte of the text as a character of `ByteAlphabet`.
    mutating func writeBytes() {
        var changes: [Change] = []
        changes.reserveCapacity(scalars.count * 2)
        for scalar in scalars {
            for (index, byte) in String(scalar).utf8.enumerated() {
                changes.append(Change(ByteAlphabet.scalars[Int(byte)], index > 0 ? 1 : 0))
            }
        }
        transform(changes)
    }
}
