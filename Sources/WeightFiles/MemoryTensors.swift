// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// Tensors that are in memory already, to be read like those of a file.
package struct MemoryTensors: TensorSource {
    /// What errors call the source.
    package let path: String
    private let tensors: [String: Tensor]

    /// Tensors by name.
    package init(_ tensors: [String: Tensor], name: String) {
        (self.tensors, path) = (tensors, name)
    }

    /// All names, sorted.
    package var names: [String] { tensors.keys.sorted() }

    /// The shape of a tensor, outermost length first.
    package func shape(of name: String) -> [Int]? { tensors[name]?.shape }

    /// The tensor itself; throws `missingTensor`.
    package func tensor(_ name: String) throws(WeightFileError) -> Tensor {
        guard let tensor = tensors[name] else {
            throw .missingTensor(file: path, tensor: name)
        }
        return tensor
    }
}
