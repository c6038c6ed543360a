// SPDX-License-Identifier: Apache-2.0
package import Foundation
import RowFiles

/// One answer of a model about a document that it has not seen: its score, and whether it is right.
package struct HeldOutAnswer: Codable, Hashable, Sendable {
    /// Task that was asked, as `shokenctl evaluate folds` names it.
    package let task: String
    /// What the answer says: a type of entity, a level, an axis, a symptom.
    package let type: String
    /// Fold of the document, 0 to 4.
    package let fold: Int
    /// Identifier of the document in the corpus.
    package let document: String
    /// What the model gives as its probability, 0 to 1.
    package let score: Double
    /// Whether the answer is right.
    package let isRight: Bool

    enum CodingKeys: String, CodingKey {
        case task, type, fold, document, score
        case isRight = "right"
    }

    /// An answer.
    package init(
        task: String, type: String, fold: Int, document: String, score: Double, isRight: Bool
    ) {
        (self.task, self.type, self.fold, self.document) = (task, type, fold, document)
        (self.score, self.isRight) = (score, isRight)
    }

    /// The answers of a JSON Lines file; throws `HeldOutAnswerError` naming file, line and field.
    package static func read(_ file: URL) throws -> [HeldOutAnswer] {
        let name = file.path(percentEncoded: false)
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw HeldOutAnswerError.unreadable(file: name)
        }
        let decoder = JSONDecoder()
        var answers: [HeldOutAnswer] = []
        for line in NumberedLines(data) {
            guard let answer = try? decoder.decode(HeldOutAnswer.self, from: line.bytes) else {
                throw HeldOutAnswerError.malformed(file: name, line: line.number)
            }
            guard (0...1).contains(answer.score) else {
                throw HeldOutAnswerError.score(file: name, line: line.number, found: answer.score)
            }
            answers.append(answer)
        }
        guard !answers.isEmpty else { throw HeldOutAnswerError.empty(file: name) }
        return answers
    }
}

/// Why a file of held-out answers cannot be used.
package enum HeldOutAnswerError: Error, Equatable {
    case unreadable(file: String)
    case malformed(file: String, line: Int)
    case score(file: String, line: Int, found: Double)
    case empty(file: String)
}
