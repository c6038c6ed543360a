// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ReviewError: Explained {
    /// What is wrong with the action; never a document's text.
    package var explanation: String {
        switch self {
        case .noDocument(let row): "no document has the number \(row)"
        case .noMention(let row): "document \(row) has no such mention"
        case .outsideText(let row, let length):
            "the place is not within the \(length) characters of document \(row)"
        case .value(let kind): "the value is no \(kind)"
        case .nothingToUndo(let row): "there is nothing to undo in document \(row)"
        case .unjudged(let row, let count):
            "\(count) mentions of document \(row) are neither accepted nor rejected"
        case .notCurrent(let row): "document \(row) is not current any more"
        case .otherText(let row): "document \(row) has another text than the one that was corrected"
        case .length(let name, let limit): "the \(name) needs 1 to \(limit) characters"
        case .store(let error): error.explanation
        }
    }

    /// The request is at fault, unless the database is.
    package var disposition: Disposition {
        switch self {
        case .noDocument: .noInput
        case .store(let error): error.disposition
        default: .usage
        }
    }
}
