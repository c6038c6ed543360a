// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Finds out which structured format a file has, and lets the reader of that format read it.
struct StructuredReading {
    let limits: IntakeLimits
    /// The kind of the folder.
    let kind: DocumentKind
    let codes: DocumentCodes
    /// What the columns of the folder's tables mean.
    let table: TableMapping

    /// The documents and faults of a file whose content or name shows a structured format; nil for text
    /// and JSON Lines.
    ///
    /// Throws `foreignFormat` for a format that nothing here reads, so that it is never taken for prose.
    func entries(
        in bytes: [UInt8], fileName: String?
    ) throws(IntakeError) -> [ReadDocument]? {
        let path = try fileName.flatMap { name throws(IntakeError) in
            try StorageName(path: Array(name.utf8))
        }
        let found: [ReadDocument]?
        do throws(IntakeError) {
            found = try contents(of: bytes, fileName: fileName)
        } catch {
            // Of a deleted record nothing has to be left in the file.
            guard let path, path.condition == .deleted else { throw error }
            let withdrawal = path.withdrawal(folder: kind, codes: codes)
            return [ReadDocument(place: nil, result: .success(withdrawal))]
        }
        guard let entries = found else { return nil }
        guard entries.count <= limits.maximumRecords else {
            throw .flaw(
                .tooMuch(of: "records", limit: limits.maximumRecords), in: .text, at: nil)
        }
        return path?.laid(over: entries, codes: codes) ?? entries
    }

    private func contents(
        of bytes: [UInt8], fileName: String?
    ) throws(IntakeError) -> [ReadDocument]? {
        guard let (format, evidence) = try Self.format(of: bytes, fileName: fileName) else {
            return nil
        }
        guard let entries = try entries(of: format, in: bytes) else {
            throw .foreignFormat(format, by: evidence)
        }
        return entries
    }

    /// What a reader makes of a file; nil where nothing reads its format.
    private func entries(
        of format: StructuredFormat, in bytes: [UInt8]
    ) throws(IntakeError) -> [ReadDocument]? {
        switch format {
        case .table:
            try TableReader(limits: limits, kind: kind, codes: codes, mapping: table)
                .entries(in: bytes)
        case .hl7:
            try HL7Reader(
                limits: limits, kind: kind, codes: codes,
                embeddedText: { [limits] type, bytes, nesting in
                    Self.text(of: bytes, type: type, nesting: nesting, limits: limits)
                }
            ).entries(in: bytes)
        case .xml: try markup(bytes)
        case .html:
            try HTMLReader(limits: limits, kind: kind, codes: codes).entries(in: bytes)
        case .rtf: try RTFReader(limits: limits, kind: kind, codes: codes).entries(in: bytes)
        case .pdf: try PDFReader(limits: limits, kind: kind, codes: codes).entries(in: bytes)
        case .archive:
            try WorkbookReader(limits: limits, kind: kind, codes: codes, mapping: table)
                .entries(in: bytes)
        case .json:
            TextSignature.isResource(try EncodingDetection.decode(bytes).text)
                ? try FHIRReader(
                    limits: limits, kind: kind, codes: codes, otherFormats: otherFormats
                ).entries(in: bytes) : nil
        case .mail, .postScript, .officeDocument, .dicom, .image: nil
        }
    }

    /// What the reader for the root of an XML file makes of it; nil for a root that nothing reads.
    private func markup(_ bytes: [UInt8]) throws(IntakeError) -> [ReadDocument]? {
        let root = MarkupSignature.rootName(of: bytes)
        if root == "ClinicalDocument" {
            return try CDAReader(
                limits: limits, kind: kind, codes: codes, otherFormats: otherFormats
            ).entries(in: bytes)
        }
        // A module of MML may stand alone.
        guard root == "Mml" || root?.hasSuffix("Module") == true else { return nil }
        return try MMLReader(limits: limits, kind: kind, codes: codes).entries(in: bytes)
    }

    // MARK: Documents within documents

    /// Reads what stands within markup and resources, but for plain text, HTML and CDA, which their readers
    /// read themselves.
    private var otherFormats: EmbeddedDocuments.OtherFormats {
        { [limits] type, bytes, _ in Self.otherText(of: bytes, type: type, limits: limits) }
    }

    private static func otherText(of bytes: [UInt8], type: String, limits: IntakeLimits) -> String?
    {
        switch BinarySignature.format(of: bytes) {
        case .rtf: try? RTFText.text(of: bytes, limits: limits)
        case .pdf: try? PDFReader.text(of: bytes, limits: limits)
        default: nil
        }
    }

    /// The text of a document that stands within a message; nil where none can be read.
    private static func text(
        of bytes: [UInt8], type: String, nesting: Int, limits: IntakeLimits
    ) -> String? {
        let documents = EmbeddedDocuments(limits: limits, format: .hl7, nesting: nesting) {
            type, bytes, _ in otherText(of: bytes, type: type, limits: limits)
        }
        let text = try? documents.text(of: bytes, type: MediaType(type))
        return text?.text
    }

    // MARK: Recognition

    /// The format of a file by what it begins with or, where that says nothing, by its name.
    static func format(
        of bytes: [UInt8], fileName: String?
    ) throws(IntakeError) -> (StructuredFormat, FormatEvidence)? {
        if let format = BinarySignature.format(of: bytes) { return (format, .content) }
        // Messages switch between character sets, and XML says its own: their readers decode them.
        if let format = TextSignature.formatBeforeDecoding(of: bytes) { return (format, .content) }
        let text = try EncodingDetection.decode(bytes).text
        guard DocumentReader.hasContent(text) else { throw .emptyFile }
        let isLines = fileName.map { DocumentFormat(fileName: $0) == .jsonLines } ?? true
        if isLines, JSONLines.begin(text) {
            return TextSignature.isResource(text) ? (.json, .content) : nil
        }
        if let format = TextSignature.format(of: text) { return (format, .content) }
        return fileName.flatMap(StructuredFormat.init(fileName:)).map { ($0, .name) }
    }
}
