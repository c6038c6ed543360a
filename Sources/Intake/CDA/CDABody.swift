// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import XMLFiles

/// The body of a CDA document: sections with narrative, or one document of another format.
struct CDABody {
    let root: XMLTree.Element
    let limits: IntakeLimits
    /// The format that errors name: that of the document around it.
    let format: SourceFormat
    /// Levels of documents around this one.
    let nesting: Int
    let otherFormats: EmbeddedDocuments.OtherFormats

    /// What a body holds.
    struct Content {
        var text = SectionedText()
        var attachments: [DocumentAttachment] = []
        var notices: [String] = []
    }

    /// Reads the body; throws `flaw` for one without text, or with more of something than may be.
    func content() throws(IntakeError) -> Content {
        var content = Content()
        for component in root.all("component") {
            if let structured = component.first("structuredBody") {
                for part in structured.all("component") {
                    for section in part.all("section") { try add(section, to: &content) }
                }
            } else if let text = component.first(at: "nonXMLBody", "text") {
                try addDocument(text, to: &content)
            }
        }
        guard DocumentReader.hasContent(content.text.text) else {
            throw flaw(
                content.attachments.first.map { .unreadableAttachment(mediaType: $0.mediaType) }
                    ?? .noText)
        }
        return content
    }

    private func flaw(_ flaw: FormatFlaw) -> IntakeError { .flaw(flaw, in: format, at: nil) }

    /// Adds a section and those within it; the depth of the tree is limited.
    private func add(_ section: XMLTree.Element, to content: inout Content) throws(IntakeError) {
        guard section.attribute("nullFlavor") == nil else { return }
        let code = section.first("code")?.attribute("code")
        if let code, SectionTitles.isOfAddresses(code: code) {
            content.notices.append("section \(code), which names sender or receiver, was left out")
            return
        }
        let title = title(of: section, code: code)
        let text = section.first("text").flatMap { $0.attribute("nullFlavor") == nil ? $0 : nil }
        if let text, text.attribute("representation")?.uppercased() == "B64" {
            try addDocument(text, title: title, code: code, to: &content)
        }
        let narrative = text.flatMap {
            $0.attribute("representation")?.uppercased() == "B64" ? nil : $0
        }
        .map { CDANarrative(of: $0, limit: limits.maximumDocumentScalars) }
        guard narrative?.lines.isTooLong != true else { throw tooLong }
        let inner = section.all("component").flatMap { $0.all("section") }
        let body = narrative?.lines.text ?? ""
        if body.isEmpty, !inner.isEmpty {
            if let title { content.text.append(heading: title) }
        } else {
            content.text.append(title: title, code: code, body: body)
        }
        guard content.text.sections.count <= limits.maximumSections else {
            throw flaw(.tooMuch(of: "sections", limit: limits.maximumSections))
        }
        if let narrative { note(narrative, of: section, in: &content) }
        for section in inner { try add(section, to: &content) }
    }

    private var tooLong: IntakeError {
        flaw(.tooMuch(of: "characters", limit: limits.maximumDocumentScalars))
    }

    private func title(of section: XMLTree.Element, code: String?) -> String? {
        let sent = section.first("title").map { CDAHeader.line($0.text) } ?? ""
        if !sent.isEmpty { return sent }
        return code.flatMap(SectionTitles.title) ?? section.first("code")?.attribute("displayName")
    }

    private func note(
        _ narrative: CDANarrative, of section: XMLTree.Element, in content: inout Content
    ) {
        if narrative.hasDeletions {
            content.notices.append("what is marked as deleted in the narrative was left out")
        }
        guard !narrative.references.isEmpty else { return }
        var media: [String: XMLTree.Element] = [:]
        for entry in section.all("entry") {
            guard let item = entry.first("observationMedia"), let id = item.attribute("ID") else {
                continue
            }
            media[id] = item.first("value")
        }
        for reference in narrative.references {
            content.attachments.append(attachment(media.removeValue(forKey: reference), reference))
        }
    }

    /// A picture or file that the narrative refers to; its text is not part of it.
    private func attachment(_ value: XMLTree.Element?, _ title: String) -> DocumentAttachment {
        let type = MediaType(value?.attribute("mediaType") ?? "unknown").name
        let refusal = "the narrative only refers to it"
        guard let value, value.attribute("representation")?.uppercased() == "B64",
            let bytes = try? Base64Text.bytes(
                of: value.text, field: "observationMedia", limit: limits.maximumAttachmentBytes,
                in: format)
        else {
            return DocumentAttachment(
                mediaType: type, title: title, byteCount: nil, sha256: nil, refusal: refusal)
        }
        return DocumentAttachment(bytes, type: type, title: title, refusal: refusal)
    }

    // MARK: nonXMLBody

    private func addDocument(
        _ text: XMLTree.Element, title: String? = nil, code: String? = nil,
        to content: inout Content
    ) throws(IntakeError) {
        let sent = text.attribute("mediaType") ?? "text/plain"
        let type = MediaType(sent)
        if let compression = text.attribute("compression"), !compression.isEmpty {
            throw flaw(
                .wrongValue(
                    field: "text/@compression", expected: "absent: nothing is unpacked"))
        }
        guard text.first("reference") == nil || DocumentReader.hasContent(text.text) else {
            throw flaw(.missing(field: "the content of text, which only refers to a file,"))
        }
        let embedded = EmbeddedDocuments(
            limits: limits, format: format, nesting: nesting + 1, otherFormats: otherFormats)
        let isEncoded = text.attribute("representation")?.uppercased() == "B64"
        let bytes =
            isEncoded
            ? try Base64Text.bytes(
                of: text.text, field: "text", limit: limits.maximumAttachmentBytes,
                in: format)
            : Array(text.text.utf8)
        // Text as it stands was decoded with the file.
        let read = isEncoded || type.form != .plain ? type : MediaType("text/plain; charset=utf-8")
        guard let part = try embedded.text(of: bytes, type: read) else {
            throw flaw(bytes.isEmpty ? .noText : .unreadableAttachment(mediaType: type.name))
        }
        if title == nil {
            content.text.append(part)
        } else {
            content.text.append(title: title, code: code, body: part.text)
        }
        if isEncoded {
            content.attachments.append(
                DocumentAttachment(bytes, type: type.name, title: nil, refusal: nil))
        }
    }
}
