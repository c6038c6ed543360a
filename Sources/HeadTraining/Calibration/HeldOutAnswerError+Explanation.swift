// SPDX-License-Identifier: Apache-2.0
package import Faults

extension HeldOutAnswerError: Explained {
    /// The file, its line, and what is expected there.
    package var explanation: String {
        switch self {
        case .unreadable(let file): "cannot read \(file)"
        case .malformed(let file, let line):
            "\(file), line \(line): not an answer with task, type, fold, document, score and right, as shokenctl evaluate folds --predictions writes it"
        case .score(let file, let line, let found):
            "\(file), line \(line): score is \(found); it is 0 to 1"
        case .empty(let file): "\(file) holds no answers"
        }
    }

    /// Another file is needed.
    package var disposition: Disposition {
        switch self {
        case .unreadable: .noInput
        case .malformed, .score, .empty: .badData
        }
    }
}
