// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// Why a file gave no documents: facts only, never text of a document.
///
/// Lines count from 1; byte offsets count from 0 in the file as it came.
package enum IntakeError: Error, Equatable, Sendable {
    /// The file has no bytes, or nothing but white space.
    case emptyFile
    /// The file is larger than `IntakeLimits.maximumBytes`.
    case fileTooLarge(bytes: Int, limit: Int)
    /// The file is no text: too many control characters, the first of them here.
    case binary(byteOffset: Int)
    /// So many NUL bytes stand within the text, the first of them here.
    case nulBytes(count: Int, line: Int, byteOffset: Int)
    /// The file is UTF-16 by its looks, and has no byte order mark.
    case unmarkedUTF16
    /// The file is of a format that nothing here reads.
    case foreignFormat(StructuredFormat, by: FormatEvidence)
    /// The bytes are not valid in the encoding that the file seems to be in.
    case undecodable(encoding: TextEncoding, byteOffset: Int)
    /// The bytes are valid in two encodings, and both readings are about as likely.
    case ambiguous(TextEncoding, TextEncoding)
    /// Most lines are in one encoding and this one in another.
    case mixedEncodings(TextEncoding, TextEncoding, line: Int)
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
    /// A field's value is neither a string nor a number.
    case wrongIdentifierType(line: Int, field: String)
    /// A name stands twice in an object of a line; its first hundred bytes.
    case repeatedField(line: Int, field: String)
    /// A line's `kind` is none of `DocumentKind`.
    case unknownKind(line: Int)
    /// A line's text is empty or nothing but white space.
    case emptyText(line: Int)
    /// A line withdraws a document and has a text as well.
    case withdrawalWithText(line: Int)
    /// A field holds a NUL character.
    case nulCharacter(line: Int, field: String)
    /// A file or record of a format with a structure of its own cannot be read.
    case flaw(FormatFlaw, in: SourceFormat, at: RecordPlace?)

    /// The reason's code in the failed file's report, for scripts.
    package var code: String {
        switch self {
        case .emptyFile: "empty"
        case .fileTooLarge, .documentTooLong, .lineTooLong: "too-large"
        case .binary, .nulBytes, .unmarkedUTF16: "binary"
        case .foreignFormat: "unsupported-format"
        case .ambiguous: "ambiguous-encoding"
        case .mixedEncodings: "mixed-encodings"
        case .undecodable, .encodingUnavailable: "undecodable"
        case .malformedJSON: "malformed-json"
        case .missingField: "missing-field"
        case .wrongType, .wrongIdentifierType: "wrong-type"
        case .repeatedField: "repeated-field"
        case .unknownKind: "unknown-kind"
        case .emptyText: "empty-text"
        case .withdrawalWithText: "contradiction"
        case .nulCharacter: "nul-character"
        case .flaw(let flaw, _, _): flaw.code
        }
    }

    /// Whether a record holds no narrative, so that nothing is lost without it.
    package var isPassedOver: Bool {
        if case .flaw(.nothingToRead, _, _) = self { true } else { false }
    }

    /// The same fault where a byte of what was read stands at another place of the file.
    func moved(to place: (Int) -> Int) -> IntakeError {
        switch self {
        case .binary(let offset): .binary(byteOffset: place(offset))
        case .nulBytes(let count, let line, let offset):
            .nulBytes(count: count, line: line, byteOffset: place(offset))
        case .undecodable(let encoding, let offset):
            .undecodable(encoding: encoding, byteOffset: place(offset))
        default: self
        }
    }

    /// What the file is, where that is why it is not read.
    package var format: String? {
        switch self {
        case .foreignFormat(let format, _): format.title
        case .flaw(_, let format, _): format.title
        default: nil
        }
    }

    /// Whether the explanation says in which line.
    var namesLine: Bool {
        switch self {
        case .emptyFile, .fileTooLarge, .binary, .unmarkedUTF16, .foreignFormat, .undecodable,
            .ambiguous, .encodingUnavailable:
            false
        case .documentTooLong(let line, _, _): line != nil
        case .flaw, .mixedEncodings, .nulBytes: true
        case .lineTooLong, .malformedJSON, .missingField, .wrongType, .wrongIdentifierType,
            .repeatedField, .unknownKind, .emptyText, .withdrawalWithText, .nulCharacter:
            true
        }
    }
}
