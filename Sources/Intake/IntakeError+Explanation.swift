// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Faults

extension IntakeError: Explained {
    /// The line, byte or field, and what to do where that is known; the file is the caller's to name.
    package var explanation: String {
        switch self {
        case .emptyFile:
            "the file is empty or holds only white space"
        case .fileTooLarge(let bytes, let limit):
            "the file has \(bytes) bytes, more than the limit of \(limit)"
        case .binary(let byteOffset):
            "the file is not text: control character at byte \(byteOffset)"
        case .nulBytes(let count, let line, let byteOffset):
            Self.place(line)
                + (count == 1 ? "a NUL byte stands" : "\(count) NUL bytes stand")
                + " within the text, the first at byte \(byteOffset); have it written without them"
        case .unmarkedUTF16:
            "the file looks like UTF-16, which is read only with a byte order mark; have it written with one, "
                + "or in UTF-8"
        case .foreignFormat(.json, by: .content):
            "the content is JSON, which is read only as FHIR or as JSON Lines, one object with a field "
                + "\"text\" a line, in a file whose name ends in .jsonl or .ndjson"
        case .foreignFormat(let format, by: .content):
            "the content is \(format.title), which is not read; " + Self.formats
        case .foreignFormat(let format, by: .name):
            "by its name the file is \(format.title), which is not read; " + Self.formats
        case .undecodable(let encoding, let byteOffset):
            "the file looks like \(encoding.rawValue), which byte \(byteOffset) is not valid in"
        case .ambiguous(let one, let other):
            "the file may be \(one.rawValue) or \(other.rawValue), and its text is too short to tell; "
                + "have it written in UTF-8"
        case .mixedEncodings(let one, let other, let line):
            Self.place(line)
                + "the line looks like \(other.rawValue) and others like \(one.rawValue); have all lines "
                + "written in one encoding, best in UTF-8"
        case .encodingUnavailable(let encoding):
            "this machine cannot convert \(encoding.rawValue); install the gconv modules of glibc"
        case .documentTooLong(let line, let scalars, let limit):
            Self.place(line)
                + "a document has \(scalars) characters, more than the limit of \(limit)"
        case .lineTooLong(let line, let bytes, let limit):
            Self.place(line) + "the line has \(bytes) bytes, more than the limit of \(limit)"
        case .malformedJSON(let line):
            Self.place(line) + "not a JSON object; each line must be one whole object"
        case .missingField(let line, let field):
            Self.place(line) + "the field \"\(field)\" is missing"
        case .wrongType(let line, let field):
            Self.place(line) + "the field \"\(field)\" must be a string"
        case .wrongIdentifierType(let line, let field):
            Self.place(line) + "the field \"\(field)\" must be a string or a number"
        case .repeatedField(let line, let field):
            Self.place(line)
                + "the field \(field.debugDescription) stands twice; which one counts is not known"
        case .unknownKind(let line):
            Self.place(line) + "the kind is none of "
                + DocumentKind.allCases.map(\.rawValue).joined(separator: ", ")
        case .emptyText(let line):
            Self.place(line) + "the text is empty"
        case .withdrawalWithText(let line):
            Self.place(line)
                + "the line withdraws a document and has a text; one of \"withdraw\" and \"text\" "
                + "was expected"
        case .nulCharacter(let line, let field):
            Self.place(line) + "the field \"\(field)\" holds a NUL character"
        case .flaw(let flaw, let format, let place):
            (place.map { $0.words + ": " } ?? "") + "as \(format.title): " + flaw.sentence
        }
    }

    private static let formats =
        "read are text, JSON Lines, HL7 v2, CDA, FHIR (JSON), MML, tables (CSV, TSV, .xlsx), RTF, HTML, PDF and DICOM reports"

    /// The document is set aside, but for an encoding that this machine should know.
    package var disposition: Disposition {
        if case .encodingUnavailable = self { return .unavailable }
        return .badData
    }

    private static func place(_ line: Int?) -> String {
        line.map { "line \($0): " } ?? ""
    }
}
