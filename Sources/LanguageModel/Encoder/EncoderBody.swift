// SPDX-License-Identifier: Apache-2.0
import Tensors

/// The computation from token ids to states, which each architecture does its own way.
protocol EncoderBody: Sendable {
    /// The states (T, C) of rows of several texts, as the head sees them.
    ///
    /// `observer` sees the states after the embedding (0) and after each layer but the last.
    func states(
        _ ids: [Int32], types: [Int32], segments: Segments, _ observer: (Int, Tensor) -> Void
    ) -> Tensor
}

/// Attention of an encoder's layer over rows of several texts: x is (T, C), the result too.
struct EncoderAttention {
    let heads: Int
    let headWidth: Int
    let window: Int?

    func run(
        _ layer: EncoderLayerWeights, _ x: Tensor, _ segments: Segments, rotary: RotaryTable? = nil
    ) -> Tensor {
        var q = Tensor(zeros: x.shape)
        var k = q
        var v = q
        layer.query.apply(x, into: &q)
        layer.key.apply(x, into: &k)
        layer.value.apply(x, into: &v)
        rotary?.rotate(&q, segments: segments)
        rotary?.rotate(&k, segments: segments)
        var attended = Tensor(zeros: x.shape)
        Attention(
            heads: heads, keyValueHeads: heads, headWidth: headWidth, causal: false,
            window: window
        ).forward(q: q, k: k, v: v, offsets: segments.offsets, into: &attended)
        var result = Tensor(zeros: x.shape)
        layer.output.apply(attended, into: &result)
        return result
    }
}

extension FeedForward<Projection> {
    /// What the last matrix multiplies, (T, F), and that matrix; an encoder's block has no experts.
    func inner(_ x: Tensor, _ activation: Activation) -> (states: Tensor, down: Projection) {
        switch self {
        case .plain(let up, let down):
            var inner = Tensor(zeros: [x.rows, up.weight.rows])
            up.apply(x, into: &inner)
            activation.apply(&inner)
            return (inner, down)
        case .gated(let block):
            var gate = Tensor(zeros: [x.rows, block.up.weight.rows])
            var inner = gate
            block.gate.apply(x, into: &gate)
            block.up.apply(x, into: &inner)
            activation.apply(&gate)
            ElementWise.multiply(gate, into: &inner)
            return (inner, block.down)
        case .experts: preconditionFailure("an encoder's feed-forward block has no experts")
        }
    }
}

extension Tensor {
    /// x += the rows of these numbers.
    func addRows(_ rows: [Int32], to x: inout Tensor) {
        var added = Tensor(zeros: x.shape)
        ElementWise.gatherRows(self, ids: rows, into: &added)
        ElementWise.add(added, to: &x)
    }
}
