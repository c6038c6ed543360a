// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors

/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008) by Barnes and Hut's
/// approximation (van der Maaten 2014), with scikit-learn's settings.
package struct TSNE: Sendable {
    /// How many neighbours a point attends to, as the exponential of an entropy.
    package var perplexity: Double
    /// Steps of descent; the first quarter, at most 250, with attraction exaggerated.
    package var iterations: Int
    /// Where random numbers begin: the first directions, and what tells apart points at one place.
    package var seed: UInt64

    private static let exaggeration = 12.0
    private static let theta = 0.5
    /// Standard deviation of the first component at the start.
    private static let startSpread = 1e-4
    private static let blockRows = 64

    /// Settings.
    package init(perplexity: Double = 15, iterations: Int = 1000, seed: UInt64 = 0) {
        (self.perplexity, self.iterations, self.seed) = (perplexity, iterations, seed)
    }

    /// The fewest points that the perplexity makes sense of.
    package var fewestPoints: Int { Int(perplexity.rounded(.up)) + 2 }

    /// The places of points in the plane: the same for the same seed, on any number of threads.
    ///
    /// Throws ``ManifoldError``. `progress` gets what is done, 0 to 1.
    package func layout(
        of points: PointSet, progress: (Double) -> Void = { _ in }
    ) throws(ManifoldError) -> [SIMD2<Double>] {
        guard perplexity.isFinite, perplexity >= 2 else {
            throw .outOfRange(setting: "perplexity", expected: "a number from 2")
        }
        guard iterations > 0 else {
            throw .outOfRange(setting: "iterations", expected: "a number from 1")
        }
        guard points.count >= fewestPoints else {
            throw .tooFewPoints(found: points.count, needed: fewestPoints, setting: "perplexity")
        }
        let neighbours = NearestNeighbours(
            points, count: min(points.count - 1, Int(3 * perplexity + 1)))
        let rows = PerplexityRows.probabilities(neighbours, perplexity: perplexity)
        let scale = 1 / (2 * Double(points.count))
        let affinities = SparseAffinities(neighbours, weights: rows) { ($0 + $1) * scale }
        return descend(affinities, from: start(points), progress)
    }

    private func start(_ points: PointSet) -> [SIMD2<Double>] {
        let plane = PrincipalComponents.plane(points, seed: seed)
        let variance = plane.reduce(0) { $0 + $1.x * $1.x } / Double(plane.count)
        let factor = variance > 0 ? Self.startSpread / variance.squareRoot() : 0
        var random = SplitMix64(seed: seed, stream: 1)
        return plane.map {
            $0 * factor + 0.01 * Self.startSpread * SIMD2(random.normal(), random.normal())
        }
    }

    private func descend(
        _ affinities: SparseAffinities, from start: [SIMD2<Double>], _ progress: (Double) -> Void
    ) -> [SIMD2<Double>] {
        var places = start
        var speeds = [SIMD2<Double>](repeating: .zero, count: places.count)
        var gains = [SIMD2<Double>](repeating: .one, count: places.count)
        let rate = max(Double(places.count) / Self.exaggeration / 4, 50)
        let early = min(250, (iterations + 3) / 4)
        for step in 0..<iterations {
            let isEarly = step < early
            let gradient = gradient(
                affinities, places, exaggeration: isEarly ? Self.exaggeration : 1)
            for point in places.indices {
                for axis in 0..<2 {
                    let turns = speeds[point][axis] * gradient[point][axis] < 0
                    let gain = gains[point][axis]
                    gains[point][axis] = turns ? gain + 0.2 : max(0.01, gain * 0.8)
                }
                speeds[point] =
                    (isEarly ? 0.5 : 0.8) * speeds[point] - rate * gains[point] * gradient[point]
                places[point] += speeds[point]
            }
            progress(Double(step + 1) / Double(iterations))
        }
        return places
    }

    /// The gradient of Kullback and Leibler's divergence, point by point.
    private func gradient(
        _ affinities: SparseAffinities, _ places: [SIMD2<Double>], exaggeration: Double
    ) -> [SIMD2<Double>] {
        let tree = QuadTree(places)
        let blocks = stride(from: 0, to: places.count, by: Self.blockRows).map {
            $0..<min($0 + Self.blockRows, places.count)
        }
        let parts = ComputeThreads.map(blocks.count) { index in
            var waiting: [Int] = []
            var weight = 0.0
            let forces = blocks[index].map { point in
                var pull = SIMD2<Double>.zero
                for place in affinities.places(ofRow: point) {
                    let difference = places[point] - places[Int(affinities.columns[place])]
                    pull +=
                        affinities.weights[place] / (1 + (difference * difference).sum())
                        * difference
                }
                let push = tree.repulsion(at: places[point], theta: Self.theta, &waiting)
                weight += push.weight
                return (pull: pull, push: push.force)
            }
            return (forces: forces, weight: weight)
        }
        // Summed in the order of the blocks, so that the number of threads changes no bit.
        let weight = max(parts.reduce(0) { $0 + $1.weight }, .leastNormalMagnitude)
        return parts.flatMap { part in
            part.forces.map { 4 * (exaggeration * $0.pull - $0.push / weight) }
        }
    }
}
