// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing

@testable import ManifoldLearning

/// Points around centres, so that neighbours are known.
enum Clusters {
    /// `clusters` times `size` points of `width` numbers, cluster by cluster.
    static func points(clusters: Int, size: Int, width: Int, seed: UInt64 = 1) -> Tensor {
        var random = SplitMix64(seed: seed)
        var values: [Float] = []
        for _ in 0..<clusters {
            let centre = (0..<width).map { _ in 3 * random.normal() }
            for _ in 0..<size { values += centre.map { Float($0 + random.normal()) } }
        }
        return Tensor(shape: [clusters * size, width], values: values)
    }
}

@Suite("Layouts in the plane", .timeLimit(.minutes(10)))
struct LayoutTests {
    private static let points = Clusters.points(clusters: 5, size: 24, width: 10)

    /// How many of each point's nearest in the plane are of its own cluster.
    private func purity(_ layout: [SIMD2<Double>], size: Int) -> Double {
        let nearest = 8
        let found = layout.indices.map { point in
            layout.indices.filter { $0 != point }.sorted { first, second in
                distance(layout[first], layout[point]) < distance(layout[second], layout[point])
            }.prefix(nearest).filter { $0 / size == point / size }.count
        }
        return Double(found.reduce(0, +)) / Double(nearest * layout.count)
    }

    private func distance(_ first: SIMD2<Double>, _ second: SIMD2<Double>) -> Double {
        ((first - second) * (first - second)).sum()
    }

    // What scikit-learn and umap-learn reach is compared in Scripts/check-manifolds; these bounds are a little
    // below what both methods reach here, and far above chance.
    @Test("t-SNE keeps neighbours together")
    func tsne() throws {
        let points = try PointSet(Self.points)
        let layout = try TSNE(iterations: 300).layout(of: points)
        let trust = try Trustworthiness.measure(points, layout: layout, neighbours: 8)
        #expect(trust > 0.93, "\(trust)")
        #expect(purity(layout, size: 24) > 0.97)
    }

    @Test("UMAP keeps neighbours together")
    func umap() throws {
        let points = try PointSet(Self.points)
        let layout = try UMAP(epochs: 150).layout(of: points)
        let trust = try Trustworthiness.measure(points, layout: layout, neighbours: 8)
        #expect(trust > 0.93, "\(trust)")
        #expect(purity(layout, size: 24) > 0.97)
    }

    @Test("a seed gives the same bits on any number of threads, another seed others")
    func reproducible() throws {
        let before = ComputeThreads.count
        defer { ComputeThreads.set(before) }
        let points = Clusters.points(clusters: 3, size: 23, width: 40)
        func layouts(threads: Int, seed: UInt64) throws -> [[SIMD2<Double>]] {
            ComputeThreads.set(threads)
            let set = try PointSet(points)
            return [
                try TSNE(perplexity: 8, iterations: 40, seed: seed).layout(of: set),
                try UMAP(neighbours: 8, epochs: 20, seed: seed).layout(of: set),
            ]
        }
        let first = try layouts(threads: 1, seed: 3)
        for threads in 2...4 {
            let again = try layouts(threads: threads, seed: 3)
            #expect(again == first)
        }
        let other = try layouts(threads: 2, seed: 4)
        #expect(other[0] != first[0] && other[1] != first[1])
    }

    @Test("points at one place are laid out all the same")
    func duplicates() throws {
        var values = Clusters.points(clusters: 2, size: 20, width: 6).values
        values += [Float](repeating: 0.5, count: 6 * 60)
        let points = try PointSet(Tensor(shape: [100, 6], values: values))
        let one = try PointSet(Tensor(zeros: [40, 3]))
        for set in [points, one] {
            let layouts = [
                try TSNE(iterations: 60).layout(of: set), try UMAP(epochs: 30).layout(of: set),
            ]
            for layout in layouts {
                #expect(layout.count == set.count)
                #expect(layout.allSatisfy { $0.x.isFinite && $0.y.isFinite })
            }
        }
    }

    @Test("what cannot be laid out is an error that says why")
    func errors() throws {
        var broken = Clusters.points(clusters: 2, size: 10, width: 4)
        broken.values[4 * 13 + 2] = .nan
        #expect(throws: ManifoldError.notFinite(point: 13)) { try PointSet(broken) }
        broken.values[4 * 13 + 2] = .infinity
        #expect(throws: ManifoldError.notFinite(point: 13)) { try PointSet(broken) }
        broken.values[4 * 13 + 2] = 3e38
        #expect(throws: ManifoldError.self) { try PointSet(broken) }
        let few = try PointSet(Clusters.points(clusters: 2, size: 7, width: 4))
        #expect(throws: ManifoldError.tooFewPoints(found: 14, needed: 17, setting: "perplexity")) {
            try TSNE().layout(of: few)
        }
        #expect(throws: ManifoldError.tooFewPoints(found: 14, needed: 16, setting: "neighbours")) {
            try UMAP().layout(of: few)
        }
        #expect(throws: ManifoldError.self) { try TSNE(perplexity: .nan).layout(of: few) }
        #expect(throws: ManifoldError.self) { try UMAP(neighbours: 1).layout(of: few) }
        #expect(throws: ManifoldError.self) {
            try Trustworthiness.measure(
                few, layout: [SIMD2<Double>](repeating: .zero, count: 14), neighbours: 7)
        }
        #expect(
            ManifoldError.tooFewPoints(found: 1, needed: 2, setting: "neighbours").explanation
                .contains("neighbours"))
    }
}
