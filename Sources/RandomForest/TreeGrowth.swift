// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Grows one tree on rows that are drawn with replacement (bootstrap).
struct TreeGrowth {
    private let table: FeatureTable
    private let settings: ForestSettings
    private var random: SplitMix64
    private var times: [Int32]
    private var rows: [Int32]
    private var search: SplitSearch
    /// All features; those that were tried stand at the front.
    private var features: [Int]
    private var tree = DecisionTree()

    /// A tree and the rows that it has not seen, with the leaf of each.
    struct Grown: Sendable {
        let tree: DecisionTree
        let outOfBag: [(row: Int32, leaf: Int32)]
    }

    /// Prepares the tree of a number: its draws follow from the seed and the number alone.
    init(_ table: FeatureTable, _ settings: ForestSettings, tree number: Int) {
        (self.table, self.settings) = (table, settings)
        random = SplitMix64(seed: settings.seed, stream: UInt64(number))
        times = [Int32](repeating: 0, count: table.rows)
        for _ in 0..<table.rows { times[random.below(table.rows)] += 1 }
        rows = times.indices.filter { [times] in times[$0] > 0 }.map(Int32.init)
        search = SplitSearch(table, leastRows: settings.leastRows, rows: rows.count)
        features = Array(0..<table.width)
    }

    mutating func grow() -> Grown {
        // Depth first without recursion: a tree of equal rows may be as deep as it has rows.
        var open: [(rows: Range<Int>, depth: Int, parent: Int?)] = [(rows.indices, 0, nil)]
        while let (range, depth, parent) = open.popLast() {
            if let parent { tree.rights[parent] = Int32(tree.count) }
            let counts = counts(of: range)
            guard depth < settings.depth ?? .max, let split = bestSplit(range, counts) else {
                tree.addLeaf(counts)
                continue
            }
            let node = tree.addSplit(
                feature: split.feature, threshold: split.threshold, classes: counts.count)
            let middle = divide(range, by: split)
            open.append((middle..<range.upperBound, depth + 1, node))
            open.append((range.lowerBound..<middle, depth + 1, nil))
        }
        let outOfBag = times.indices.filter { times[$0] == 0 }.map { row in
            (
                row: Int32(row),
                leaf: Int32(tree.leaf { table.values[$0 * table.rows + row] })
            )
        }
        return Grown(tree: tree, outOfBag: outOfBag)
    }

    private func counts(of range: Range<Int>) -> [Int] {
        var counts = [Int](repeating: 0, count: table.classes.count)
        for row in rows[range] { counts[Int(table.labels[Int(row)])] += Int(times[Int(row)]) }
        return counts
    }

    /// The best split by features that are drawn one after another: so many that are not constant, and more
    /// where none of these divides the rows.
    private mutating func bestSplit(_ range: Range<Int>, _ counts: [Int]) -> Split? {
        guard range.count > 1, counts.count(where: { $0 > 0 }) > 1 else { return nil }
        var wanted = settings.tried(of: table.width)
        var best: Split?
        for place in features.indices {
            if wanted <= 0, best != nil { break }
            features.swapAt(place, place + random.below(features.count - place))
            let found = search.best(features[place], rows[range], times, counts: counts)
            if found.isConstant { continue }
            wanted -= 1
            if let split = found.split, split.purity > best?.purity ?? -1 { best = split }
        }
        return best
    }

    /// Brings the rows that go left to the front, each side in its order, and gives where the right begins.
    private mutating func divide(_ range: Range<Int>, by split: Split) -> Int {
        let start = split.feature * table.rows
        var right: [Int32] = []
        var place = range.lowerBound
        for index in range {
            let row = rows[index]
            if table.values[start + Int(row)] <= split.threshold {
                rows[place] = row
                place += 1
            } else {
                right.append(row)
            }
        }
        rows.replaceSubrange(place..<range.upperBound, with: right)
        return place
    }
}
