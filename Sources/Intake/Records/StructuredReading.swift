// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation

/// Finds out which structured format a file has, and lets the reader of that format read it.
struct StructuredReading {
    let limits: IntakeLimits
    /// The kind of the folder.
    let kind: DocumentKind
    let rules: SiteRules
    /// In which encodings earlier files of the folder came.
    let former: FormerEncodings

    private var codes: DocumentCodes { rules.codes }
    private var table: TableMapping { rules.tables[kind] ?? TableMapping() }

    /// The documents and faults of a file whose content or name shows a structured format, or its text if
    /// it is plain or JSON Lines.
    ///
    /// Throws `foreignFormat` for a format that nothing here reads, so that it is never taken for prose.
    func content(
        of bytes: [UInt8], fileName: String?
    ) throws(IntakeError) -> FileContent {
        let path = try fileName.flatMap { name throws(IntakeError) in
            try StorageName(path: Array(StorageName.path(ofSpoolName: name).utf8))
        }
        let found: FileContent
        do throws(IntakeError) {
            found = try read(bytes, fileName: fileName)
        } catch {
            // Of a deleted record nothing has to be left in the file.
            guard let path, path.condition == .deleted else { throw error }
            let withdrawal = path.withdrawal(folder: kind, codes: codes)
            return .records([ReadDocument(place: nil, result: .success(withdrawal))])
        }
        guard case .records(let entries) = found else { return found }
        guard entries.count <= limits.maximumRecords else {
            throw .flaw(
                .tooMuch(of: "records", limit: limits.maximumRecords), in: .text, at: nil)
        }
        return .records(path?.laid(over: entries, codes: codes) ?? entries)
    }

    private func read(_ bytes: [UInt8], fileName: String?) throws(IntakeError) -> FileContent {
        switch try Recognition(of: bytes, fileName: fileName, after: former) {
        case .text(let decoded): return .text(decoded)
        case .structured(let format, let evidence, let text):
            guard let entries = try entries(of: format, in: bytes, as: text) else {
                throw .foreignFormat(format, by: evidence)
            }
            return .records(entries)
        }
    }

    /// What a reader makes of a file, which may be decoded already; nil where nothing reads its format.
    private func entries(
        of format: StructuredFormat, in bytes: [UInt8], as text: DecodedText?
    ) throws(IntakeError) -> [ReadDocument]? {
        switch format {
        case .table:
            try TableReader(limits: limits, kind: kind, codes: codes, mapping: table)
                .entries(in: decoded(bytes, text))
        case .hl7:
            try HL7Reader(
                limits: limits, kind: kind, codes: codes, encodings: rules.hl7Encodings,
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
            // Of archives only workbooks are read; names of an archive's files stand in it as they are.
            Data(bytes).range(of: Data("xl/workbook".utf8)) == nil
                ? nil
                : try WorkbookReader(limits: limits, kind: kind, codes: codes, mapping: table)
                    .entries(in: bytes)
        case .json: try resources(try decoded(bytes, text))
        case .dicom:
            try DICOMReader(
                limits: limits, kind: kind, codes: codes, otherFormats: otherFormats
            ).entries(in: bytes)
        case .mail, .postScript, .officeDocument, .image, .calendar, .program: nil
        }
    }

    private func decoded(
        _ bytes: [UInt8], _ text: DecodedText?
    ) throws(IntakeError) -> DecodedText {
        if let text { return text }
        return try EncodingDetection.decode(bytes, after: former)
    }

    /// What the reader of FHIR makes of a file of JSON; nil for one of anything else.
    private func resources(_ decoded: DecodedText) throws(IntakeError) -> [ReadDocument]? {
        guard TextSignature.isResource(decoded.text) else { return nil }
        return try FHIRReader(
            limits: limits, kind: kind, codes: codes, otherFormats: otherFormats
        ).entries(in: decoded)
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
}

/// What a file holds.
enum FileContent {
    /// Documents and faults of a structured format.
    case records([ReadDocument])
    /// Text, or lines of JSON.
    case text(DecodedText)
}

/// What a file is.
enum Recognition {
    /// A format, what shows it, and the text of the file where that was decoded to see it.
    case structured(StructuredFormat, FormatEvidence, DecodedText?)
    case text(DecodedText)

    /// Looks at what a file begins with and, where that says nothing, at its name.
    init(
        of bytes: [UInt8], fileName: String?, after former: FormerEncodings = FormerEncodings()
    ) throws(IntakeError) {
        // Messages switch between character sets, and XML says its own: their readers decode them.
        if let format = BinarySignature.format(of: bytes)
            ?? TextSignature.formatBeforeDecoding(of: bytes)
        {
            self = .structured(format, .content, nil)
            return
        }
        let isLines = fileName.map { DocumentFormat(fileName: $0) == .jsonLines } ?? true
        if isLines {
            let lines = try EncodingDetection.decodeLines(bytes, after: former)
            if JSONLines.begin(lines.text), !TextSignature.isResource(lines.text) {
                guard DocumentReader.hasContent(lines.text) || !lines.lineFaults.isEmpty else {
                    throw .emptyFile
                }
                self = .text(lines)
                return
            }
        }
        let isTable = fileName.flatMap(StructuredFormat.init(fileName:)) == .table
        let decoded = try EncodingDetection.decode(bytes, after: former, withNULs: isTable)
        guard DocumentReader.hasContent(decoded.text) else { throw .emptyFile }
        if isLines, JSONLines.begin(decoded.text) {
            self = .structured(.json, .content, decoded)
        } else if let format = TextSignature.format(of: decoded.text) {
            self = .structured(format, .content, decoded)
        } else if let format = fileName.flatMap(StructuredFormat.init(fileName:)) {
            self = .structured(format, .name, decoded)
        } else {
            self = .text(decoded)
        }
    }

    /// The structured format; nil for text.
    var format: StructuredFormat? {
        if case .structured(let format, _, _) = self { format } else { nil }
    }

    /// What shows it.
    var evidence: FormatEvidence? {
        if case .structured(_, let evidence, _) = self { evidence } else { nil }
    }
}
