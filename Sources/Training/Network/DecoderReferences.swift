// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LanguageModel
package import Tensors

/// Where the operations of a decoder's layer find their weights.
package typealias DecoderLayerReferences = DecoderLayer<VectorReference, LinearReference>

extension GatedBlock<LinearReference> {
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
