// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Faults

extension HeadTrainingError: Explained {
    /// The task, and the row by its identifier.
    package var explanation: String {
        switch self {
        case .noRows(let task): "\(task).jsonl: no rows are left to learn from"
        case .unusableRow(let task, let row):
            "\(task).jsonl: the row \(row) lacks what the task needs, or its answer is none of its scale"
        }
    }

    /// The rows are at fault.
    package var disposition: Disposition { .badData }
}

extension TNMTrainingError: Explained {
    /// The row by its identifier, and what it must hold.
    package var explanation: String {
        switch self {
        case .unknownTag(let row):
            "rrtnm.jsonl: the tag of the row \(row) must be one of "
                + TNMAxis.allCases.map(\.rawValue).joined(separator: ", ")
        case .unknownAnswer(let row):
            "rrtnm.jsonl: the answer of the row \(row) is no category of the axis that its tag names"
        }
    }

    /// The rows are at fault.
    package var disposition: Disposition { .badData }
}

extension EntityTrainingError: Explained {
    /// The row, document or dictionary, and what it must hold.
    package var explanation: String {
        switch self {
        case .placeOutsideText(let task, let row):
            "\(task).jsonl: the row \(row) has an answer whose offsets enclose no part of its document"
        case .noDocuments(let types):
            "no document is left to learn \(types.map(\.rawValue).joined(separator: ", ")) from"
        case .dictionary(let file):
            "\(file) cannot be read as a dictionary: a line of column names and rows are needed, "
                + "and for diseases the columns surface and icd10, with tabs between them"
        case .states(let document):
            "the trunk's states of the document \(document) are not one for each word"
        }
    }

    /// Rows and dictionaries are the giver's; the states of a document are ours.
    package var disposition: Disposition {
        if case .states = self { return .software }
        return .badData
    }
}
