// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors

/// Uniform manifold approximation and projection (McInnes et al. 2018), with umap-learn's settings, but that it
/// begins with principal components.
package struct UMAP: Sendable {
    /// The nearest points that a point is tied to, itself among them as umap-learn counts.
    package var neighbours: Int
    /// Passes over all ties; nil for umap-learn's 500, or 200 above 10,000 points.
    package var epochs: Int?
    /// Where random numbers begin.
    package var seed: UInt64

    /// The curve 1 / (1 + a d^2b) that fits a smallest distance of 0.1 and a spread of 1.
    private static let (a, b) = (1.576943460405378, 0.8950608781227859)
    private static let startWidth = 10.0
    private static let unlikeEach = 5.0
    private static let longestStep = 4.0

    /// Settings.
    package init(neighbours: Int = 15, epochs: Int? = nil, seed: UInt64 = 0) {
        (self.neighbours, self.epochs, self.seed) = (neighbours, epochs, seed)
    }

    /// The fewest points that have so many neighbours.
    package var fewestPoints: Int { neighbours + 1 }

    /// The places of points in the plane: the same for the same seed, on any number of threads.
    ///
    /// Throws ``ManifoldError``. `progress` gets what is done, 0 to 1.
    package func layout(
        of points: PointSet, progress: (Double) -> Void = { _ in }
    ) throws(ManifoldError) -> [SIMD2<Double>] {
        guard neighbours >= 2 else {
            throw .outOfRange(setting: "neighbours", expected: "a number from 2")
        }
        if let epochs, epochs < 1 {
            throw .outOfRange(setting: "epochs", expected: "a number from 1")
        }
        guard points.count >= fewestPoints else {
            throw .tooFewPoints(found: points.count, needed: fewestPoints, setting: "neighbours")
        }
        let nearest = NearestNeighbours(points, count: neighbours - 1)
        // What is near either way is near: the union of two fuzzy sets.
        let graph = SparseAffinities(nearest, weights: FuzzyMemberships.weights(nearest)) {
            $0 + $1 - $0 * $1
        }
        var random = SplitMix64(seed: seed, stream: 1)
        let places = start(points, &random)
        return attractAndRepel(graph, places, &random, progress)
    }

    /// The plane of the first components in a square of the start's width.
    private func start(_ points: PointSet, _ random: inout SplitMix64) -> [SIMD2<Double>] {
        let plane = PrincipalComponents.plane(points, seed: seed)
        let largest = plane.reduce(0) { max($0, abs($1.x), abs($1.y)) }
        let factor = largest > 0 ? Self.startWidth / largest : 0
        let places = plane.map {
            $0 * factor + 1e-4 * SIMD2(random.normal(), random.normal())
        }
        let first = places.first ?? .zero
        let (low, high) = places.reduce((first, first)) {
            (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
        }
        return places.map { Self.startWidth * ($0 - low) / (high - low) }
    }

    /// A tie of two points, and when it is looked at again.
    private struct Tie {
        let from: Int
        let to: Int
        let period: Double
        var next: Double
        var nextUnlike: Double
    }

    /// Stochastic descent: ties pull as often as they are strong, and each time some points at random are pushed
    /// away. One tie after another, since any other order would end elsewhere.
    private func attractAndRepel(
        _ graph: SparseAffinities, _ start: [SIMD2<Double>], _ random: inout SplitMix64,
        _ progress: (Double) -> Void
    ) -> [SIMD2<Double>] {
        var places = start
        let epochs = self.epochs ?? (places.count <= 10000 ? 500 : 200)
        var ties = ties(graph, epochs: epochs)
        for epoch in 0..<epochs {
            let (now, rate) = (Double(epoch), 1 - Double(epoch) / Double(epochs))
            for index in ties.indices where ties[index].next <= now {
                let (from, to) = (ties[index].from, ties[index].to)
                let pull = rate * Self.attraction(places[from] - places[to])
                places[from] += pull
                places[to] -= pull
                ties[index].next += ties[index].period
                let unlikePeriod = ties[index].period / Self.unlikeEach
                let unlike = Int((now - ties[index].nextUnlike) / unlikePeriod)
                for _ in 0..<max(0, unlike) {
                    let other = random.below(places.count)
                    guard other != from else { continue }
                    places[from] += rate * Self.repulsion(places[from] - places[other])
                }
                ties[index].nextUnlike += Double(unlike) * unlikePeriod
            }
            progress(Double(epoch + 1) / Double(epochs))
        }
        return places
    }

    /// The ties that are strong enough to be looked at in so many passes.
    private func ties(_ graph: SparseAffinities, epochs: Int) -> [Tie] {
        let strongest = graph.weights.max() ?? 0
        return (0..<graph.offsets.count - 1).flatMap { row in
            graph.places(ofRow: row).compactMap { place in
                let weight = graph.weights[place]
                guard weight >= strongest / Double(epochs) else { return nil }
                let period = strongest / weight
                return Tie(
                    from: row, to: Int(graph.columns[place]), period: period, next: period,
                    nextUnlike: period / Self.unlikeEach)
            }
        }
    }

    private static func attraction(_ difference: SIMD2<Double>) -> SIMD2<Double> {
        let square = (difference * difference).sum()
        guard square > 0 else { return .zero }
        let power = pow(square, b)
        return clipped(-2 * a * b * power / square / (a * power + 1) * difference)
    }

    private static func repulsion(_ difference: SIMD2<Double>) -> SIMD2<Double> {
        let square = (difference * difference).sum()
        guard square > 0 else { return .zero }
        return clipped(2 * b / ((0.001 + square) * (a * pow(square, b) + 1)) * difference)
    }

    private static func clipped(_ step: SIMD2<Double>) -> SIMD2<Double> {
        step.clamped(
            lowerBound: SIMD2(repeating: -longestStep), upperBound: SIMD2(repeating: longestStep))
    }
}
