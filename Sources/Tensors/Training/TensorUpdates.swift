// SPDX-License-Identifier: Apache-2.0
import Kernels

extension Tensor {
    /// Sets every element to zero, keeping the storage.
    package mutating func clear() {
        values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            TrainingLoops.elements(values.count) {
                (start + $0.lowerBound).update(repeating: 0, count: $0.count)
            }
        }
    }

    /// Adds `factor` times another tensor of as many elements.
    package mutating func add(_ other: Tensor, factor: Float = 1) {
        precondition(count == other.count)
        let count = count
        other.values.withUnsafeBufferPointer { x in
            values.withUnsafeMutableBufferPointer { y in
                guard let x = x.baseAddress, let y = y.baseAddress else { return }
                TrainingLoops.scale(x, into: y, factor: factor, count: count, accumulate: true)
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

    /// Sum of the squares of all elements, in double precision and an order that does not depend on the
    /// threads.
    package var sumOfSquares: Double {
        let part = 1 << 18
        let parts = ComputeThreads.map((count + part - 1) / part) { index in
            values.withUnsafeBufferPointer {
                let first = index * part
                return shoken_train_sum_of_squares(
                    $0.start + first, Int64(min(part, $0.count - first)))
            }
        }
        return parts.reduce(0, +)
    }
}
