// SPDX-License-Identifier: Apache-2.0
import Kernels

/// A dropout mask that is a pure function of its seed and the element's number, so that the
/// backward pass and a resumed run draw the same one without keeping it.
package struct DropoutMask: Hashable, Sendable {
    /// Share of the elements that become 0; the others grow by 1 / (1 − probability).
    package let probability: Float
    /// Seed of the draws; distinct for each use within a step.
    package let seed: UInt64

    /// A mask of a probability in 0 ..< 1.
    package init(probability: Float, seed: UInt64) {
        precondition(probability >= 0 && probability < 1)
        (self.probability, self.seed) = (probability, seed)
    }

    /// Multiplies `x` by the mask.
    package func apply(to x: inout Tensor) {
        let (rows, columns) = (x.rows, x.columns)
        x.values.withUnsafeMutableBufferPointer {
            guard let start = $0.baseAddress else { return }
            apply(to: start, rows: rows, columns: columns)
        }
    }

    func apply(to x: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        TrainingLoops.rows(rows, width: columns) { range in
            shoken_train_dropout(
                x + range.lowerBound * columns, Int64(range.count), Int64(columns), Int64(columns),
                seed, UInt64(range.lowerBound * columns), probability)
        }
    }
}
