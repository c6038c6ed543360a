// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Reads a file of HTML as one document: its text with a section for each heading, and its title.
///
/// The encoding is that of the byte order mark, of `meta` or of an XML declaration, held against the bytes;
/// where nothing is declared it is detected as that of a text file.
struct HTMLReader {
    let limits: IntakeLimits
    let kind: DocumentKind
    let codes: DocumentCodes

    /// The document of a file, or why there is none.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        let decoded = try Self.decoded(bytes, in: .html)
        let html = try HTMLText(of: decoded.text, in: .html, limits: limits)
        let content = html.lines.sectioned
        guard DocumentReader.hasContent(content.text) else {
            throw .flaw(.noText, in: .html, at: nil)
        }
        guard content.text.scalarCount <= limits.maximumDocumentScalars else {
            throw .flaw(
                .tooMuch(of: "characters", limit: limits.maximumDocumentScalars), in: .html, at: nil
            )
        }
        guard content.sections.count <= limits.maximumSections else {
            throw .flaw(
                .tooMuch(of: "sections", limit: limits.maximumSections), in: .html, at: nil)
        }
        var source = DocumentSource(format: .html)
        source.title = html.title
        source.sections = content.sections
        if html.hasDeletions { source.notices.append("what <del> marks as deleted was left out") }
        // The title is often what a code would be.
        let kind = html.title.flatMap { codes.knows($0) ? codes.kind(of: $0) : nil } ?? kind
        let document = ClinicalDocument(
            kind: kind, text: content.text, encoding: decoded.encoding.rawValue, source: source)
        return [ReadDocument(place: nil, result: .success(document))]
    }

    /// The text of bytes with the declaration that HTML has of its encoding.
    ///
    /// Throws `flaw` of `format` for a declaration that does not hold.
    static func decoded(
        _ bytes: [UInt8], charset: String? = nil, in format: SourceFormat
    ) throws(IntakeError) -> DecodedText {
        let name = charset ?? XMLContent.declaredName(in: bytes) ?? metaCharset(in: bytes)
        return try DeclaredEncoding.text(of: bytes, named: name, in: format)
    }

    /// What `<meta charset>` or `<meta http-equiv content>` says.
    private static func metaCharset(in bytes: [UInt8]) -> String? {
        // Whatever the encoding, its tags are in ASCII.
        let start = bytes.prefix(4096).map { byte -> UInt8 in
            (0x41...0x5A).contains(byte) ? byte + 0x20 : byte < 0x80 ? byte : UInt8(ascii: "?")
        }
        let text = String(decoding: start, as: UTF8.self)
        for part in text.utf8.split(separator: UInt8(ascii: "<")).dropFirst()
        where part.starts(with: "meta".utf8) {
            let tag = Substring(part.prefix { $0 != UInt8(ascii: ">") })
            guard let word = tag.range(of: "charset") else { continue }
            let rest = tag[word.upperBound...].drop { $0.isWhitespace }
            guard rest.first == "=" else { continue }
            let value = rest.dropFirst().drop { $0.isWhitespace || $0 == "\"" || $0 == "'" }
            let name = value.prefix { $0.isLetter || $0.isNumber || "-_.:".contains($0) }
            if !name.isEmpty { return String(name) }
        }
        return nil
    }
}
