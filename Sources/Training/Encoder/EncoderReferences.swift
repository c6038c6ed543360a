// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors

/// Where the operations of an encoder find its weights.
typealias EncoderReferences = EncoderStack<MatrixReference, NormReference, LinearReference>

/// Where the operations of an encoder's layer find its weights.
typealias EncoderLayerReferences = EncoderLayer<NormReference, LinearReference>

/// Where the weights of a layer norm are found.
struct NormReference: Sendable {
    let gain: VectorReference
    let bias: VectorReference?
    let epsilon: Float

    /// The norm of each row.
    func apply(_ x: TapeValue, _ tape: Tape) -> TapeValue {
        tape.layerNorm(x, gain: gain, bias: bias, epsilon: epsilon)
    }
}

extension EncoderLayerReferences {
    func projections(
        of x: TapeValue, _ tape: Tape
    ) -> (query: TapeValue, key: TapeValue, value: TapeValue) {
        (tape.linear(x, query), tape.linear(x, key), tape.linear(x, value))
    }

    /// y = norm(x + output · attended), then norm(y + block(y)).
    func normsAfter(
        _ attended: TapeValue, _ x: TapeValue, _ activation: TapeActivation, _ tape: Tape,
        _ dropout: Float
    ) -> TapeValue {
        var y = tape.linear(attended, output, addingTo: x, mask: tape.dropoutMask(dropout))
        if let attentionNorm { y = attentionNorm.apply(y, tape) }
        let inner = feedForward.inner(y, activation, tape)
        let z = tape.linear(inner.states, inner.down, addingTo: y, mask: tape.dropoutMask(dropout))
        return feedForwardNorm.apply(z, tape)
    }
}

extension FeedForward<LinearReference> {
    /// What the last matrix multiplies, (T, F), and that matrix; an encoder's block has no experts.
    func inner(
        _ x: TapeValue, _ activation: TapeActivation, _ tape: Tape
    ) -> (states: TapeValue, down: LinearReference) {
        switch self {
        case .plain(let up, let down):
            (tape.activation(activation, tape.linear(x, up)), down)
        case .gated(let block): (block.inner(x, activation, tape), block.down)
        case .experts: preconditionFailure("an encoder's feed-forward block has no experts")
        }
    }
}
