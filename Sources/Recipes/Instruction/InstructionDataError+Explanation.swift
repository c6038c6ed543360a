// SPDX-License-Identifier: Apache-2.0
package import Faults

extension InstructionDataError: Explained {
    /// The file and line of each row that is named; never its text.
    package var explanation: String {
        switch self {
        case .rows(let rows, let count):
            let named = rows.map { "\($0.file), line \($0.line): \($0.fault.explanation)" }
            let more = count > rows.count ? ["and \(count - rows.count) more"] : []
            return "rows cannot be used: " + (named + more).joined(separator: "; ")
        case .column(let file, let column):
            return "\(file): the first line names no column \(column)"
        case .repeatedColumn(let file, let line, let column):
            return "\(file), line \(line): the column \(column) stands twice"
        case .table(let file, let line):
            return "\(file), line \(line): a quotation mark is out of place"
        case .empty(let file): return "\(file): there is no row to use"
        }
    }

    /// The data are at fault.
    package var disposition: Disposition { .badData }
}

extension InstructionFault: Explained {
    /// What is wrong with a row; file and line are the caller's to name.
    package var explanation: String {
        switch self {
        case .repeated(let field): "\(field) stands twice; which one counts is not known"
        case .notJSON: "not a JSON object"
        case .missing(let field): "\(field) is missing or empty"
        case .type(let field): "\(field) is of another type"
        case .fieldCount(let expected, let found): "\(found) fields instead of \(expected)"
        case .answerOutOfOptions: "the answer names no option"
        case .role: "a role is none of system, user and assistant"
        case .noAnswer: "the last message is not the assistant's"
        case .order: "the chat template has no place for the messages in this order"
        case .tooLong(let tokens, let context):
            "\(tokens) tokens in a context of \(context); see training.long_rows"
        }
    }

    /// The row is at fault.
    package var disposition: Disposition { .badData }
}
