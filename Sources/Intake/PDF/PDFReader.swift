// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Reads a file of PDF, which is one document, through `pdftotext` of poppler.
///
/// That program and not a library, so that what goes wrong in it stays there; it runs under limits
/// (`ChildProgram`).
struct PDFReader {
    let limits: IntakeLimits
    /// The kind of the folder.
    let kind: DocumentKind
    let codes: DocumentCodes

    private static let program = "pdftotext"

    /// Whether the program is installed.
    static var isAvailable: Bool { ChildProgram.path(of: program) != nil }

    /// The document; throws what is wrong with the file.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        do throws(FormatFlaw) {
            let read = try Self.read(bytes, limits: limits)
            let headed = HeadedText(read.text)
            guard headed.sections.count <= limits.maximumSections else {
                throw .tooMuch(of: "sections", limit: limits.maximumSections)
            }
            var source = DocumentSource(format: .pdf)
            source.sections = headed.sections
            source.notices = read.notices
            let document = ClinicalDocument(kind: kind, text: headed.text, source: source)
            return [ReadDocument(place: nil, result: .success(document))]
        } catch {
            throw .flaw(error, in: .pdf, at: nil)
        }
    }

    /// The text of an attachment of PDF; throws what is wrong with it.
    static func text(of bytes: [UInt8], limits: IntakeLimits) throws(FormatFlaw) -> String {
        try read(bytes, limits: limits).text
    }

    private static func read(
        _ bytes: [UInt8], limits: IntakeLimits
    ) throws(FormatFlaw) -> (text: String, notices: [String]) {
        guard isAvailable else {
            throw .program(named: program, "is not installed; install poppler-utils")
        }
        let child = ChildProgram(
            name: program, arguments: ["-enc", "UTF-8", "-layout", "-eol", "unix", "-", "-"],
            // Spaces of the layout come on top of the characters.
            maximumOutput: 16 * limits.maximumDocumentScalars)
        let result = try child.run(input: bytes)
        try check(result)
        guard let whole = String(validating: result.output, as: UTF8.self) else {
            throw .program(named: program, "printed what is not UTF-8")
        }
        let pages = PDFPages(whole)
        let text = pages.text
        guard text.scalarCount <= limits.maximumDocumentScalars else {
            throw .tooMuch(of: "characters of text", limit: limits.maximumDocumentScalars)
        }
        let unknown = try unknownCharacters(text)
        var notices: [String] = []
        if pages.leftOut > 0 {
            notices.append("\(pages.leftOut) lines were left out that stand on every page")
        }
        if unknown > 0 { notices.append("\(unknown) characters are not known by their fonts") }
        if result.complaints.contains("Error") {
            notices.append("\(program) found errors in the file, so that text may be missing")
        }
        return (text, notices)
    }

    /// Throws what the program's end says of the file.
    private static func check(_ result: ChildProgram.Result) throws(FormatFlaw) {
        if result.complaints.contains("Incorrect password") { throw .encrypted }
        if result.complaints.contains("Missing language pack") {
            throw .program(
                named: program, "lacks the tables of Japanese fonts; install poppler-data")
        }
        switch result.status {
        case 0: return
        case 1?: throw .malformed(expected: "a PDF", byteOffset: nil)
        case 3?: throw .encrypted
        case nil: throw .program(named: program, "was ended by a limit or a fault of its own")
        case let status?: throw .program(named: program, "ended with status \(status)")
        }
    }

    /// How many characters have no meaning outside of their fonts; throws `noText` where most have none, or
    /// where there are none at all, as in a scan.
    static func unknownCharacters(_ text: String) throws(FormatFlaw) -> Int {
        var (all, unknown) = (0, 0)
        for scalar in text.unicodeScalars where !scalar.isSpace {
            all += 1
            if scalar == "\u{FFFD}" || scalar.properties.generalCategory == .privateUse
                || scalar.properties.generalCategory == .control
            {
                unknown += 1
            }
        }
        guard all > 0, unknown * 3 <= all else { throw .noText }
        return unknown
    }
}
