// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Tensors
package import WeightFiles

/// A decoder (causal language model) that turns tokens into hidden states, for heads over them, and into
/// logits.
package struct DecoderModel: Sendable {
    /// Sizes and settings.
    package let configuration: DecoderConfiguration
    /// The weights.
    package let weights: DecoderWeights
    /// Adapters beside the weights, of which a request may choose one by its number from 0.
    package private(set) var adapterCount = 0

    /// Takes configuration and weights, whose shapes must agree.
    package init(
        configuration: DecoderConfiguration, weights: DecoderWeights, adapterCount: Int = 0
    ) {
        precondition(weights.layers.count == configuration.numHiddenLayers, "as many layers")
        self.adapterCount = adapterCount
        self.configuration = configuration
        self.weights = weights
    }

    /// Reads `config.json` and `model.safetensors` (or its shards) of a folder.
    ///
    /// The precision is that of `DecoderWeights`. Throws `ModelConfigurationError` or
    /// `WeightFileError`; every shape is checked before use.
    package init(directory: URL, precision: Precision? = nil) throws {
        let configuration = try DecoderConfiguration(
            file: directory.appending(path: "config.json"))
        let folder = try SafetensorsFolder(directory)
        self.configuration = configuration
        weights = try DecoderWeights(
            from: folder, configuration: configuration, precision: precision)
    }

    /// Reads the decoder in a GGUF file; throws as `init(directory:)` does.
    package init(gguf file: GGUFFile, precision: Precision? = nil) throws {
        var source = try GGUFDecoder(file)
        if precision == .stored { source.keepRowOrder() }
        configuration = source.configuration
        var weights = try DecoderWeights(
            from: source, configuration: configuration, precision: precision)
        weights.turnsNeighbours = source.turnsNeighbours
        self.weights = weights
    }

    /// Tokens that are computed together, unless one sequence alone has more; so many rows of the
    /// widest intermediate stay in the cache while the matrices are still large enough.
    static let tokensAtOnce = 1024
    /// Tokens of a group below which work is not divided among threads by sequences.
    static let smallestShare = 64

    /// The states (T, C) after the final norm, one tensor for each sequence, in their order.
    ///
    /// Sequences are laid end to end without padding; each is at positions from 0 and sees only
    /// itself, so its states do not depend on the others, but for rounding (below 1e-5). Throws
    /// `TrunkError` for ids outside the vocabulary and sequences above `max_position_embeddings`.
    ///
    /// - Parameter adapter: the number of the adapter to compute with, nil for none.
    package func hiddenStates(
        _ sequences: [[Int32]], bidirectional: Bool, adapter: Int? = nil
    ) throws(TrunkError) -> [Tensor] {
        precondition(adapter.map { (0..<adapterCount).contains($0) } ?? true, "an adapter's number")
        try check(sequences)
        let longest = sequences.lazy.map(\.count).max() ?? 0
        let fresh = ForwardPass(self, causal: !bidirectional, positions: longest)
        let groups = Self.groups(sequences.map(\.count))
        if groups.count >= ComputeThreads.count {
            return ComputeThreads.map(groups.count) { index in
                var pass = fresh
                pass.run(sequences[groups[index]], adapter: adapter)
                return pass.states
            }.flatMap { $0 }
        }
        // Fewer groups than threads: the threads share each operation.
        var pass = fresh
        var states: [Tensor] = []
        for group in groups {
            pass.run(sequences[group], adapter: adapter)
            states += pass.states
        }
        return states
    }

    /// The logits (T, V) of the next token at every position of one sequence.
    ///
    /// Throws as `hiddenStates` does.
    package func logits(
        _ tokens: [Int32], adapter: Int? = nil
    ) throws(TrunkError) -> Tensor {
        let states = try hiddenStates([tokens], bidirectional: false, adapter: adapter)
        guard let states = states.first else { return Tensor(zeros: [0, configuration.vocabSize]) }
        return logits(ofStates: states)
    }

    /// The logits (N, V) that the head makes of states (N, C) after the final norm.
    package func logits(ofStates states: Tensor) -> Tensor {
        var logits = Tensor(zeros: [states.rows, configuration.vocabSize])
        weights.output.multiply(states, into: &logits)
        if let cap = configuration.logitSoftcap {
            ElementWise.softcapInPlace(&logits, cap: Float(cap))
        }
        return logits
    }

    /// Runs one sequence and shows the residual stream (T, C) after each stage.
    ///
    /// Throws as `hiddenStates` does.
    package func observe(
        _ tokens: [Int32], bidirectional: Bool, _ observer: (TrunkStage, Tensor) -> Void
    ) throws(TrunkError) {
        try check([tokens])
        var pass = ForwardPass(self, causal: !bidirectional, positions: tokens.count)
        pass.run([tokens], adapter: nil, observer)
    }

    /// Runs one sequence and shows what enters and leaves the attention of each layer.
    ///
    /// Throws as `hiddenStates` does.
    package func observeAttention(
        _ tokens: [Int32], bidirectional: Bool, _ observer: (Int, AttentionStage) -> Void
    ) throws(TrunkError) {
        try check([tokens])
        var pass = ForwardPass(self, causal: !bidirectional, positions: tokens.count)
        pass.run([tokens], attention: observer)
    }

    func check(_ sequences: [[Int32]]) throws(TrunkError) {
        for (index, tokens) in sequences.enumerated() {
            guard tokens.count <= configuration.maxPositionEmbeddings else {
                throw .sequenceTooLong(
                    sequence: index, tokens: tokens.count,
                    limit: configuration.maxPositionEmbeddings)
            }
            let vocabulary = 0..<Int32(configuration.vocabSize)
            if let position = tokens.firstIndex(where: { !vocabulary.contains($0) }) {
                throw .tokenOutOfVocabulary(
                    sequence: index, position: position, id: tokens[position],
                    vocabularySize: configuration.vocabSize)
            }
        }
    }

    /// Runs of sequences that are computed together.
    static func groups(_ lengths: [Int]) -> [Range<Int>] {
        let share = lengths.reduce(0, +) / ComputeThreads.count
        let tokensAtOnce = max(smallestShare, min(tokensAtOnce, share))
        var groups: [Range<Int>] = []
        var start = 0
        var tokens = 0
        for (index, length) in lengths.enumerated() {
            if tokens > 0, tokens + length > tokensAtOnce {
                groups.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += length
        }
        if start < lengths.count { groups.append(start..<lengths.count) }
        return groups
    }
}

/// A place in the computation of a trunk.
package enum TrunkStage: Hashable, Sendable {
    /// What enters the first layer.
    case embedding
    /// After the layer of this number.
    case layer(Int)
    /// After the final norm.
    case finalNorm
}

/// What enters and leaves the attention of one layer.
package struct AttentionStage: Sendable {
    /// Heads, scale and what a token sees.
    package let attention: Attention
    /// Queries (T, H · D), turned by their positions.
    package let q: Tensor
    /// Keys (T, G · D), turned by their positions.
    package let k: Tensor
    /// Values (T, G · D).
    package let v: Tensor
    /// Where sequences begin and end.
    package let offsets: [Int]
    /// Weighted values (T, H · D), before the layer's output matrix.
    package let attended: Tensor

    /// How much each token attends to each (T, T), as the mean of some heads, or of all.
    package func weights(heads: Range<Int>? = nil) -> Tensor {
        attention.weights(
            q: q, k: k, offsets: offsets, heads: heads ?? 0..<attention.heads)
    }
}
