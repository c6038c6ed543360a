// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Tensors
package import WeightFiles

/// An encoder that turns texts into states, for heads over them, and into its own head's answer.
package struct EncoderModel: Sendable {
    /// Sizes, settings and labels.
    package let configuration: EncoderConfiguration
    /// Token embedding (V, C).
    let tokenEmbedding: Tensor
    private let body: any EncoderBody
    private let head: EncoderHead?
    /// How well labels of tokens follow each other; nil where the checkpoint does not say.
    package let labelTransitions: LabelTransitions?

    /// One text: its tokens, special ones included, and the type of each.
    package struct Input: Sendable {
        /// Token ids.
        package var ids: [Int32]
        /// Token types (BERT's first and second sentence); empty for all 0.
        package var types: [Int32]

        /// A text.
        package init(ids: [Int32], types: [Int32] = []) {
            self.ids = ids
            self.types = types
        }
    }

    /// Reads `config.json` and `model.safetensors` (or its shards) of a folder.
    ///
    /// Throws `ModelConfigurationError` or `WeightFileError`; every shape is checked before use.
    package init(directory: URL) throws {
        try self.init(
            from: SafetensorsFolder(directory),
            configuration: EncoderConfiguration(file: directory.appending(path: "config.json")))
    }

    /// Reads the tensors that a configuration asks for, with the precision of `DecoderWeights`;
    /// throws `WeightFileError`.
    package init(
        from source: some TensorSource, configuration: EncoderConfiguration,
        precision: Precision? = nil
    ) throws(WeightFileError) {
        self.configuration = configuration
        let ownDecoder = source.shape(of: "decoder.weight") != nil
        let list =
            configuration.trunkTensors
            + configuration.headTensors(
                configuration.task, outputs: configuration.labels.count, ownDecoder: ownDecoder)
        let loaded = try LoadedEncoderTensors(
            list, from: source, configuration, precision: precision)
        let weights = EncoderWeights(
            configuration, table: loaded.table, norm: loaded.norm, linear: loaded.linear)
        tokenEmbedding = weights.words
        body =
            switch configuration.particular {
            case .none: BERTBody(configuration: configuration, weights: weights)
            case .modernBERT(let settings):
                ModernBERTBody(configuration: configuration, settings: settings, weights: weights)
            case .deberta(let settings): DebertaBody(configuration, settings, weights)
            }
        head = EncoderHead(configuration, configuration.task, norm: loaded.norm) { part in
            part == .decoder ? loaded.decoder(tiedTo: weights.words) : loaded.linear(part)
        }
        labelTransitions =
            configuration.task == .tokenClassification
            ? try LabelTransitions(source, labels: configuration.labels.count) : nil
    }

    /// The states (T, C) of each text, as the head sees them.
    ///
    /// Texts are laid end to end without padding, and none sees another. Throws `TrunkError` for
    /// ids or types that the model does not have and texts that are too long.
    package func hiddenStates(_ inputs: [Input]) throws(TrunkError) -> [Tensor] {
        try check(inputs)
        let groups = DecoderModel.groups(inputs.map(\.ids.count))
        if groups.count >= ComputeThreads.count {
            return ComputeThreads.map(groups.count) { states(inputs[groups[$0]]) { _, _ in } }
                .flatMap { $0 }
        }
        // Fewer groups than threads: the threads share each operation.
        return groups.flatMap { states(inputs[$0]) { _, _ in } }
    }

    /// The logits of the model's own head: (T, K) for token labels, (1, K) for a text's label,
    /// (T, V) for masked tokens; nil where the checkpoint has no head.
    package func logits(_ inputs: [Input]) throws(TrunkError) -> [Tensor]? {
        guard let head else { return nil }
        return try hiddenStates(inputs).map { head.logits($0) }
    }

    /// The logits (T, K) or (1, K) that the model's own head makes of one text's states (T, C); nil
    /// where the checkpoint has no head.
    package func logits(ofStates states: Tensor) -> Tensor? { head?.logits(states) }

    /// Runs texts and shows their rows, end to end, after the embedding (0) and each layer but the
    /// last; gives back what the head sees.
    package func observe(
        _ inputs: [Input], _ observer: (Int, Tensor) -> Void
    ) throws(TrunkError) -> [Tensor] {
        try check(inputs)
        return states(inputs[...], observer)
    }

    private func states(
        _ inputs: ArraySlice<Input>, _ observer: (Int, Tensor) -> Void
    ) -> [Tensor] {
        let segments = Segments(lengths: inputs.map(\.ids.count))
        let types = inputs.flatMap {
            $0.types.isEmpty ? [Int32](repeating: 0, count: $0.ids.count) : $0.types
        }
        let states = body.states(
            inputs.flatMap(\.ids), types: types, segments: segments, observer)
        return segments.ranges.map { states.rowSlice($0) }
    }

    private func check(_ inputs: [Input]) throws(TrunkError) {
        let vocabulary = 0..<Int32(configuration.vocabSize)
        let types = 0..<Int32(max(1, configuration.typeVocabSize))
        for (index, input) in inputs.enumerated() {
            guard input.ids.count <= configuration.longestText else {
                throw .sequenceTooLong(
                    sequence: index, tokens: input.ids.count, limit: configuration.longestText)
            }
            if let position = input.ids.firstIndex(where: { !vocabulary.contains($0) }) {
                throw .tokenOutOfVocabulary(
                    sequence: index, position: position, id: input.ids[position],
                    vocabularySize: configuration.vocabSize)
            }
            guard input.types.isEmpty || input.types.count == input.ids.count else {
                throw .tokenTypes(sequence: index, count: input.types.count)
            }
            if let type = input.types.first(where: { !types.contains($0) }) {
                throw .tokenTypes(sequence: index, count: Int(type))
            }
        }
    }
}
