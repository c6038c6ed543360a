// SPDX-License-Identifier: Apache-2.0
package import Faults

extension TaskParameterError: Explained {
    /// The task and the field or tensor of its head.
    package var explanation: String {
        switch self {
        case .settings(let task, let field):
            "the model's settings of \(task) are damaged at \(field)"
        case .statesNotServed(let task, let width):
            "the model's head of \(task) was fitted with the trunk's states (stateWidth \(width)), which this program does not give to that task; fit it again without them"
        case .missingTensor(let task, let tensor): "the model's task \(task) lacks \(tensor)"
        case .shape(let task, let tensor, let expected, let found):
            "\(tensor) of the task \(task) has shape \(found), expected \(expected)"
        }
    }

    /// Another model is needed.
    package var disposition: Disposition { .unavailable }
}
