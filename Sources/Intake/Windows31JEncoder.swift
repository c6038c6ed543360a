// SPDX-License-Identifier: Apache-2.0

/// Text to bytes in Windows-31J (CP932), as Japanese spreadsheets still ask for.
///
/// Of characters that the encoding has twice or three times, the code is the one that Windows writes. Some
/// characters are written in two ways on different systems, such as the wave dash; their likes are taken for
/// them.
package struct Windows31JEncoder: Sendable {
    /// What is written for a character that the encoding lacks: `〓`.
    package static let replacement: [UInt8] = [0x81, 0xAC]

    private let codes: [UInt32: UInt16]

    /// An encoder; throws `IntakeError.encodingUnavailable` where this machine lacks the encoding's module.
    package init() throws(IntakeError) {
        guard let conversion = CharacterSetConversion(from: TextEncoding.windows31J.iconvName)
        else { throw .encodingUnavailable(.windows31J) }
        var codes: [UInt32: UInt16] = [:]
        for byte in Array(UInt8(0x00)...0x7F) + Array(0xA1...0xDF) {
            Self.add([byte], conversion, to: &codes)
        }
        // NEC's selection of IBM's characters comes last: Windows writes IBM's own codes.
        let leads =
            Array(UInt8(0x81)...0x9F) + Array(0xE0...0xEC) + Array(0xEF...0xFC) + [0xED, 0xEE]
        for lead in leads {
            for trail in Array(UInt8(0x40)...0x7E) + Array(0x80...0xFC) {
                Self.add([lead, trail], conversion, to: &codes)
            }
        }
        for (other, like) in Self.likes where codes[other.value] == nil {
            codes[other.value] = codes[like.value]
        }
        self.codes = codes
    }

    /// The bytes of a text; `lost` counts the characters that the encoding lacks.
    package func bytes(of text: String) -> (bytes: [UInt8], lost: Int) {
        var (bytes, lost): ([UInt8], Int) = ([], 0)
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard let code = codes[scalar.value] else {
                bytes += Self.replacement
                lost += 1
                continue
            }
            if code > 0xFF { bytes.append(UInt8(code >> 8)) }
            bytes.append(UInt8(code & 0xFF))
        }
        return (bytes, lost)
    }

    private static func add(
        _ bytes: [UInt8], _ conversion: borrowing CharacterSetConversion,
        to codes: inout [UInt32: UInt16]
    ) {
        let (utf8, failure) = conversion.converted(bytes)
        let scalars = String(decoding: utf8, as: UTF8.self).unicodeScalars
        guard failure == nil, scalars.count == 1, let scalar = scalars.first,
            codes[scalar.value] == nil
        else { return }
        codes[scalar.value] = bytes.reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// Characters of Apple, JIS and Unicode's tables, with those of Microsoft's that look alike.
    private static let likes: [(Unicode.Scalar, Unicode.Scalar)] = [
        ("\u{301C}", "\u{FF5E}"), ("\u{2212}", "\u{FF0D}"), ("\u{2016}", "\u{2225}"),
        ("\u{2014}", "\u{2015}"), ("\u{00A2}", "\u{FFE0}"), ("\u{00A3}", "\u{FFE1}"),
        ("\u{00AC}", "\u{FFE2}"), ("\u{00A6}", "\u{FFE4}"),
    ]
}
