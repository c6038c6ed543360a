// SPDX-License-Identifier: Apache-2.0

/// Where an operation finds a vector of weights: a norm's gain, a bias.
package enum VectorReference: Sendable {
    /// Some numbers of a trained parameter, by its place in the layout.
    case trained(Int, Range<Int>)
    /// Numbers that stay as they are.
    case frozen(Tensor)

    /// Number of numbers.
    package var count: Int {
        switch self {
        case .trained(_, let range): range.count
        case .frozen(let tensor): tensor.count
        }
    }

    /// Some of the numbers.
    package func range(_ range: Range<Int>) -> VectorReference {
        switch self {
        case .trained(let place, let all):
            .trained(place, all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
        case .frozen(let tensor):
            .frozen(Tensor(shape: [range.count], values: Array(tensor.values[range])))
        }
    }

    var isTrained: Bool { if case .trained = self { true } else { false } }
}

/// Where an operation finds a matrix of weights (out, in).
package enum MatrixReference: Sendable {
    /// Some rows of a trained parameter, by its place in the layout.
    case trained(Int, rows: Range<Int>, columns: Int)
    /// A matrix that stays as it is, in any form: 32-bit floats, packed or blocks of few bits.
    case frozen(WeightMatrix)

    /// Length of a result, out.
    package var rows: Int {
        switch self {
        case .trained(_, let rows, _): rows.count
        case .frozen(let matrix): matrix.rows
        }
    }

    /// Length of what is multiplied, in.
    package var columns: Int {
        switch self {
        case .trained(_, _, let columns): columns
        case .frozen(let matrix): matrix.columns
        }
    }

    /// Some of the rows; those of a matrix that stays as it is are copied, as 32-bit floats.
    package func rows(_ range: Range<Int>) -> MatrixReference {
        switch self {
        case .trained(let place, let all, let columns):
            return .trained(
                place, rows: all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound,
                columns: columns)
        case .frozen(let matrix):
            guard range != 0..<matrix.rows else { return self }
            var part = Tensor(zeros: [range.count, matrix.columns])
            matrix.gatherRows(range.map { Int32($0) }, into: &part)
            return .frozen(WeightMatrix(part))
        }
    }

    var isTrained: Bool { if case .trained = self { true } else { false } }
}

/// A trained change of low rank to a matrix: W + scale · B · A (Hu et al. 2021, arXiv 2106.09685).
package struct LowRankReference: Sendable {
    /// A (r, in).
    package var down: MatrixReference
    /// B (out, r).
    package var up: MatrixReference
    /// Factor of the change, alpha / r.
    package var scale: Float
    /// Dropout on what A sees.
    package var dropout: Float

    /// A change; A and B agree in r.
    package init(down: MatrixReference, up: MatrixReference, scale: Float, dropout: Float = 0) {
        precondition(down.rows == up.columns, "one rank")
        (self.down, self.up, self.scale, self.dropout) = (down, up, scale, dropout)
    }

    /// The change of some of the matrix's rows.
    package func rows(_ range: Range<Int>) -> LowRankReference {
        LowRankReference(down: down, up: up.rows(range), scale: scale, dropout: dropout)
    }
}

/// A linear layer as an operation sees it: y = W x + b, and a trained change of low rank.
package struct LinearReference: Sendable {
    /// W (out, in).
    package var weight: MatrixReference
    /// b (out), or nil.
    package var bias: VectorReference?
    /// The change, or nil.
    package var adapter: LowRankReference?

    /// A layer.
    package init(
        _ weight: MatrixReference, bias: VectorReference? = nil, adapter: LowRankReference? = nil
    ) {
        precondition(bias.map { $0.count == weight.rows } ?? true, "one bias a result")
        (self.weight, self.bias, self.adapter) = (weight, bias, adapter)
    }

    var isTrained: Bool {
        weight.isTrained || (bias?.isTrained ?? false) || adapter != nil
    }
}

extension ParameterLayout {
    /// All of a matrix.
    package func matrix(_ place: Int) -> MatrixReference {
        let shape = entries[place].shape
        precondition(shape.count == 2, "a matrix has two dimensions")
        return .trained(place, rows: 0..<shape[0], columns: shape[1])
    }

    /// All of a vector.
    package func vector(_ place: Int) -> VectorReference {
        .trained(place, 0..<entries[place].count)
    }
}

extension Tape {
    /// Calls `body` with a vector's numbers.
    func withVector<Result>(
        _ vector: VectorReference, _ body: (UnsafePointer<Float>) -> Result
    ) -> Result {
        switch vector {
        case .trained(let place, let range): withParameter(place) { body($0 + range.lowerBound) }
        case .frozen(let tensor): tensor.values.withUnsafeBufferPointer { body($0.start) }
        }
    }

    /// Calls `body` with the sum of a vector's gradients, or nil where it stays as it is.
    func withVectorGradient(
        _ vector: VectorReference?, _ body: (UnsafeMutablePointer<Float>?) -> Void
    ) {
        guard case .trained(let place, let range) = vector else { return body(nil) }
        withGradient(place) { body($0 + range.lowerBound) }
    }
}
