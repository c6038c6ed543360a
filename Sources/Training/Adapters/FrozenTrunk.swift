// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors

/// The weights of an encoder that stay as they are, and what change of low rank (LoRA) is trained
/// beside them.
struct FrozenTrunk: Sendable {
    /// All tensors of the trunk by their published names.
    let tensors: [String: Tensor]
    /// The change.
    let settings: AdapterSettings

    /// A tensor in the shape that the network gives it.
    func tensor(_ name: String, shape: [Int]) -> Tensor {
        guard let tensor = tensors[name], tensor.count == shape.reduce(1, *) else {
            preconditionFailure("every tensor was read in its shape")
        }
        return Tensor(shape: shape, values: tensor.values)
    }

    /// Whether a linear layer is to be changed.
    func changes(_ module: String) -> Bool {
        switch settings.targets {
        case .all: true
        case .named(let names): names.contains { AdapterModule.matches(module, target: $0) }
        }
    }
}
