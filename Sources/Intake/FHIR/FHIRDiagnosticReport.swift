// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A report of radiology, endoscopy, pathology or the laboratory.
///
/// Its text is that of the first of these that there is: the observations that it refers to, `presentedForm`,
/// its narrative; then `conclusion`, unless it stands there already. All of them together would have each
/// finding two or three times.
struct FHIRDiagnosticReport {
    let record: FHIRRecord
    private var resource: FHIRElement { record.resource }
    private var limits: IntakeLimits { record.reader.limits }

    init(record: FHIRRecord) { self.record = record }

    /// The document; throws `flaw` for what FHIR requires and lacks, and for one without text that is not
    /// withdrawn.
    func document() throws(IntakeError) -> ClinicalDocument {
        let status = try status()
        let codings = try resource.codings("code")
        // A withdrawal only has to say what it withdraws.
        guard !codings.isEmpty || status == .withdrawn else {
            throw FHIRElement.flaw(.missing(field: "code"))
        }
        let content = try content(isWithdrawn: status == .withdrawn)
        let identifiers = try resource.identifiers()
        let identifier =
            identifiers.first { $0.types.contains("FILL") }
            ?? identifiers.first { !$0.types.contains("PLAC") && !$0.types.contains("ACSN") }
            ?? identifiers.first
        let meta = try resource.element("meta")
        var source = DocumentSource(format: .fhir)
        source.key = try (identifier?.key).or(record.address(of: "DiagnosticReport"))
        source.version = try meta?.text("versionId")
        source.versionTime =
            try Self.time(resource.text("issued")).or(Self.time(meta?.text("lastUpdated")))
        source.status = status
        source.title = codings.first { $0.display != nil }?.display
        source.code = codings.first { $0.code != nil }?.code
        source.codeSystem = codings.first { $0.code != nil }?.system
        try record.fill(&source, authors: "resultsInterpreter")
        try record.fill(&source, authors: "performer")
        source.visit = try record.number(of: resource.element("encounter"))
        let order = identifiers.first {
            $0 != identifier && ($0.types.contains("ACSN") || $0.types.contains("PLAC"))
        }
        source.order = try (order?.value).or(record.number(of: resource.list("basedOn").first))
        return try record.document(
            content, kind: record.kind(codings + (try resource.codings("category"))),
            id: try (identifier?.value).or(resource.text("id")), authored: try authored(),
            source: source)
    }

    static func time(_ text: String?) -> String? { text.flatMap { StatedTime($0)?.utc } }

    private func status() throws(IntakeError) -> SenderStatus {
        switch try resource.required("status") {
        case "registered", "partial", "preliminary": .preliminary
        case "final": .final
        case "amended", "appended": .amended
        case "corrected": .corrected
        case "cancelled", "entered-in-error": .withdrawn
        case "unknown": .unknown
        default:
            throw FHIRElement.flaw(.wrongValue(field: "status", expected: "one that FHIR R4 has"))
        }
    }

    private func authored() throws(IntakeError) -> String? {
        if let time = try resource.text("effectiveDateTime") { return time }
        if let time = try resource.text("effectiveInstant") { return time }
        let period = try resource.element("effectivePeriod")
        if let time = try (period?.text("start")).or(period?.text("end")) { return time }
        return try resource.text("issued")
    }

    // MARK: Text

    private func content(isWithdrawn: Bool) throws(IntakeError) -> FHIRContent {
        var content = FHIRContent()
        var forms: [FHIRAttachment] = []
        for form in try resource.list("presentedForm") {
            forms.append(try FHIRAttachment(form, of: record))
        }
        var failure: IntakeError?
        func take(_ isWanted: (MediaType.Form) -> Bool) {
            content.attachments = []
            do throws(IntakeError) {
                let found = try content.take(
                    forms, embedded: record.reader.embedded, isWanted: isWanted)
                if let found { content.text.append(found) }
            } catch { failure = failure ?? error }
        }
        let observations = try observations()
        if !observations.text.isEmpty {
            content.text.append(observations)
            take { _ in false }
        } else {
            take { $0 == .plain || $0 == .html || $0 == .rtf || $0 == .markup }
            if content.text.text.isEmpty { try addNarrative(to: &content) }
            // A form that no other text stands for, such as PDF.
            if content.text.text.isEmpty { take { $0 == .other } }
        }
        if let conclusion = try resource.narrative("conclusion", limits: limits),
            !content.contains(conclusion)
        {
            content.text.append(title: "診断", body: conclusion)
        }
        if let failure, !content.text.text.isEmpty {
            content.notices.append("an attached form was not read: " + failure.explanation)
        }
        guard content.text.text.isEmpty, !isWithdrawn else { return content }
        if let failure { throw failure }
        let (isOfLaboratory, results) = (try isOfLaboratory(), try resource.list("result"))
        throw FHIRElement.flaw(
            isOfLaboratory || !results.isEmpty
                ? .nothingToRead("it is a report of results without a narrative") : .noText)
    }

    private func isOfLaboratory() throws(IntakeError) -> Bool {
        try resource.codings("category").contains { coding in
            ["LAB", "LP29693-6", "laboratory", "CH", "HM"].contains(coding.code ?? "")
        }
    }

    private func addNarrative(to content: inout FHIRContent) throws(IntakeError) {
        guard var narrative = try FHIRNarrative(of: resource, limits: limits) else { return }
        // Made by a program of values alone.
        if narrative.isGenerated, try isOfLaboratory() { return }
        narrative.removeTablesOfPersons()
        content.text.append(narrative.lines.sectioned)
        content.notices += narrative.notices
    }

    /// Findings and impression, and other observations in words, as sections.
    private func observations() throws(IntakeError) -> SectionedText {
        var text = SectionedText()
        var pending = try resource.list("result").reversed().map { ($0, 0) }
        var seen: Set<String> = []
        while let (reference, level) = pending.popLast() {
            guard let address = try reference.text("reference"), seen.insert(address).inserted,
                let observation = try record.resolved(reference),
                observation.resourceType == "Observation",
                !["entered-in-error", "cancelled"].contains(try observation.text("status") ?? "")
            else { continue }
            if level < 3 {
                pending += try observation.list("hasMember").reversed().map { ($0, level + 1) }
            }
            let codings = try observation.codings("code")
            let code =
                codings.first { $0.code.flatMap(SectionTitles.title) != nil } ?? codings.first
            let standard = code?.code.flatMap(SectionTitles.title)
            guard
                let body = try Self.words(
                    of: observation, isNarrative: standard != nil, limits: limits)
            else { continue }
            try record.scope.spend(body.utf8.count, of: limits)
            text.append(
                title: standard ?? codings.last { $0.display != nil }?.display, code: code?.code,
                body: body)
            guard text.sections.count <= limits.maximumSections else { break }
        }
        return text
    }

    /// What an observation says in words; nil for values such as `(-)`, which are no narrative.
    private static func words(
        of observation: FHIRElement, isNarrative: Bool, limits: IntakeLimits
    ) throws(IntakeError) -> String? {
        var words: [String] = []
        if let text = try observation.narrative("valueString", limits: limits) {
            words.append(text)
        }
        if isNarrative, words.isEmpty {
            if let text = try observation.element("valueCodeableConcept")?.text("text") {
                words.append(text)
            } else if let narrative = try FHIRNarrative(of: observation, limits: limits) {
                words.append(narrative.lines.text)
            }
        }
        for note in try observation.list("note") {
            if isNarrative, let text = try note.narrative("text", limits: limits) {
                words.append(text)
            }
        }
        let text = words.joined(separator: "\n")
        guard
            isNarrative || text.contains("。") || text.contains("\n")
                || text.scalarCount >= 20
        else { return nil }
        return text.isEmpty ? nil : text
    }
}
