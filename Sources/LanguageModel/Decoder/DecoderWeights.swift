package import Tensors
package import WeightFiles

/// The weights of one layer.
package struct LayerWeights: Sendable {
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
package enum FeedForwardWeights: Sendable {
    /// down · act(up · x); up is (F, C), down (C, F).
    case plain(up: Projection, down: Projection)
    /// down · (act(gate · x) ∘ up · x).
    case gated(GatedBlock)
    /// The router (experts, C) and the experts.
    case experts(router: Projection, [GatedBlock])
}

/// A gated feed-forward block, alone or as an expert.
package struct GatedBlock: Sendable {
    /// The matrix whose result passes the activation (F, C).
    package var gate: Projection
    /// The matrix beside it (F, C).
    package var up: Projection
    /// The last matrix (C, F).
    package var down: Projection
}

/// All weights of a decoder.
package struct DecoderWeights: Sendable {
    /// Token embedding (V, C).
    package var embedding: WeightMatrix
    /// The layers, the first one first.
    package var layers: [LayerWeights]
    /// Norm before the head (C).
    package var finalNorm: Tensor
    /// Head (V, C); nil where the embedding serves as head as it lies.
    package var head: WeightMatrix?
    /// Whether the rows of queries and keys lie in pairs that turn together, as in GGUF files of Llama
    /// that are used as they lie; else the first half of a head turns against the second.
    package var turnsNeighbours = false

    /// The matrix that turns states into logits (V, C).
    package var output: WeightMatrix { head ?? embedding }

    /// Reads all tensors that a configuration asks for; others are left alone.
    ///
    /// Without a precision, matrices are 32-bit floats row by row, as training wants them. With one
    /// they are prepared for computing only, one after another, and what the file holds in the form
    /// that is wanted is used where it lies in the mapped file. Every shape is checked before the
    /// first element is read. Throws `WeightFileError` (`missingTensor`, `unexpectedShape`, …).
    package init(
        from source: some TensorSource, configuration: DecoderConfiguration,
        precision: Precision? = nil
    ) throws(WeightFileError) {
        let stored = configuration.storedTensors
        for tensor in stored { try source.check(tensor.name, shape: tensor.shape) }
        let reader = MatrixReader(source: source, precision: precision)
        var vectors = [[LayerTensor: Tensor]](
            repeating: [:], count: configuration.numHiddenLayers)
        var matrices = [[LayerTensor: WeightMatrix]](
            repeating: [:], count: configuration.numHiddenLayers)
        var (embedding, head) = (WeightMatrix(Tensor(zeros: [0, 0])), WeightMatrix?.none)
        var finalNorm = Tensor(zeros: [0])
        for entry in stored {
            switch entry.place {
            case .embedding:
                embedding = try reader.table(entry.name)
                if configuration.tieWordEmbeddings { head = try reader.tiedHead(entry.name) }
            case .finalNorm: finalNorm = try source.tensor(entry.name, shape: entry.shape)
            case .head: head = try reader.matrix(entry.name)
            case .layer(let index, let parts):
                let heights = parts.map { configuration.shape(of: $0)[0] }
                if entry.shape.count == 1 {
                    let tensor = try source.tensor(entry.name, shape: entry.shape)
                    for (part, rows) in zip(parts, Self.ranges(heights)) {
                        vectors[index][part] = tensor.part(rows)
                    }
                } else {
                    let found = try reader.matrices(entry.name, Self.ranges(heights))
                    for (part, matrix) in zip(parts, found) { matrices[index][part] = matrix }
                }
            }
        }
        self.embedding = embedding
        self.finalNorm = finalNorm
        self.head = head
        layers = zip(vectors, matrices).map { LayerWeights($0, $1, configuration) }
    }

    private static func ranges(_ heights: [Int]) -> [Range<Int>] {
        var start = 0
        return heights.map { height in
            defer { start += height }
            return start..<start + height
        }
    }

    /// Elements of the matrices that every token is multiplied with; of experts, those that one token
    /// chooses are not told apart from the others.
    package var multipliedElements: Int { multiplied.reduce(0) { $0 + $1.rows * $1.columns } }

    /// Bytes of these matrices.
    package var multipliedBytes: Int { multiplied.reduce(0) { $0 + $1.bytes } }

    private var multiplied: [WeightMatrix] { [output] + layers.flatMap(\.matrices) }

    /// The tensors by published name, as they are written to a checkpoint.
    package func named(_ configuration: DecoderConfiguration) -> [String: Tensor] {
        configuration.storedTensors.reduce(into: [:]) { result, entry in
            switch entry.place {
            case .embedding: result[entry.name] = embedding.tensor
            case .finalNorm: result[entry.name] = finalNorm
            case .head: result[entry.name] = output.tensor
            case .layer(let index, let parts):
                let values = parts.flatMap { layers[index][$0]?.values ?? [] }
                result[entry.name] = Tensor(shape: entry.shape, values: values)
            }
        }
    }
}

extension LayerWeights {
    /// The layer of tensors that are all there, as `storedTensors` lists them.
    init(
        _ vectors: [LayerTensor: Tensor], _ matrices: [LayerTensor: WeightMatrix],
        _ configuration: DecoderConfiguration
    ) {
        func found<Value>(_ value: Value?) -> Value {
            guard let value else {
                preconditionFailure("a layer has every tensor of its configuration")
            }
            return value
        }
        func vector(_ name: LayerTensor) -> Tensor { found(vectors[name]) }
        func projection(_ name: LayerTensor) -> Projection {
            Projection(weight: found(matrices[name]), bias: vectors[.bias(of: name)])
        }
        inputNorm = vector(.inputNorm)
        query = projection(.query)
        key = projection(.key)
        value = projection(.value)
        output = projection(.output)
        queryNorm = vectors[.queryNorm]
        keyNorm = vectors[.keyNorm]
        attentionOutputNorm = vectors[.attentionOutputNorm]
        feedForwardNorm = vector(.feedForwardNorm)
        feedForwardOutputNorm = vectors[.feedForwardOutputNorm]
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

    /// All matrices of the layer.
    var matrices: [WeightMatrix] {
        let block: [Projection] =
            switch feedForward {
            case .plain(let up, let down): [up, down]
            case .gated(let block): [block.gate, block.up, block.down]
            case .experts(let router, let experts):
                [router] + experts.flatMap { [$0.gate, $0.up, $0.down] }
            }
        return ([query, key, value, output] + block).map(\.weight)
    }

    /// One of the layer's tensors, or nil where it has none of the kind.
    package subscript(tensor: LayerTensor) -> Tensor? {
        if case .bias(let matrix) = tensor { return projection(matrix)?.bias }
        switch tensor {
        case .inputNorm: return inputNorm
        case .queryNorm: return queryNorm
        case .keyNorm: return keyNorm
        case .attentionOutputNorm: return attentionOutputNorm
        case .feedForwardNorm: return feedForwardNorm
        case .feedForwardOutputNorm: return feedForwardOutputNorm
        default: return projection(tensor)?.weight.tensor
        }
    }

    /// One of the layer's matrices as it lies, or nil where it has none of the kind.
    package func weight(of tensor: LayerTensor) -> WeightMatrix? { projection(tensor)?.weight }

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
