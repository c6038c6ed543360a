package import Tensors

extension TrunkModel {
    /// The same model with its matrices prepared for products of a precision; it computes only, and
    /// its weights are no longer those that were trained.
    package func prepared(for precision: Precision) -> TrunkModel {
        var weights = weights
        // A head that is the embedding is a matrix of its own from here on.
        weights.head = weights.output.prepared(for: precision)
        weights.layers = weights.layers.map { $0.prepared(for: precision) }
        return TrunkModel(
            configuration: configuration, weights: weights, adapterCount: adapterCount)
    }
}

extension LayerWeights {
    fileprivate func prepared(for precision: Precision) -> LayerWeights {
        var layer = self
        for place in [\LayerWeights.query, \.key, \.value, \.output] {
            layer[keyPath: place] = layer[keyPath: place].prepared(for: precision)
        }
        switch feedForward {
        case .plain(let up, let down):
            layer.feedForward = .plain(
                up: up.prepared(for: precision), down: down.prepared(for: precision))
        case .gated(let block): layer.feedForward = .gated(block.prepared(for: precision))
        case .experts(let router, let experts):
            layer.feedForward = .experts(
                router: router.prepared(for: precision),
                experts.map { $0.prepared(for: precision) })
        }
        return layer
    }
}

extension GatedBlock {
    fileprivate func prepared(for precision: Precision) -> GatedBlock {
        GatedBlock(
            gate: gate.prepared(for: precision), up: up.prepared(for: precision),
            down: down.prepared(for: precision))
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
