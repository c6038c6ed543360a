// SPDX-License-Identifier: Apache-2.0

/// Where in a file a record stands.
package struct RecordPlace: Hashable, Sendable {
    /// What a format's records are.
    package enum Unit: String, Hashable, Sendable {
        case line
        case message
        case row
        case entry
    }

    /// What is counted.
    package let unit: Unit
    /// The record's number, counted from 1.
    package let number: Int
    /// The line that the record begins in, counted from 1, where that is another number.
    package let line: Int?
    /// What the sender calls the record for itself, such as the control id of a message; never a patient's.
    package let name: String?

    /// A place.
    package init(_ unit: Unit, _ number: Int, line: Int? = nil, name: String? = nil) {
        (self.unit, self.number, self.line, self.name) = (unit, number, line, name)
    }

    /// The place as a sentence begins with it, such as `row 3 (line 5)` or `message 2 (B2)`.
    package var words: String {
        let remarks = [name, line.map { "line \($0)" }].compactMap(\.self)
        return "\(unit.rawValue) \(number)"
            + (remarks.isEmpty ? "" : " (" + remarks.joined(separator: ", ") + ")")
    }
}
