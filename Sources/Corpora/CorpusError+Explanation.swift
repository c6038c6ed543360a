// SPDX-License-Identifier: Apache-2.0
package import Faults

extension CorpusError: Explained {
    /// The file and its row or column; never the row's text.
    package var explanation: String {
        switch self {
        case .unreadable(let file): "\(file) cannot be read, or is not UTF-8"
        case .malformedRow(let file, let line):
            "\(file): row \(line) is not what the task's rows are"
        case .labelOutOfSet(let file, let line):
            "\(file): the answer of row \(line) is none of its options"
        case .missingColumn(let file, let column): "\(file) has no column \(column)"
        }
    }

    /// The file is missing or at fault.
    package var disposition: Disposition {
        if case .unreadable = self { return .noInput }
        return .badData
    }
}
