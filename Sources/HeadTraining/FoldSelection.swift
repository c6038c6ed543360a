// SPDX-License-Identifier: Apache-2.0
package import Corpora

extension Array where Element == BenchmarkRow {
    /// The rows to learn from: all, or all outside one fold.
    package func excluding(fold: Int?) -> [BenchmarkRow] { filter { $0.fold != fold } }

    /// The rows of one fold, which a model that excluded it has not seen.
    package func inFold(_ fold: Int) -> [BenchmarkRow] { filter { $0.fold == fold } }
}

extension BenchmarkRow {
    /// The class that the right letter stands for, from 0; nil for rows of entity tasks.
    package var answerClass: Int? {
        guard case .letter(let letter) = answer else { return nil }
        return BenchmarkChoice.index(of: letter)
    }
}

/// Why a head could not be fitted.
package enum HeadTrainingError: Error, Equatable {
    /// No rows of the task are left to learn from.
    case noRows(task: String)
    /// A row lacks what the task needs, or its answer is outside the task's scale.
    case unusableRow(task: String, row: String)
}
