// SPDX-License-Identifier: Apache-2.0

/// How a labelled question is put to a model in writing, and what it should write: one wording for
/// training and for measuring.
package enum BenchmarkPrompt {
    /// The most options that have a letter.
    package static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
    /// What is written where no string of the document is the answer.
    package static let none = "なし"

    /// A question with its options, a line each, behind their letters.
    package static func text(question: String, options: [String]) -> String {
        zip(letters, options).reduce(question) { $0 + "\n\($1.0). \($1.1)" }
    }

    /// The right answer in writing: the letter, or the strings, a line each.
    package static func answer(_ answer: BenchmarkRow.Answer) -> String {
        switch answer {
        case .letter(let letter): letter
        case .strings(let strings): strings.isEmpty ? none : strings.joined(separator: "\n")
        }
    }
}
