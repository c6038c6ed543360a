// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import XMLFiles

/// Reads a document of HL7's Clinical Document Architecture, release 2.
///
/// The narrative of its sections is its text, since that is what its author signed; coded entries are not.
struct CDAReader {
    let limits: IntakeLimits
    let kind: DocumentKind
    let codes: DocumentCodes
    /// Levels of documents around this one, as of a CDA within an HL7 message.
    var nesting = 0
    /// Reads a body of another format, by its media type and level; plain text, HTML and CDA are read here.
    var otherFormats: EmbeddedDocuments.OtherFormats = { _, _, _ in nil }

    /// The document of a file, or why there is none.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        let content = try XMLContent(of: bytes, as: .cda, limits: limits)
        guard content.root.name == "ClinicalDocument" else {
            throw .flaw(
                .wrongValue(field: "the outermost element", expected: "ClinicalDocument"), in: .cda,
                at: nil)
        }
        do throws(IntakeError) {
            let document = try document(of: content)
            return [ReadDocument(place: nil, result: .success(document))]
        } catch {
            return [ReadDocument(place: nil, result: .failure(error))]
        }
    }

    private func document(of content: XMLContent) throws(IntakeError) -> ClinicalDocument {
        let header = CDAHeader(of: content.root)
        let body = try CDABody(
            root: content.root, limits: limits, format: .cda, nesting: nesting,
            otherFormats: otherFormats
        ).content()
        let length = body.text.text.scalarCount
        guard length <= limits.maximumDocumentScalars else {
            throw .flaw(
                .tooMuch(of: "characters", limit: limits.maximumDocumentScalars), in: .cda, at: nil)
        }
        return ClinicalDocument(
            kind: kind(of: header), text: body.text.text, encoding: content.encoding.rawValue,
            externalIdentifier: header.identifier?.bare,
            patientIdentifier: header.patient?.extension, authoredAt: header.time,
            source: source(of: header, body))
    }

    private func kind(of header: CDAHeader) -> DocumentKind {
        guard !header.kinds.isEmpty else { return kind }
        return header.kinds.first { codes.knows($0.code) }.map { codes.kind(of: $0.code) } ?? .other
    }

    private func source(of header: CDAHeader, _ body: CDABody.Content) -> DocumentSource {
        var source = DocumentSource(format: .cda)
        source.key = header.key
        source.version = header.version
        source.versionTime = header.time.flatMap { StatedTime($0)?.utc }
        source.replaces = header.replacedKey
        // A document that a system sends out is one that counts; the format has no word for another.
        source.status = .final
        source.title = header.title
        source.code = header.kinds.first?.code
        source.codeSystem = header.kinds.first?.system
        source.patientIssuer = header.patient?.root
        header.fill(&source)
        source.sections = body.text.sections
        source.attachments = body.attachments
        source.notices = body.notices
        if header.isAddendum { source.notices.append("it is an addition to another document") }
        if source.key == nil { source.notices.append("it has no identifier") }
        return source
    }
}
