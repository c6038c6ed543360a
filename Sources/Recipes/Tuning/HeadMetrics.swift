// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Exact agreement of places found with places that are right.
package struct SpanCounts: Hashable, Sendable {
    /// Found and right.
    package private(set) var right = 0
    /// Found.
    package private(set) var found = 0
    /// Right.
    package private(set) var gold = 0

    /// Nothing counted.
    package init() {}

    /// Counts a text's places; a place is right with its label and both its ends.
    package mutating func add(found: [LabelledText.Span], gold: [LabelledText.Span]) {
        right += Set(found).intersection(gold).count
        self.found += found.count
        self.gold += gold.count
    }

    /// Precision, recall and their harmonic mean; 0 where nothing was found or right.
    package var metrics: [String: Double] {
        let precision = found == 0 ? 0 : Double(right) / Double(found)
        let recall = gold == 0 ? 0 : Double(right) / Double(gold)
        let sum = precision + recall
        return [
            "precision": precision, "recall": recall,
            "f1": sum == 0 ? 0 : 2 * precision * recall / sum,
        ]
    }
}

/// Agreement of labels found with labels that are right.
package struct LabelCounts: Hashable, Sendable {
    private let count: Int
    /// How often a label (row) was found as another (column).
    private var table: [Int]

    /// Nothing counted, for K labels.
    package init(labels count: Int) {
        self.count = count
        table = [Int](repeating: 0, count: count * count)
    }

    /// Counts an answer.
    package mutating func add(gold: Int, found: Int) { table[gold * count + found] += 1 }

    private func row(_ label: Int) -> Int {
        (0..<count).reduce(0) { $0 + table[label * count + $1] }
    }
    private func column(_ label: Int) -> Int {
        (0..<count).reduce(0) { $0 + table[$1 * count + label] }
    }

    /// Accuracy, mean F1 of the labels that occur, and Cohen's kappa (1960), for ordered labels with
    /// squared distances as weights.
    package func metrics(ordered: Bool) -> [String: Double] {
        let all = table.reduce(0, +)
        guard all > 0 else { return ["accuracy": 0, "f1": 0, "kappa": 0] }
        let right = (0..<count).reduce(0) { $0 + table[$1 * count + $1] }
        let scores = (0..<count).compactMap { label -> Double? in
            let both = row(label) + column(label)
            return both == 0 ? nil : 2 * Double(table[label * count + label]) / Double(both)
        }
        var (seen, expected) = (0.0, 0.0)
        for gold in 0..<count {
            for found in 0..<count {
                let distance = Double((gold - found) * (gold - found))
                let weight = ordered ? distance : gold == found ? 0 : 1
                seen += weight * Double(table[gold * count + found])
                expected += weight * Double(row(gold)) * Double(column(found)) / Double(all)
            }
        }
        return [
            "accuracy": Double(right) / Double(all),
            "f1": scores.reduce(0, +) / Double(max(1, scores.count)),
            "kappa": expected == 0 ? (seen == 0 ? 1 : 0) : 1 - seen / expected,
        ]
    }
}

/// Agreement of numbers found with numbers that are right.
package struct NumberErrors: Sendable {
    private var pairs: [(found: Double, gold: Double)] = []

    /// Nothing counted.
    package init() {}

    /// Counts an answer.
    package mutating func add(found: Double, gold: Double) { pairs.append((found, gold)) }

    /// The mean absolute error and Pearson's correlation (0 where one side never changes).
    package var metrics: [String: Double] {
        let count = Double(max(1, pairs.count))
        let (x, y) = (
            pairs.reduce(0) { $0 + $1.found } / count, pairs.reduce(0) { $0 + $1.gold } / count
        )
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for pair in pairs {
            xx += (pair.found - x) * (pair.found - x)
            yy += (pair.gold - y) * (pair.gold - y)
            xy += (pair.found - x) * (pair.gold - y)
        }
        return [
            "error": pairs.reduce(0) { $0 + abs($1.found - $1.gold) } / count,
            "correlation": xx == 0 || yy == 0 ? 0 : xy / (xx * yy).squareRoot(),
        ]
    }
}
