// SPDX-License-Identifier: Apache-2.0
package import Tensors

extension DecoderModel {
    /// The same model with its matrices prepared for products of a precision; it computes only, and
    /// its weights are no longer those that were trained.
    package func prepared(for precision: Precision) -> DecoderModel {
        var weights = weights
        // A head that is the embedding is a matrix of its own from here on.
        weights.head = weights.output.prepared(for: precision)
        weights.layers = weights.layers.map { layer in
            layer.mapLinears { $0.prepared(for: precision) }
        }
        return DecoderModel(
            configuration: configuration, weights: weights, adapterCount: adapterCount)
    }
}

extension Projection {
    /// The same projection with its matrix prepared for products of a precision.
    func prepared(for precision: Precision) -> Projection {
        var prepared = self
        prepared.weight = weight.prepared(for: precision)
        return prepared
    }
}
