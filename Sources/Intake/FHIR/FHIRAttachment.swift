// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// An attachment: a document in base64, or an address, which is never followed.
struct FHIRAttachment {
    private let element: FHIRElement
    /// The media type.
    let type: MediaType
    let title: String?

    /// The resource that holds the data, where the attachment only has its address.
    private let binary: FHIRElement?

    /// What an `Attachment` of a record says of itself; throws `flaw` for data without a type (att-1).
    ///
    /// Its address may lead to a `Binary` of the same bundle.
    init(_ element: FHIRElement, of record: FHIRRecord) throws(IntakeError) {
        self.element = element
        var sent = try element.text("contentType")
        let hasData = try element.text("data") != nil
        if sent == nil, hasData {
            throw FHIRElement.flaw(.missing(field: element.path + ".contentType"))
        }
        let target = try hasData ? nil : element.text("url").flatMap(record.resolved(address:))
        binary = target?.resourceType == "Binary" ? target : nil
        if sent == nil { sent = try binary?.text("contentType") }
        type = MediaType(sent ?? "")
        title = try element.text("title")
    }

    /// The bytes; throws `flaw` where there are none.
    func bytes(limits: IntakeLimits) throws(IntakeError) -> [UInt8] {
        guard let data = try element.text("data").or(binary?.text("data")) else {
            throw FHIRElement.flaw(.missing(field: element.path + ".data"))
        }
        return try Base64Text.bytes(
            of: data, field: element.path + ".data", limit: limits.maximumAttachmentBytes, in: .fhir
        )
    }

    /// When it was made, as sent.
    var creation: String? {
        get throws(IntakeError) { try element.text("creation") }
    }
}

extension FHIRContent {
    /// Takes the text of the first attachment that can be read, in the order of preference of their forms,
    /// and notes the others; throws why the first was not read where none was.
    ///
    /// Forms that `isWanted` excludes are only noted.
    mutating func take(
        _ attachments: [FHIRAttachment], embedded: EmbeddedDocuments,
        isWanted: (MediaType.Form) -> Bool = { _ in true }
    ) throws(IntakeError) -> SectionedText? {
        let order = attachments.indices.sorted {
            (attachments[$0].type.form, $0) < (attachments[$1].type.form, $1)
        }
        var found: SectionedText?
        var failure: IntakeError?
        var notes: [(Int, DocumentAttachment)] = []
        for index in order {
            let attachment = attachments[index]
            do throws(IntakeError) {
                let bytes = try attachment.bytes(limits: embedded.limits)
                var refusal: String? = "another form of the text was taken"
                if found == nil, isWanted(attachment.type.form) {
                    found = try embedded.text(of: bytes, type: attachment.type)
                    refusal = found == nil ? "no text could be read from it" : nil
                    if found == nil {
                        failure = failure ?? Self.unreadable(attachment, bytes)
                    }
                } else if found == nil {
                    refusal = "the document has its text elsewhere"
                }
                notes.append(
                    (
                        index,
                        DocumentAttachment(
                            bytes, type: attachment.type.name, title: attachment.title,
                            refusal: refusal)
                    ))
            } catch {
                if isWanted(attachment.type.form) { failure = failure ?? error }
                notes.append((index, Self.note(of: attachment, error)))
            }
        }
        self.attachments += notes.sorted { $0.0 < $1.0 }.map(\.1)
        if found == nil, let failure { throw failure }
        return found
    }

    private static func unreadable(_ attachment: FHIRAttachment, _ bytes: [UInt8]) -> IntakeError {
        FHIRElement.flaw(
            bytes.isEmpty || attachment.type.form == .plain
                ? .noText : .unreadableAttachment(mediaType: attachment.type.name))
    }

    private static func note(of attachment: FHIRAttachment, _ error: IntakeError)
        -> DocumentAttachment
    {
        DocumentAttachment(
            mediaType: attachment.type.name, title: attachment.title, byteCount: nil, sha256: nil,
            refusal: error.explanation)
    }
}
