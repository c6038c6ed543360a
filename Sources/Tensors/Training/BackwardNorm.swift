import Kernels

/// Root-mean-square normalisation that keeps what its gradient needs.
package enum RMSNormPass {
    /// Writes norm(x) · gain to `output`, and 1 / rms of every row to `inverse`.
    ///
    /// `x` and `output` are (T, C), `gain` is (C), `inverse` is (T).
    package static func forward(
        _ x: Tensor, gain: Tensor, epsilon: Float, output: inout Tensor, inverse: inout Tensor
    ) {
        precondition(x.shape == output.shape && gain.count == x.columns && inverse.count == x.rows)
        let (rows, width) = (x.rows, x.columns)
        x.values.withUnsafeBufferPointer { x in
            gain.values.withUnsafeBufferPointer { gain in
                output.values.withUnsafeMutableBufferPointer { output in
                    inverse.values.withUnsafeMutableBufferPointer { inverse in
                        shoken_train_rms_norm(
                            x.baseAddress, gain.baseAddress, output.baseAddress,
                            inverse.baseAddress, rows, width, epsilon)
                    }
                }
            }
        }
    }

    /// Adds the gradients of the input (T, C) and of the gain (C) for an output gradient (T, C).
    package static func backward(
        _ outputGradient: Tensor, x: Tensor, gain: Tensor, inverse: Tensor,
        addingTo inputGradient: inout Tensor, _ gainGradient: inout Tensor
    ) {
        precondition(x.shape == outputGradient.shape && x.shape == inputGradient.shape)
        precondition(gain.count == x.columns && gainGradient.count == x.columns)
        precondition(inverse.count == x.rows)
        let (rows, width) = (x.rows, x.columns)
        outputGradient.values.withUnsafeBufferPointer { dy in
            x.values.withUnsafeBufferPointer { x in
                gain.values.withUnsafeBufferPointer { gain in
                    inverse.values.withUnsafeBufferPointer { inverse in
                        inputGradient.values.withUnsafeMutableBufferPointer { dx in
                            gainGradient.values.withUnsafeMutableBufferPointer { dgain in
                                shoken_train_rms_norm_backward(
                                    x.baseAddress, gain.baseAddress, inverse.baseAddress,
                                    dy.baseAddress, dx.baseAddress, dgain.baseAddress, rows, width)
                            }
                        }
                    }
                }
            }
        }
    }
}
