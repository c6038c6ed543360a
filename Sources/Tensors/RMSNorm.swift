import Kernels

/// Root mean square normalisation (Zhang and Sennrich 2019): y = (w + o) · x / sqrt(mean(x²) + ε),
/// where the offset o is 0 but for files that hold weights less one.
package enum RMSNorm {
    /// Normalises each row of `x` (T, C) into `y` (T, C); `weight` is (C).
    package static func forward(
        _ x: Tensor, weight: Tensor, epsilon: Float, weightOffset: Float = 0,
        into y: inout Tensor
    ) {
        var unused: [Float] = []
        run(x, weight, epsilon, weightOffset, &y, &unused, keepsInverse: false)
    }

    /// Normalises each of `groups` equal parts of each row of `x` (T, groups · D) where it is;
    /// `weight` is (D).
    package static func forwardInPlace(
        _ x: inout Tensor, groups: Int, weight: Tensor, epsilon: Float, weightOffset: Float = 0
    ) {
        let width = weight.count
        precondition(groups * width == x.columns, "a row is whole groups")
        let parts = x.rows * groups
        x.values.withUnsafeMutableBufferPointer { x in
            weight.values.withUnsafeBufferPointer { weight in
                ComputeThreads.ranges(parts, minimum: 1 + 16384 / width) { range in
                    for part in range {
                        let start = x.start + part * width
                        _ = shoken_rms_norm(
                            start, weight.start, start, Int64(width), epsilon, weightOffset)
                    }
                }
            }
        }
    }

    /// The same, and leaves 1 / sqrt(mean(x²) + ε) of each row in `inverseRMS` (T), as the gradient
    /// needs it.
    package static func forward(
        _ x: Tensor, weight: Tensor, epsilon: Float, into y: inout Tensor,
        inverseRMS: inout [Float]
    ) {
        if inverseRMS.count != x.rows { inverseRMS = [Float](repeating: 0, count: x.rows) }
        run(x, weight, epsilon, 0, &y, &inverseRMS, keepsInverse: true)
    }

    private static func run(
        _ x: Tensor, _ weight: Tensor, _ epsilon: Float, _ offset: Float, _ y: inout Tensor,
        _ inverseRMS: inout [Float], keepsInverse: Bool
    ) {
        let (rows, width) = (x.rows, x.columns)
        precondition(weight.count == width && y.shape == x.shape, "one weight a column")
        guard x.count > 0 else { return }
        x.values.withUnsafeBufferPointer { x in
            weight.values.withUnsafeBufferPointer { weight in
                y.values.withUnsafeMutableBufferPointer { y in
                    inverseRMS.withUnsafeMutableBufferPointer { inverse in
                        ComputeThreads.ranges(rows, minimum: 1 + 16384 / width) { range in
                            for row in range {
                                let start = row * width
                                let value = shoken_rms_norm(
                                    x.start + start, weight.start,
                                    y.start + start, Int64(width), epsilon, offset)
                                if keepsInverse { inverse[row] = value }
                            }
                        }
                    }
                }
            }
        }
    }
}
