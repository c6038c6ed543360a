// SPDX-License-Identifier: Apache-2.0

/// The texts that a model may write, as a rule over their bytes in UTF-8: the grammar of constrained
/// decoding.
package indirect enum ByteGrammar: Sendable {
    /// One byte of these ranges.
    case byte([ClosedRange<UInt8>])
    /// These bytes.
    case literal([UInt8])
    /// One after another.
    case sequence([ByteGrammar])
    /// One of several.
    case anyOf([ByteGrammar])
    /// Again and again, at least and at most so many times; nil for any number.
    case repeated(ByteGrammar, atLeast: Int, atMost: Int?)
    /// A substring of the document that is not empty, after which nothing follows.
    case documentText
    /// A substring of one of the document's lines that is not empty, after which a line break may follow.
    case documentLine
    /// A JSON string, its quotation marks included, that stands for such a substring.
    case documentString
}

extension ByteGrammar {
    /// The bytes of a text.
    package static func text(_ text: String) -> ByteGrammar { .literal(Array(text.utf8)) }

    /// One of these texts as it stands, without quotation marks.
    package static func oneOf(_ texts: [String]) -> ByteGrammar { .anyOf(texts.map { .text($0) }) }

    /// Lines, at least one, each a substring of one of the document's.
    package static let documentLines = ByteGrammar.sequence([
        .documentLine,
        .repeated(.sequence([.text("\n"), .documentLine]), atLeast: 0, atMost: nil),
    ])

    /// A rule or nothing.
    package static func optional(_ grammar: ByteGrammar) -> ByteGrammar {
        .repeated(grammar, atLeast: 0, atMost: 1)
    }

    /// Digits.
    static let digit = ByteGrammar.byte([0x30...0x39])
    private static let continuation = ByteGrammar.byte([0x80...0xBF])

    /// A Unicode scalar in UTF-8, but no control character, quotation mark or backslash (Unicode 16,
    /// table 3-7: well-formed byte sequences; RFC 8259, section 7: unescaped).
    static let unescaped = ByteGrammar.anyOf([
        .byte([0x20...0x21, 0x23...0x5B, 0x5D...0x7F]),
        .sequence([.byte([0xC2...0xDF]), continuation]),
        .sequence([.byte([0xE0...0xE0]), .byte([0xA0...0xBF]), continuation]),
        .sequence([.byte([0xE1...0xEC, 0xEE...0xEF]), continuation, continuation]),
        .sequence([.byte([0xED...0xED]), .byte([0x80...0x9F]), continuation]),
        .sequence([.byte([0xF0...0xF0]), .byte([0x90...0xBF]), continuation, continuation]),
        .sequence([.byte([0xF1...0xF3]), continuation, continuation, continuation]),
        .sequence([.byte([0xF4...0xF4]), .byte([0x80...0x8F]), continuation, continuation]),
    ])

    /// A character of a JSON string; `\u` is not among the escapes, for nothing needs it.
    static let jsonCharacter = ByteGrammar.anyOf([
        unescaped, .sequence([.text("\\"), .byte("\"\\/bfnrt".utf8.map { $0...$0 })]),
    ])

    /// A JSON string of so many Unicode scalars.
    static func jsonString(atLeast: Int, atMost: Int?) -> ByteGrammar {
        .sequence([
            .text("\""), .repeated(jsonCharacter, atLeast: atLeast, atMost: atMost), .text("\""),
        ])
    }

    /// A JSON integer of at most 15 digits, which every reader keeps exactly.
    static let jsonInteger = ByteGrammar.sequence([
        .optional(.text("-")),
        .anyOf([
            .text("0"),
            .sequence([.byte([0x31...0x39]), .repeated(digit, atLeast: 0, atMost: 14)]),
        ]),
    ])

    /// A JSON number with at most 15 digits before and after the point and two of an exponent.
    static let jsonNumber = ByteGrammar.sequence([
        jsonInteger, .optional(.sequence([.text("."), .repeated(digit, atLeast: 1, atMost: 15)])),
        .optional(
            .sequence([
                .byte([0x45...0x45, 0x65...0x65]), .optional(.byte([0x2B...0x2B, 0x2D...0x2D])),
                .repeated(digit, atLeast: 1, atMost: 2),
            ])),
    ])

    /// A fixed text as a JSON string, control characters, quotation mark and backslash escaped.
    static func jsonLiteral(_ text: String) -> ByteGrammar {
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x0A: bytes += Array("\\n".utf8)
            case 0x0D: bytes += Array("\\r".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0..<0x20:
                bytes += Array((byte < 16 ? "\\u000" : "\\u00").utf8)
                bytes += Array(String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        return .literal(bytes + [0x22])
    }
}

/// Why a grammar cannot be used.
package enum GrammarError: Error, Hashable {
    /// It has more states than the limit.
    case tooLarge(limit: Int)
    /// A substring of the document and something else may begin at the same place.
    case ambiguous
    /// It allows no text at all, for instance a substring of an empty document.
    case noText
    /// It speaks of a document, but none was given.
    case noDocument
}
