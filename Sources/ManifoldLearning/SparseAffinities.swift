// SPDX-License-Identifier: Apache-2.0

/// Weights of pairs of points, most of which are 0, row by row.
struct SparseAffinities: Sendable {
    /// Row r is the places `offsets[r] ..< offsets[r + 1]`.
    private(set) var offsets = [0]
    /// The column of each weight, ascending in a row.
    private(set) var columns: [Int32] = []
    /// The weights.
    private(set) var weights: [Double] = []

    /// The rows of a symmetric matrix made of each point's weights for its neighbours: `combined` gets the
    /// weights of a pair one way and the other, 0 where there is none.
    init(
        _ neighbours: NearestNeighbours, weights own: [Double],
        combined: (Double, Double) -> Double
    ) {
        let count = own.count / neighbours.count
        var rows = [[(column: Int32, there: Double, back: Double)]](repeating: [], count: count)
        for row in 0..<count {
            for place in row * neighbours.count..<(row + 1) * neighbours.count {
                let column = neighbours.indices[place]
                rows[row].append((column, own[place], 0))
                rows[Int(column)].append((Int32(row), 0, own[place]))
            }
        }
        for row in rows {
            var sorted = row.sorted { $0.column < $1.column }[...]
            while let first = sorted.popFirst() {
                var (there, back) = (first.there, first.back)
                while let next = sorted.first, next.column == first.column {
                    there += next.there
                    back += next.back
                    sorted.removeFirst()
                }
                let weight = combined(there, back)
                guard weight > 0 else { continue }
                columns.append(first.column)
                weights.append(weight)
            }
            offsets.append(columns.count)
        }
    }

    /// The places of a row.
    func places(ofRow row: Int) -> Range<Int> { offsets[row]..<offsets[row + 1] }
}
