// SPDX-License-Identifier: Apache-2.0
import Tensors

/// How far neighbours in a layout are neighbours of the points it shows (Venna and Kaski 2001; scikit-learn's
/// `trustworthiness`): 1 where all are, about 0.5 by chance.
package enum Trustworthiness {
    /// The measure over `neighbours` nearest in the plane, which are fewer than half of the points.
    ///
    /// Throws ``ManifoldError/tooFewPoints(found:needed:setting:)``.
    package static func measure(
        _ points: PointSet, layout: [SIMD2<Double>], neighbours: Int
    ) throws(ManifoldError) -> Double {
        precondition(points.count == layout.count, "a place for each point")
        let needed = 2 * neighbours + 1
        guard points.count >= needed else {
            throw .tooFewPoints(found: points.count, needed: needed, setting: "trustworthiness")
        }
        let count = points.count
        let blocks = points.blocks
        let penalties = ComputeThreads.map(blocks.count) { index in
            let squares = points.squaredDistances(of: blocks[index])
            return blocks[index].enumerated().reduce(0) { sum, item in
                let row = squares[item.offset * count..<(item.offset + 1) * count]
                return sum
                    + nearest(neighbours, to: item.element, layout).reduce(0) {
                        $0 + max(0, rank(of: $1, for: item.element, row) - neighbours)
                    }
            }
        }
        let (n, k) = (Double(count), Double(neighbours))
        return 1 - Double(penalties.reduce(0, +)) * 2 / (n * k * (2 * n - 3 * k - 1))
    }

    /// How many points are as near as another, itself included.
    private static func rank(of other: Int, for point: Int, _ squares: ArraySlice<Float>) -> Int {
        let limit = squares[squares.startIndex + other]
        var rank = 1
        for (index, square) in squares.enumerated() where index != point && index != other {
            if square < limit || square == limit && index < other { rank += 1 }
        }
        return rank
    }

    private static func nearest(
        _ count: Int, to point: Int, _ layout: [SIMD2<Double>]
    ) -> [Int] {
        let distances = layout.map { place in
            let difference = place - layout[point]
            return (difference * difference).sum()
        }
        return layout.indices.filter { $0 != point }
            .sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(count).map { $0 }
    }
}
