// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a file or record of a format with a structure of its own.
///
/// Names of fields are those of the format (`OBX-5`, `effectiveTime`, `presentedForm[0].data`); nothing of a
/// document's text or of a patient is part of a flaw.
package enum FormatFlaw: Hashable, Sendable {
    /// It is not well formed; what was expected, and the byte where that is known.
    case malformed(expected: String, byteOffset: Int?)
    /// A field is lacking that has to be there.
    case missing(field: String)
    /// A field's value is none that the format has.
    case wrongValue(field: String, expected: String)
    /// More levels, parts or bytes than may be.
    case tooMuch(of: String, limit: Int)
    /// Columns of a table that nothing says the meaning of, by their headings or numbers.
    case unknownColumns([String])
    /// A document type or entity declaration, which no format that is read here needs.
    case declaration
    /// It says to be in an encoding that is not known or that its bytes are not valid in.
    case encoding(named: String, byteOffset: Int?)
    /// There is no text in it.
    case noText
    /// It can only be read with a password.
    case encrypted
    /// What it says in two places does not go together.
    case contradiction(String)
    /// It is of a kind that holds no narrative, such as a laboratory result; nothing is lost by passing it over.
    case nothingToRead(String)
    /// All its text is in an attachment of a media type that is not read.
    case unreadableAttachment(mediaType: String)
    /// A program that reads it is not installed, or failed.
    case program(named: String, String)

    /// The code in reports, for programs.
    package var code: String {
        switch self {
        case .malformed: "malformed"
        case .missing: "missing-field"
        case .wrongValue: "wrong-value"
        case .tooMuch: "too-large"
        case .unknownColumns: "unknown-columns"
        case .declaration: "declaration-refused"
        case .encoding: "undecodable"
        case .noText: "no-text"
        case .encrypted: "encrypted"
        case .contradiction: "contradiction"
        case .nothingToRead: "no-narrative"
        case .unreadableAttachment: "attachment-unreadable"
        case .program: "reader-unavailable"
        }
    }

    /// The flaw as the rest of a sentence.
    package var sentence: String {
        switch self {
        case .malformed(let expected, let offset):
            "\(expected) was expected" + (offset.map { " at byte \($0)" } ?? "")
        case .missing(let field): "\(field) is missing"
        case .wrongValue(let field, let expected): "\(field) has to be \(expected)"
        case .tooMuch(let what, let limit): "more than \(limit) \(what)"
        case .unknownColumns(let names):
            "what these columns mean is not known: " + names.joined(separator: ", ")
                + "; say it in [tables.KIND] of shoken.toml"
        case .declaration:
            "it declares a document type or entities, which may be used for attacks and are never needed"
        case .encoding(let name, let offset):
            "it says to be in \(name), which "
                + (offset.map { "byte \($0) is not valid in" } ?? "is not known")
        case .noText: "it holds no text"
        case .encrypted: "it is encrypted"
        case .contradiction(let what): what
        case .nothingToRead(let what): what
        case .unreadableAttachment(let type):
            "its text is an attachment of type \(type), which cannot be read"
        case .program(let name, let what): "\(name) \(what)"
        }
    }
}
