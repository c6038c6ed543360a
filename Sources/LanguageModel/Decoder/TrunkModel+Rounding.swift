import Tensors

extension TrunkModel {
    /// The same model with every weight rounded to bfloat16, as a bundle stores it.
    ///
    /// Round to nearest, ties to even; heads that are fitted on this model see the states that they
    /// will see once the bundle is loaded.
    package func roundedToBFloat16() -> TrunkModel {
        var weights = weights
        for place in DecoderWeights.places(configuration) {
            let tensor = weights[keyPath: place.path]
            let values = tensor.values.map { value in
                let bits = value.bitPattern
                return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
            }
            weights[keyPath: place.path] = Tensor(shape: tensor.shape, values: values)
        }
        return TrunkModel(configuration: configuration, weights: weights)
    }
}
