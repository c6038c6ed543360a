// SPDX-License-Identifier: Apache-2.0

/// Nodes of a tree in preorder: the left child of a node follows it.
struct DecisionTree: Hashable, Sendable {
    /// The feature that a node asks for; −1 for a leaf.
    var features: [Int32] = []
    /// Rows whose feature is at most this go left; 0 at leaves.
    var thresholds: [Float] = []
    /// The right child's place, from the tree's root; 0 at leaves.
    var rights: [Int32] = []
    /// For each node as many shares as there are classes; those of nodes that are no leaves are 0.
    var shares: [Float] = []

    var count: Int { features.count }

    mutating func addLeaf(_ counts: [Int]) {
        features.append(-1)
        thresholds.append(0)
        rights.append(0)
        let sum = Float(counts.reduce(0, +))
        shares += counts.map { Float($0) / sum }
    }

    /// Adds a node whose right child is not known yet, and gives its place.
    mutating func addSplit(feature: Int, threshold: Float, classes: Int) -> Int {
        features.append(Int32(feature))
        thresholds.append(threshold)
        rights.append(0)
        shares += [Float](repeating: 0, count: classes)
        return features.count - 1
    }

    /// The leaf of a row.
    func leaf(_ value: (Int) -> Float) -> Int {
        var node = 0
        while features[node] >= 0 {
            node =
                value(Int(features[node])) <= thresholds[node] ? node + 1 : Int(rights[node])
        }
        return node
    }
}
