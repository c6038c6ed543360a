// SPDX-License-Identifier: Apache-2.0
import Tensors

extension TaskParameters {
    /// The parameters as they come back from storage in half precision.
    package func roundedToHalf() -> TaskParameters {
        TaskParameters(
            settings: settings,
            tensors: tensors.mapValues { tensor in
                Tensor(shape: tensor.shape, values: tensor.values.map { Float(Float16($0)) })
            })
    }
}
