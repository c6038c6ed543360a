import Corpora
import HeadTraining

extension CommandFailure {
    /// The sentence for a corpus or benchmark file that cannot be read.
    static func explain(_ error: CorpusError) -> CommandFailure {
        switch error {
        case .unreadable(let file):
            CommandFailure(Code.noInput, "\(file) cannot be read, or is not UTF-8")
        case .malformedRow(let file, let line):
            CommandFailure(Code.badData, "\(file): row \(line) is not what the task's rows are")
        case .labelOutOfSet(let file, let line):
            CommandFailure(
                Code.badData, "\(file): the answer of row \(line) is none of its options")
        case .missingColumn(let file, let column):
            CommandFailure(Code.badData, "\(file) has no column \(column)")
        }
    }

    /// The sentence for rows that a head cannot learn from.
    static func explain(_ error: HeadTrainingError) -> CommandFailure {
        switch error {
        case .noRows(let task):
            CommandFailure(Code.badData, "no rows of \(task) are left to learn from")
        case .unusableRow(let task, let row):
            CommandFailure(Code.badData, "the row \(row) of \(task) lacks what the task needs")
        }
    }
}
