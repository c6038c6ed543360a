// SPDX-License-Identifier: Apache-2.0
import Evaluation
import Foundation
import RandomForest

/// How well a forest tells high from low quality.
struct QualityReport: Encodable {
    struct Class: Encodable {
        let label: String
        /// Rows that were held out and are of it.
        let rows: Int
        /// Share of right ones among those called so; nil where none was.
        let precision: Double?
        /// Share of those of it that were called so; nil where there is none.
        let recall: Double?
    }

    struct OutOfBag: Encodable {
        let accuracy: Double
        let rows: Int
    }

    let trained: Int
    let heldOut: Int
    /// Lines without a label.
    let neither: Int
    /// Of the rows held out; nil where there are none.
    let accuracy: Double?
    let kappa: Double?
    let classes: [Class]
    /// `confusion[right][answered]`, classes in the order of `classes`.
    let confusion: [[Int]]
    let outOfBag: OutOfBag?
    let trees: Int
    let nodes: Int
    let features: Int
    /// Share of the largest class among all labels: what always calling that one would score.
    let largestShare: Double

    init(
        _ forest: RandomForest, labels: [Int], neither: Int, trained: Int, held: [Int],
        answers: [Int]
    ) {
        let count = forest.classes.count
        let metrics = ClassificationMetrics(
            gold: held, predicted: answers, classCount: count, weighting: .none)
        let table = metrics.confusion
        (self.trained, heldOut, self.neither) = (trained, held.count, neither)
        (accuracy, kappa) = held.isEmpty ? (nil, nil) : (metrics.accuracy, metrics.kappa)
        confusion = table
        classes = forest.classes.indices.map { label in
            let (called, own) = (table.reduce(0) { $0 + $1[label] }, table[label].reduce(0, +))
            let right = Double(table[label][label])
            return Class(
                label: forest.classes[label], rows: own,
                precision: called > 0 ? right / Double(called) : nil,
                recall: own > 0 ? right / Double(own) : nil)
        }
        outOfBag = forest.outOfBag.map { OutOfBag(accuracy: $0.accuracy, rows: $0.rows) }
        (trees, nodes, features) = (forest.treeCount, forest.nodeCount, forest.width)
        let largest = (0..<count).map { label in labels.count { $0 == label } }.max() ?? 0
        largestShare = Double(largest) / Double(max(1, labels.count))
    }

    func print() {
        func share(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
        TextTable(
            columns: ["CLASS", "ROWS"] + classes.map { "CALLED \($0.label)" }
                + ["PRECISION", "RECALL"],
            rows: classes.enumerated().map { index, item in
                [item.label, "\(item.rows)"] + confusion[index].map { "\($0)" }
                    + [share(item.precision), share(item.recall)]
            }
        ).print()
        Swift.print(
            "held out: \(heldOut) rows, accuracy \(share(accuracy)), kappa \(share(kappa)); out of bag: "
                + "\(outOfBag?.rows ?? 0) rows, accuracy \(share(outOfBag?.accuracy))")
        Swift.print(
            "always the larger class: \(share(largestShare)); \(trained) rows trained on, \(neither) "
                + "lines without a label; \(trees) trees, \(nodes) nodes, \(features) features")
    }
}
