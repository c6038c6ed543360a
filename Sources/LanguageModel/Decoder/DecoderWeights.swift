package import Tensors
package import WeightFiles

/// The weights of one layer.
package struct LayerWeights: Hashable, Sendable {
    /// Norm before attention (C).
    package var inputNorm: Tensor
    /// Query projection (H · D, C).
    package var query: Projection
    /// Key projection (G · D, C).
    package var key: Projection
    /// Value projection (G · D, C).
    package var value: Projection
    /// Projection after attention (C, H · D).
    package var output: Projection
    /// Norm of each query head (D), or nil.
    package var queryNorm: Tensor?
    /// Norm of each key head (D), or nil.
    package var keyNorm: Tensor?
    /// Norm of what attention adds (C), or nil.
    package var attentionOutputNorm: Tensor?
    /// Norm before the feed-forward block (C).
    package var feedForwardNorm: Tensor
    /// The feed-forward block.
    package var feedForward: FeedForwardWeights
    /// Norm of what the feed-forward block adds (C), or nil.
    package var feedForwardOutputNorm: Tensor?
}

/// The matrices of a feed-forward block.
package enum FeedForwardWeights: Hashable, Sendable {
    /// down · act(up · x); up is (F, C), down (C, F).
    case plain(up: Projection, down: Projection)
    /// down · (act(gate · x) ∘ up · x).
    case gated(GatedBlock)
    /// The router (experts, C) and the experts.
    case experts(router: Projection, [GatedBlock])
}

/// A gated feed-forward block, alone or as an expert.
package struct GatedBlock: Hashable, Sendable {
    /// The matrix whose result passes the activation (F, C).
    package var gate: Projection
    /// The matrix beside it (F, C).
    package var up: Projection
    /// The last matrix (C, F).
    package var down: Projection
}

/// All weights of a decoder.
package struct DecoderWeights: Hashable, Sendable {
    /// Token embedding (V, C).
    package var embedding: Tensor
    /// The layers, the first one first.
    package var layers: [LayerWeights]
    /// Norm before the head (C).
    package var finalNorm: Tensor
    /// Head (V, C); nil where the embedding serves as head.
    package var head: Tensor?

    /// The matrix that turns states into logits (V, C).
    package var output: Tensor { head ?? embedding }

    /// Reads all tensors that a configuration asks for; others are left alone.
    ///
    /// Every shape is checked before the first element is read. Throws `WeightFileError`
    /// (`missingTensor`, `unexpectedShape`, …).
    package init(
        from source: some TensorSource, configuration: DecoderConfiguration
    ) throws(WeightFileError) {
        let stored = configuration.storedTensors
        for tensor in stored { try source.check(tensor.name, shape: tensor.shape) }
        var layers = [[LayerTensor: Tensor]](
            repeating: [:], count: configuration.numHiddenLayers)
        var (embedding, finalNorm, head) = (Tensor(zeros: [0]), Tensor(zeros: [0]), Tensor?.none)
        for entry in stored {
            let tensor = try source.tensor(entry.name, shape: entry.shape)
            switch entry.place {
            case .embedding: embedding = tensor
            case .finalNorm: finalNorm = tensor
            case .head: head = tensor
            case .layer(let index, let parts):
                var row = 0
                for part in parts {
                    let shape = configuration.shape(of: part)
                    layers[index][part] =
                        parts.count == 1 ? tensor : tensor.part(rows: shape[0], from: row)
                    row += shape[0]
                }
            }
        }
        self.embedding = embedding
        self.finalNorm = finalNorm
        self.head = head
        self.layers = layers.map { LayerWeights($0, configuration) }
    }

    /// The tensors by published name, as they are written to a checkpoint.
    package func named(_ configuration: DecoderConfiguration) -> [String: Tensor] {
        configuration.storedTensors.reduce(into: [:]) { result, entry in
            switch entry.place {
            case .embedding: result[entry.name] = embedding
            case .finalNorm: result[entry.name] = finalNorm
            case .head: result[entry.name] = output
            case .layer(let index, let parts):
                let values = parts.flatMap { layers[index][$0]?.values ?? [] }
                result[entry.name] = Tensor(shape: entry.shape, values: values)
            }
        }
    }
}

extension LayerWeights {
    /// The layer of tensors that are all there, as `storedTensors` lists them.
    init(_ tensors: [LayerTensor: Tensor], _ configuration: DecoderConfiguration) {
        func vector(_ name: LayerTensor) -> Tensor {
            guard let tensor = tensors[name] else {
                preconditionFailure("a layer has every tensor of its configuration")
            }
            return tensor
        }
        func projection(_ name: LayerTensor) -> Projection {
            Projection(weight: vector(name), bias: tensors[.bias(of: name)])
        }
        inputNorm = vector(.inputNorm)
        query = projection(.query)
        key = projection(.key)
        value = projection(.value)
        output = projection(.output)
        queryNorm = tensors[.queryNorm]
        keyNorm = tensors[.keyNorm]
        attentionOutputNorm = tensors[.attentionOutputNorm]
        feedForwardNorm = vector(.feedForwardNorm)
        feedForwardOutputNorm = tensors[.feedForwardOutputNorm]
        switch configuration.feedForward {
        case .plain: feedForward = .plain(up: projection(.up), down: projection(.down))
        case .gated:
            feedForward = .gated(
                GatedBlock(
                    gate: projection(.gate), up: projection(.up), down: projection(.down)))
        case .experts(let count, _):
            feedForward = .experts(
                router: projection(.router),
                (0..<count).map {
                    GatedBlock(
                        gate: projection(.expertGate($0)), up: projection(.expertUp($0)),
                        down: projection(.expertDown($0)))
                })
        }
    }

    /// One of the layer's tensors, or nil where it has none of the kind.
    subscript(tensor: LayerTensor) -> Tensor? {
        if case .bias(let matrix) = tensor { return projection(matrix)?.bias }
        switch tensor {
        case .inputNorm: return inputNorm
        case .queryNorm: return queryNorm
        case .keyNorm: return keyNorm
        case .attentionOutputNorm: return attentionOutputNorm
        case .feedForwardNorm: return feedForwardNorm
        case .feedForwardOutputNorm: return feedForwardOutputNorm
        default: return projection(tensor)?.weight
        }
    }

    private func projection(_ tensor: LayerTensor) -> Projection? {
        switch (tensor, feedForward) {
        case (.query, _): query
        case (.key, _): key
        case (.value, _): value
        case (.output, _): output
        case (.up, .plain(let up, _)): up
        case (.down, .plain(_, let down)): down
        case (.gate, .gated(let block)): block.gate
        case (.up, .gated(let block)): block.up
        case (.down, .gated(let block)): block.down
        case (.router, .experts(let router, _)): router
        case (.expertGate(let index), .experts(_, let experts)): experts[index].gate
        case (.expertUp(let index), .experts(_, let experts)): experts[index].up
        case (.expertDown(let index), .experts(_, let experts)): experts[index].down
        default: nil
        }
    }
}

extension Tensor {
    /// `count` of the outermost rows from `start` on.
    fileprivate func part(rows count: Int, from start: Int) -> Tensor {
        let width = shape.dropFirst().reduce(1, *)
        return Tensor(
            shape: [count] + shape.dropFirst(),
            values: Array(values[start * width..<(start + count) * width]))
    }
}
