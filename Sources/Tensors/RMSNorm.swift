// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Root mean square normalisation (Zhang and Sennrich 2019): y = (w + o) · x / sqrt(mean(x²) + ε),
/// where the offset o is 0 but for files that hold weights less one.
package enum RMSNorm {
    /// Normalises each row of `x` (T, C) into `y` (T, C); `weight` is (C).
    package static func forward(
        _ x: Tensor, weight: Tensor, epsilon: Float, weightOffset: Float = 0,
        into y: inout Tensor
    ) {
        let (rows, width) = (x.rows, x.columns)
        precondition(weight.count == width && y.shape == x.shape, "one weight a column")
        guard x.count > 0 else { return }
        x.values.withUnsafeBufferPointer { x in
            weight.values.withUnsafeBufferPointer { weight in
                y.values.withUnsafeMutableBufferPointer { y in
                    ComputeThreads.ranges(rows, minimum: 1 + 16384 / width) { range in
                        for row in range {
                            let start = row * width
                            _ = shoken_rms_norm(
                                x.start + start, weight.start, y.start + start, Int64(width),
                                epsilon, weightOffset)
                        }
                    }
                }
            }
        }
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
}
