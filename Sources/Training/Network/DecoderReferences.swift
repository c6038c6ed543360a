import Foundation
import LanguageModel
package import Tensors

/// Where the operations of a decoder's layer find their weights.
package struct DecoderLayerReferences: Sendable {
    /// Norm before attention (C).
    package var inputNorm: VectorReference
    /// Query projection (H · D, C).
    package var query: LinearReference
    /// Key projection (G · D, C).
    package var key: LinearReference
    /// Value projection (G · D, C).
    package var value: LinearReference
    /// Projection after attention (C, H · D).
    package var output: LinearReference
    /// Norm of each query head (D), or nil.
    package var queryNorm: VectorReference?
    /// Norm of each key head (D), or nil.
    package var keyNorm: VectorReference?
    /// Norm of what attention adds (C), or nil.
    package var attentionOutputNorm: VectorReference?
    /// Norm before the feed-forward block (C).
    package var feedForwardNorm: VectorReference
    /// The feed-forward block.
    package var feedForward: FeedForwardReferences
    /// Norm of what the feed-forward block adds (C), or nil.
    package var feedForwardOutputNorm: VectorReference?

    /// The layer of references that are all there, as `storedTensors` lists them.
    init(
        _ configuration: DecoderConfiguration, vector: (LayerTensor) -> VectorReference?,
        matrix: (LayerTensor) -> MatrixReference?
    ) {
        func found<Value>(_ value: Value?) -> Value {
            guard let value else {
                preconditionFailure("a layer has every tensor of its configuration")
            }
            return value
        }
        func linear(_ name: LayerTensor) -> LinearReference {
            LinearReference(found(matrix(name)), bias: vector(.bias(of: name)))
        }
        inputNorm = found(vector(.inputNorm))
        (query, key, value) = (linear(.query), linear(.key), linear(.value))
        output = linear(.output)
        (queryNorm, keyNorm) = (vector(.queryNorm), vector(.keyNorm))
        attentionOutputNorm = vector(.attentionOutputNorm)
        feedForwardNorm = found(vector(.feedForwardNorm))
        feedForwardOutputNorm = vector(.feedForwardOutputNorm)
        switch configuration.feedForward {
        case .plain: feedForward = .plain(up: linear(.up), down: linear(.down))
        case .gated:
            feedForward = .gated(
                GatedReferences(gate: linear(.gate), up: linear(.up), down: linear(.down)))
        case .experts(let count, _):
            feedForward = .experts(
                router: linear(.router),
                (0..<count).map {
                    GatedReferences(
                        gate: linear(.expertGate($0)), up: linear(.expertUp($0)),
                        down: linear(.expertDown($0)))
                })
        }
    }
}

/// Where a feed-forward block finds its matrices.
package enum FeedForwardReferences: Sendable {
    /// down · act(up · x).
    case plain(up: LinearReference, down: LinearReference)
    /// down · (act(gate · x) ∘ up · x).
    case gated(GatedReferences)
    /// The router (experts, C) and the experts.
    case experts(router: LinearReference, [GatedReferences])
}

/// The matrices of a gated feed-forward block, alone or as an expert.
package struct GatedReferences: Sendable {
    /// The matrix whose result passes the activation (F, C).
    package var gate: LinearReference
    /// The matrix beside it (F, C).
    package var up: LinearReference
    /// The last matrix (C, F).
    package var down: LinearReference

    /// act(gate · x) ∘ up · x.
    func inner(_ x: TapeValue, _ activation: TapeActivation, _ tape: Tape) -> TapeValue {
        tape.gated(activation, gate: tape.linear(x, gate), up: tape.linear(x, up))
    }
}

/// Rotary tables of a decoder: one, or one for short and one for long texts.
struct DecoderRotary: Sendable {
    private let short: RotaryTable
    private let long: RotaryTable?
    private let threshold: Int

    init(_ configuration: DecoderConfiguration, longestRow: Int, turnsNeighbours: Bool = false) {
        func table(_ positions: Int) -> RotaryTable {
            let angles = configuration.ropeScaling.frequencies(
                theta: configuration.ropeTheta, width: configuration.rotaryWidth,
                positions: positions)
            return RotaryTable(
                headWidth: configuration.headDim, frequencies: angles.frequencies,
                magnitude: angles.magnitude, positions: positions,
                turnsNeighbours: turnsNeighbours)
        }
        threshold = configuration.ropeScaling.longTextThreshold ?? longestRow
        short = table(min(longestRow, threshold))
        long = longestRow > threshold ? table(longestRow) : nil
    }

    /// The table for a batch, by its longest sequence.
    func table(for batch: TrainingBatch) -> RotaryTable {
        guard let long, Int(batch.positions.max() ?? 0) >= threshold else { return short }
        return long
    }
}
