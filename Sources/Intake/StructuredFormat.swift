// SPDX-License-Identifier: Apache-2.0

/// Formats with a structure of their own that files come in: a file of one is read by its reader
/// (``StructuredReading``) or refused, never taken for prose.
package enum StructuredFormat: String, CaseIterable, Hashable, Sendable {
    case hl7
    case xml
    case html
    case json
    case mail
    case table
    case rtf
    case pdf
    case postScript
    case archive
    case officeDocument
    case dicom
    case image
    case calendar
    case program

    /// What it is called in a sentence.
    var title: String {
        switch self {
        case .hl7: "an HL7 message"
        case .xml: "XML"
        case .html: "HTML"
        case .json: "JSON"
        case .mail: "an e-mail message"
        case .table: "a table of comma- or tab-separated values"
        case .rtf: "RTF"
        case .pdf: "PDF"
        case .postScript: "PostScript"
        case .archive: "an archive or a compressed file, as .zip, .docx and .xlsx are"
        case .officeDocument: "a document of Microsoft Office"
        case .dicom: "DICOM"
        case .image: "a picture"
        case .calendar: "a card of contacts or a calendar (vCard, iCalendar)"
        case .program: "a program, or a file of settings or of the system"
        }
    }

    /// How names of such files end.
    private var suffixes: [String] {
        switch self {
        case .hl7: [".hl7", ".hl7v2"]
        case .xml: [".xml", ".cda", ".mml", ".xsl", ".xslt", ".xhtml"]
        case .html: [".html", ".htm", ".mht", ".mhtml"]
        case .json: [".json"]
        case .mail: [".eml", ".mbox"]
        case .table: [".csv", ".tsv"]
        case .rtf: [".rtf"]
        case .pdf: [".pdf"]
        case .postScript: [".ps", ".eps"]
        case .archive:
            [".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".lzh", ".tar"]
                + [".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods"]
        case .officeDocument: [".doc", ".xls", ".ppt", ".msg"]
        case .dicom: [".dcm", ".dicom"]
        case .image: [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp"]
        case .calendar: [".vcf", ".ics"]
        case .program:
            [
                ".py", ".js", ".ts", ".css", ".sql", ".php", ".c", ".h", ".cpp", ".cs", ".java",
                ".rb",
            ]
                + [".pl", ".sh", ".bat", ".cmd", ".ps1", ".vbs", ".go", ".rs", ".swift", ".tex"]
                + [".exe", ".dll", ".msi", ".sys", ".so", ".class", ".jar", ".iso", ".lnk", ".url"]
                + [
                    ".ini", ".cfg", ".conf", ".reg", ".inf", ".yaml", ".yml", ".toml", ".db",
                    ".sqlite",
                ]
        }
    }

    /// The format that a file's name promises, whatever the case of its letters.
    init?(fileName: String) {
        let name = fileName.lowercased()
        let format = Self.allCases.first { format in
            format.suffixes.contains { name.hasSuffix($0) }
        }
        guard let format else { return nil }
        self = format
    }
}

/// How a file shows which format it has.
package enum FormatEvidence: Hashable, Sendable {
    /// What it begins with.
    case content
    /// Only how its name ends.
    case name
}
