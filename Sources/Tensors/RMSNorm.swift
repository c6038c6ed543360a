import Kernels

/// Root mean square normalisation (Zhang and Sennrich 2019): y = w · x / sqrt(mean(x²) + ε).
package enum RMSNorm {
    /// Normalises each row of `x` (T, C) into `y` (T, C); `weight` is (C).
    package static func forward(
        _ x: Tensor, weight: Tensor, epsilon: Float, into y: inout Tensor
    ) {
        var unused: [Float] = []
        run(x, weight, epsilon, &y, &unused, keepsInverse: false)
    }

    /// The same, and leaves 1 / sqrt(mean(x²) + ε) of each row in `inverseRMS` (T), as the gradient
    /// needs it.
    package static func forward(
        _ x: Tensor, weight: Tensor, epsilon: Float, into y: inout Tensor,
        inverseRMS: inout [Float]
    ) {
        if inverseRMS.count != x.rows { inverseRMS = [Float](repeating: 0, count: x.rows) }
        run(x, weight, epsilon, &y, &inverseRMS, keepsInverse: true)
    }

    private static func run(
        _ x: Tensor, _ weight: Tensor, _ epsilon: Float, _ y: inout Tensor,
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
                                    y.start + start, Int64(width), epsilon)
                                if keepsInverse { inverse[row] = value }
                            }
                        }
                    }
                }
            }
        }
    }
}
