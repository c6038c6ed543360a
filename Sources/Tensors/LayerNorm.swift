// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Layer normalisation (Ba et al. 2016): y = w · (x − mean) / sqrt(variance + ε) + b.
package enum LayerNorm {
    /// Normalises each row of `x` (T, C) where it is; `weight` and `bias` are (C).
    package static func forwardInPlace(
        _ x: inout Tensor, weight: Tensor, bias: Tensor?, epsilon: Float
    ) {
        let (rows, width) = (x.rows, x.columns)
        precondition(weight.count == width && (bias?.count ?? width) == width)
        let bias = bias?.values ?? []
        x.values.withUnsafeMutableBufferPointer { x in
            weight.values.withUnsafeBufferPointer { weight in
                bias.withUnsafeBufferPointer { bias in
                    ComputeThreads.ranges(rows, minimum: 1 + 16384 / max(1, width)) { range in
                        for row in range {
                            let start = x.start + row * width
                            _ = shoken_layer_norm(
                                start, weight.start, bias.isEmpty ? nil : bias.baseAddress, start,
                                Int64(width), epsilon)
                        }
                    }
                }
            }
        }
    }
}
