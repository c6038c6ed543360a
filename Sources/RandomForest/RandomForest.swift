// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Trees that were each grown on rows drawn with replacement, with a few features drawn for each split, and
/// that answer by the mean of their leaves' shares (Breiman 2001).
package struct RandomForest: Hashable, Sendable {
    /// How the trees answer for rows that they have not seen.
    package struct OutOfBag: Hashable, Sendable {
        /// Share of right answers.
        package let accuracy: Double
        /// Rows that at least one tree has not seen.
        package let rows: Int
    }

    /// Names of the classes.
    package let classes: [String]
    /// Features of a row.
    package let width: Int
    /// The estimate from rows that were not drawn; nil where every tree saw every row.
    package let outOfBag: OutOfBag?
    /// What was said of it when it was written.
    package let metadata: [String: String]
    let trees: [DecisionTree]

    init(
        classes: [String], width: Int, outOfBag: OutOfBag?, metadata: [String: String],
        trees: [DecisionTree]
    ) {
        (self.classes, self.width, self.outOfBag) = (classes, width, outOfBag)
        (self.metadata, self.trees) = (metadata, trees)
    }

    /// Number of trees.
    package var treeCount: Int { trees.count }
    /// Number of nodes of all trees.
    package var nodeCount: Int { trees.reduce(0) { $0 + $1.count } }

    /// Grows a forest; the same table and settings give the same one on any number of threads.
    ///
    /// Beside the table each thread takes about 24 bytes a row. Throws ``ForestError``.
    package init(
        growing settings: ForestSettings, on table: FeatureTable, metadata: [String: String] = [:],
        progress: (Double) -> Void = { _ in }
    ) throws {
        try settings.check(width: table.width)
        try table.checkClasses()
        let classes = table.classes.count
        var trees: [DecisionTree] = []
        var votes = [Float](repeating: 0, count: table.rows * classes)
        while trees.count < settings.trees {
            let first = trees.count
            let some = min(4 * ComputeThreads.count, settings.trees - first)
            let grown = ComputeThreads.map(some) { index in
                var growth = TreeGrowth(table, settings, tree: first + index)
                return growth.grow()
            }
            // In the order of the trees, so that sums are the same on any number of threads.
            for one in grown {
                for (row, leaf) in one.outOfBag {
                    for label in 0..<classes {
                        votes[Int(row) * classes + label] +=
                            one.tree.shares[Int(leaf) * classes + label]
                    }
                }
                trees.append(one.tree)
            }
            progress(Double(trees.count) / Double(settings.trees))
        }
        self.init(
            classes: table.classes, width: table.width, outOfBag: Self.outOfBag(votes, table),
            metadata: metadata, trees: trees)
    }

    private static func outOfBag(_ votes: [Float], _ table: FeatureTable) -> OutOfBag? {
        let classes = table.classes.count
        var (right, rows) = (0, 0)
        for row in 0..<table.rows {
            let own = votes[row * classes..<(row + 1) * classes]
            guard own.contains(where: { $0 > 0 }) else { continue }
            rows += 1
            if best(Array(own)) == Int(table.labels[row]) { right += 1 }
        }
        return rows == 0
            ? nil : OutOfBag(accuracy: Double(right) / Double(rows), rows: rows)
    }

    /// The class of the largest share, of equal ones the first.
    package static func best(_ shares: [Float]) -> Int {
        shares.indices.reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
    }

    /// The probability of each class; the features must be as many as ``width``.
    package func probabilities(_ features: [Float]) -> [Float] {
        precondition(features.count == width, "as many features as the forest knows")
        var sums = [Float](repeating: 0, count: classes.count)
        for tree in trees {
            let leaf = tree.leaf { features[$0] } * classes.count
            for label in sums.indices { sums[label] += tree.shares[leaf + label] }
        }
        return sums.map { $0 / Float(trees.count) }
    }
}
