// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Operations on each element, or on each row, of a tensor.
package enum ElementWise {
    /// x = x · logistic(x) for each element (SiLU).
    package static func siluInPlace(_ x: inout Tensor) { activate(&x, shoken_silu) }

    /// x = x · Φ(x) for each element (GELU).
    package static func geluInPlace(_ x: inout Tensor) { activate(&x, shoken_gelu) }

    /// GELU with Φ approximated by a hyperbolic tangent.
    package static func geluTanhInPlace(_ x: inout Tensor) { activate(&x, shoken_gelu_tanh) }

    /// x = tanh(x) for each element.
    package static func tanhInPlace(_ x: inout Tensor) { activate(&x, shoken_tanh) }

    /// x = c · tanh(x / c) for each element.
    package static func softcapInPlace(_ x: inout Tensor, cap: Float) {
        inPlace(&x) { x, count in shoken_softcap(x, count, cap) }
    }

    private static func activate(_ x: inout Tensor, _ kind: Int) {
        inPlace(&x) { x, count in shoken_activate(Int32(kind), x, x, count) }
    }

    private static func inPlace(
        _ x: inout Tensor, _ function: (UnsafeMutablePointer<Float>, Int64) -> Void
    ) {
        x.values.withUnsafeMutableBufferPointer { x in
            ComputeThreads.ranges(x.count, minimum: 16384) { range in
                function(x.start + range.lowerBound, Int64(range.count))
            }
        }
    }

    /// y = x · y for each element.
    package static func multiply(_ x: Tensor, into y: inout Tensor) {
        precondition(x.count == y.count, "as many elements on both sides")
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeMutableBufferPointer { y in
                ComputeThreads.ranges(x.count, minimum: 32768) { range in
                    shoken_multiply(
                        x.start + range.lowerBound, y.start + range.lowerBound,
                        Int64(range.count))
                }
            }
        }
    }

    /// Adds `bias` (C) to each row of `x` (T, C).
    package static func addToRows(_ bias: Tensor, of x: inout Tensor) {
        let (rows, width) = (x.rows, x.columns)
        precondition(bias.count == width, "one value a column")
        bias.values.withUnsafeBufferPointer { bias in
            x.values.withUnsafeMutableBufferPointer { x in
                ComputeThreads.ranges(rows, minimum: 1 + 32768 / max(1, width)) { range in
                    for row in range {
                        shoken_add_scaled(bias.start, x.start + row * width, Int64(width), 1)
                    }
                }
            }
        }
    }

    /// Adds row i of `x` (N, C), times `scales[i]`, to row `rows[i]` of `y` (T, C).
    ///
    /// The rows differ from each other.
    package static func addRows(
        _ x: Tensor, scales: [Float], to y: inout Tensor, rows: [Int32]
    ) {
        let width = x.columns
        let limit = Int32(clamping: y.rows)
        precondition(scales.count == x.rows && rows.count == x.rows && y.columns == width)
        precondition(rows.allSatisfy { $0 >= 0 && $0 < limit }, "rows lie within the result")
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeMutableBufferPointer { y in
                for (index, row) in rows.enumerated() {
                    shoken_add_scaled(
                        x.start + index * width, y.start + Int(row) * width, Int64(width),
                        scales[index])
                }
            }
        }
    }

    /// exp(x) of each row of (T, K) divided by its sum; gives back log Σ exp(x) of each row (T).
    @discardableResult
    package static func softmaxRows(_ x: inout Tensor) -> [Float] {
        let (rows, width) = (x.rows, x.columns)
        var logSums = [Float](repeating: 0, count: rows)
        guard x.count > 0 else { return logSums }
        x.values.withUnsafeMutableBufferPointer { x in
            logSums.withUnsafeMutableBufferPointer { logSums in
                ComputeThreads.ranges(rows, minimum: 1 + 8192 / width) { range in
                    for row in range {
                        logSums[row] = shoken_softmax(x.start + row * width, Int64(width))
                    }
                }
            }
        }
        return logSums
    }

    /// y += scale · x for each element.
    package static func add(_ x: Tensor, scale: Float = 1, to y: inout Tensor) {
        precondition(x.count == y.count, "as many elements on both sides")
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeMutableBufferPointer { y in
                ComputeThreads.ranges(x.count, minimum: 32768) { range in
                    shoken_add_scaled(
                        x.start + range.lowerBound, y.start + range.lowerBound,
                        Int64(range.count), scale)
                }
            }
        }
    }

    /// Rows of `table` (V, C) by number, times `scale`, into `result` (T, C).
    ///
    /// The ids must be within the table; the caller checks what came from outside.
    package static func gatherRows(
        _ table: Tensor, ids: [Int32], scale: Float = 1, into result: inout Tensor
    ) {
        let width = table.columns
        let rows = Int32(clamping: table.rows)
        precondition(result.count == ids.count * width, "one row for each id")
        precondition(ids.allSatisfy { $0 >= 0 && $0 < rows }, "ids are rows of the table")
        table.values.withUnsafeBufferPointer { table in
            result.values.withUnsafeMutableBufferPointer { result in
                ComputeThreads.ranges(ids.count, minimum: 1 + 32768 / max(1, width)) { range in
                    for row in range {
                        shoken_scale(
                            table.start + Int(ids[row]) * width,
                            result.start + row * width, Int64(width), scale)
                    }
                }
            }
        }
    }
}
