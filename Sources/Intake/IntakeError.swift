/// Why a file gave no documents: facts only, never text of a document.
///
/// Lines count from 1; byte offsets count from 0 in the file as it came.
package enum IntakeError: Error, Equatable, Sendable {
    /// The file has no bytes, or nothing but white space.
    case emptyFile
    /// The file is larger than `IntakeLimits.maximumBytes`.
    case fileTooLarge(bytes: Int, limit: Int)
    /// The file is no text: a NUL or too many control characters, the first of them here.
    case binary(byteOffset: Int)
    /// The bytes are not valid in the encoding that the file seems to be in.
    case undecodable(encoding: TextEncoding, byteOffset: Int)
    /// This machine's iconv does not know the encoding.
    case encodingUnavailable(TextEncoding)
    /// A document is longer than `IntakeLimits.maximumDocumentScalars`; no line in a text file.
    case documentTooLong(line: Int?, scalars: Int, limit: Int)
    /// A line is longer than `IntakeLimits.maximumJSONLineBytes`.
    case lineTooLong(line: Int, bytes: Int, limit: Int)
    /// A line is not JSON, or no object.
    case malformedJSON(line: Int)
    /// A line lacks a required field.
    case missingField(line: Int, field: String)
    /// A field's value is not a string.
    case wrongType(line: Int, field: String)
    /// A line's `kind` is none of `DocumentKind`.
    case unknownKind(line: Int)
    /// A line's text is empty or nothing but white space.
    case emptyText(line: Int)
    /// A field holds a NUL character.
    case nulCharacter(line: Int, field: String)

    /// The reason's code in the failed file's report, for scripts.
    package var code: String {
        switch self {
        case .emptyFile: "empty"
        case .fileTooLarge, .documentTooLong, .lineTooLong: "too-large"
        case .binary: "binary"
        case .undecodable, .encodingUnavailable: "undecodable"
        case .malformedJSON: "malformed-json"
        case .missingField: "missing-field"
        case .wrongType: "wrong-type"
        case .unknownKind: "unknown-kind"
        case .emptyText: "empty-text"
        case .nulCharacter: "nul-character"
        }
    }

    /// One sentence for the operator, with what to do where that is known.
    package var explanation: String {
        switch self {
        case .emptyFile:
            "The file is empty or holds only white space."
        case .fileTooLarge(let bytes, let limit):
            "The file has \(bytes) bytes, more than the limit of \(limit)."
        case .binary(let byteOffset):
            "The file is not text: control character at byte \(byteOffset). "
                + "UTF-16 is read only with a byte order mark."
        case .undecodable(let encoding, let byteOffset):
            "The file looks like \(encoding.rawValue), which byte \(byteOffset) is not valid in."
        case .encodingUnavailable(let encoding):
            "This machine cannot convert \(encoding.rawValue); install the gconv modules of glibc."
        case .documentTooLong(let line, let scalars, let limit):
            Self.place(line)
                + "a document has \(scalars) characters, more than the limit of \(limit)."
        case .lineTooLong(let line, let bytes, let limit):
            Self.place(line) + "the line has \(bytes) bytes, more than the limit of \(limit)."
        case .malformedJSON(let line):
            Self.place(line) + "not a JSON object. Each line must be one whole object."
        case .missingField(let line, let field):
            Self.place(line) + "the field \"\(field)\" is missing."
        case .wrongType(let line, let field):
            Self.place(line) + "the field \"\(field)\" must be a string."
        case .unknownKind(let line):
            Self.place(line) + "the kind is none of nursing, radiology and case-report."
        case .emptyText(let line):
            Self.place(line) + "the text is empty."
        case .nulCharacter(let line, let field):
            Self.place(line) + "the field \"\(field)\" holds a NUL character."
        }
    }

    /// Whether the explanation says in which line.
    var namesLine: Bool {
        switch self {
        case .emptyFile, .fileTooLarge, .binary, .undecodable, .encodingUnavailable: false
        case .documentTooLong(let line, _, _): line != nil
        case .lineTooLong, .malformedJSON, .missingField, .wrongType, .unknownKind, .emptyText,
            .nulCharacter:
            true
        }
    }

    private static func place(_ line: Int?) -> String {
        line.map { "Line \($0): " } ?? ""
    }
}
