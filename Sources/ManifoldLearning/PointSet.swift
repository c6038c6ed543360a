// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// Points of many dimensions, each a row of numbers that can be compared.
package struct PointSet: Sendable {
    /// The rows (N, D), their mean at the origin: differences stay, and lose less in 32 bits.
    let rows: Tensor
    /// Squared lengths of the rows (N).
    let squares: [Float]

    /// Points per piece of work; the pieces, and so the sums over them, are the same on any number of threads.
    private static let blockRows = 256
    /// Above this a difference of two points may have no square in 32 bits.
    private static let largestSquare = 1e37

    /// Number of points, N.
    package var count: Int { rows.rows }
    /// Numbers of a point, D.
    package var width: Int { rows.columns }

    /// The rows of a matrix (N, D); throws ``ManifoldError/notFinite(point:)``.
    package init(_ points: Tensor) throws(ManifoldError) {
        let (count, width) = (points.rows, points.columns)
        if let place = points.values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(point: place / max(1, width))
        }
        var mean = [Double](repeating: 0, count: width)
        for row in 0..<count {
            for column in 0..<width { mean[column] += Double(points.values[row * width + column]) }
        }
        var values = points.values
        var squares = [Float](repeating: 0, count: count)
        for row in 0..<count {
            var sum = 0.0
            for column in 0..<width {
                let value = Double(values[row * width + column]) - mean[column] / Double(count)
                values[row * width + column] = Float(value)
                sum += value * value
            }
            guard sum < Self.largestSquare else { throw .notFinite(point: row) }
            squares[row] = Float(sum)
        }
        rows = Tensor(shape: [count, width], values: values)
        self.squares = squares
    }

    /// Runs of points that are worked on together: two or more, so that each stays on one thread whatever
    /// their number, and products come out the same to the last bit.
    var blocks: [Range<Int>] {
        let height = max(1, min(Self.blockRows, (count + 1) / 2))
        return stride(from: 0, to: count, by: height).map { $0..<min($0 + height, count) }
    }

    /// The squared distances (block, N) of some points to all, by one product; small ones are not exact.
    func squaredDistances(of block: Range<Int>) -> [Float] {
        var result = MatrixProduct.product(rows.rowSlice(block), rows, transposeB: true).values
        for (line, row) in block.enumerated() {
            let (start, own) = (line * count, squares[row])
            for other in 0..<count {
                result[start + other] = max(0, own + squares[other] - 2 * result[start + other])
            }
        }
        return result
    }

    /// The distance of two points, exact.
    func distance(_ first: Int, _ second: Int) -> Double {
        let (a, b) = (first * width, second * width)
        var sum = 0.0
        for column in 0..<width {
            let difference = Double(rows.values[a + column]) - Double(rows.values[b + column])
            sum += difference * difference
        }
        return sum.squareRoot()
    }
}
