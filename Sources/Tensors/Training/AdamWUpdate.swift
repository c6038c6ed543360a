// SPDX-License-Identifier: Apache-2.0
import Foundation
import Kernels

/// One AdamW step of one tensor (Loshchilov and Hutter, arXiv 1711.05101).
package struct AdamWUpdate: Sendable {
    /// Learning rate of this step.
    package var rate: Float
    /// Weight decay; 0 for tensors that are not decayed.
    package var decay: Float
    /// Decay of the running mean of gradients.
    package var beta1: Float
    /// Decay of the running mean of squared gradients.
    package var beta2: Float
    /// Added after the square root.
    package var epsilon: Float
    /// Step number counted from 1, for the bias corrections.
    package var step: Int
    /// Factor on the gradient: clipping.
    package var gradientFactor: Float

    /// All settings of a step.
    package init(
        rate: Float, decay: Float, beta1: Float, beta2: Float, epsilon: Float, step: Int,
        gradientFactor: Float
    ) {
        (self.rate, self.decay, self.beta1, self.beta2) = (rate, decay, beta1, beta2)
        (self.epsilon, self.step, self.gradientFactor) = (epsilon, step, gradientFactor)
    }

    /// First w ← w · (1 − rate · decay), then the bias-corrected Adam step.
    package func apply(
        to weight: inout Tensor, gradient: Tensor, mean: inout Tensor, square: inout Tensor
    ) {
        precondition(weight.count == gradient.count)
        precondition(weight.count == mean.count && weight.count == square.count)
        let count = weight.count
        let correction1 = Float(1 - pow(Double(beta1), Double(step)))
        let correction2 = Float(1 - pow(Double(beta2), Double(step)))
        weight.values.withUnsafeMutableBufferPointer { w in
            gradient.values.withUnsafeBufferPointer { g in
                mean.values.withUnsafeMutableBufferPointer { m in
                    square.values.withUnsafeMutableBufferPointer { v in
                        guard let w = w.baseAddress, let g = g.baseAddress,
                            let m = m.baseAddress, let v = v.baseAddress
                        else { return }
                        TrainingLoops.elements(count) {
                            let first = $0.lowerBound
                            shoken_train_adamw(
                                w + first, g + first, m + first, v + first, Int64($0.count),
                                gradientFactor, rate, decay, beta1, beta2, epsilon, correction1,
                                correction2)
                        }
                    }
                }
            }
        }
    }
}
