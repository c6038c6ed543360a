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

    /// The same elements under another shape.
    package func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape: shape, values: values) }
}
