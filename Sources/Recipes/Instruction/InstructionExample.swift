// SPDX-License-Identifier: Apache-2.0
package import Tokenizers

/// A conversation to learn from: its assistant's answers are what is learnt.
package struct InstructionExample: Hashable, Sendable {
    /// The messages; the last one is the assistant's.
    package let messages: [ChatMessage]
    /// The task that it belongs to, by which rows are mixed.
    package let task: String
    /// What stands for the document that it is about: rows of one document are held out together.
    package let document: String
    /// The line of its file, from 1.
    package let line: Int
}

/// What is wrong with one row of instruction data; never the row's text.
package enum InstructionFault: Hashable, Sendable {
    /// The line is no JSON object.
    case notJSON
    /// A name stands twice.
    case repeated(field: String)
    /// A field is missing or empty.
    case missing(String)
    /// A field is of another type than it should be.
    case type(String)
    /// The row has another number of fields than the first line names.
    case fieldCount(expected: Int, found: Int)
    /// The letter of an answer names no option.
    case answerOutOfOptions
    /// A role is none of system, user and assistant.
    case role
    /// The last message is not the assistant's.
    case noAnswer
    /// The chat template has no place for the messages in their order.
    case order
    /// The row has more tokens than the context.
    case tooLong(tokens: Int, context: Int)
}

/// A row at fault and where it is.
package struct FaultyRow: Hashable, Sendable {
    /// Path below the data directory.
    package let file: String
    /// The line, from 1.
    package let line: Int
    /// What is wrong.
    package let fault: InstructionFault
}

/// Why instruction data cannot be learnt from.
package enum InstructionDataError: Error, Hashable {
    /// Rows are at fault: the first ones, and how many there are.
    case rows([FaultyRow], count: Int)
    /// A table's first line lacks a column.
    case column(file: String, column: String)
    /// A column stands twice in the first line.
    case repeatedColumn(file: String, line: Int, column: String)
    /// A quotation mark of a table is not closed, or has something after it.
    case table(file: String, line: Int)
    /// There is nothing to learn from.
    case empty(file: String)

    /// Faults that are named.
    static let mostNamed = 20

    /// The error of some rows, which are not none.
    static func of(_ rows: [FaultyRow]) -> Self {
        .rows(Array(rows.prefix(mostNamed)), count: rows.count)
    }
}
