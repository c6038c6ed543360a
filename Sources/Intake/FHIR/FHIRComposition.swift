// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

/// A document of sections, as referral letters and discharge summaries of Japan's guides are.
///
/// With a bundle around it the bundle is what is registered and replaced, so its identifier names the
/// document through all versions.
struct FHIRComposition {
    let record: FHIRRecord
    let bundle: FHIRElement?
    private var resource: FHIRElement { record.resource }
    private var limits: IntakeLimits { record.reader.limits }

    init(record: FHIRRecord, bundle: FHIRElement?) {
        (self.record, self.bundle) = (record, bundle)
    }

    /// The document; throws `flaw` for what FHIR requires and lacks, and for one without text that is not
    /// withdrawn.
    func document() throws(IntakeError) -> ClinicalDocument {
        let status = try status()
        let codings = try resource.codings("type")
        let date = try resource.text("date")
        var source = DocumentSource(format: .fhir)
        source.title = try resource.text("title")
        // A withdrawal only has to say what it withdraws.
        if status != .withdrawn {
            let hasAuthor = try !resource.list("author").isEmpty
            let isThere = [
                ("type", !codings.isEmpty), ("date", date != nil), ("author", hasAuthor),
                ("title", source.title != nil),
            ]
            if let lacking = isThere.first(where: { !$0.1 }) {
                throw FHIRElement.flaw(.missing(field: lacking.0))
            }
        }
        let content = try content(isWithdrawn: status == .withdrawn)
        let identifier = try resource.identifiers().first
        let family = try bundle?.identifiers().first ?? identifier
        source.key = try (family?.key).or(record.address(of: "Composition"))
        source.version = try version()
        source.versionTime = try versionTime(date)
        source.status = status
        source.code = codings.first { $0.code != nil }?.code
        source.codeSystem = codings.first { $0.code != nil }?.system
        try record.fill(&source, authors: "author")
        if let custodian = try resource.element("custodian") {
            source.facility = try record.name(of: custodian) ?? source.facility
        }
        source.visit = try record.number(of: resource.element("encounter"))
        source.replaces = try replaced(family, &source.notices)
        return try record.document(
            content, kind: record.kind(codings + (try resource.codings("category"))),
            id: try ((identifier ?? family)?.value).or(resource.text("id")), authored: date,
            source: source)
    }

    private func status() throws(IntakeError) -> SenderStatus {
        switch try resource.required("status") {
        case "preliminary": .preliminary
        case "final": .final
        case "amended": .amended
        case "entered-in-error": .withdrawn
        default:
            throw FHIRElement.flaw(.wrongValue(field: "status", expected: "one that FHIR R4 has"))
        }
    }

    private func version() throws(IntakeError) -> String? {
        for part in try resource.list("extension")
        where try part.text("url")?.hasSuffix("composition-clinicaldocument-versionNumber") == true
        {
            return try part.text("valueString")
        }
        return nil
    }

    private func versionTime(_ date: String?) throws(IntakeError) -> String? {
        let times = [
            try bundle?.text("timestamp"), try bundle?.element("meta")?.text("lastUpdated"),
            try resource.element("meta")?.text("lastUpdated"), date,
        ]
        return times.lazy.compactMap { FHIRDiagnosticReport.time($0) }.first
    }

    private func replaced(
        _ own: FHIRIdentifier?, _ notices: inout [String]
    ) throws(IntakeError) -> String? {
        var key: String?
        for relation in try resource.list("relatesTo") {
            let code = try relation.required("code")
            guard code == "replaces" else {
                notices.append("it \(FHIRDocumentReference.words(for: code)) another document")
                continue
            }
            if let identifier = try relation.identifiers("targetIdentifier").first {
                let system = identifier.system ?? own?.system
                key = key ?? FHIRIdentifier(system: system, value: identifier.value, types: []).key
            } else if let target = try relation.element("targetReference") {
                key = try key.or(record.key(ofTarget: target, own: own))
            }
        }
        // Versions of one document have one key.
        return key == own?.key ? nil : key
    }

    // MARK: Text

    private func content(isWithdrawn: Bool) throws(IntakeError) -> FHIRContent {
        var content = FHIRContent()
        var seen: Set<String> = []
        for section in try resource.list("section") { try add(section, to: &content, &seen) }
        if content.text.sections.isEmpty, content.text.text.isEmpty,
            let narrative = try FHIRNarrative(of: resource, limits: limits)
        {
            content.text = narrative.lines.sectioned
            content.notices += narrative.notices
        }
        guard content.text.text.isEmpty, !isWithdrawn else { return content }
        throw FHIRElement.flaw(
            content.attachments.first.map { .unreadableAttachment(mediaType: $0.mediaType) }
                ?? .noText)
    }

    /// Adds a section and those within it; how deep they may be is limited by the parser.
    private func add(
        _ section: FHIRElement, to content: inout FHIRContent, _ seen: inout Set<String>
    ) throws(IntakeError) {
        guard try section.element("emptyReason") == nil else { return }
        let codings = try section.codings("code")
        let code = codings.first { $0.code != nil }?.code
        if let code, SectionTitles.isOfAddresses(code: code) {
            content.notices.append("section \(code), which names sender or receiver, was left out")
            return
        }
        let title =
            try section.text("title") ?? code.flatMap(SectionTitles.title)
            ?? codings.first { $0.display != nil }?.display
        let inner = try section.list("section")
        var body = try narrative(of: section, title: title, in: &content)
        let text = try attached(to: section, isWanted: Self.isPointer(body), in: &content, &seen)
        body = [body, text].filter { !$0.isEmpty }.joined(separator: "\n")
        if body.isEmpty, !inner.isEmpty {
            if let title { content.text.append(heading: title) }
        } else {
            content.text.append(title: title, code: code, body: body)
        }
        guard content.text.sections.count <= limits.maximumSections else {
            throw FHIRElement.flaw(.tooMuch(of: "sections", limit: limits.maximumSections))
        }
        for section in inner { try add(section, to: &content, &seen) }
    }

    private func narrative(
        of section: FHIRElement, title: String?, in content: inout FHIRContent
    ) throws(IntakeError) -> String {
        guard let narrative = try FHIRNarrative(of: section, limits: limits) else { return "" }
        content.notices += narrative.notices
        var lines = narrative.lines.lines[...]
        // Some narratives begin with the section's title.
        if let first = lines.first, first.isHeading, first.text == title {
            lines = lines.dropFirst()
        }
        return lines.map(\.text).joined(separator: "\n")
    }

    /// Whether a section says nothing itself but, at most, where its text is: `添付参照`, `別紙のとおり`.
    private static func isPointer(_ body: String) -> Bool {
        body.isEmpty
            || body.unicodeScalars.count <= 20 && ["添付", "別紙", "別添"].contains { body.contains($0) }
    }

    /// The text of documents that a section refers to, where it is wanted; each once.
    private func attached(
        to section: FHIRElement, isWanted: Bool, in content: inout FHIRContent,
        _ seen: inout Set<String>
    ) throws(IntakeError) -> String {
        var texts: [String] = []
        for entry in try section.list("entry") {
            guard let address = try entry.text("reference"),
                let target = try record.resolved(entry),
                target.resourceType == "DocumentReference", seen.insert(address).inserted
            else { continue }
            var attachments: [FHIRAttachment] = []
            for part in try target.list("content") {
                guard let attachment = try part.element("attachment") else { continue }
                attachments.append(try FHIRAttachment(attachment, of: record))
            }
            do throws(IntakeError) {
                let text = try content.take(attachments, embedded: record.reader.embedded) { _ in
                    isWanted
                }
                if let text { texts.append(text.text) }
            } catch {
                content.notices.append("an attachment was not read: " + error.explanation)
            }
        }
        return texts.joined(separator: "\n")
    }
}
