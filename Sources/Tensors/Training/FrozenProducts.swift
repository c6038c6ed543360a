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
}
