// SPDX-License-Identifier: Apache-2.0
package import Tensors
package import WeightFiles

/// The weights of one layer.
package typealias LayerWeights = DecoderLayer<Tensor, Projection>

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
    /// Whether the rows of queries and keys lie in pairs that turn together (interleaved RoPE), as in
    /// GGUF files of Llama that are used as they lie; else the first half of a head turns against the
    /// second.
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
        layers = zip(vectors, matrices).map { vectors, matrices in
            LayerWeights(configuration, vector: { vectors[$0] }) { name in
                matrices[name].map { Projection(weight: $0, bias: vectors[.bias(of: name)]) }
            }
        }
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

    private var multiplied: [WeightMatrix] {
        [output] + layers.flatMap { $0.linears.map(\.weight) }
    }

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
    /// One of the layer's tensors, or nil where it has none of the kind.
    package subscript(tensor: LayerTensor) -> Tensor? {
        if case .bias(let matrix) = tensor { return linear(matrix)?.bias }
        return norm(tensor) ?? linear(tensor)?.weight.tensor
    }

    /// One of the layer's matrices as it lies, or nil where it has none of the kind.
    package func weight(of tensor: LayerTensor) -> WeightMatrix? { linear(tensor)?.weight }
}
