// SPDX-License-Identifier: Apache-2.0

/// The format that a document came in; the raw value stands in the database.
package enum SourceFormat: String, Codable, CaseIterable, Hashable, Sendable {
    case text = "txt"
    case jsonLines = "jsonl"
    case hl7 = "hl7v2"
    case ssmix2
    case cda
    case fhir
    case mml
    case csv
    case xlsx
    case pdf
    case rtf
    case html
    case dicom

    /// What it is called in a sentence.
    package var title: String {
        switch self {
        case .text: "text"
        case .jsonLines: "JSON Lines"
        case .hl7: "HL7 v2"
        case .ssmix2: "SS-MIX2"
        case .cda: "CDA"
        case .fhir: "FHIR"
        case .mml: "MML"
        case .csv: "a table"
        case .xlsx: "an Excel workbook"
        case .pdf: "PDF"
        case .rtf: "RTF"
        case .html: "HTML"
        case .dicom: "DICOM"
        }
    }
}

/// What the sender says of how settled a document is.
package enum SenderStatus: String, Codable, CaseIterable, Hashable, Sendable {
    case preliminary
    case final
    case corrected
    case amended
    /// Taken back by its sender: it is no longer to be used.
    case withdrawn
    case unknown
}

/// A part of a document with a title of its own.
package struct DocumentSection: Hashable, Codable, Sendable {
    /// The sender's code, such as 18782-3 of LOINC.
    package let code: String?
    /// The title as it stands.
    package let title: String
    /// Where its body stands in the document's text, without the title's line.
    package let range: SourceRange

    /// A section.
    package init(code: String?, title: String, range: SourceRange) {
        (self.code, self.title, self.range) = (code, title, range)
    }
}

/// Something that came along with a document and is no part of its text.
package struct DocumentAttachment: Hashable, Codable, Sendable {
    /// Its media type as the sender has it, in lower case.
    package let mediaType: String
    /// What the sender calls it.
    package let title: String?
    /// Bytes after decoding; nil where there are none, as of a reference.
    package let byteCount: Int?
    /// SHA-256 of these bytes, in hexadecimal.
    package let sha256: String?
    /// Why it was not taken in; nil where its text became the document's.
    package let refusal: String?

    /// An attachment.
    package init(
        mediaType: String, title: String?, byteCount: Int?, sha256: String?, refusal: String?
    ) {
        self.mediaType = mediaType
        self.title = title
        self.byteCount = byteCount
        self.sha256 = sha256
        self.refusal = refusal
    }
}

/// What a sender says of a document besides its text, its identifiers and its time.
package struct DocumentSource: Hashable, Codable, Sendable {
    /// The format that it came in.
    package var format: SourceFormat
    /// What names the document among all that ever come, through all its versions: the sender's system or
    /// root and identifier, with the patient where that alone is not unique. nil for a document that
    /// nothing names.
    package var key: String?
    /// The version as sent; nil where the order of arrival is all there is.
    package var version: String?
    /// By what versions of one key follow each other where `version` does not say: a sender's time in ISO
    /// 8601, UTC, such as that of the message.
    package var versionTime: String?
    /// The key of another document that this one takes the place of.
    package var replaces: String?
    /// How settled it is.
    package var status: SenderStatus
    /// Whether the sender says itself that another version has taken its place.
    package var isSuperseded: Bool
    /// Its title as sent.
    package var title: String?
    /// The code of its kind, as sent.
    package var code: String?
    /// The system of that code, as sent.
    package var codeSystem: String?
    /// Who gave the patient's identifier.
    package var patientIssuer: String?
    /// Its author.
    package var author: String?
    /// The department.
    package var department: String?
    /// The hospital.
    package var facility: String?
    /// The visit or stay.
    package var visit: String?
    /// The order or accession.
    package var order: String?
    /// Its sections in the text's order; none where the sender marks none.
    package var sections: [DocumentSection]
    /// What came along with it.
    package var attachments: [DocumentAttachment]
    /// What is to be told of how it was read, without any text of it.
    package var notices: [String]

    /// A document of which nothing more is known than its format.
    package init(format: SourceFormat) {
        self.format = format
        status = .unknown
        isSuperseded = false
        sections = []
        attachments = []
        notices = []
    }
}
