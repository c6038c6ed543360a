// SPDX-License-Identifier: Apache-2.0

/// A dense array of 32-bit floats in row-major order.
///
/// A value type over an array: copies are cheap until one of them is written to.
package struct Tensor: Hashable, Sendable {
    /// Lengths of the dimensions, outermost first.
    package private(set) var shape: [Int]
    /// The elements, the last dimension contiguous.
    package var values: [Float]

    /// A tensor of zeros.
    package init(zeros shape: [Int]) {
        self.shape = shape
        values = [Float](repeating: 0, count: shape.reduce(1, *))
    }

    /// A tensor of given elements; their number must be the product of `shape`.
    package init(shape: [Int], values: [Float]) {
        precondition(values.count == shape.reduce(1, *), "as many values as the shape holds")
        self.shape = shape
        self.values = values
    }

    /// Number of elements.
    package var count: Int { values.count }

    /// Number of rows of a matrix: the product of all dimensions but the last.
    package var rows: Int { shape.dropLast().reduce(1, *) }

    /// Length of the last dimension.
    package var columns: Int { shape.last ?? 1 }
}

extension Tensor {
    /// Changes the length of the first dimension; rows that are added are zero, memory is kept.
    package mutating func setRows(_ count: Int) {
        precondition(!shape.isEmpty && count >= 0, "there is a first dimension")
        let elements = count * shape.dropFirst().reduce(1, *)
        if elements < values.count {
            values.removeLast(values.count - elements)
        } else {
            values.append(contentsOf: repeatElement(0, count: elements - values.count))
        }
        shape[0] = count
    }

    /// Rows of a matrix as a matrix of their own.
    package func rowSlice(_ range: Range<Int>) -> Tensor {
        Tensor(
            shape: [range.count, columns],
            values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
    }
}
