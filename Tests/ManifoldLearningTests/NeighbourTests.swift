// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing

@testable import ManifoldLearning

@Suite("Neighbours of points")
struct NeighbourTests {
    private static let points = Clusters.points(clusters: 4, size: 30, width: 7, seed: 5)

    @Test("the nearest are those that all distances give")
    func nearest() throws {
        let points = try PointSet(Self.points)
        let found = NearestNeighbours(points, count: 9)
        for point in 0..<points.count {
            let expected = (0..<points.count).filter { $0 != point }.sorted {
                (points.distance(point, $0), $0) < (points.distance(point, $1), $1)
            }.prefix(9)
            let row = point * 9..<(point + 1) * 9
            #expect(found.indices[row].map(Int.init) == Array(expected))
            #expect(found.distances[row].elementsEqual(expected.map { points.distance(point, $0) }))
        }
    }

    @Test("the probabilities of each row have the perplexity that was asked for")
    func perplexity() throws {
        let neighbours = NearestNeighbours(try PointSet(Self.points), count: 46)
        let rows = PerplexityRows.probabilities(neighbours, perplexity: 15)
        for start in stride(from: 0, to: rows.count, by: 46) {
            let row = rows[start..<start + 46]
            #expect(abs(row.reduce(0, +) - 1) < 1e-9)
            let entropy = row.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
            #expect(abs(exp(entropy) - 15) < 1e-3)
            // The nearer, the likelier.
            #expect(zip(row, row.dropFirst()).allSatisfy { $0 >= $1 })
        }
    }

    @Test("affinities are symmetric and sum to one")
    func affinities() throws {
        let neighbours = NearestNeighbours(try PointSet(Self.points), count: 20)
        let rows = PerplexityRows.probabilities(neighbours, perplexity: 6)
        let found = SparseAffinities(neighbours, weights: rows) { ($0 + $1) / 240 }
        #expect(abs(found.weights.reduce(0, +) - 1) < 1e-9)
        var pairs: [SIMD2<Int32>: Double] = [:]
        for row in 0..<120 {
            for place in found.places(ofRow: row) {
                pairs[SIMD2(Int32(row), found.columns[place])] = found.weights[place]
            }
        }
        #expect(pairs.count == found.weights.count)
        for (pair, weight) in pairs { #expect(pairs[SIMD2(pair.y, pair.x)] == weight) }
    }

    @Test("memberships of a row sum to the logarithm of the neighbours, the nearest is sure")
    func memberships() throws {
        let neighbours = NearestNeighbours(try PointSet(Self.points), count: 14)
        let weights = FuzzyMemberships.weights(neighbours)
        for start in stride(from: 0, to: weights.count, by: 14) {
            let row = weights[start..<start + 14]
            #expect(row.first == 1)
            #expect(abs(row.reduce(0, +) - log2(15)) < 1e-3)
        }
    }

    @Test("squares within squares give the sums over all pairs")
    func repulsion() {
        var random = SplitMix64(seed: 9)
        var places = (0..<150).map { _ in SIMD2(random.normal(), random.normal()) }
        // Some at one place.
        places += [places[3], places[3], places[4]]
        let tree = QuadTree(places)
        var waiting: [Int] = []
        for place in places {
            var (force, weight) = (SIMD2<Double>.zero, -1.0)
            for other in places {
                let difference = place - other
                let q = 1 / (1 + (difference * difference).sum())
                weight += q
                force += q * q * difference
            }
            let exact = tree.repulsion(at: place, theta: 0, &waiting)
            #expect(abs(exact.weight - weight) < 1e-9)
            #expect(abs(exact.force.x - force.x) + abs(exact.force.y - force.y) < 1e-9)
            let near = tree.repulsion(at: place, theta: 0.5, &waiting)
            #expect(abs(near.weight - weight) < 0.02 * weight)
        }
    }

    @Test("the first components are the directions of the largest variance")
    func components() throws {
        var random = SplitMix64(seed: 2)
        let places = (0..<80).map { _ in (9 * random.normal(), 3 * random.normal()) }
        // Two directions at right angles among five, and a little noise.
        let values = places.flatMap { x, y in
            [0.6 * x, 0.8 * x, y, 0, 0].map { Float($0 + 0.01 * random.normal()) }
        }
        let plane = PrincipalComponents.plane(
            try PointSet(Tensor(shape: [80, 5], values: values)), seed: 0)
        let mean = places.reduce((0, 0)) { ($0.0 + $1.0 / 80, $0.1 + $1.1 / 80) }
        func share(_ axis: Int, _ other: [Double]) -> Double {
            let found = plane.map { $0[axis] }
            let dot = zip(found, other).reduce(0) { $0 + $1.0 * $1.1 }
            let lengths = [found, other].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            return abs(dot) / (lengths[0] * lengths[1])
        }
        #expect(share(0, places.map { $0.0 - mean.0 }) > 0.99)
        #expect(share(1, places.map { $0.1 - mean.1 }) > 0.99)
    }

    @Test("trustworthiness is scikit-learn's")
    func trustworthiness() throws {
        let line = (0..<10).map { Float((1 << $0) - 1) }
        let points = try PointSet(Tensor(shape: [10, 1], values: line))
        let layout: [SIMD2<Double>] = [
            [0, 0], [1, 0.3], [5, 5], [2, 1.7], [9, 0.2], [4, 4.6], [7, 7.9], [3, 8.3], [8, 2.4],
            [6, 1.1],
        ]
        // sklearn.manifold.trustworthiness(line, layout, n_neighbors=2) and 3, version 1.9.1.
        let two = try Trustworthiness.measure(points, layout: layout, neighbours: 2)
        let three = try Trustworthiness.measure(points, layout: layout, neighbours: 3)
        #expect(abs(two - 0.6461538461538461) < 1e-12)
        #expect(abs(three - 0.62) < 1e-12)
    }
}
