// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors

/// The two directions in which points differ most (principal components), where layouts begin.
enum PrincipalComponents {
    /// Directions that are sought together; the further ones make the first two come out sooner.
    private static let sought = 8
    private static let mostRounds = 60
    private static let tolerance = 1e-7

    /// The points in the plane of the first two components; one dimension that there is none of is 0.
    ///
    /// By subspace iteration from directions of the seed.
    static func plane(_ points: PointSet, seed: UInt64) -> [SIMD2<Double>] {
        let (count, width) = (points.count, points.width)
        let directions = min(sought, width)
        guard directions > 0 else { return [SIMD2<Double>](repeating: .zero, count: count) }
        var random = SplitMix64(seed: seed)
        var basis = (0..<directions).map { _ in (0..<width).map { _ in random.normal() } }
        orthonormalize(&basis)
        var variances = [Double](repeating: 0, count: directions)
        for _ in 0..<mostRounds {
            var image = covariance(points, basis)
            let found = zip(basis, image).map { dot($0, $1) }
            orthonormalize(&image)
            basis = image
            let change = zip(found, variances).map { abs($0 - $1) }.max() ?? 0
            variances = found
            if change <= tolerance * (found.max() ?? 0) { break }
        }
        // Largest first; the sign is that of the largest element.
        let order = basis.indices.sorted { (variances[$0], $1) > (variances[$1], $0) }
        let axes = order.prefix(2).map { index in
            let largest = basis[index].max { abs($0) < abs($1) } ?? 1
            return largest < 0 ? basis[index].map { -$0 } : basis[index]
        }
        return (0..<count).map { row in
            var place = SIMD2<Double>.zero
            for (axis, direction) in axes.enumerated() {
                for column in 0..<width {
                    place[axis] +=
                        Double(points.rows.values[row * width + column]) * direction[column]
                }
            }
            return place
        }
    }

    /// Xᵀ X b for each direction b, by pieces whose sums are taken in their order.
    private static func covariance(_ points: PointSet, _ basis: [[Double]]) -> [[Double]] {
        let (width, blocks) = (points.width, points.blocks)
        let directions = Tensor(
            shape: [basis.count, width], values: basis.flatMap { $0.map { Float($0) } })
        let parts = ComputeThreads.map(blocks.count) { index in
            let rows = points.rows.rowSlice(blocks[index])
            let projected = MatrixProduct.product(directions, rows, transposeB: true)
            return MatrixProduct.product(projected, rows).values
        }
        var sum = [[Double]](repeating: [Double](repeating: 0, count: width), count: basis.count)
        for part in parts {
            for direction in basis.indices {
                for column in 0..<width {
                    sum[direction][column] += Double(part[direction * width + column])
                }
            }
        }
        return sum
    }

    /// Makes directions of length 1 that are at right angles, twice over for what rounding leaves
    /// (Gram and Schmidt); one that is none becomes 0.
    private static func orthonormalize(_ basis: inout [[Double]]) {
        for index in basis.indices {
            let before = dot(basis[index], basis[index]).squareRoot()
            for _ in 0..<2 {
                for other in 0..<index {
                    let share = dot(basis[index], basis[other])
                    for column in basis[index].indices {
                        basis[index][column] -= share * basis[other][column]
                    }
                }
            }
            let length = dot(basis[index], basis[index]).squareRoot()
            let factor = length > 1e-10 * before ? 1 / length : 0
            for column in basis[index].indices { basis[index][column] *= factor }
        }
    }

    private static func dot(_ first: [Double], _ second: [Double]) -> Double {
        var sum = 0.0
        for index in first.indices { sum += first[index] * second[index] }
        return sum
    }
}
