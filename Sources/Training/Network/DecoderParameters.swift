package import Tensors

/// Names, shapes and places of a decoder's trained tensors.
package struct ParameterLayout: Hashable, Sendable {
    /// One tensor: its published name and its shape.
    package struct Entry: Hashable, Sendable {
        /// The name in a Hugging Face checkpoint.
        package let name: String
        /// Lengths, (out, in) for matrices.
        package let shape: [Int]
    }

    /// The tensors of one layer, in their order.
    package enum LayerTensor: Int, CaseIterable, Sendable {
        case inputNorm, query, key, value, output, postAttentionNorm, up, down
    }

    /// All tensors in order: embedding, layers, final norm, head.
    package let entries: [Entry]
    private let layers: Int
    private let tiedHead: Bool

    /// The layout of a shape.
    package init(_ shape: NetworkShape) {
        layers = shape.layers
        tiedHead = shape.tiedHead
        let (width, forward) = (shape.hidden, shape.feedForward)
        var entries = [
            Entry(name: "model.embed_tokens.weight", shape: [shape.vocabulary, width])
        ]
        for layer in 0..<shape.layers {
            func add(_ name: String, _ shape: [Int]) {
                entries.append(Entry(name: "model.layers.\(layer).\(name).weight", shape: shape))
            }
            add("input_layernorm", [width])
            add("self_attn.q_proj", [shape.queryWidth, width])
            add("self_attn.k_proj", [shape.keyWidth, width])
            add("self_attn.v_proj", [shape.keyWidth, width])
            add("self_attn.o_proj", [width, shape.queryWidth])
            add("post_attention_layernorm", [width])
            add("mlp.up_proj", [forward, width])
            add("mlp.down_proj", [width, forward])
        }
        entries.append(Entry(name: "model.norm.weight", shape: [width]))
        if !shape.tiedHead {
            entries.append(Entry(name: "lm_head.weight", shape: [shape.vocabulary, width]))
        }
        self.entries = entries
    }

    /// Place of the embedding.
    package var embedding: Int { 0 }
    /// Place of the final norm.
    package var finalNorm: Int { 1 + layers * LayerTensor.allCases.count }
    /// Place of the head; the embedding's where the two are tied.
    package var head: Int { tiedHead ? embedding : finalNorm + 1 }
    /// Place of a tensor of a layer.
    package func place(_ tensor: LayerTensor, layer: Int) -> Int {
        1 + layer * LayerTensor.allCases.count + tensor.rawValue
    }
}

/// One tensor for each entry of a layout: weights, gradients or moments of a decoder.
package struct DecoderParameters: Hashable, Sendable {
    /// What the tensors are.
    package let layout: ParameterLayout
    /// The tensors, in the layout's order.
    package var tensors: [Tensor]

    /// All zeros.
    package init(zeros layout: ParameterLayout) {
        self.layout = layout
        tensors = layout.entries.map { Tensor(zeros: $0.shape) }
    }

    /// Takes tensors by name; throws ``TrainingError/tensorMissing(_:)`` or
    /// ``TrainingError/tensorShape(_:expected:found:)``.
    package init(
        _ layout: ParameterLayout, tensor: (String) throws -> Tensor?
    ) throws {
        self.layout = layout
        tensors = try layout.entries.map { entry in
            guard let found = try tensor(entry.name) else {
                throw TrainingError.tensorMissing(entry.name)
            }
            guard found.shape == entry.shape else {
                throw TrainingError.tensorShape(
                    entry.name, expected: entry.shape, found: found.shape)
            }
            return found
        }
    }

    /// The tensors by their published names.
    package func named() -> [String: Tensor] {
        Dictionary(
            uniqueKeysWithValues: zip(layout.entries, tensors).map { ($0.name, $1) })
    }

    /// Sets every number to zero, keeping the storage.
    package mutating func clear() {
        for place in tensors.indices { tensors[place].clear() }
    }

    /// Adds another set of the same layout.
    package mutating func add(_ other: DecoderParameters) {
        precondition(layout == other.layout)
        for place in tensors.indices { tensors[place].add(other.tensors[place]) }
    }

    /// Euclidean norm over all numbers.
    package var globalNorm: Double {
        tensors.reduce(0) { $0 + $1.sumOfSquares }.squareRoot()
    }
}
