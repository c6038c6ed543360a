package import Tensors

/// Forward and backward pass of a decoder of NCVC-slm-1's kind, with memory of its own.
///
/// A layer is x + attention(norm(x)), then x + W_down · SiLU(W_up · norm(x)). One pass works on one
/// batch at a time; several of them, one for each thread, share the weights.
package struct DecoderPass: Sendable {
    /// The network's lengths.
    package let shape: NetworkShape
    /// Sum of the gradients of all batches since it was last cleared.
    package var gradients: DecoderParameters
    private var store: ActivationStore
    private var attention = AttentionPass()
    private var crossEntropy = CrossEntropyPass()
    private let rotary: RotaryPass
    private let layout: ParameterLayout

    /// A pass whose memory is made at the first batch.
    package init(_ shape: NetworkShape) {
        self.shape = shape
        layout = ParameterLayout(shape)
        gradients = DecoderParameters(zeros: layout)
        store = ActivationStore(shape, tokens: 0)
        rotary = RotaryPass(
            positions: shape.context, headWidth: shape.headWidth, theta: shape.ropeTheta)
    }

    /// Returns the summed loss of a batch and adds the gradients of loss · factor.
    ///
    /// - Parameter dropout: share of attention probabilities and of what enters the residuals that
    ///   is dropped; the masks follow from `seed`.
    package mutating func accumulate(
        _ batch: TrainingBatch, parameters: DecoderParameters, factor: Float, dropout: Float = 0,
        seed: UInt64 = 0
    ) -> Double {
        guard !batch.targetRows.isEmpty else { return 0 }
        let masks = DropoutMasks(probability: dropout, seed: seed)
        forward(batch, parameters, masks)
        store.residual.clear()
        store.normed.clear()
        let loss = crossEntropy.accumulate(
            hidden: store.states, rows: batch.targetRows, labels: batch.targetLabels,
            head: parameters.tensors[layout.head], factor: factor,
            hiddenGradient: &store.normed, headGradient: &gradients.tensors[layout.head])
        RMSNormPass.backward(
            store.normed, x: store.output, gain: parameters.tensors[layout.finalNorm],
            inverse: store.inverse, addingTo: &store.residual,
            &gradients.tensors[layout.finalNorm])
        for layer in (0..<shape.layers).reversed() {
            backwardFeedForward(layer, parameters, masks)
            backwardAttention(layer, batch, parameters, masks)
        }
        EmbeddingPass.backward(
            store.residual, tokens: batch.tokens, scale: shape.embeddingScale,
            addingTo: &gradients.tensors[layout.embedding])
        return loss
    }

    /// States after the final norm (T, C), without dropout.
    package mutating func states(
        _ batch: TrainingBatch, parameters: DecoderParameters
    ) -> Tensor {
        forward(batch, parameters, DropoutMasks(probability: 0, seed: 0))
        return store.states
    }

    /// Logits of every token (T, V), without dropout.
    package mutating func logits(
        _ batch: TrainingBatch, parameters: DecoderParameters
    ) -> Tensor {
        MatrixProduct.product(
            states(batch, parameters: parameters), parameters.tensors[layout.head],
            transposeB: true)
    }
}

/// The dropout masks of one batch: one for each place of each layer.
struct DropoutMasks: Sendable {
    enum Place: UInt64 { case attention, afterAttention, afterFeedForward }

    let probability: Float
    let seed: UInt64

    func mask(_ place: Place, layer: Int) -> DropoutMask? {
        guard probability > 0 else { return nil }
        var generator = SplitMix64(seed: seed &+ UInt64(layer) &* 3 &+ place.rawValue)
        return DropoutMask(probability: probability, seed: generator.next())
    }
}

extension DecoderPass {
    private mutating func forward(
        _ batch: TrainingBatch, _ parameters: DecoderParameters, _ masks: DropoutMasks
    ) {
        if store.tokens != batch.tokens.count {
            store = ActivationStore(shape, tokens: batch.tokens.count)
        }
        EmbeddingPass.forward(
            batch.tokens, embedding: parameters.tensors[layout.embedding],
            scale: shape.embeddingScale, output: &store.output)
        for layer in 0..<shape.layers {
            store.layers[layer].input.copy(from: store.output)
            forwardAttention(layer, batch, parameters, masks)
            forwardFeedForward(layer, parameters, masks)
        }
        RMSNormPass.forward(
            store.output, gain: parameters.tensors[layout.finalNorm], epsilon: shape.epsilon,
            output: &store.states, inverse: &store.inverse)
    }

    private func plan(
        _ layer: Int, _ batch: TrainingBatch, _ masks: DropoutMasks
    ) -> AttentionPlan {
        AttentionPlan(
            heads: shape.heads, groups: shape.groups, headWidth: shape.headWidth,
            segments: batch.segments, causal: batch.causal,
            dropout: masks.mask(.attention, layer: layer))
    }

    private func weight(
        _ tensor: ParameterLayout.LayerTensor, _ layer: Int, _ parameters: DecoderParameters
    ) -> Tensor { parameters.tensors[layout.place(tensor, layer: layer)] }

    private mutating func forwardAttention(
        _ layer: Int, _ batch: TrainingBatch, _ parameters: DecoderParameters,
        _ masks: DropoutMasks
    ) {
        let plan = plan(layer, batch, masks)
        let (query, key) = (weight(.query, layer, parameters), weight(.key, layer, parameters))
        let value = weight(.value, layer, parameters)
        let output = weight(.output, layer, parameters)
        let gain = weight(.inputNorm, layer, parameters)
        let (epsilon, rotary, positions) = (shape.epsilon, rotary, batch.positions)
        modify(&store.layers[layer]) { kept in
            let input = kept.input
            RMSNormPass.forward(
                input, gain: gain, epsilon: epsilon, output: &kept.normed,
                inverse: &kept.inverse)
            MatrixProduct.multiply(kept.normed, query, transposeB: true, into: &kept.query)
            MatrixProduct.multiply(kept.normed, key, transposeB: true, into: &kept.key)
            MatrixProduct.multiply(kept.normed, value, transposeB: true, into: &kept.value)
            rotary.rotate(&kept.query, positions: positions)
            rotary.rotate(&kept.key, positions: positions)
            attention.forward(
                query: kept.query, key: kept.key, value: kept.value, plan: plan,
                output: &kept.attended, logSum: &kept.logSum)
            MatrixProduct.multiply(kept.attended, output, transposeB: true, into: &kept.middle)
            masks.mask(.afterAttention, layer: layer)?.apply(to: &kept.middle)
            kept.middle.add(input)
        }
    }

    private mutating func forwardFeedForward(
        _ layer: Int, _ parameters: DecoderParameters, _ masks: DropoutMasks
    ) {
        let gain = weight(.postAttentionNorm, layer, parameters)
        let (up, down) = (weight(.up, layer, parameters), weight(.down, layer, parameters))
        let epsilon = shape.epsilon
        modify(&store.layers[layer]) { kept in
            RMSNormPass.forward(
                kept.middle, gain: gain, epsilon: epsilon, output: &kept.normedMiddle,
                inverse: &kept.inverseMiddle)
            MatrixProduct.multiply(kept.normedMiddle, up, transposeB: true, into: &kept.up)
            SiLUPass.forward(kept.up, output: &kept.activated)
        }
        MatrixProduct.multiply(
            store.layers[layer].activated, down, transposeB: true, into: &store.output)
        masks.mask(.afterFeedForward, layer: layer)?.apply(to: &store.output)
        store.output.add(store.layers[layer].middle)
    }

    /// The gradient of what entered a residual: the residual's own, through the mask if there is one.
    private mutating func maskResidual(_ mask: DropoutMask?) {
        store.masked.copy(from: store.residual)
        mask?.apply(to: &store.masked)
    }

    private mutating func addGradient(
        _ tensor: ParameterLayout.LayerTensor, _ layer: Int, _ output: Tensor, _ input: Tensor
    ) {
        MatrixProduct.multiply(
            output, input, transposeA: true,
            into: &gradients.tensors[layout.place(tensor, layer: layer)], accumulate: true)
    }

    private mutating func backwardFeedForward(
        _ layer: Int, _ parameters: DecoderParameters, _ masks: DropoutMasks
    ) {
        maskResidual(masks.mask(.afterFeedForward, layer: layer))
        addGradient(.down, layer, store.masked, store.layers[layer].activated)
        MatrixProduct.multiply(store.masked, weight(.down, layer, parameters), into: &store.up)
        SiLUPass.backward(&store.up, x: store.layers[layer].up)
        addGradient(.up, layer, store.up, store.layers[layer].normedMiddle)
        MatrixProduct.multiply(store.up, weight(.up, layer, parameters), into: &store.normed)
        RMSNormPass.backward(
            store.normed, x: store.layers[layer].middle,
            gain: weight(.postAttentionNorm, layer, parameters),
            inverse: store.layers[layer].inverseMiddle, addingTo: &store.residual,
            &gradients.tensors[layout.place(.postAttentionNorm, layer: layer)])
    }

    private mutating func backwardAttention(
        _ layer: Int, _ batch: TrainingBatch, _ parameters: DecoderParameters,
        _ masks: DropoutMasks
    ) {
        maskResidual(masks.mask(.afterAttention, layer: layer))
        addGradient(.output, layer, store.masked, store.layers[layer].attended)
        MatrixProduct.multiply(
            store.masked, weight(.output, layer, parameters), into: &store.attended)
        attention.backward(
            store.attended, query: store.layers[layer].query, key: store.layers[layer].key,
            value: store.layers[layer].value, output: store.layers[layer].attended,
            logSum: store.layers[layer].logSum, plan: plan(layer, batch, masks),
            rowDots: &store.rowDots, queryGradient: &store.query, keyGradient: &store.key,
            valueGradient: &store.value)
        rotary.rotate(&store.query, positions: batch.positions, inverse: true)
        rotary.rotate(&store.key, positions: batch.positions, inverse: true)
        let normed = store.layers[layer].normed
        addGradient(.query, layer, store.query, normed)
        addGradient(.key, layer, store.key, normed)
        addGradient(.value, layer, store.value, normed)
        MatrixProduct.multiply(store.query, weight(.query, layer, parameters), into: &store.normed)
        MatrixProduct.multiply(
            store.key, weight(.key, layer, parameters), into: &store.normed, accumulate: true)
        MatrixProduct.multiply(
            store.value, weight(.value, layer, parameters), into: &store.normed, accumulate: true)
        RMSNormPass.backward(
            store.normed, x: store.layers[layer].input,
            gain: weight(.inputNorm, layer, parameters),
            inverse: store.layers[layer].inverse, addingTo: &store.residual,
            &gradients.tensors[layout.place(.inputNorm, layer: layer)])
    }
}

/// Changes one value in place, under a short name.
private func modify<Value>(_ value: inout Value, _ body: (inout Value) -> Void) { body(&value) }
