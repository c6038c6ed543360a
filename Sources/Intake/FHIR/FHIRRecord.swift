// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

/// A resource that is a document, with what reading it takes.
struct FHIRRecord {
    let resource: FHIRElement
    let scope: FHIRScope
    /// Its address in a bundle.
    let fullURL: String?
    let reader: FHIRReader
    private let contained: [String: FHIRElement]

    /// A record; throws `flaw` where what it contains are no resources.
    init(
        resource: FHIRElement, scope: FHIRScope, fullURL: String?, reader: FHIRReader
    ) throws(IntakeError) {
        (self.resource, self.scope, self.fullURL, self.reader) = (resource, scope, fullURL, reader)
        var contained: [String: FHIRElement] = [:]
        for inner in try resource.list("contained") {
            guard let id = try inner.text("id") else { continue }
            contained["#" + id] = try FHIRElement(inner.value)
        }
        self.contained = contained
    }

    /// A resource of the bundle or file, or within this one.
    func resolved(_ reference: FHIRElement) throws(IntakeError) -> FHIRElement? {
        try reference.text("reference").flatMap(resolved(address:))
    }

    /// The resource at an address, of the bundle or file, or within this one.
    func resolved(address: String) -> FHIRElement? {
        contained[address] ?? scope.resource(at: address)
    }

    // MARK: Identity

    /// The key of a resource without an identifier: its address, which its server gave it.
    func address(of type: String) throws(IntakeError) -> String? {
        if let fullURL, fullURL.hasPrefix("http") { return "fhir:" + fullURL }
        guard let id = try resource.text("id") else { return nil }
        let server = try resource.element("meta")?.text("source").map { $0 + "/" } ?? ""
        return "fhir:\(server)\(type)/\(id)"
    }

    /// The key of the resource that a target of `relatesTo` names; `own` is an identifier of this one.
    func key(
        ofTarget target: FHIRElement, own: FHIRIdentifier?
    ) throws(IntakeError) -> String? {
        if let identifier = try target.identifiers().first {
            // Without a system it is one of the same.
            return FHIRIdentifier(
                system: identifier.system ?? own?.system, value: identifier.value, types: []
            ).key
        }
        if let other = try resolved(target) {
            let identifier =
                try other.identifiers("masterIdentifier").first.or(other.identifiers().first)
            if let identifier { return identifier.key }
        }
        return try target.text("reference").map { "fhir:" + $0 }
    }

    // MARK: Who and when

    /// The patient's identifier, with who gave it, and whether it is only the server's.
    func patient(_ name: String = "subject") throws(IntakeError) -> (
        FHIRIdentifier, isOfServer: Bool
    )? {
        guard let subject = try resource.element(name) else { return nil }
        if let identifier = try subject.identifiers().first { return (identifier, false) }
        if let patient = try resolved(subject),
            let identifier = Self.preferred(try patient.identifiers())
        {
            return (identifier, false)
        }
        guard let reference = try subject.text("reference"), !reference.hasPrefix("urn:"),
            !reference.hasPrefix("#"), let id = reference.split(separator: "/").last
        else { return nil }
        return (FHIRIdentifier(system: nil, value: String(id), types: []), true)
    }

    /// The hospital's own number among a patient's identifiers, which may be those of insurers.
    private static func preferred(_ identifiers: [FHIRIdentifier]) -> FHIRIdentifier? {
        // The OID under which JAHIS and JP Core have the patients of an institution.
        identifiers.first { $0.system?.contains("1.2.392.100495.20.3.51") == true }
            ?? identifiers.first {
                !$0.types.isEmpty && !Set(["MR", "PI"]).isDisjoint(with: $0.types)
            }
            ?? identifiers.first { $0.system?.lowercased().contains("insur") != true }
            ?? identifiers.first
    }

    /// The name of what a reference means: of its resource, or as the reference itself has it.
    func name(of reference: FHIRElement) throws(IntakeError) -> String? {
        guard let resource = try resolved(reference) else { return try reference.text("display") }
        if resource.resourceType == "PractitionerRole",
            let practitioner = try resource.element("practitioner")
        {
            if let inner = try resolved(practitioner) {
                return try Self.name(of: inner)
            }
            return try practitioner.text("display")
        }
        return try Self.name(of: resource).or(reference.text("display"))
    }

    private static func name(of resource: FHIRElement) throws(IntakeError) -> String? {
        if case .string(let name) = resource.value["name"] { return name }
        guard let name = try resource.list("name").first else { return nil }
        if let text = try name.text("text") { return text }
        var parts = [try name.text("family")].compactMap(\.self)
        if case .array(let given) = name.value["given"] {
            for part in given { if case .string(let part) = part { parts.append(part) } }
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// The number of what a reference means: an identifier, else the end of its address.
    func number(of reference: FHIRElement?) throws(IntakeError) -> String? {
        guard let reference else { return nil }
        if let identifier = try reference.identifiers().first { return identifier.value }
        if let resource = try resolved(reference), let found = try resource.identifiers().first {
            return found.value
        }
        guard let address = try reference.text("reference"), !address.hasPrefix("urn:"),
            !address.hasPrefix("#")
        else { return nil }
        return address.split(separator: "/").last.map(String.init)
    }

    /// Fills in the persons and organisations of a field.
    func fill(_ source: inout DocumentSource, authors name: String) throws(IntakeError) {
        // Nobody has so many; each may lead to others.
        for reference in try resource.list(name).prefix(100) {
            let target = try resolved(reference)
            let type = try (target?.resourceType).or(reference.text("type"))
            if type == "Organization" {
                let isDepartment =
                    try target?.codings("type").contains { $0.code == "dept" } == true
                if isDepartment {
                    source.department = try source.department.or(self.name(of: reference))
                } else {
                    source.facility = try source.facility.or(self.name(of: reference))
                    source.department = try source.department.or(Self.department(of: target))
                }
            } else {
                source.author = try source.author.or(self.name(of: reference))
            }
        }
    }

    /// The department that JP-CLINS has as an extension of the hospital.
    private static func department(of organization: FHIRElement?) throws(IntakeError) -> String? {
        for part in try organization?.list("extension") ?? []
        where try part.text("url")?.hasSuffix("Department") == true {
            return try part.codings("valueCodeableConcept").last { $0.display != nil }?.display
        }
        return nil
    }

    // MARK: Kind

    /// The kind that codes mean: the first that is known, `other` where none is, the folder's without any.
    func kind(_ codings: [FHIRCoding]) -> DocumentKind {
        let known = codings.flatMap { [$0.code, $0.display] }.compactMap(\.self)
            .first { reader.codes.knows($0) }
        if let known { return reader.codes.kind(of: known) }
        let isImaging = codings.contains { coding in
            coding.code.map { Self.imaging.contains($0.uppercased()) } == true
        }
        if isImaging { return .radiology }
        return codings.contains { $0.code != nil } ? .other : reader.kind
    }

    /// Categories of HL7's table 0074 and modalities of DICOM.
    private static let imaging: Set<String> = [
        "RAD", "RX", "RUS", "CUS", "NMR", "NMS", "VUS", "CT", "MR", "MG", "US", "XR", "CR", "DX",
        "PT",
        "NM", "RF", "XA", "IMAGING",
    ]

    // MARK: Whole

    /// The document of what was read; throws `flaw` for more than may be.
    func document(
        _ content: FHIRContent, kind: DocumentKind, id: String?, authored: String?,
        source: DocumentSource, patient: String = "subject"
    ) throws(IntakeError) -> ClinicalDocument {
        let limits = reader.limits
        guard content.text.text.scalarCount <= limits.maximumDocumentScalars else {
            throw FHIRElement.flaw(.tooMuch(of: "characters", limit: limits.maximumDocumentScalars))
        }
        guard content.text.sections.count <= limits.maximumSections else {
            throw FHIRElement.flaw(.tooMuch(of: "sections", limit: limits.maximumSections))
        }
        var source = source
        source.sections = content.text.sections
        source.attachments = content.attachments
        source.notices += content.notices
        let subject = try self.patient(patient)
        source.patientIssuer = subject?.0.system
        if subject?.isOfServer == true {
            source.notices.append("the patient is known by a number of the sender's server alone")
        }
        if source.key == nil { source.notices.append("it has no identifier") }
        return ClinicalDocument(
            kind: kind, text: content.text.text, encoding: reader.encoding.rawValue,
            externalIdentifier: id, patientIdentifier: subject?.0.value, authoredAt: authored,
            source: source)
    }
}

/// The text of a document, what came with it, and what is to be said of that.
struct FHIRContent {
    var text = SectionedText()
    var attachments: [DocumentAttachment] = []
    var notices: [String] = []

    /// Whether a piece stands in the text already, apart from white space; in linear time (D. Knuth, J. Morris,
    /// V. Pratt, “Fast Pattern Matching in Strings”, 1977).
    func contains(_ piece: String) -> Bool {
        let piece = piece.unicodeScalars.lazy.filter { !$0.isSpace }.map(\.value) + []
        var lengths = [0]
        var matched = 0
        for value in piece.dropFirst() {
            while matched > 0, piece[matched] != value { matched = lengths[matched - 1] }
            if piece[matched] == value { matched += 1 }
            lengths.append(matched)
        }
        matched = 0
        for scalar in text.text.unicodeScalars where !scalar.isSpace {
            if matched == piece.count { break }
            while matched > 0, piece[matched] != scalar.value { matched = lengths[matched - 1] }
            if piece[matched] == scalar.value { matched += 1 }
        }
        return matched == piece.count
    }
}
