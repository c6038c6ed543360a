// SPDX-License-Identifier: Apache-2.0
import Tensors

/// The nearest other points of each point by Euclidean distance, found exactly.
struct NearestNeighbours: Sendable {
    /// Neighbours of a point, K.
    let count: Int
    /// The neighbours (N, K), the nearest first; of equally near ones that of the smaller number.
    let indices: [Int32]
    /// Their distances (N, K).
    let distances: [Double]

    /// So many more are looked at than are asked for: distances by a product of 32-bit numbers put near ones out of
    /// order.
    private static let spare = 16

    /// The neighbours of all points; `count` is below their number.
    init(_ points: PointSet, count: Int, progress: (Double) -> Void = { _ in }) {
        precondition((1..<points.count).contains(count), "fewer neighbours than points")
        self.count = count
        let looked = min(points.count - 1, count + Self.spare)
        let blocks = points.blocks
        let found = ComputeThreads.map(blocks.count) { index in
            let squares = points.squaredDistances(of: blocks[index])
            return blocks[index].enumerated().map { line, point in
                Self.nearest(
                    looked, to: point, squares[line * points.count..<(line + 1) * points.count]
                )
                .map { (index: Int32($0), distance: points.distance(point, $0)) }
                .sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
                .prefix(count)
            }
        }
        let rows = found.flatMap { $0 }
        indices = rows.flatMap { $0.map(\.index) }
        distances = rows.flatMap { $0.map(\.distance) }
    }

    /// The numbers of the smallest squares but the point's own.
    private static func nearest(
        _ count: Int, to point: Int, _ squares: ArraySlice<Float>
    ) -> [Int] {
        var best: [(square: Float, index: Int)] = []
        best.reserveCapacity(count + 1)
        for (index, square) in squares.enumerated() where index != point {
            if best.count == count {
                guard square < best[count - 1].square else { continue }
                best.removeLast()
            }
            // Few of many are nearer than what is there: the search from the end is short.
            var place = best.count
            while place > 0, best[place - 1].square > square { place -= 1 }
            best.insert((square, index), at: place)
        }
        return best.map(\.index)
    }
}
