import Foundation
import Kernels

/// SiLU, x · sigmoid(x), and its gradient.
package enum SiLUPass {
    /// Writes SiLU of every element of `x` to `output`.
    package static func forward(_ x: Tensor, output: inout Tensor) {
        precondition(x.count == output.count)
        x.values.withUnsafeBufferPointer { x in
            output.values.withUnsafeMutableBufferPointer { y in
                shoken_train_silu(x.baseAddress, y.baseAddress, x.count)
            }
        }
    }

    /// Turns the gradient of the output into that of the input, in place.
    package static func backward(_ gradient: inout Tensor, x: Tensor) {
        precondition(x.count == gradient.count)
        x.values.withUnsafeBufferPointer { x in
            gradient.values.withUnsafeMutableBufferPointer { dy in
                shoken_train_silu_backward(x.baseAddress, dy.baseAddress, x.count)
            }
        }
    }
}

/// Rotary positions: the first half of every head turns against the second half.
package struct RotaryPass: Sendable {
    private let cosine: [Float]
    private let sine: [Float]
    private let headWidth: Int
    private let positionCount: Int

    /// Tables for positions below `positions`, angle p · theta^(−2i / D).
    package init(positions: Int, headWidth: Int, theta: Double) {
        self.headWidth = headWidth
        positionCount = positions
        let half = headWidth / 2
        var cosine = [Float](repeating: 0, count: positions * half)
        var sine = cosine
        for i in 0..<half {
            // The reference computes angles in single precision: so do we, to meet it closely.
            let frequency = Float(1 / pow(theta, Double(2 * i) / Double(headWidth)))
            for position in 0..<positions {
                let angle = Double(Float(position) * frequency)
                cosine[position * half + i] = Float(cos(angle))
                sine[position * half + i] = Float(sin(angle))
            }
        }
        (self.cosine, self.sine) = (cosine, sine)
    }

    /// Turns `x` (T, H · D) in place by each row's position; `inverse` turns it back, which is also
    /// how a gradient passes through.
    package func rotate(_ x: inout Tensor, positions: [Int32], inverse: Bool = false) {
        precondition(x.rows == positions.count && x.columns % headWidth == 0)
        precondition(positions.allSatisfy { $0 >= 0 && Int($0) < positionCount })
        let (rows, heads) = (x.rows, x.columns / headWidth)
        x.values.withUnsafeMutableBufferPointer { x in
            positions.withUnsafeBufferPointer { positions in
                cosine.withUnsafeBufferPointer { cosine in
                    sine.withUnsafeBufferPointer { sine in
                        shoken_train_rotate(
                            x.baseAddress, positions.baseAddress, cosine.baseAddress,
                            sine.baseAddress, rows, heads, headWidth, inverse ? -1 : 1)
                    }
                }
            }
        }
    }
}

/// A dropout mask that is a pure function of its seed and the element's number, so that the
/// backward pass and a resumed run draw the same one without keeping it.
package struct DropoutMask: Sendable {
    /// Share of the elements that become 0; the others grow by 1 / (1 − probability).
    package let probability: Float
    /// Seed of the draws; distinct for each use within a step.
    package let seed: UInt64

    /// A mask of a probability in 0 ..< 1.
    package init(probability: Float, seed: UInt64) {
        precondition(probability >= 0 && probability < 1)
        (self.probability, self.seed) = (probability, seed)
    }

    /// Multiplies `x` by the mask.
    package func apply(to x: inout Tensor) {
        let (rows, columns) = (x.rows, x.columns)
        x.values.withUnsafeMutableBufferPointer {
            shoken_train_dropout($0.baseAddress, rows, columns, columns, seed, 0, probability)
        }
    }
}

extension Tensor {
    /// Sets every element to zero, keeping the storage.
    package mutating func clear() {
        values.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }

    /// Adds `factor` times another tensor of as many elements.
    package mutating func add(_ other: Tensor, factor: Float = 1) {
        precondition(count == other.count)
        other.values.withUnsafeBufferPointer { x in
            values.withUnsafeMutableBufferPointer { y in
                shoken_train_add_scaled(y.baseAddress, x.baseAddress, factor, y.count)
            }
        }
    }

    /// Copies the elements of another tensor of as many elements into this one's storage.
    package mutating func copy(from other: Tensor) {
        precondition(count == other.count)
        other.values.withUnsafeBufferPointer { x in
            values.withUnsafeMutableBufferPointer { y in _ = y.update(fromContentsOf: x) }
        }
    }

    /// Sum of the squares of all elements, in double precision and a fixed order.
    package var sumOfSquares: Double {
        values.withUnsafeBufferPointer { shoken_train_sum_of_squares($0.baseAddress, $0.count) }
    }
}
