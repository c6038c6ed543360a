import Tensors
import WeightFiles

/// The computation of a trunk over one group of sequences after another, in the same memory.
///
/// Letters: T tokens of a group, C model width, H and G query and key heads of D elements, F
/// feed-forward width.
struct ForwardPass {
    private let configuration: DecoderConfiguration
    private let weights: DecoderWeights
    private let attention: Attention
    private let rotary: RotaryTable
    private var offsets = [0]
    private var x: Tensor  // (T, C), the residual stream
    private var normed: Tensor  // (T, C)
    private var q: Tensor  // (T, H · D)
    private var k: Tensor  // (T, G · D)
    private var v: Tensor  // (T, G · D)
    private var attended: Tensor  // (T, H · D)
    private var inner: Tensor  // (T, F)

    /// A pass over sequences of at most `positions` tokens.
    init(_ model: TrunkModel, causal: Bool, positions: Int) {
        configuration = model.configuration
        weights = model.weights
        let (c, d) = (configuration.hiddenSize, configuration.headDim)
        attention = Attention(
            heads: configuration.numAttentionHeads,
            keyValueHeads: configuration.numKeyValueHeads, headWidth: d, causal: causal)
        rotary = RotaryTable(
            headWidth: d, theta: configuration.ropeTheta, positions: positions)
        x = Tensor(zeros: [0, c])
        normed = x
        q = Tensor(zeros: [0, configuration.numAttentionHeads * d])
        k = Tensor(zeros: [0, configuration.numKeyValueHeads * d])
        v = k
        attended = q
        inner = Tensor(zeros: [0, configuration.intermediateSize])
    }

    /// Computes the states of sequences whose ids are within the vocabulary.
    mutating func run(
        _ sequences: some Collection<[Int32]>,
        _ observer: (TrunkStage, Tensor) -> Void = { _, _ in }
    ) {
        embed(sequences)
        observer(.embedding, x)
        for (index, layer) in weights.layers.enumerated() {
            attend(layer)
            feedForward(layer)
            observer(.layer(index), x)
        }
        norm(weights.finalNorm)
        observer(.finalNorm, normed)
    }

    /// The states of the last run after the final norm (T, C), by sequence.
    var states: [Tensor] {
        zip(offsets, offsets.dropFirst()).map { normed.rowSlice($0..<$1) }
    }

    private mutating func embed(_ sequences: some Collection<[Int32]>) {
        offsets = [0]
        for tokens in sequences { offsets.append(offsets[offsets.count - 1] + tokens.count) }
        let ids = sequences.flatMap { $0 }
        x.setRows(ids.count)
        normed.setRows(ids.count)
        q.setRows(ids.count)
        k.setRows(ids.count)
        v.setRows(ids.count)
        attended.setRows(ids.count)
        inner.setRows(ids.count)
        ElementWise.gatherRows(
            weights.embedding, ids: ids, scale: Float(configuration.embeddingScale), into: &x)
    }

    /// x += output · attention(norm(x))
    private mutating func attend(_ layer: LayerWeights) {
        norm(layer.inputNorm)
        MatrixProduct.multiply(normed, layer.query, transposeB: true, into: &q)
        MatrixProduct.multiply(normed, layer.key, transposeB: true, into: &k)
        MatrixProduct.multiply(normed, layer.value, transposeB: true, into: &v)
        rotary.rotate(&q, offsets: offsets)
        rotary.rotate(&k, offsets: offsets)
        attention.forward(q: q, k: k, v: v, offsets: offsets, into: &attended)
        MatrixProduct.multiply(
            attended, layer.output, transposeB: true, into: &x, accumulate: true)
    }

    /// x += down · SiLU(up · norm(x))
    private mutating func feedForward(_ layer: LayerWeights) {
        norm(layer.postAttentionNorm)
        MatrixProduct.multiply(normed, layer.up, transposeB: true, into: &inner)
        ElementWise.siluInPlace(&inner)
        MatrixProduct.multiply(inner, layer.down, transposeB: true, into: &x, accumulate: true)
    }

    private mutating func norm(_ weight: Tensor) {
        RMSNorm.forward(
            x, weight: weight, epsilon: Float(configuration.rmsNormEps), into: &normed)
    }
}
