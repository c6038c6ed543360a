// SPDX-License-Identifier: Apache-2.0

/// A part of an encoder by what it is for, whatever a file calls it.
///
/// Letters: V vocabulary, P positions, C width, F feed-forward width.
package enum EncoderPart: Hashable, Sendable {
    /// Word embedding (V, C).
    case words
    /// Embedding of learned positions (P, C).
    case positions
    /// Embedding of token types (types, C).
    case types
    /// Norm of the embedding (C).
    case embeddingNorm
    /// A part of a layer, counted from 0.
    case layer(Int, EncoderLayerPart)
    /// Embedding of relative positions, in DeBERTa (2 · buckets, C).
    case distances
    /// Their norm (C).
    case distanceNorm
    /// Convolution over neighbouring tokens beside DeBERTa's first layer (C, C, tokens).
    case convolution
    /// Norm after it (C).
    case convolutionNorm
    /// Norm after the last layer, in ModernBERT (C).
    case finalNorm
    /// Dense layer of the head before the classifier, or BERT's pooler (C, C).
    case headDense
    /// Norm of the head (C).
    case headNorm
    /// Classifier (labels, C).
    case classifier
    /// Matrix of masked language modelling where it is not tied to the word embedding (V, C).
    case decoder
}

/// A part of an encoder's layer.
package enum EncoderLayerPart: Hashable, Sendable {
    /// Query, key and value projection, and the one after attention (C, C).
    case query, key, value, output
    /// Norm after attention, or before it in ModernBERT (C).
    case attentionNorm
    /// The matrix whose result passes the activation, in ModernBERT (F, C).
    case gate
    /// The matrix beside it, or the first one where there is no gate (F, C).
    case up
    /// The last matrix of the feed-forward block (C, F).
    case down
    /// Norm after the feed-forward block, or before it in ModernBERT (C).
    case feedForwardNorm
}

/// A tensor as an encoder's checkpoint holds it: the weight or the bias of one part, or of several of
/// equal height, one after another.
package struct EncoderTensor: Hashable, Sendable {
    /// The published name, for example `bert.encoder.layer.0.output.dense.weight`.
    package let name: String
    /// Its shape.
    package let shape: [Int]
    /// What it is the weight or bias of.
    package let parts: [EncoderPart]
    /// Whether it is a bias.
    package let isBias: Bool

    /// Each part with its rows of the tensor.
    package var rowsOfParts: [(part: EncoderPart, rows: Range<Int>)] {
        let height = (shape.first ?? 0) / max(1, parts.count)
        return parts.enumerated().map { ($1, $0 * height..<($0 + 1) * height) }
    }

    /// Whether states are multiplied by it: the weight of a linear layer, which adapters (LoRA) may
    /// change.
    package var isLinear: Bool {
        switch parts.first {
        case .words, .positions, .types, .distances, .decoder: false
        default: shape.count == 2
        }
    }

    /// The name of the linear layer that it is the weight of, as adapters call it.
    package var module: String { String(name.dropLast(".weight".count)) }
}

extension EncoderConfiguration {
    /// Every tensor of the trunk, in the order of the computation.
    package var trunkTensors: [EncoderTensor] {
        let c = hiddenSize
        var tensors = stored(.words, [vocabSize, c])
        if hasPositions { tensors += stored(.positions, [maxPositionEmbeddings, c]) }
        if hasTypes { tensors += stored(.types, [typeVocabSize, c]) }
        tensors += stored(.embeddingNorm, [c], bias: hasNormBias)
        for index in 0..<numHiddenLayers {
            for parts in layerParts(index) { tensors += stored(parts, layer: index) }
        }
        switch particular {
        case .none: break
        case .modernBERT: tensors += stored(.finalNorm, [c], bias: hasNormBias)
        case .deberta(let settings):
            tensors += stored(.distances, [2 * settings.positionBuckets, c])
            if settings.normalizesPositions { tensors += stored(.distanceNorm, [c], bias: true) }
            if settings.convolutionWidth > 0 {
                tensors += stored(.convolution, [c, c, settings.convolutionWidth], bias: true)
                tensors += stored(.convolutionNorm, [c], bias: true)
            }
        }
        return tensors
    }

    /// The tensors of a head for a task, in the order of the computation.
    ///
    /// - Parameters:
    ///   - outputs: numbers that the classifier gives.
    ///   - ownDecoder: whether masked tokens have a matrix of their own (ModernBERT only).
    package func headTensors(
        _ task: EncoderTask, outputs: Int, ownDecoder: Bool = false
    ) -> [EncoderTensor] {
        let c = hiddenSize
        var tensors: [EncoderTensor] = []
        if hasHeadDense(task) {
            tensors += stored(.headDense, [c, c], bias: hasHeadDenseBias, task)
        }
        if hasHeadNorm(task) { tensors += stored(.headNorm, [c], bias: hasNormBias, task) }
        switch task {
        case .none: return []
        case .tokenClassification, .sequenceClassification:
            return tensors + stored(.classifier, [outputs, c], bias: true, task)
        case .maskedLanguageModel:
            let decoder = stored(.decoder, [vocabSize, c], bias: true, task)
            return tensors + decoder.filter { $0.isBias || (ownDecoder && modern != nil) }
        }
    }

    /// Whether the embedding counts positions.
    private var hasPositions: Bool {
        switch particular {
        case .none: true
        case .modernBERT: false
        case .deberta(let settings): settings.hasPositionEmbedding
        }
    }

    /// Whether the embedding knows types of tokens.
    private var hasTypes: Bool {
        switch particular {
        case .none: true
        case .modernBERT: false
        case .deberta: typeVocabSize > 0
        }
    }

    private var modern: ModernBERTSettings? {
        if case .modernBERT(let settings) = particular { settings } else { nil }
    }

    private var hasNormBias: Bool { modern?.normBias ?? true }

    private var hasHeadDenseBias: Bool { modern?.classifierBias ?? true }

    private func hasHeadDense(_ task: EncoderTask) -> Bool {
        modern != nil || task != .tokenClassification
    }

    private func hasHeadNorm(_ task: EncoderTask) -> Bool {
        modern != nil || task == .maskedLanguageModel
    }

    /// The parts of a layer; those that one tensor holds stand together.
    private func layerParts(_ index: Int) -> [[EncoderLayerPart]] {
        guard modern != nil else {
            return [
                [.query], [.key], [.value], [.output], [.attentionNorm], [.up], [.down],
                [.feedForwardNorm],
            ]
        }
        // The first layer's attention follows the embedding's norm.
        return (index == 0 ? [] : [[.attentionNorm]]) + [
            [.query, .key, .value], [.output], [.feedForwardNorm], [.gate, .up], [.down],
        ]
    }

    private func stored(_ parts: [EncoderLayerPart], layer index: Int) -> [EncoderTensor] {
        let (c, f, count) = (hiddenSize, intermediateSize, parts.count)
        let places = parts.map { EncoderPart.layer(index, $0) }
        switch parts.first {
        case .query, .key, .value, .output:
            return stored(places, [count * c, c], bias: modern?.attentionBias ?? true)
        case .gate, .up: return stored(places, [count * f, c], bias: modern?.mlpBias ?? true)
        case .down: return stored(places, [c, f], bias: modern?.mlpBias ?? true)
        case .attentionNorm, .feedForwardNorm: return stored(places, [c], bias: hasNormBias)
        case nil: return []
        }
    }

    private func stored(
        _ part: EncoderPart, _ shape: [Int], bias: Bool = false, _ task: EncoderTask = .none
    ) -> [EncoderTensor] {
        stored([part], shape, bias: bias, task)
    }

    private func stored(
        _ parts: [EncoderPart], _ shape: [Int], bias: Bool, _ task: EncoderTask = .none
    ) -> [EncoderTensor] {
        guard let first = parts.first else { return [] }
        let name = architecture.name(of: first, task)
        let weight = EncoderTensor(
            name: name + ".weight", shape: shape, parts: parts, isBias: false)
        guard bias else { return [weight] }
        return [
            weight,
            EncoderTensor(
                name: name + ".bias", shape: [shape.first ?? 0], parts: parts, isBias: true),
        ]
    }
}
