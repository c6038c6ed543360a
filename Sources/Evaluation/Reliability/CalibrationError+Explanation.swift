// SPDX-License-Identifier: Apache-2.0
package import Faults

extension CalibrationError: Explained {
    /// The task, and what answers are needed.
    package var explanation: String {
        switch self {
        case .noMap(let task, let type):
            "\(task), \(type): the answers make no map of scores; they must be about several documents, and right ones have higher scores"
        case .nothingToCalibrate:
            "no answer is of a task whose scores are written: entities, crade or jcsts"
        }
    }

    /// Other answers are needed.
    package var disposition: Disposition { .badData }
}
