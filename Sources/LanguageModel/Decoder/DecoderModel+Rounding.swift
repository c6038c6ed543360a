// SPDX-License-Identifier: Apache-2.0
import Tensors
package import WeightFiles

extension DecoderModel {
    /// The same model with every weight rounded to bfloat16, as a bundle stores it.
    ///
    /// Round to nearest, ties to even; heads that are fitted on this model see the states that they
    /// will see once the bundle is loaded.
    package func roundedToBFloat16() throws(WeightFileError) -> DecoderModel {
        let rounded = weights.named(configuration).mapValues { tensor in
            let values = tensor.values.map { value in
                let bits = value.bitPattern
                return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
            }
            return Tensor(shape: tensor.shape, values: values)
        }
        let weights = try DecoderWeights(
            from: MemoryTensors(rounded, name: "memory"), configuration: configuration)
        return DecoderModel(configuration: configuration, weights: weights)
    }
}
