// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import XMLFiles

/// Reads documents of MML (Medical Markup Language), which regional networks of Japan exchange: each module
/// with narrative is a document.
struct MMLReader {
    let limits: IntakeLimits
    let kind: DocumentKind
    let codes: DocumentCodes

    /// The documents of a file in order, each with its number among the modules.
    ///
    /// Throws what is wrong with the file as a whole, and `nothingToRead` where no module has narrative.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        let content = try XMLContent(of: bytes, as: .mml, limits: limits)
        let root = content.root
        let encoding = content.encoding
        if root.name != "Mml" {
            guard root.namespace?.contains("medxml.net") == true, root.name.hasSuffix("Module")
            else {
                throw Self.flaw(.wrongValue(field: "the outermost element", expected: "Mml"))
            }
            let module = Module(info: nil, content: root, patient: nil, creator: nil)
            return [
                ReadDocument(place: nil, result: .success(try document(of: module, encoding)))
            ]
        }
        let items =
            root.part("MmlBody").map { Array($0.elements.filter { $0.name == "MmlModuleItem" }) }
            ?? []
        guard items.count <= limits.maximumRecords else {
            throw Self.flaw(.tooMuch(of: "records", limit: limits.maximumRecords))
        }
        let header = root.part("MmlHeader")
        let (patient, creator) = (header?.part("masterId")?.part("Id"), header?.part("CreatorInfo"))
        var result: [ReadDocument] = []
        for (index, item) in items.enumerated() {
            let module = Module(
                info: item.part("docInfo"), content: item.part("content"),
                patient: patient,
                creator: creator)
            guard module.hasNarrative else { continue }
            let place = RecordPlace(.entry, index + 1)
            do throws(IntakeError) {
                let document = try document(of: module, encoding)
                result.append(ReadDocument(place: place, result: .success(document)))
            } catch {
                guard case .flaw(let flaw, let format, nil) = error else { throw error }
                result.append(
                    ReadDocument(place: place, result: .failure(.flaw(flaw, in: format, at: place)))
                )
            }
        }
        guard !result.isEmpty else {
            throw Self.flaw(.nothingToRead("none of its modules holds a narrative"))
        }
        return result
    }

    private static func flaw(_ flaw: FormatFlaw) -> IntakeError { .flaw(flaw, in: .mml, at: nil) }

    private func document(
        of module: Module, _ encoding: TextEncoding
    ) throws(IntakeError) -> ClinicalDocument {
        guard let content = module.content else { throw Self.flaw(.missing(field: "content")) }
        let narrative = MMLNarrative(of: content, limit: limits.maximumDocumentScalars)
        let text = narrative.text.text
        guard !narrative.isTooLong, text.scalarCount <= limits.maximumDocumentScalars
        else {
            throw Self.flaw(.tooMuch(of: "characters", limit: limits.maximumDocumentScalars))
        }
        guard narrative.text.sections.count <= limits.maximumSections else {
            throw Self.flaw(.tooMuch(of: "sections", limit: limits.maximumSections))
        }
        guard DocumentReader.hasContent(text) else { throw Self.flaw(.noText) }
        var source = module.source
        source.sections = narrative.text.sections
        return ClinicalDocument(
            kind: kind(of: module), text: text, encoding: encoding.rawValue,
            externalIdentifier: module.uid,
            patientIdentifier: module.patient.flatMap { CDAHeader.filled($0.text) },
            authoredAt: module.time, source: source)
    }

    /// What a module is for decides, then what it holds; the folder where neither says anything.
    private func kind(of module: Module) -> DocumentKind {
        let words = [module.purpose, module.type].compactMap(\.self)
        if let known = words.first(where: { codes.knows($0) }) { return codes.kind(of: known) }
        if let kind = words.lazy.compactMap({ Self.kinds[$0] }).first { return kind }
        return words.isEmpty ? kind : .other
    }

    private static let kinds: [String: DocumentKind] = [
        "reportRadiology": .radiology, "progressCourse": .progressNote, "record": .progressNote,
        "recordEr": .progressNote, "recordAdmission": .progressNote,
        "recordConsult": .progressNote, "summary": .dischargeSummary, "otherSummary": .other,
        "referral": .referral, "letter": .referral, "letterReferral": .referral,
    ]
}

/// A module with what its header says of it.
private struct Module {
    let info: XMLTree.Element?
    let content: XMLTree.Element?
    /// Who the file is of.
    let patient: XMLTree.Element?
    /// Who made the file, where a module does not say who made it.
    let creator: XMLTree.Element?

    /// The kind of module, as of MML0005.
    var type: String? {
        if let type = info?.anyAttribute("contentModuleType") { return type }
        guard let name = content?.name, name.hasSuffix("Module"), let first = name.first else {
            return nil
        }
        return first.lowercased() + name.dropFirst().dropLast("Module".count)
    }

    /// What it was made for, as of MML0007.
    var purpose: String? { info?.part("title")?.anyAttribute("generationPurpose") }

    var hasNarrative: Bool {
        [
            "report", "progressCourse", "summary", "referral", "firstClinic", "surgery", "letter",
            "clinicalSummary",
        ].contains(type ?? "")
    }

    var uid: String? { CDAHeader.filled(info?.part("docId")?.part("uid")?.text) }

    /// When it was confirmed.
    var time: String? {
        CDAHeader.filled(info?.part("confirmDate")?.text)
            ?? content.flatMap {
                $0.name.hasSuffix("Module") ? $0 : $0.elements.first { _ in true }
            }?
            .part("information")?.anyAttribute("reportTime")
    }

    private var report: XMLTree.Element? { content?.part("ReportModule") ?? content }

    private var status: SenderStatus {
        switch report?.part("information")?.part("reportStatus")?.anyAttribute("statusCode") {
        // A module is confirmed when it is sent.
        case nil, "final": .final
        case "mid", "waiting", "preliminary": .preliminary
        case "corrected": .corrected
        default: .unknown
        }
    }

    var source: DocumentSource {
        var source = DocumentSource(format: .mml)
        source.key = uid.map { "mml:\($0)" }
        source.versionTime = time.flatMap { StatedTime($0)?.utc }
        let former = info?.part("docId")?.elements.first { element in
            element.name == "parentId" && element.anyAttribute("relation") == "oldEdition"
        }
        source.replaces = CDAHeader.filled(former?.text).map { "mml:\($0)" }
        source.status = status
        source.title = CDAHeader.filled(info?.part("title")?.text)
        source.code = purpose ?? type
        source.codeSystem = purpose != nil ? "MML0007" : source.code != nil ? "MML0005" : nil
        source.patientIssuer = patient?.anyAttribute("tableId")
        let creator = (info?.part("CreatorInfo") ?? self.creator)?.part(
            "PersonalizedInfo")
        source.author = Self.name(creator?.part("personName"))
        source.facility = Self.name(creator?.part("Facility"))
        source.department = Self.name(creator?.part("Department"))
        if source.key == nil { source.notices.append("it has no identifier") }
        return source
    }

    /// The name within a person, hospital or department, in ideograms where it stands in several forms.
    private static func name(_ element: XMLTree.Element?) -> String? {
        guard let element else { return nil }
        let names = element.elements.filter { $0.name == "Name" || $0.name == "name" }
        let name = names.first { $0.anyAttribute("repCode") == "I" } ?? names.first
        guard let name else { return nil }
        if let full = CDAHeader.filled(name.part("fullname")?.text) { return full }
        let parts = name.elements.filter { $0.name != "degree" && $0.name != "prefix" }
            .compactMap { CDAHeader.filled($0.text) }
        return parts.isEmpty ? CDAHeader.filled(name.text) : parts.joined(separator: " ")
    }
}
