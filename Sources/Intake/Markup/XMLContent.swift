// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import XMLFiles

/// An XML file: its tree, and the encoding that it was in.
struct XMLContent {
    let root: XMLTree.Element
    let encoding: TextEncoding

    /// Reads a file; throws `flaw` of `format`, or that its bytes cannot be decoded.
    init(
        of bytes: [UInt8], as format: SourceFormat, limits: IntakeLimits
    ) throws(IntakeError) {
        let decoded = try Self.decoded(bytes, format)
        encoding = decoded.encoding
        // A blank line before the declaration is met, and can mean nothing else.
        var utf8 = Array(decoded.text.utf8)
        let blank = utf8.prefix { $0 == 0x20 || (0x09...0x0D).contains($0) }.count
        if blank > 0 { utf8.removeFirst(blank) }
        do throws(XMLSyntaxError) {
            root = try XMLTree(
                parsing: utf8,
                limits: XMLLimits(
                    maximumBytes: limits.maximumBytes * 3, maximumDepth: limits.maximumDepth,
                    maximumElements: limits.maximumParts)
            ).root
        } catch {
            // Only where nothing was converted do offsets in UTF-8 say something of the file.
            let isAsItCame = decoded.encoding == .utf8 && utf8.count == bytes.count
            throw .flaw(Self.flaw(of: error, tellsPlace: isAsItCame), in: format, at: nil)
        }
    }

    private static func decoded(
        _ bytes: [UInt8], _ format: SourceFormat
    ) throws(IntakeError) -> DecodedText {
        // UTF-16 without its mark, as a declaration begins in it (Extensible Markup Language 1.0, annex F).
        if bytes.starts(with: [0x3C, 0, 0x3F, 0]) {
            return try TextDecoding.text(of: bytes, in: .utf16LittleEndian)
        }
        if bytes.starts(with: [0, 0x3C, 0, 0x3F]) {
            return try TextDecoding.text(of: bytes, in: .utf16BigEndian)
        }
        return try DeclaredEncoding.text(of: bytes, named: declaredName(in: bytes), in: format)
    }

    /// What the declaration of a file says of its encoding; nil where it says nothing.
    static func declaredName(in bytes: [UInt8]) -> String? {
        let start = bytes.prefix(1024).drop { $0 <= 0x20 }
        guard start.starts(with: "<?xml".utf8) else { return nil }
        let declaration = start.prefix { $0 != UInt8(ascii: ">") }
        guard let text = String(validating: declaration, as: UTF8.self),
            let name = text.range(of: "encoding")
        else { return nil }
        let rest = text[name.upperBound...].drop { $0.isWhitespace }
        guard rest.first == "=" else { return nil }
        let value = rest.dropFirst().drop { $0.isWhitespace }
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        return String(value.dropFirst().prefix { $0 != quote })
    }

    private static func flaw(of error: XMLSyntaxError, tellsPlace: Bool) -> FormatFlaw {
        switch error {
        case .malformed(let what, let offset):
            .malformed(
                expected: "well-formed XML (\(what))", byteOffset: tellsPlace ? offset : nil)
        case .declaration: .declaration
        case .tooDeep(let limit): .tooMuch(of: "levels of elements", limit: limit)
        case .tooManyElements(let limit): .tooMuch(of: "elements", limit: limit)
        case .tooManyAttributes(let limit):
            .tooMuch(of: "attributes of an element", limit: limit)
        case .nameTooLong: .tooMuch(of: "bytes in a name", limit: 2048)
        case .tooLarge(_, let limit): .tooMuch(of: "bytes of XML", limit: limit)
        }
    }
}
