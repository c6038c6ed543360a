// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// A matrix (out, in) with the bias that may go with it: y = W x + b; and, for rows that chose an
/// adapter, its change of low rank.
package struct Projection: Sendable {
    /// The matrix (out, in).
    package var weight: WeightMatrix
    /// What is added (out), or nil.
    package var bias: Tensor?
    /// Changes by the number of their adapter.
    var changes: [Int: LowRankChange] = [:]

    /// A projection.
    package init(weight: WeightMatrix, bias: Tensor? = nil) {
        self.weight = weight
        self.bias = bias
    }

    /// A projection with a matrix of 32-bit floats, taken as it is.
    package init(weight: Tensor, bias: Tensor? = nil) {
        self.init(weight: WeightMatrix(weight), bias: bias)
    }

    /// y = W x + b for each row of `x` (T, in), or y += W x + b.
    func apply(
        _ x: Tensor, into y: inout Tensor, accumulate: Bool = false, adapters: AdapterRows = .none
    ) {
        weight.multiply(x, into: &y, accumulate: accumulate)
        if let bias { ElementWise.addToRows(bias, of: &y) }
        for group in adapters.groups {
            changes[group.adapter]?.add(x, to: &y, group: group)
        }
    }
}
