// SPDX-License-Identifier: Apache-2.0

/// Points of the plane in squares within squares, so that far groups count as one (Barnes and Hut 1986).
struct QuadTree: Sendable {
    private struct Node {
        /// Sum of the points in the square, and how many they are.
        var sum = SIMD2<Double>.zero
        var count = 0
        /// The first of four squares within, or -1.
        var children = -1
        let middle: SIMD2<Double>
        let half: Double
    }

    /// Points that no more squares than these tell apart count as at one place.
    private static let deepest = 48
    private var nodes: [Node] = []

    /// The tree of some points, of which there is at least one.
    init(_ points: [SIMD2<Double>]) {
        let first = points.first ?? .zero
        let (low, high) = points.reduce((first, first)) {
            (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
        }
        let half = max((high - low).max() / 2, 1e-300) * 1.0001
        nodes.reserveCapacity(points.count * 3)
        nodes.append(Node(middle: (low + high) / 2, half: half))
        for point in points { insert(point) }
    }

    private mutating func insert(_ point: SIMD2<Double>) {
        var (index, depth) = (0, 0)
        while true {
            if nodes[index].count > 0, nodes[index].children < 0 {
                let there = nodes[index].sum / Double(nodes[index].count)
                if there == point || depth == Self.deepest {
                    nodes[index].sum += point
                    nodes[index].count += 1
                    return
                }
                split(index, there)
            }
            nodes[index].sum += point
            nodes[index].count += 1
            guard nodes[index].children >= 0 else { return }
            index = child(of: index, at: point)
            depth += 1
        }
    }

    /// Gives a square four within it, and the points that lie at one place of it to one of them.
    private mutating func split(_ index: Int, _ place: SIMD2<Double>) {
        let (middle, half) = (nodes[index].middle, nodes[index].half / 2)
        nodes[index].children = nodes.count
        for quarter in 0..<4 {
            let offset = SIMD2(quarter & 1 == 0 ? -half : half, quarter & 2 == 0 ? -half : half)
            nodes.append(Node(middle: middle + offset, half: half))
        }
        let target = child(of: index, at: place)
        nodes[target].sum = nodes[index].sum
        nodes[target].count = nodes[index].count
    }

    private func child(of index: Int, at point: SIMD2<Double>) -> Int {
        let middle = nodes[index].middle
        return nodes[index].children + (point.x < middle.x ? 0 : 1) + (point.y < middle.y ? 0 : 2)
    }

    /// What all other points do to the one at `point`, which is in the tree: Σ q² · (difference), and Σ q, with
    /// q = 1 / (1 + distance²). A square whose side is below `theta` of its distance counts as one place.
    func repulsion(
        at point: SIMD2<Double>, theta: Double, _ waiting: inout [Int]
    ) -> (force: SIMD2<Double>, weight: Double) {
        var (force, weight) = (SIMD2<Double>.zero, 0.0)
        waiting.removeAll(keepingCapacity: true)
        waiting.append(0)
        while let index = waiting.popLast() {
            let node = nodes[index]
            guard node.count > 0 else { continue }
            let difference = point - node.sum / Double(node.count)
            let square = (difference * difference).sum()
            let side = 2 * node.half
            guard node.children < 0 || side * side < theta * theta * square else {
                for child in node.children..<node.children + 4 where nodes[child].count > 0 {
                    waiting.append(child)
                }
                continue
            }
            let q = 1 / (1 + square)
            weight += Double(node.count) * q
            force += Double(node.count) * q * q * difference
        }
        // The point itself was among them, at no distance.
        return (force, weight - 1)
    }
}
