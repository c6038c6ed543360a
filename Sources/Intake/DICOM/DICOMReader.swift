// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Reads structured reports of DICOM, and documents that DICOM has around them; pictures and the like are not
/// read.
struct DICOMReader {
    let limits: IntakeLimits
    /// The kind of the folder, where no code says another.
    let kind: DocumentKind
    let codes: DocumentCodes
    /// Reads a document of another format, by its media type and level.
    var otherFormats: EmbeddedDocuments.OtherFormats = { _, _, _ in nil }

    /// The document of a file, or why there is none; nil for a file that holds no document but a picture, or
    /// whatever else DICOM has.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument]? {
        do throws(FormatFlaw) {
            guard let (content, name) = try content(of: bytes) else { return nil }
            let characters = DICOMCharacterSet(content.word(DICOMTag.characterSet))
            return [
                ReadDocument(
                    place: nil,
                    result: .success(try document(content, named: name, characters)))
            ]
        } catch {
            throw Self.flaw(error)
        }
    }

    private static func flaw(_ flaw: FormatFlaw) -> IntakeError {
        .flaw(flaw, in: .dicom, at: nil)
    }

    // MARK: File

    /// The elements of a report or document with the object's name; nil for an object of another class.
    private func content(
        of bytes: [UInt8]
    ) throws(FormatFlaw) -> (DICOMDataSet, name: String)? {
        guard bytes.count > 132 else {
            throw .malformed(expected: "elements of DICOM", byteOffset: bytes.count)
        }
        var parser = DICOMParser(bytes, at: 132, limits: limits)
        let header = try parser.header()
        if let stored = header.word(DICOMTag.storedClass), !Self.isDocument(stored) { return nil }
        let isExplicit: Bool
        switch header.word(DICOMTag.transferSyntax) {
        case "1.2.840.10008.1.2": isExplicit = false
        case "1.2.840.10008.1.2.1": isExplicit = true
        case nil: throw .missing(field: "the transfer syntax (0002,0010)")
        default:
            throw .wrongValue(
                field: "the transfer syntax (0002,0010)",
                expected: "little endian, and not compressed")
        }
        let content = try parser.content(isExplicit: isExplicit)
        guard let kind = content.word(DICOMTag.objectClass) ?? header.word(DICOMTag.storedClass)
        else {
            throw .missing(field: "SOP Class UID (0008,0016)")
        }
        guard Self.isDocument(kind) else { return nil }
        let name = content.word(DICOMTag.object) ?? header.word(DICOMTag.storedObject)
        guard let name else { throw .missing(field: "SOP Instance UID (0008,0018)") }
        return (content, name)
    }

    /// Structured reports and encapsulated documents (PS3.4, annex B.5).
    private static func isDocument(_ objectClass: String) -> Bool {
        objectClass.hasPrefix("1.2.840.10008.5.1.4.1.1.88.")
            || objectClass.hasPrefix("1.2.840.10008.5.1.4.1.1.104.")
    }

    // MARK: Document

    private func document(
        _ content: DICOMDataSet, named name: String, _ characters: DICOMCharacterSet
    ) throws(FormatFlaw) -> ClinicalDocument {
        var source = try source(of: content, named: name, characters)
        let concept = try DICOMReport.concept(of: content, characters)
        let text: SectionedText
        if let document = content.bytes(DICOMTag.document) {
            text = try encapsulated(document, of: content, in: &source)
        } else {
            text = try report(content, characters, in: &source)
        }
        guard text.text.scalarCount <= limits.maximumDocumentScalars else {
            throw .tooMuch(of: "characters", limit: limits.maximumDocumentScalars)
        }
        source.sections = text.sections
        (source.code, source.codeSystem) = (concept?.code, concept?.system)
        let title = try Self.value(DICOMTag.documentTitle, content, characters)
        source.title = concept?.meaning ?? title
        let accession = try Self.value(DICOMTag.accession, content, characters)
        return ClinicalDocument(
            kind: kind(of: concept, title: source.title), text: text.text,
            encoding: characters.encoding.rawValue, externalIdentifier: accession ?? name,
            patientIdentifier: try Self.value(DICOMTag.patient, content, characters),
            authoredAt: Self.time(of: content), source: source)
    }

    private func report(
        _ content: DICOMDataSet, _ characters: DICOMCharacterSet, in source: inout DocumentSource
    ) throws(FormatFlaw) -> SectionedText {
        let report = try DICOMReport(of: content, characters: characters, limits: limits)
        guard !report.text.text.isEmpty else {
            throw report.otherItems > 0
                ? .nothingToRead("it is a report of codes and measurements without a narrative")
                : .noText
        }
        if report.otherItems > 0 {
            source.notices.append(
                "\(report.otherItems) codes, measurements and references are no part of the text")
        }
        return report.text
    }

    private func encapsulated(
        _ document: ArraySlice<UInt8>, of content: DICOMDataSet, in source: inout DocumentSource
    ) throws(FormatFlaw) -> SectionedText {
        let sent = content.word(DICOMTag.mediaType) ?? "application/pdf"
        let type = MediaType(sent)
        guard document.count <= limits.maximumAttachmentBytes else {
            throw .tooMuch(of: "bytes of a document", limit: limits.maximumAttachmentBytes)
        }
        // An odd length is filled up with a zero.
        let bytes = Array(document.last == 0 ? document.dropLast() : document)
        let embedded = EmbeddedDocuments(
            limits: limits, format: .dicom, nesting: 1, otherFormats: otherFormats)
        let text: SectionedText?
        do throws(IntakeError) {
            text = try embedded.text(of: bytes, type: type)
        } catch {
            if case .flaw(let flaw, _, _) = error { throw flaw }
            throw .encoding(named: "the document (0042,0011)", byteOffset: nil)
        }
        guard let text else { throw .unreadableAttachment(mediaType: type.name) }
        source.attachments = [DocumentAttachment(bytes, type: type.name, title: nil, refusal: nil)]
        return text
    }

    // MARK: Fields

    private func source(
        of content: DICOMDataSet, named name: String, _ characters: DICOMCharacterSet
    ) throws(FormatFlaw) -> DocumentSource {
        var source = DocumentSource(format: .dicom)
        source.key = "dicom:" + name
        source.versionTime = Self.time(of: content).flatMap { StatedTime($0)?.utc }
        source.replaces = Self.predecessor(of: content).map { "dicom:" + $0 }
        source.status = Self.status(of: content)
        source.patientIssuer = try Self.value(DICOMTag.patientIssuer, content, characters)
        source.order =
            try Self.value(DICOMTag.accession, content, characters)
            ?? content.items(0x0040_A370).first.flatMap { $0.word(DICOMTag.accession) }
        source.facility = try Self.value(0x0008_0080, content, characters)
        source.department = try Self.value(0x0008_1040, content, characters)
        source.visit = try Self.value(0x0038_0010, content, characters)
        // The author, or who has verified it.
        for (sequence, name) in [(0x0040_A078, 0x0040_A123), (0x0040_A073, 0x0040_A075)]
            as [(UInt32, UInt32)]
        {
            guard source.author == nil, let person = content.items(sequence).first else { continue }
            source.author = try Self.value(name, person, characters).map(Self.name)
        }
        return source
    }

    /// A value of text; nil where nothing stands there.
    private static func value(
        _ tag: UInt32, _ set: DICOMDataSet, _ characters: DICOMCharacterSet
    ) throws(FormatFlaw) -> String? {
        guard let bytes = set.bytes(tag) else { return nil }
        let text = try characters.text(of: bytes).trimmingScalars(\.isSpace)
        return text.isEmpty ? nil : text
    }

    /// A person's name, in ideograms where it stands in several scripts: `Latin=ideograms=kana`.
    private static func name(_ value: String) -> String {
        let groups = value.split(separator: "=", omittingEmptySubsequences: false)
        let chosen =
            groups.dropFirst().first.flatMap { $0.isEmpty ? nil : $0 } ?? groups.first ?? ""
        return chosen.split(separator: "^").joined(separator: " ")
    }

    /// The document that this one takes the place of.
    private static func predecessor(of content: DICOMDataSet) -> String? {
        content.items(0x0040_A360).first?.items(0x0008_1115).first?.items(0x0008_1199).first?
            .word(0x0008_1155)
    }

    private static func status(of content: DICOMDataSet) -> SenderStatus {
        let isVerified = content.word(DICOMTag.verification) == "VERIFIED"
        if content.word(DICOMTag.preliminary) == "PRELIMINARY" { return .preliminary }
        switch content.word(DICOMTag.completion) {
        case "COMPLETE": return isVerified ? .final : .preliminary
        case "PARTIAL": return .preliminary
        default: return isVerified ? .final : .unknown
        }
    }

    /// Date and time of the content, or else of the study, with the zone where it is told.
    private static func time(of content: DICOMDataSet) -> String? {
        for (date, clock) in [(0x0008_0023, 0x0008_0033), (0x0008_0020, 0x0008_0030)]
            as [(UInt32, UInt32)]
        {
            guard let date = content.word(date) else { continue }
            let zone = content.word(0x0008_0201) ?? ""
            let whole = content.word(clock).map { date + $0 + zone }
            if let whole, StatedTime(whole) != nil { return whole }
            return date
        }
        return nil
    }

    /// The kind that the title's code means, or its name; `other` for a code that is not known.
    private func kind(of concept: DICOMReport.Concept?, title: String?) -> DocumentKind {
        for word in [concept?.code, title] {
            if let word, codes.knows(word) { return codes.kind(of: word) }
        }
        if let code = concept?.code, Self.imaging.contains(code) { return .radiology }
        if let title, let kind = HL7Kinds.kind(ofName: title) { return kind }
        return concept?.code == nil ? kind : .other
    }

    /// Codes of LOINC for titles of imaging reports (PS3.16, CID 7000).
    private static let imaging: Set = [
        "11525-3", "11528-7", "11538-4", "11539-2", "11540-0", "11541-8", "18747-6", "18755-9",
        "18756-7", "18757-5", "18758-3", "18760-9",
    ]
}
