// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import RandomForest

@Suite("Random forests", .timeLimit(.minutes(10)))
struct RandomForestTests {
    /// Rows whose class a rule over features 0 and 1 decides (exclusive or), of `width` features; a share of
    /// the classes is turned round.
    private static func rows(
        _ count: Int, width: Int = 6, noise: Double = 0, seed: UInt64 = 1
    ) -> [(features: [Float], label: Int)] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let features = (0..<width).map { _ in Float(random.normal()) }
            let isOne = (features[0] > 0) != (features[1] > 0.2)
            let isTurned = random.unit() < noise
            return (features, isOne != isTurned ? 1 : 0)
        }
    }

    private static func table(
        _ rows: [(features: [Float], label: Int)]
    ) throws -> FeatureTable {
        var table = try FeatureTable(
            rows: rows.count, width: rows[0].features.count, classes: ["低", "高"])
        for (index, row) in rows.enumerated() {
            try table.set(index, row.features, class: row.label)
        }
        return table
    }

    private static func accuracy(
        _ forest: RandomForest, _ rows: [(features: [Float], label: Int)]
    ) -> Double {
        let right = rows.count { RandomForest.best(forest.probabilities($0.features)) == $0.label }
        return Double(right) / Double(rows.count)
    }

    private static func forest(trees: Int = 30, noise: Double = 0) throws -> RandomForest {
        var settings = ForestSettings()
        settings.trees = trees
        return try RandomForest(
            growing: settings, on: table(rows(500, noise: noise)), metadata: ["model": "m"])
    }

    @Test("learn a rule that no single feature tells, and answer for rows that they have not seen")
    func learns() throws {
        let forest = try Self.forest()
        let known = Self.accuracy(forest, Self.rows(500))
        let others = Self.accuracy(forest, Self.rows(500, seed: 2))
        // Trees grow until their leaves are pure, so rows that they saw are all right.
        #expect(known > 0.99)
        #expect(others > 0.88, "\(others)")
        let sum = forest.probabilities([0.4, -0.3, 0, 0, 0, 0]).reduce(0, +)
        #expect(abs(sum - 1) < 1e-5)
    }

    @Test("estimate by rows out of bag what other rows show")
    func outOfBag() throws {
        let noise = 0.15
        let forest = try Self.forest(trees: 60, noise: noise)
        let estimate = try #require(forest.outOfBag)
        let others = Self.accuracy(forest, Self.rows(2000, noise: noise, seed: 3))
        #expect(estimate.rows == 500)
        #expect(abs(estimate.accuracy - others) < 0.05, "\(estimate.accuracy), \(others)")
        // Far from what the rows that it saw would say.
        #expect(estimate.accuracy < 0.9)
    }

    @Test("are the same on any number of threads, and others by another seed")
    func threads() throws {
        let table = try Self.table(Self.rows(300, noise: 0.1))
        let before = ComputeThreads.count
        defer { ComputeThreads.set(before) }
        var settings = ForestSettings()
        settings.trees = 11
        let forests = try [1, 2, 5].map { threads in
            ComputeThreads.set(threads)
            return try RandomForest(growing: settings, on: table)
        }
        #expect(forests[0] == forests[1] && forests[0] == forests[2])
        settings.seed = 1
        let other = try RandomForest(growing: settings, on: table)
        #expect(other != forests[0])
    }

    @Test("sort many rows as few, whatever their sign")
    func split() throws {
        // Above 400 rows they are sorted by digits.
        for count in [50, 3000] {
            var table = try FeatureTable(rows: count, width: 1, classes: ["a", "b"])
            var random = SplitMix64(seed: 9)
            var (below, above) = (-Float.infinity, Float.infinity)
            for row in 0..<count {
                let value = Float(random.normal()) * 3
                if value < -1.5 { below = max(below, value) } else { above = min(above, value) }
                try table.set(row, [value], class: value < -1.5 ? 0 : 1)
            }
            var search = SplitSearch(table, leastRows: 1, rows: count)
            let rows = (0..<Int32(count)).map { $0 }
            let counts = [0, 1].map { label in table.labels.count { $0 == label } }
            let found = search.best(
                0, rows[...], [Int32](repeating: 1, count: count), counts: counts)
            let split = try #require(found.split)
            #expect(!found.isConstant)
            #expect(split.threshold >= below && split.threshold < above)
            #expect(split.purity == Double(count), "both sides are pure")
        }
    }

    @Test("keep the limits of their settings")
    func limits() throws {
        let table = try Self.table(Self.rows(300, noise: 0.2))
        var settings = ForestSettings()
        settings.trees = 5
        settings.depth = 1
        let shallow = try RandomForest(growing: settings, on: table)
        #expect(shallow.trees.allSatisfy { $0.count == 3 })
        settings.depth = nil
        settings.leastRows = 100
        let coarse = try RandomForest(growing: settings, on: table)
        #expect(coarse.trees.allSatisfy { $0.count < 7 && $0.count > 1 })
        settings.featuresPerSplit = 7
        #expect(throws: ForestError.outOfRange(setting: "features per split", expected: "1 to 6")) {
            try RandomForest(growing: settings, on: table)
        }
    }

    @Test("refuse rows of one class, and features that are no numbers")
    func refused() throws {
        var table = try FeatureTable(rows: 2, width: 1, classes: ["a", "b"])
        #expect(throws: ForestError.oneClass("a")) {
            try RandomForest(growing: ForestSettings(), on: table)
        }
        #expect(throws: ForestError.notFinite(row: 1, feature: 0)) {
            try table.set(1, [.nan], class: 1)
        }
        #expect(throws: ForestError.self) {
            try FeatureTable(rows: 2, width: 1, classes: ["a", "a"])
        }
    }

    @Test("come back from their file as they were, with the same bytes each time")
    func file() throws {
        let folder = try TemporaryFolder()
        let forest = try Self.forest(trees: 7, noise: 0.1)
        try forest.write(to: folder["a.safetensors"])
        try Self.forest(trees: 7, noise: 0.1).write(to: folder["b.safetensors"])
        let read = try RandomForest(file: folder["a.safetensors"])
        #expect(read == forest)
        let same =
            try Data(contentsOf: folder["a.safetensors"])
            == Data(contentsOf: folder["b.safetensors"])
        #expect(same)
    }

    /// A file of one tree: a split and two leaves.
    private static func write(
        _ features: [Int32], right: [Int32], thresholds: [Float], shares: [Float],
        roots: [Int32] = [0], width: String = "2", format: String = "shoken-random-forest-1",
        to url: URL
    ) throws {
        func bytes(_ numbers: [Int32]) -> [UInt8] {
            numbers.flatMap { n in
                (0..<4).map { UInt8(truncatingIfNeeded: n >> Int32(8 * $0)) }
            }
        }
        let count = features.count
        let plan = [
            PlannedTensor(name: "feature", shape: [count], type: .signed32),
            PlannedTensor(name: "right", shape: [count], type: .signed32),
            PlannedTensor(name: "root", shape: [roots.count], type: .signed32),
            PlannedTensor(name: "share", shape: [count, 2], type: .float32),
            PlannedTensor(name: "threshold", shape: [count], type: .float32),
        ]
        try SafetensorsWriter.write(
            plan, metadata: ["format": format, "classes": "a\nb", "width": width], to: url
        ) { sink in
            switch sink.tensor.name {
            case "feature": try sink.append(bytes: bytes(features))
            case "right": try sink.append(bytes: bytes(right))
            case "root": try sink.append(bytes: bytes(roots))
            case "share": try sink.append(shares)
            default: try sink.append(thresholds)
            }
        }
    }

    @Test("are refused from files that answering could not follow")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let url = folder["f.safetensors"]
        let (features, right): ([Int32], [Int32]) = ([1, -1, -1], [2, 0, 0])
        let (thresholds, shares): ([Float], [Float]) = ([0.5, 0, 0], [0, 0, 1, 0, 0.25, 0.75])
        try Self.write(features, right: right, thresholds: thresholds, shares: shares, to: url)
        let whole = try RandomForest(file: url)
        #expect(whole.probabilities([9, 0.5]) == [1, 0])
        #expect(whole.probabilities([0, 0.6]) == [0.25, 0.75])
        func refused(
            _ field: String, features: [Int32] = features, right: [Int32] = right,
            thresholds: [Float] = thresholds, shares: [Float] = shares, roots: [Int32] = [0],
            width: String = "2", format: String = "shoken-random-forest-1"
        ) throws {
            try Self.write(
                features, right: right, thresholds: thresholds, shares: shares, roots: roots,
                width: width, format: format, to: url)
            do {
                _ = try RandomForest(file: url)
                Issue.record("\(field) was taken")
            } catch let error as ForestError {
                guard case .malformed(_, let found, _) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(found.contains(field))
            }
        }
        try refused("feature", features: [2, -1, -1])
        try refused("feature", features: [1, -2, -1])
        try refused("right", features: [1, -1, 0])
        try refused("right", right: [0, 0, 0])
        try refused("right", right: [1, 0, 0])
        try refused("right", right: [3, 0, 0])
        try refused("threshold", thresholds: [.nan, 0, 0])
        try refused("share", shares: [0, 0, 1, 0, 0.5, 0.75])
        try refused("share", shares: [0, 0, 1, 0, -0.5, 1.5])
        try refused("root", roots: [1])
        try refused("root", features: [-1, -1, -1], right: [0, 0, 0], shares: [1, 0, 1, 0, 1, 0])
        try refused("width", width: "many")
        try refused("format", format: "other")
    }
}
