// SPDX-License-Identifier: Apache-2.0
package import Faults

extension AdapterError: Explained {
    /// The file and the layer or tensor.
    package var explanation: String {
        switch self {
        case .target(let file, let target):
            "\(file): the model has no linear layer \(target) to change"
        case .tensor(let file, let tensor):
            "\(file): the tensor \(tensor) belongs to no layer that adapter_config.json names"
        case .empty(let file): "\(file) changes no layer"
        }
    }

    /// The adapter is at fault, or of another model.
    package var disposition: Disposition { .badData }
}
