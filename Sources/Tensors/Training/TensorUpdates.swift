import Kernels

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
