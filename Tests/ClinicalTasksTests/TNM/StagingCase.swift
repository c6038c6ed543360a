// SPDX-License-Identifier: Apache-2.0
import Testing

/// A fictional report, and what must come of it.
struct StagingCase: Sendable, CustomTestStringConvertible {
    /// What a report must lead to.
    enum Outcome: Equatable, Sendable {
        /// The three categories.
        case staged(String, String, String)
        /// No stage, for the reason of this name.
        case notStaged(String)
    }

    let name: String
    let expected: Outcome
    let text: String

    var testDescription: String { name }

    init(_ name: String, _ expected: Outcome, _ text: String) {
        self.name = name
        self.expected = expected
        self.text = text
    }
}
