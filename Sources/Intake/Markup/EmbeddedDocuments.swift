// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation

/// Reads documents that stand within others, by their media type: plain text, HTML, CDA and, by a closure of
/// the caller's, whatever else can be read, such as RTF and PDF.
struct EmbeddedDocuments: Sendable {
    /// Reads a document of a media type at a level of documents within documents; nil where it cannot.
    typealias OtherFormats = @Sendable (String, [UInt8], Int) -> String?

    let limits: IntakeLimits
    /// The format of the document that they stand in, for errors.
    let format: SourceFormat
    /// Levels of documents around them.
    let nesting: Int
    let otherFormats: OtherFormats

    /// The text of a document; nil where its type is not read or holds no text.
    ///
    /// Throws `flaw`, or that the bytes cannot be decoded.
    func text(of bytes: [UInt8], type: MediaType) throws(IntakeError) -> SectionedText? {
        guard nesting <= limits.maximumNesting else {
            throw flaw(.tooMuch(of: "documents within each other", limit: limits.maximumNesting))
        }
        switch type.form {
        case .plain: return try plain(bytes, type)
        case .html: return try html(bytes, type)
        case .markup: return try markup(bytes)
        case .rtf, .other: return other(bytes, type.name)
        }
    }

    private func flaw(_ flaw: FormatFlaw) -> IntakeError { .flaw(flaw, in: format, at: nil) }

    private func body(_ text: String) throws(IntakeError) -> SectionedText? {
        guard text.scalarCount <= limits.maximumDocumentScalars else {
            throw flaw(.tooMuch(of: "characters", limit: limits.maximumDocumentScalars))
        }
        guard DocumentReader.hasContent(text) else { return nil }
        var result = SectionedText()
        result.append(title: nil, body: text)
        return result
    }

    private func other(_ bytes: [UInt8], _ type: String) -> SectionedText? {
        guard let text = otherFormats(type, bytes, nesting) else { return nil }
        return try? body(text)
    }

    /// What is called plain text is often RTF or HTML, and never taken for prose then.
    private func plain(_ bytes: [UInt8], _ type: MediaType) throws(IntakeError) -> SectionedText? {
        switch BinarySignature.format(of: bytes) {
        case nil: break
        case .rtf: return other(bytes, "application/rtf")
        case .pdf: return other(bytes, "application/pdf")
        default: return nil
        }
        let decoded = try DeclaredEncoding.text(of: bytes, named: type.charset, in: format)
        switch TextSignature.format(of: decoded.text) {
        case .html: return try html(bytes, type)
        case .xml: return try markup(bytes)
        case .hl7, .json, .mail: return nil
        default: return try body(decoded.text)
        }
    }

    private func html(_ bytes: [UInt8], _ type: MediaType) throws(IntakeError) -> SectionedText? {
        let decoded = try HTMLReader.decoded(bytes, charset: type.charset, in: format)
        let content = try HTMLText(of: decoded.text, in: format, limits: limits).lines.sectioned
        return content.text.isEmpty ? nil : content
    }

    private func markup(_ bytes: [UInt8]) throws(IntakeError) -> SectionedText? {
        let content = try XMLContent(of: bytes, as: format, limits: limits)
        guard content.root.name == "ClinicalDocument" else { return nil }
        let reader = CDABody(
            root: content.root, limits: limits, format: format, nesting: nesting,
            otherFormats: otherFormats)
        return try reader.content().text
    }
}

extension DocumentAttachment {
    /// An attachment of these bytes, with why it was not taken in.
    init(_ bytes: [UInt8], type: String, title: String?, refusal: String?) {
        self.init(
            mediaType: type, title: title, byteCount: bytes.count,
            sha256: ContentDigest(of: bytes).hexadecimal, refusal: refusal)
    }
}
