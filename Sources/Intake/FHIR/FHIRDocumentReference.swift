// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A document that is an attachment, in one form or several.
struct FHIRDocumentReference {
    let record: FHIRRecord
    private var resource: FHIRElement { record.resource }

    init(record: FHIRRecord) { self.record = record }

    /// The document; throws `flaw` for what FHIR requires and lacks, and for one without text that is not
    /// withdrawn.
    func document() throws(IntakeError) -> ClinicalDocument {
        let (status, isSuperseded) = try status()
        let attachments = try attachments(isWithdrawn: status == .withdrawn)
        var content = FHIRContent()
        do throws(IntakeError) {
            let text = try content.take(attachments, embedded: record.reader.embedded)
            if let text { content.text = text }
            if text == nil, status != .withdrawn { throw FHIRElement.flaw(.noText) }
        } catch {
            guard status == .withdrawn else { throw error }
        }
        let identifier =
            try resource.identifiers("masterIdentifier").first.or(resource.identifiers().first)
        let codings = try resource.codings("type")
        let date = try resource.text("date")
        let meta = try resource.element("meta")
        var source = DocumentSource(format: .fhir)
        source.key = try (identifier?.key).or(record.address(of: "DocumentReference"))
        source.version = try meta?.text("versionId")
        source.versionTime =
            try FHIRDiagnosticReport.time(meta?.text("lastUpdated"))
            ?? FHIRDiagnosticReport.time(date)
        source.status = status
        source.isSuperseded = isSuperseded
        source.title =
            try resource.text("description") ?? attachments.lazy.compactMap(\.title).first
            ?? codings.first { $0.display != nil }?.display
        source.code = codings.first { $0.code != nil }?.code
        source.codeSystem = codings.first { $0.code != nil }?.system
        try record.fill(&source, authors: "author")
        if let custodian = try resource.element("custodian") {
            source.facility = try record.name(of: custodian)
        }
        let context = try resource.element("context")
        source.visit = try record.number(of: context?.list("encounter").first)
        source.order = try record.number(of: context?.list("related").first)
        source.replaces = try replaced(identifier, &source.notices)
        var authored = date
        for attachment in attachments where authored == nil { authored = try attachment.creation }
        return try record.document(
            content, kind: record.kind(codings + (try resource.codings("category"))),
            id: try (identifier?.value).or(resource.text("id")), authored: authored, source: source)
    }

    private func status() throws(IntakeError) -> (SenderStatus, isSuperseded: Bool) {
        let reference = try resource.required("status")
        guard ["current", "superseded", "entered-in-error"].contains(reference) else {
            throw FHIRElement.flaw(
                .wrongValue(field: "status", expected: "current, superseded or entered-in-error"))
        }
        let status: SenderStatus
        switch try resource.text("docStatus") {
        case nil: status = .unknown
        case "preliminary": status = .preliminary
        case "final": status = .final
        case "amended": status = .amended
        case "entered-in-error": status = .withdrawn
        default:
            throw FHIRElement.flaw(
                .wrongValue(field: "docStatus", expected: "one that FHIR R4 has"))
        }
        return (reference == "entered-in-error" ? .withdrawn : status, reference == "superseded")
    }

    private func attachments(isWithdrawn: Bool) throws(IntakeError) -> [FHIRAttachment] {
        let contents = try resource.list("content")
        guard !contents.isEmpty || isWithdrawn else {
            throw FHIRElement.flaw(.missing(field: "content"))
        }
        var result: [FHIRAttachment] = []
        for content in contents {
            guard let attachment = try content.element("attachment") else {
                throw FHIRElement.flaw(.missing(field: content.path + ".attachment"))
            }
            result.append(try FHIRAttachment(attachment, of: record))
        }
        return result
    }

    private func replaced(
        _ own: FHIRIdentifier?, _ notices: inout [String]
    ) throws(IntakeError) -> String? {
        var key: String?
        for relation in try resource.list("relatesTo") {
            let code = try relation.required("code")
            guard let target = try relation.element("target") else { continue }
            if code == "replaces" {
                key = try key.or(record.key(ofTarget: target, own: own))
            } else {
                notices.append("it \(Self.words(for: code)) another document")
            }
        }
        return key
    }

    /// The word for an error or notice: codes come from the file.
    static func words(for code: String) -> String {
        ["appends", "transforms", "signs"].contains(code) ? code : "is related to"
    }
}
