// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// Agreement of the entity strings found with those wanted, row by row, as JMED-LLM counts it.
///
/// Exact F1: of the two sets of strings of each row, averaged over rows. Partial F1 is the
/// benchmark's official figure: every gold string counts as found as soon as it, or any predicted
/// string that is right, is there; it can exceed one and is given for comparison only.
package struct EntityStringScore: Hashable, Sendable {
    /// Number of rows.
    package private(set) var rows = 0
    private var exactSum = 0.0
    private var partialSum = 0.0
    private var foundCount = 0
    private var predictedCount = 0
    private var goldCount = 0

    /// No rows yet.
    package init() {}

    /// Adds a row; one that was not answered finds nothing, even where there is nothing.
    package mutating func add(gold: [String], predicted answer: [String]?) {
        let gold = Set(gold)
        let predicted = Set(answer ?? [])
        let common = gold.intersection(predicted).count
        rows += 1
        predictedCount += predicted.count
        goldCount += gold.count
        foundCount += common
        guard answer != nil else { return }
        exactSum += EntityStringScore.f1(common, predicted: predicted.count, gold: gold.count)
        partialSum += EntityStringScore.f1(
            common > 0 ? gold.count : 0, predicted: predicted.count, gold: gold.count)
    }

    /// Mean over rows of the F1 of string sets; 0 without rows.
    package var exactF1: Double { rows == 0 ? 0 : exactSum / Double(rows) }

    /// Mean over rows of the official partial F1; 0 without rows.
    package var partialF1: Double { rows == 0 ? 0 : partialSum / Double(rows) }

    /// Part of all predicted strings that are right.
    package var precision: Double {
        predictedCount == 0 ? 0 : Double(foundCount) / Double(predictedCount)
    }

    /// Part of all wanted strings that are found.
    package var recall: Double { goldCount == 0 ? 0 : Double(foundCount) / Double(goldCount) }

    /// Harmonic mean of precision and recall over all rows.
    package var microF1: Double {
        EntityStringScore.f1(foundCount, predicted: predictedCount, gold: goldCount)
    }

    /// 2PR / (P + R) with P = hits / predicted and R = hits / gold; 1 where both sets are empty.
    private static func f1(_ hits: Int, predicted: Int, gold: Int) -> Double {
        if predicted == 0, gold == 0 { return 1 }
        return 2 * Double(hits) / Double(predicted + gold)
    }
}

/// Agreement of the places found with those wanted.
///
/// Strict: a place counts if start and end are right. Overlap: it counts if it shares a character.
/// A wanted string may stand at several places of which the source does not say which was meant, so
/// a string is found if one of its places is, and a prediction is right at any of them.
package struct EntitySpanScore: Hashable, Sendable {
    /// Right, predicted and found, wanted numbers.
    package struct Counts: Hashable, Sendable {
        /// Predicted places that are right.
        package var right = 0
        /// Predicted places.
        package var predicted = 0
        /// Wanted strings that are found.
        package var found = 0
        /// Wanted strings.
        package var gold = 0

        /// Part of the predicted places that are right.
        package var precision: Double { predicted == 0 ? 0 : Double(right) / Double(predicted) }
        /// Part of the wanted strings that are found.
        package var recall: Double { gold == 0 ? 0 : Double(found) / Double(gold) }
        /// Harmonic mean of both.
        package var f1: Double {
            precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
        }
    }

    /// Places that agree exactly.
    package private(set) var strict = Counts()
    /// Places that overlap.
    package private(set) var overlap = Counts()

    /// No rows yet.
    package init() {}

    /// Adds a row: for each wanted string its places, and the places predicted.
    package mutating func add(gold: [[SourceRange]], predicted: [SourceRange]) {
        let predicted = Set(predicted)
        EntitySpanScore.add(gold, predicted, to: &strict) { $0 == $1 }
        EntitySpanScore.add(gold, predicted, to: &overlap) { $0.overlaps($1) }
    }

    /// Adds a row of strings: for each wanted and each predicted one its places. A predicted string is right if
    /// one of its places is; one that stands nowhere is wrong.
    package mutating func add(gold: [[SourceRange]], predictedStrings: [[SourceRange]]) {
        EntitySpanScore.add(gold, predictedStrings, to: &strict) { $0 == $1 }
        EntitySpanScore.add(gold, predictedStrings, to: &overlap) { $0.overlaps($1) }
    }

    private static func add(
        _ gold: [[SourceRange]], _ predicted: [[SourceRange]], to counts: inout Counts,
        agree: (SourceRange, SourceRange) -> Bool
    ) {
        func meet(_ some: [SourceRange], _ others: [[SourceRange]]) -> Bool {
            others.contains { $0.contains { other in some.contains { agree($0, other) } } }
        }
        counts.predicted += predicted.count
        counts.gold += gold.count
        counts.right += predicted.count { meet($0, gold) }
        counts.found += gold.count { meet($0, predicted) }
    }

    private static func add(
        _ gold: [[SourceRange]], _ predicted: Set<SourceRange>, to counts: inout Counts,
        agree: (SourceRange, SourceRange) -> Bool
    ) {
        counts.predicted += predicted.count
        counts.gold += gold.count
        counts.right += predicted.count { place in
            gold.contains { $0.contains { agree($0, place) } }
        }
        counts.found += gold.count { places in
            places.contains { wanted in predicted.contains { agree(wanted, $0) } }
        }
    }
}
