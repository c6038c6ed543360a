// SPDX-License-Identifier: Apache-2.0
package import JapaneseText

/// A model that follows instructions and is asked about documents.
package protocol DocumentAsker: Sendable {
    /// What it says of each text, in their order: JSON by the task's schema. A text gets the same answer alone or
    /// among others.
    func answers(about texts: [AnalyzedText]) throws -> [InstructedAnswer]
}

/// What a model that follows instructions says of a document.
package enum InstructedAnswer: Hashable, Sendable {
    /// An answer that follows the task's schema.
    case answered(json: String)
    /// None: question and answer would take more tokens than a document has.
    case beyondBudget
}
