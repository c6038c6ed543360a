// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors

/// Every decoder that the engine loads, as a network to be trained for causal language modelling, or as
/// the trunk of heads: one description for all architectures.
///
/// Letters: T tokens of a batch, C model width, H and G query and key heads of D elements, F
/// feed-forward width.
package struct DecoderNetwork: TrainedNetwork {
    /// Sizes and settings.
    package let configuration: DecoderConfiguration
    /// The parameters that are trained.
    package var layout: ParameterLayout
    /// Token embedding (V, C).
    package var embedding: MatrixReference
    /// The layers, the first one first.
    package var layers: [DecoderLayerReferences]
    /// Norm before the head (C).
    package var finalNorm: VectorReference
    /// Head (V, C).
    package var head: MatrixReference
    private let rotary: DecoderRotary

    /// A network all of whose tensors are trained; names are those of the checkpoint.
    ///
    /// - Parameter longestRow: tokens of the longest sequence that will be read.
    package init(_ configuration: DecoderConfiguration, longestRow: Int) {
        let layout = ParameterLayout(configuration)
        var tensors = [[LayerTensor: (place: Int, rows: Range<Int>)]](
            repeating: [:], count: configuration.numHiddenLayers)
        var (embedding, finalNorm, head) = (0, 0, Int?.none)
        for (place, stored) in configuration.storedTensors.enumerated() {
            switch stored.place {
            case .embedding: embedding = place
            case .finalNorm: finalNorm = place
            case .head: head = place
            case .layer(let layer, let parts):
                var first = 0
                for part in parts {
                    let rows = configuration.shape(of: part)[0]
                    tensors[layer][part] = (place, first..<first + rows)
                    first += rows
                }
            }
        }
        self.init(
            configuration, layout: layout, embedding: layout.matrix(embedding),
            layers: tensors.map { tensors in
                func vector(_ name: LayerTensor) -> VectorReference? {
                    tensors[name].map { .trained($0.place, $0.rows) }
                }
                return DecoderLayerReferences(configuration, vector: vector) { name in
                    tensors[name].map {
                        LinearReference(
                            .trained(
                                $0.place, rows: $0.rows, columns: configuration.shape(of: name)[1]),
                            bias: vector(.bias(of: name)))
                    }
                }
            }, finalNorm: layout.vector(finalNorm), head: layout.matrix(head ?? embedding),
            rotary: DecoderRotary(configuration, longestRow: longestRow))
    }

    /// A network none of whose tensors is trained, to which adapters or heads are added.
    ///
    /// The matrices may be in any form; blocks and packed matrices are never widened as a whole.
    package init(
        frozen model: DecoderModel, longestRow: Int
    ) {
        let weights = model.weights
        self.init(
            model.configuration, layout: ParameterLayout([]),
            embedding: .frozen(weights.embedding),
            layers: weights.layers.map { layer in
                func vector(_ name: LayerTensor) -> VectorReference? {
                    layer[name].map { .frozen($0) }
                }
                return DecoderLayerReferences(model.configuration, vector: vector) { name in
                    layer.weight(of: name).map {
                        LinearReference(.frozen($0), bias: vector(.bias(of: name)))
                    }
                }
            }, finalNorm: .frozen(weights.finalNorm), head: .frozen(weights.output),
            rotary: DecoderRotary(
                model.configuration, longestRow: longestRow,
                turnsNeighbours: weights.turnsNeighbours))
    }

    private init(
        _ configuration: DecoderConfiguration, layout: ParameterLayout,
        embedding: MatrixReference, layers: [DecoderLayerReferences],
        finalNorm: VectorReference, head: MatrixReference, rotary: DecoderRotary
    ) {
        (self.configuration, self.layout, self.embedding) = (configuration, layout, embedding)
        (self.layers, self.finalNorm, self.head) = (layers, finalNorm, head)
        self.rotary = rotary
    }

    /// The sum of the targets' weights, or their number where they have none.
    package func targetCount(of batch: TrainingBatch) -> Double {
        batch.targets.weights.map { $0.reduce(0) { $0 + Double($1) } }
            ?? Double(batch.targets.rows.count)
    }

    /// The summed loss of what follows each target, with the bound of logits that the architecture has.
    package func loss(
        of batch: TrainingBatch, on tape: Tape, factor: Float, dropout: Float
    ) -> Double {
        guard !batch.targets.rows.isEmpty else { return 0 }
        return tape.crossEntropy(
            states(of: batch, on: tape, dropout: dropout), head: head, targets: batch.targets,
            factor: factor, softcap: configuration.logitSoftcap.map { Float($0) })
    }

    /// States after the final norm (T, C), for heads over them.
    ///
    /// - Parameter embedded: what enters the first layer, where it is not the batch's embedding.
    package func states(
        of batch: TrainingBatch, on tape: Tape, dropout: Float = 0, embedded: TapeValue? = nil
    ) -> TapeValue {
        var x =
            embedded
            ?? tape.embedding(
                batch.tokens, embedding, scale: Float(configuration.embeddingScale))
        let table = rotary.table(for: batch)
        for (index, layer) in layers.enumerated() {
            let before = x
            x = tape.scope {
                let y = attend(layer, index, before, batch, table, tape, dropout)
                return feedForward(layer, y, tape, dropout)
            }
        }
        return norm(x, finalNorm, tape)
    }

    /// Logits of every token (T, V), without dropout.
    package func logits(
        of batch: TrainingBatch, on tape: Tape, parameters: ParameterSet
    ) -> Tensor {
        tape.evaluate(parameters) {
            $0.logits(
                states(of: batch, on: $0), head: head,
                softcap: configuration.logitSoftcap.map { Float($0) })
        }
    }

    private func norm(_ x: TapeValue, _ gain: VectorReference, _ tape: Tape) -> TapeValue {
        tape.rmsNorm(
            x, gain: gain, epsilon: Float(configuration.rmsNormEps),
            offset: configuration.normOffset)
    }

    /// x + output · attention(norm(x)), with a norm before the sum where the layer has one.
    private func attend(
        _ layer: DecoderLayerReferences, _ index: Int, _ x: TapeValue, _ batch: TrainingBatch,
        _ rotary: RotaryTable, _ tape: Tape, _ dropout: Float
    ) -> TapeValue {
        let normed = norm(x, layer.inputNorm, tape)
        var query = tape.linear(normed, layer.query)
        var key = tape.linear(normed, layer.key)
        let value = tape.linear(normed, layer.value)
        if let gain = layer.queryNorm { query = norm(query, gain, tape) }
        if let gain = layer.keyNorm { key = norm(key, gain, tape) }
        let attended = tape.attention(
            query: tape.rotated(query, rotary, positions: batch.positions),
            key: tape.rotated(key, rotary, positions: batch.positions), value: value,
            AttentionPlan(
                configuration.attention(ofLayer: index, causal: batch.causal),
                segments: batch.segments, dropout: tape.dropoutMask(dropout)))
        let mask = tape.dropoutMask(dropout)
        guard let gain = layer.attentionOutputNorm else {
            return tape.linear(attended, layer.output, addingTo: x, mask: mask)
        }
        let added = norm(tape.linear(attended, layer.output), gain, tape)
        return tape.add(x, tape.dropout(added, mask))
    }

    /// x + block(norm(x)), with a norm before the sum where the layer has one.
    private func feedForward(
        _ layer: DecoderLayerReferences, _ x: TapeValue, _ tape: Tape, _ dropout: Float
    ) -> TapeValue {
        let normed = norm(x, layer.feedForwardNorm, tape)
        let mask = tape.dropoutMask(dropout)
        let activation = TapeActivation(configuration.activation)
        let last: (inner: TapeValue, down: LinearReference)
        switch layer.feedForward {
        case .plain(let up, let down):
            last = (tape.activation(activation, tape.linear(normed, up)), down)
        case .gated(let block):
            last = (block.inner(normed, activation, tape), block.down)
        case .experts(let router, let experts):
            let added = mixture(router, experts, normed, activation, tape)
            return finish(added, layer, x, mask, tape)
        }
        guard layer.feedForwardOutputNorm == nil else {
            return finish(tape.linear(last.inner, last.down), layer, x, mask, tape)
        }
        return tape.linear(last.inner, last.down, addingTo: x, mask: mask)
    }

    private func finish(
        _ added: TapeValue, _ layer: DecoderLayerReferences, _ x: TapeValue,
        _ mask: DropoutMask?, _ tape: Tape
    ) -> TapeValue {
        let added = layer.feedForwardOutputNorm.map { norm(added, $0, tape) } ?? added
        return tape.add(x, tape.dropout(added, mask))
    }

    /// Each expert computes the rows that chose it.
    private func mixture(
        _ router: LinearReference, _ experts: [GatedBlock<LinearReference>], _ x: TapeValue,
        _ activation: TapeActivation, _ tape: Tape
    ) -> TapeValue {
        guard case .experts(_, let active) = configuration.feedForward else {
            preconditionFailure("experts belong to a configuration with experts")
        }
        let routing = tape.route(tape.linear(x, router), active: active)
        let results = zip(experts, routing.rows).map { expert, rows -> TapeValue? in
            guard !rows.isEmpty else { return nil }
            let inner = expert.inner(tape.gatherRows(x, rows), activation, tape)
            return tape.linear(inner, expert.down)
        }
        return tape.mixExperts(results, routing, columns: x.columns)
    }
}

extension TapeActivation {
    /// The function that a configuration names.
    package init(_ activation: Activation) {
        switch activation {
        case .silu: self = .silu
        case .gelu: self = .gelu
        case .geluTanh: self = .geluTanh
        }
    }
}
