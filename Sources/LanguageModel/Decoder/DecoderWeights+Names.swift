package import Tensors
package import WeightFiles

/// A tensor of a decoder: the name under which checkpoints hold it, and its place here.
package struct DecoderWeightPlace: Sendable {
    /// The published name, for example `model.layers.0.self_attn.q_proj.weight`.
    package let name: String
    /// Where it is in `DecoderWeights`, to be read or written in place.
    package let path: any WritableKeyPath<DecoderWeights, Tensor> & Sendable
    /// Its shape.
    package let shape: [Int]
}

extension DecoderWeights {
    /// Every tensor of a decoder of this configuration, in the order of the computation.
    package static func places(_ configuration: DecoderConfiguration) -> [DecoderWeightPlace] {
        let c = configuration.hiddenSize
        let f = configuration.intermediateSize
        let queries = configuration.numAttentionHeads * configuration.headDim
        let keys = configuration.numKeyValueHeads * configuration.headDim
        var places = [
            DecoderWeightPlace(
                name: "model.embed_tokens.weight", path: \.embedding,
                shape: [configuration.vocabSize, c])
        ]
        for i in 0..<configuration.numHiddenLayers {
            let of: [(String, any WritableKeyPath<DecoderWeights, Tensor> & Sendable, [Int])] = [
                ("input_layernorm", \.layers[i].inputNorm, [c]),
                ("self_attn.q_proj", \.layers[i].query, [queries, c]),
                ("self_attn.k_proj", \.layers[i].key, [keys, c]),
                ("self_attn.v_proj", \.layers[i].value, [keys, c]),
                ("self_attn.o_proj", \.layers[i].output, [c, queries]),
                ("post_attention_layernorm", \.layers[i].postAttentionNorm, [c]),
                ("mlp.up_proj", \.layers[i].up, [f, c]),
                ("mlp.down_proj", \.layers[i].down, [c, f]),
            ]
            places += of.map { part, path, shape in
                DecoderWeightPlace(
                    name: "model.layers.\(i).\(part).weight", path: path, shape: shape)
            }
        }
        places.append(
            DecoderWeightPlace(name: "model.norm.weight", path: \.finalNorm, shape: [c]))
        if !configuration.tieWordEmbeddings {
            places.append(
                DecoderWeightPlace(
                    name: "lm_head.weight", path: \.ownHead, shape: [configuration.vocabSize, c]))
        }
        return places
    }

    /// The head of a decoder that has one; the setter makes it one.
    private var ownHead: Tensor {
        get { output }
        set { head = newValue }
    }

    /// Reads all tensors of a configuration; throws `WeightFileError` (`missingTensor`,
    /// `unexpectedShape`, …) before anything of that size is allocated.
    ///
    /// Tensors that the configuration does not ask for are left alone.
    package init(
        from source: some TensorSource, configuration: DecoderConfiguration
    ) throws(WeightFileError) {
        let places = Self.places(configuration)
        for place in places {
            guard let found = source.shape(of: place.name) else {
                throw .missingTensor(file: source.path, tensor: place.name)
            }
            guard found == place.shape else {
                throw .unexpectedShape(
                    file: source.path, tensor: place.name, expected: place.shape, found: found)
            }
        }
        self.init(zeros: configuration)
        for place in places { self[keyPath: place.path] = try source.tensor(place.name) }
    }

    /// The tensors by published name, as they are written to a checkpoint.
    package func named(_ configuration: DecoderConfiguration) -> [String: Tensor] {
        Self.places(configuration).reduce(into: [:]) { $0[$1.name] = self[keyPath: $1.path] }
    }
}
