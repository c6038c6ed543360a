// SPDX-License-Identifier: Apache-2.0
import Kernels

/// A matrix in whole numbers of 8 bits with a scale for each row, as files keep it.
package struct RoundedRows: Hashable, Sendable {
    /// Elements of a row.
    package let columns: Int
    /// The elements row by row, −127 to 127, of which the largest of a row is 127 in size.
    package let steps: [Int8]
    /// What the elements of each row are multiplied by.
    package let scales: [Float]

    /// Rounds a matrix: each element to the nearest of 255 equal steps, ties to even; nil where a number is
    /// not finite.
    package init?(rounding matrix: Tensor) {
        guard matrix.values.allSatisfy(\.isFinite) else { return nil }
        columns = matrix.columns
        var scales = [Float](repeating: 0, count: matrix.rows)
        steps = [Int8](unsafeUninitializedCapacity: matrix.count) { steps, count in
            if matrix.count > 0 {
                shoken_quantise_rows(
                    matrix.values, Int64(matrix.rows), Int64(matrix.columns), 127, steps.start,
                    &scales)
            }
            count = matrix.count
        }
        self.scales = scales
    }

    /// Rows as a file has them; there must be `columns` elements for each scale.
    package init(steps: [Int8], scales: [Float], columns: Int) {
        precondition(steps.count == scales.count * columns, "whole rows")
        (self.steps, self.scales, self.columns) = (steps, scales, columns)
    }

    /// The matrix (rows, columns) in 32-bit floats.
    package var tensor: Tensor {
        var result = Tensor(zeros: [scales.count, columns])
        for row in scales.indices {
            for place in row * columns..<(row + 1) * columns {
                result.values[place] = Float(steps[place]) * scales[row]
            }
        }
        return result
    }
}
