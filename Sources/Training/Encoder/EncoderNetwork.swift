// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors

/// Every encoder that the engine loads, as a trunk to be trained: BERT, RoBERTa, ModernBERT and
/// DeBERTa-v2.
///
/// Letters: T tokens of a batch, C width, H heads of D elements, F feed-forward width.
package struct EncoderNetwork: Sendable {
    /// Sizes and settings.
    package let configuration: EncoderConfiguration
    /// The trunk's tensors by their published names, with the architecture's prefix.
    package let layout: ParameterLayout
    private let weights: EncoderReferences
    private let body: Body

    /// What only one of the architectures has.
    private enum Body {
        /// BERT and RoBERTa; positions begin at this number.
        case learnt(firstPosition: Int32)
        case modern(ModernBERTSettings, rotary: [RotaryTable])
        case deberta(DebertaReferences)
    }

    /// A network all of whose tensors are trained.
    ///
    /// - Parameter longestRow: tokens of the longest text that will be read.
    package init(_ configuration: EncoderConfiguration, longestRow: Int) {
        self.init(configuration, longestRow: longestRow, frozen: nil)
    }

    /// A network whose tensors stay as they are, where there are such, beside what is trained; its
    /// layout is then that of the changes of low rank.
    init(_ configuration: EncoderConfiguration, longestRow: Int, frozen: FrozenTrunk?) {
        precondition(longestRow <= configuration.longestText, "positions for every token")
        self.configuration = configuration
        var list = EncoderParameterList(frozen: frozen)
        list.add(configuration.trunkTensors)
        layout = ParameterLayout(list.entries)
        weights = EncoderReferences(
            configuration, table: list.table,
            norm: { list.norm($0, epsilon: configuration.layerNormEps) }, linear: list.linear)
        switch configuration.particular {
        case .none:
            let first = configuration.architecture == .roberta ? configuration.padTokenID + 1 : 0
            body = .learnt(firstPosition: Int32(first))
        case .modernBERT(let settings):
            body = .modern(
                settings,
                rotary: [settings.globalTheta, settings.localTheta].map {
                    RotaryTable(
                        headWidth: configuration.headDim, theta: $0, positions: longestRow)
                })
        case .deberta(let settings): body = .deberta(DebertaReferences(settings, weights))
        }
    }

    /// Word embedding (V, C).
    var words: MatrixReference { weights.words }

    /// States (T, C), as a head sees them.
    package func states(of batch: SequenceBatch, on tape: Tape, dropout: Float = 0) -> TapeValue {
        var x = tape.embedding(batch.tokens, words)
        if let positions = weights.positions {
            var first: Int32 = 0
            if case .learnt(let firstPosition) = body { first = firstPosition }
            x = tape.add(x, tape.embedding(batch.positions.map { $0 + first }, positions))
        }
        if let types = weights.types, types.rows > 0 {
            // RoBERTa adds row 0 to every token, however many rows there are.
            let isRoberta = configuration.architecture == .roberta
            let rows = isRoberta ? batch.types.map { _ in Int32(0) } : batch.types
            x = tape.add(x, tape.embedding(rows, types))
        }
        x = tape.dropout(weights.embeddingNorm.apply(x, tape), tape.dropoutMask(dropout))
        switch body {
        case .learnt:
            for layer in weights.layers {
                let before = x
                x = tape.scope {
                    let (q, k, v) = layer.projections(of: before, tape)
                    let attended = tape.attention(
                        query: q, key: k, value: v, plan(batch, tape, dropout))
                    return layer.normsAfter(attended, before, activation, tape, dropout)
                }
            }
        case .modern(let settings, let rotary):
            for (index, layer) in weights.layers.enumerated() {
                let before = x
                x = tape.scope {
                    modern(
                        layer, before, isLocal: settings.localLayers[index], settings, rotary,
                        batch, tape, dropout)
                }
            }
            if let norm = weights.finalNorm { x = norm.apply(x, tape) }
        case .deberta(let references):
            let embedded = x
            let view = references.view(batch, tape)
            for (index, layer) in weights.layers.enumerated() {
                let before = x
                x = tape.scope {
                    let attended = references.attend(
                        layer, before, view, configuration, batch, tape,
                        tape.dropoutMask(dropout))
                    return layer.normsAfter(attended, before, activation, tape, dropout)
                }
                if index == 0 { x = references.convolved(embedded, addedTo: x, batch, tape) }
            }
        }
        return x
    }

    private var activation: TapeActivation { TapeActivation(configuration.activation) }

    private func plan(
        _ batch: SequenceBatch, _ tape: Tape, _ dropout: Float, window: Int? = nil
    ) -> AttentionPlan {
        AttentionPlan(
            Attention(
                heads: configuration.numAttentionHeads,
                keyValueHeads: configuration.numAttentionHeads, headWidth: configuration.headDim,
                causal: false, window: window),
            segments: batch.segments, dropout: tape.dropoutMask(dropout))
    }

    /// x + attention(norm(x)), then x + block(norm(x)).
    private func modern(
        _ layer: EncoderLayerReferences, _ x: TapeValue, isLocal: Bool,
        _ settings: ModernBERTSettings, _ rotary: [RotaryTable], _ batch: SequenceBatch,
        _ tape: Tape, _ dropout: Float
    ) -> TapeValue {
        let normed = layer.attentionNorm?.apply(x, tape) ?? x
        let (q, k, v) = layer.projections(of: normed, tape)
        let turn = rotary[isLocal ? 1 : 0]
        let attended = tape.attention(
            query: tape.rotated(q, turn, positions: batch.positions),
            key: tape.rotated(k, turn, positions: batch.positions), value: v,
            plan(
                batch, tape, dropout, window: isLocal ? settings.localAttention / 2 + 1 : nil))
        let y = tape.linear(
            attended, layer.output, addingTo: x, mask: tape.dropoutMask(dropout))
        let inner = layer.feedForward.inner(
            layer.feedForwardNorm.apply(y, tape), activation, tape)
        return tape.linear(
            inner.states, inner.down, addingTo: y, mask: tape.dropoutMask(dropout))
    }
}
