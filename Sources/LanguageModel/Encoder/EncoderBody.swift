import Tensors
import WeightFiles

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
        _ layer: EncoderLayer, _ x: Tensor, _ segments: Segments, rotary: RotaryTable? = nil
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
