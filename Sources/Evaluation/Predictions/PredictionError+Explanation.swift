// SPDX-License-Identifier: Apache-2.0
package import Faults

extension PredictionError: Explained {
    /// The file and its line; never the row's text.
    package var explanation: String {
        switch self {
        case .malformed(let file, let line):
            "\(file): line \(line) is no prediction (task, row, prediction)"
        case .repeated(let file, let line):
            "\(file): line \(line) answers a row that an earlier line answers"
        case .empty(let file): "\(file) has no predictions"
        case .otherSetting(let file, let name, let found, let wanted):
            "\(file) was made with \(name) \(found), not \(wanted); name another file with --predictions, "
                + "or remove this one"
        case .otherQuestion(let file, let task, let row):
            "\(file): row \(row) of \(task) was another question; the data has changed since"
        case .noRightAnswer(let file, let task, let row):
            "\(file): row \(row) of \(task) has no field answer, by which answers are compared"
        case .nothingInCommon(let first, let second):
            "\(first) and \(second) answer no row of the same task"
        }
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}
