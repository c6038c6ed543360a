// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors

extension ParameterLayout {
    /// The tensors of a decoder's checkpoint, by their published names and in their order.
    package init(_ configuration: DecoderConfiguration) {
        self.init(
            configuration.storedTensors.map { Entry(name: $0.name, shape: $0.shape) })
    }
}

extension ParameterSet {
    /// Takes tensors by name; throws ``TrainingError/tensorMissing(_:)`` or
    /// ``TrainingError/tensorShape(_:expected:found:)``.
    package init(
        _ layout: ParameterLayout, tensor: (String) throws -> Tensor?
    ) throws {
        let tensors = try layout.entries.map { entry in
            guard let found = try tensor(entry.name) else {
                throw TrainingError.tensorMissing(entry.name)
            }
            guard found.shape == entry.shape else {
                throw TrainingError.tensorShape(
                    entry.name, expected: entry.shape, found: found.shape)
            }
            return found
        }
        self.init(layout, tensors: tensors)
    }
}
