package import Tensors

/// A matrix (out, in) with the bias that may go with it: y = W x + b.
package struct Projection: Hashable, Sendable {
    /// The matrix (out, in).
    package var weight: Tensor
    /// What is added (out), or nil.
    package var bias: Tensor?

    /// A projection.
    package init(weight: Tensor, bias: Tensor? = nil) {
        self.weight = weight
        self.bias = bias
    }

    /// y = W x + b for each row of `x` (T, in), or y += W x + b.
    func apply(_ x: Tensor, into y: inout Tensor, accumulate: Bool = false) {
        MatrixProduct.multiply(x, weight, transposeB: true, into: &y, accumulate: accumulate)
        if let bias { ElementWise.addToRows(bias, of: &y) }
    }
}
