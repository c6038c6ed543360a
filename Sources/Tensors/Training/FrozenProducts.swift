// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Products with weights that stay as they are, for training: of rows in memory, both ways, and never
/// with the whole matrix in 32-bit floats at once.
extension WeightMatrix {
    /// y = x · wᵀ, or y += that, where `x` is (rows, in) and is not rounded.
    ///
    /// Blocks are widened some rows at a time, so that the loss is that of the weights that the gradient
    /// passes through; only a matrix packed in 8 bits rounds what it multiplies.
    func multiplyExactly(
        _ x: UnsafePointer<Float>, rows count: Int, into y: UnsafeMutablePointer<Float>,
        accumulate: Bool
    ) {
        switch form {
        case .dense(let tensor):
            tensor.values.withUnsafeBufferPointer { w in
                StridedProduct(
                    m: count, n: rows, k: columns, transposeB: true, strideA: columns,
                    strideB: columns, strideC: rows, accumulate: accumulate
                ).run(x, w.start, y)
            }
        case .packed(let matrix):
            matrix.multiply(x, rows: count, into: y, accumulate: accumulate)
        case .blocks(let matrix):
            matrix.multiplyWidened(x, rows: count, into: y, accumulate: accumulate)
        }
    }

    /// dx = dy · w, or dx += that, where `dy` is (rows, out).
    func multiplyTransposed(
        _ dy: UnsafePointer<Float>, rows count: Int, into dx: UnsafeMutablePointer<Float>,
        accumulate: Bool
    ) {
        switch form {
        case .dense(let tensor):
            tensor.values.withUnsafeBufferPointer { w in
                StridedProduct(
                    m: count, n: columns, k: rows, strideA: rows, strideB: columns,
                    strideC: columns, accumulate: accumulate
                ).run(dy, w.start, dx)
            }
        case .packed(let matrix):
            matrix.withRows { panel, range in
                Self.product(dy, count, rows, panel, range, columns, dx, accumulate)
            }
        case .blocks(let matrix):
            matrix.withRows { panel, range in
                Self.product(dy, count, rows, panel, range, columns, dx, accumulate)
            }
        }
    }

    /// dx += dy[:, range] · panel; the first panel decides whether what stands there is kept.
    private static func product(
        _ dy: UnsafePointer<Float>, _ count: Int, _ rows: Int, _ panel: UnsafePointer<Float>,
        _ range: Range<Int>, _ columns: Int, _ dx: UnsafeMutablePointer<Float>,
        _ accumulate: Bool
    ) {
        StridedProduct(
            m: count, n: columns, k: range.count, strideA: rows, strideB: columns,
            strideC: columns, accumulate: accumulate || range.lowerBound > 0
        ).run(dy + range.lowerBound, panel, dx)
    }

    // MARK: Products of bfloat16

    /// y = x · wᵀ, or y += that, of rounded rows and weights; not for packed matrices.
    func multiplyHalf(
        _ x: UnsafePointer<UInt16>, rows count: Int, into y: UnsafeMutablePointer<Float>,
        accumulate: Bool
    ) {
        withHalfRows { panel, range in
            HalfProduct(
                m: count, n: range.count, k: columns, transposeB: true, strideA: columns,
                strideB: columns, strideC: rows, accumulate: accumulate
            ).run(x, panel, y + range.lowerBound)
        }
    }

    /// dx = dy · w, or dx += that, of rounded rows and weights; not for packed matrices.
    func multiplyTransposedHalf(
        _ dy: UnsafePointer<UInt16>, rows count: Int, into dx: UnsafeMutablePointer<Float>,
        accumulate: Bool
    ) {
        withHalfRows { panel, range in
            HalfProduct(
                m: count, n: columns, k: range.count, strideA: rows, strideB: columns,
                strideC: columns, accumulate: accumulate || range.lowerBound > 0
            ).run(dy + range.lowerBound, panel, dx)
        }
    }

    /// Calls `body` with all rows in bfloat16: at once where they lie so, else some at a time, in order.
    private func withHalfRows(_ body: (UnsafePointer<UInt16>, Range<Int>) -> Void) {
        if case .blocks(let matrix) = form, matrix.format == .bfloat16 {
            matrix.withBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                // A mapped file may begin a tensor at any byte; oneDNN reads words wherever they are.
                body(start.assumingMemoryBound(to: UInt16.self), 0..<rows)
            }
            return
        }
        let panel = max(1, min(rows, 262_144 / columns))
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: panel * columns) { words in
            func narrowed(_ numbers: UnsafePointer<Float>, _ range: Range<Int>) {
                TrainingLoops.narrow(numbers, into: words.start, count: range.count * columns)
                body(UnsafePointer(words.start), range)
            }
            switch form {
            case .dense(let tensor):
                tensor.values.withUnsafeBufferPointer { numbers in
                    for first in stride(from: 0, to: rows, by: panel) {
                        narrowed(
                            numbers.start + first * columns, first..<min(rows, first + panel))
                    }
                }
            case .packed(let matrix): matrix.withRows(narrowed)
            case .blocks(let matrix): matrix.withRows(narrowed)
            }
        }
    }
}
