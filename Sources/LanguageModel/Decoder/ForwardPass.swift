// SPDX-License-Identifier: Apache-2.0
package import Tensors
import WeightFiles

/// The computation of a decoder over one group of sequences after another, in the same memory.
///
/// Letters: T tokens of a group, C model width, H and G query and key heads of D elements, F
/// feed-forward width.
package struct ForwardPass: Sendable {
    private let configuration: DecoderConfiguration
    private let weights: DecoderWeights
    private let attention: [Attention]  // by layer
    private let rotary: RotaryTable
    private var segments = Segments(lengths: [])
    private var adapters = AdapterRows.none
    private var x: Tensor  // (T, C), the residual stream
    private var normed: Tensor  // (T, C)
    private var added: Tensor  // (T, C), what a block adds where a norm stands before the sum
    private var q: Tensor  // (T, H · D)
    private var k: Tensor  // (T, G · D)
    private var v: Tensor  // (T, G · D)
    private var attended: Tensor  // (T, H · D)
    private var feedForward: FeedForwardPass

    /// A pass over sequences of at most `positions` tokens, those in a cache included.
    package init(_ model: DecoderModel, causal: Bool, positions: Int) {
        let configuration = model.configuration
        self.configuration = configuration
        weights = model.weights
        let (c, d) = (configuration.hiddenSize, configuration.headDim)
        attention = (0..<configuration.numHiddenLayers).map { layer in
            configuration.attention(ofLayer: layer, causal: causal)
        }
        let angles = configuration.ropeScaling.frequencies(
            theta: configuration.ropeTheta, width: configuration.rotaryWidth,
            positions: positions)
        rotary = RotaryTable(
            headWidth: d, frequencies: angles.frequencies, magnitude: angles.magnitude,
            positions: positions, turnsNeighbours: weights.turnsNeighbours)
        x = Tensor(zeros: [0, c])
        normed = x
        added = x
        q = Tensor(zeros: [0, configuration.numAttentionHeads * d])
        k = Tensor(zeros: [0, configuration.numKeyValueHeads * d])
        v = k
        attended = q
        feedForward = FeedForwardPass(configuration)
    }

    /// Computes the states of sequences whose ids are within the vocabulary.
    mutating func run(
        _ sequences: some Collection<[Int32]>, adapter: Int? = nil,
        attention observeAttention: (Int, AttentionStage) -> Void = { _, _ in },
        _ observer: (TrunkStage, Tensor) -> Void = { _, _ in }
    ) {
        segments = Segments(lengths: sequences.map(\.count))
        adapters = AdapterRows(sequences.map { ($0.count, adapter) })
        embed(sequences.flatMap { $0 })
        observer(.embedding, x)
        for (index, layer) in weights.layers.enumerated() {
            attend(layer, index) { pass in
                pass.attention[index].forward(
                    q: pass.q, k: pass.k, v: pass.v, offsets: pass.segments.offsets,
                    into: &pass.attended)
                observeAttention(
                    index,
                    AttentionStage(
                        attention: pass.attention[index], q: pass.q, k: pass.k, v: pass.v,
                        offsets: pass.segments.offsets, attended: pass.attended))
            }
            feedForward(layer)
            observer(.layer(index), x)
        }
        norm(weights.finalNorm)
        observer(.finalNorm, normed)
    }

    /// Computes the states of tokens that follow what the caches hold, and adds them to those.
    ///
    /// One cache and one choice of an adapter a sequence; ids are within the vocabulary.
    package mutating func extend(
        _ caches: inout [SequenceCache], by sequences: [[Int32]], adapters chosen: [Int?]
    ) {
        segments = Segments(
            lengths: sequences.map(\.count), firstPositions: caches.map(\.count))
        adapters = AdapterRows(zip(sequences, chosen).map { ($0.count, $1) })
        embed(sequences.flatMap { $0 })
        for (index, layer) in weights.layers.enumerated() {
            attend(layer, index) { pass in
                let offsets = pass.segments.offsets
                for sequence in sequences.indices {
                    caches[sequence].layers[index].append(
                        k: pass.k, v: pass.v,
                        rows: offsets[sequence]..<offsets[sequence + 1])
                }
                pass.attention[index].forward(
                    q: pass.q, caches: caches.map { $0.layers[index] }, offsets: offsets,
                    into: &pass.attended)
            }
            feedForward(layer)
        }
        norm(weights.finalNorm)
    }

    /// The states of the last run after the final norm (T, C), by sequence.
    var states: [Tensor] { segments.ranges.map { normed.rowSlice($0) } }

    /// The states of some rows of the last run, counted over all its sequences (rows, C).
    package func states(ofRows rows: ArraySlice<Int32>) -> Tensor {
        var states = Tensor(zeros: [rows.count, configuration.hiddenSize])
        ElementWise.gatherRows(normed, ids: Array(rows), into: &states)
        return states
    }

    private mutating func embed(_ ids: [Int32]) {
        x.setRows(ids.count)
        normed.setRows(ids.count)
        q.setRows(ids.count)
        k.setRows(ids.count)
        v.setRows(ids.count)
        attended.setRows(ids.count)
        weights.embedding.gatherRows(ids, scale: Float(configuration.embeddingScale), into: &x)
    }

    /// x += output · attention(norm(x)), with a norm before the sum where the layer has one.
    private mutating func attend(
        _ layer: LayerWeights, _ index: Int, _ body: (inout ForwardPass) -> Void
    ) {
        norm(layer.inputNorm)
        layer.query.apply(normed, into: &q, adapters: adapters)
        layer.key.apply(normed, into: &k, adapters: adapters)
        layer.value.apply(normed, into: &v, adapters: adapters)
        if let queryNorm = layer.queryNorm { normalizeHeads(&q, queryNorm) }
        if let keyNorm = layer.keyNorm { normalizeHeads(&k, keyNorm) }
        rotary.rotate(&q, segments: segments)
        rotary.rotate(&k, segments: segments)
        body(&self)
        add(layer.attentionOutputNorm) { pass, sum, accumulate in
            layer.output.apply(
                pass.attended, into: &sum, accumulate: accumulate, adapters: pass.adapters)
        }
    }

    /// x += block(norm(x)), with a norm before the sum where the layer has one.
    private mutating func feedForward(_ layer: LayerWeights) {
        norm(layer.feedForwardNorm)
        add(layer.feedForwardOutputNorm) { pass, sum, accumulate in
            pass.feedForward.run(
                layer.feedForward, pass.normed, into: &sum, accumulate: accumulate, pass.adapters)
        }
    }

    /// Adds what `block` computes to the residual stream, normalised first where there is a norm.
    private mutating func add(
        _ weight: Tensor?, _ block: (inout ForwardPass, inout Tensor, _ accumulate: Bool) -> Void
    ) {
        // The stream is taken out meanwhile, so that it is not copied.
        var sum = Tensor(zeros: [0])
        guard let weight else {
            swap(&sum, &x)
            block(&self, &sum, true)
            swap(&sum, &x)
            return
        }
        swap(&sum, &added)
        sum.setRows(x.rows)
        block(&self, &sum, false)
        swap(&sum, &added)
        RMSNorm.forward(
            added, weight: weight, epsilon: Float(configuration.rmsNormEps),
            weightOffset: configuration.normOffset, into: &normed)
        ElementWise.add(normed, to: &x)
    }

    private func normalizeHeads(_ heads: inout Tensor, _ weight: Tensor) {
        RMSNorm.forwardInPlace(
            &heads, groups: heads.columns / weight.count, weight: weight,
            epsilon: Float(configuration.rmsNormEps), weightOffset: configuration.normOffset)
    }

    private mutating func norm(_ weight: Tensor) {
        RMSNorm.forward(
            x, weight: weight, epsilon: Float(configuration.rmsNormEps),
            weightOffset: configuration.normOffset, into: &normed)
    }
}
