// SPDX-License-Identifier: Apache-2.0

/// Why a line of answers, or a part of one, is not stored.
package enum BatchFault: String, Error, CaseIterable, Hashable, Sendable {
    /// The line is no JSON object, or has no `custom_id`.
    case malformedLine = "malformed-line"
    /// The identifier is of no request of this file.
    case foreign
    /// Another line answers the same request.
    case repeated
    /// The server has refused or failed.
    case failed
    /// The model declined to answer.
    case refused
    /// The answer ends at its longest length.
    case cutOff = "cut-off"
    /// The answer is not of the form that was asked for.
    case malformedAnswer = "malformed-answer"
    /// Words of the answer stand nowhere in the document.
    case notInDocument = "not-in-document"
    /// They stand more or less often than the answer says, so that it is open which place is meant.
    case ambiguous
    /// No document of the database has the text.
    case noDocument = "no-document"
    /// There is no answer to the request.
    case missing

    /// What it says, for people.
    package var words: String {
        switch self {
        case .malformedLine: "no JSON object with a custom_id"
        case .foreign: "its custom_id is of no request"
        case .repeated: "another line answers the same request"
        case .failed: "the server gave no answer"
        case .refused: "the model declined"
        case .cutOff: "the answer is cut off"
        case .malformedAnswer: "the answer has not the form that was asked for"
        case .notInDocument: "what it names does not stand in the document"
        case .ambiguous: "what it names stands at another number of places than it says"
        case .noDocument: "no current document has the text"
        case .missing: "there is no answer"
        }
    }
}
