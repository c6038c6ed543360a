// SPDX-License-Identifier: Apache-2.0

/// A record of a file that gave no document: where it stands and why, never its text.
package struct RecordFault: Codable, Hashable, Sendable {
    /// The line, counted from 1; nil for a record of no line.
    package let line: Int?
    /// The record as its format counts, such as `message 3`; nil for a record that is a line.
    package let record: String?
    /// What is wrong, one word with hyphens, for programs.
    package let code: String
    /// What is wrong, for people.
    package let reason: String

    /// States a fault of a line, or of a record that `record` names.
    package init(line: Int?, record: String? = nil, code: String, reason: String) {
        (self.line, self.record, self.code, self.reason) = (line, record, code, reason)
    }

    /// Where it stands, for people.
    var place: String { record ?? line.map { "line \($0)" } ?? "the file" }
}

/// The records of one file that gave no document.
package struct RecordFaults: Hashable, Sendable {
    /// The most that are listed; the others are counted.
    package static let mostListed = 1000

    /// The first of them, in the file's order.
    package private(set) var listed: [RecordFault] = []
    /// How many there are.
    package private(set) var count = 0
    /// Marks of the documents that the file's other records gave, by which a retry knows them.
    package var documents: [String] = []

    /// None yet.
    package init() {}

    /// Adds the next fault of the file.
    package mutating func append(_ fault: RecordFault) {
        count += 1
        if listed.count < Self.mostListed { listed.append(fault) }
    }
}
