// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// What is wrong with a row of a site's own. Values are never shown, since they may be a patient's.
package enum OwnRowFault: Error, Hashable, Sendable {
    /// The line is no JSON object.
    case notARow
    /// A field is of another type.
    case type(field: String)
    /// A field is not there.
    case missing(field: String)
    /// A field stands twice.
    case repeated(field: String)
    /// A field that nothing is known of, and those that are known there.
    case unknownField(field: String, known: [String])
    /// A field has a value that means nothing, and what it must be.
    case value(field: String, expected: String)
    /// Two mentions overlap.
    case overlap
    /// The line has more or fewer fields than the first one.
    case fieldCount(found: Int, expected: Int)
}

extension OwnRowFault: JSONFieldError {
    /// The line is no object, or a field has another type.
    package static func malformed(file: String, field: String) -> Self {
        field == "$" ? .notARow : .type(field: field)
    }

    /// A field is not there.
    package static func missing(file: String, field: String) -> Self { .missing(field: field) }

    /// A field stands twice.
    package static func duplicate(file: String, field: String) -> Self { .repeated(field: field) }

    /// A field that nothing is known of; the value is not shown.
    package static func unsupported(file: String, field: String, value: String) -> Self {
        .unknownField(field: field, known: [])
    }

    /// More than is read of a line.
    package static func tooLarge(file: String, field: String, count: Int, limit: Int) -> Self {
        .notARow
    }
}

/// Why rows of a site's own cannot be used.
package enum OwnRowsError: Error, Hashable, Sendable {
    /// A row with its line.
    package struct Row: Hashable, Sendable {
        /// The line, from 1.
        package var line: Int
        /// What is wrong there.
        package var fault: OwnRowFault

        /// A row.
        package init(line: Int, fault: OwnRowFault) { (self.line, self.fault) = (line, fault) }
    }

    /// The most rows that an error names.
    static let mostNamed = 20

    /// The first of the rows that cannot be used, and how many they are.
    case rows(file: String, [Row], count: Int)
    /// A column that means nothing, or, without `known`, one that is missing.
    case column(file: String, column: String, known: [String])
    /// A column stands twice in the first line.
    case repeatedColumn(file: String, line: Int, column: String)
    /// A table has a quotation mark out of place.
    case table(file: String, line: Int)
    /// The bytes are in no encoding that is known.
    case unreadable(file: String, detail: String)
    /// The name ends in nothing that is known.
    case unknownKind(file: String)
    /// No row says anything of a task that the recipe reads the file for.
    case nothing(file: String, task: OwnRowTask)
    /// No row is left for a task that the recipe fits a head for.
    case noRows(task: String)
    /// No row that is held out can stand in a golden set.
    case noGoldenRows(fold: Int)
}
