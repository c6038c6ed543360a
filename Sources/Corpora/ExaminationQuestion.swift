// SPDX-License-Identifier: Apache-2.0

/// A question of an examination: choices with one or several right ones, or a number to be found.
package struct ExaminationQuestion: Hashable, Sendable {
    /// Its name, for example `112A1`.
    package let id: String
    /// What its figures are gathered under: a year, a subject; may be empty.
    package let group: String
    /// What is asked.
    package let question: String
    /// The choices' texts; empty where a number is to be found.
    package let choices: [String]
    /// The right answers, any of which will do: numbers of choices, ascending.
    package let right: [[Int]]
    /// The right answers where there are no choices, any of which will do.
    package let rightTexts: [String]
    /// Points for a right answer; 0 where it is not counted.
    package let points: Int
    /// Whether a picture belongs to it, which nobody is shown here.
    package let needsImage: Bool
    /// Whether every answer is right.
    package let isGivenAway: Bool

    /// All parts.
    package init(
        id: String, group: String, question: String, choices: [String], right: [[Int]],
        rightTexts: [String] = [], points: Int = 1, needsImage: Bool = false,
        isGivenAway: Bool = false
    ) {
        (self.id, self.group, self.question) = (id, group, question)
        (self.choices, self.right, self.rightTexts) = (choices, right, rightTexts)
        (self.points, self.needsImage, self.isGivenAway) = (points, needsImage, isGivenAway)
    }

    /// How many choices are to be named, which the examination's paper says, too.
    package var chosen: Int { right.first?.count ?? 1 }
}
