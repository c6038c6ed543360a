// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// How labelled places agree with the right ones, label by label and all together.
package struct LabelledSpans: Codable, Hashable, Sendable {
    /// A place with its label.
    package struct Span: Hashable, Sendable {
        /// Where it is.
        package let range: SourceRange
        /// The number of its label.
        package let label: Int

        /// A place.
        package init(range: SourceRange, label: Int) { (self.range, self.label) = (range, label) }
    }

    /// A row: what is right and what was found.
    package struct Row: Sendable {
        /// What is right.
        package let gold: [Span]
        /// What was found.
        package let found: [Span]
        /// The text.
        package let text: String

        /// A row.
        package init(gold: [Span], found: [Span], text: String) {
            (self.gold, self.found, self.text) = (gold, found, text)
        }
    }

    /// The figures of one label, or of all together.
    package struct Figures: Codable, Hashable, Sendable {
        /// The label, or `all`.
        package let label: String
        /// Places that are right, and that were found.
        package let gold, found: Int
        /// Of places whose start and end agree.
        package let strictPrecision, strictRecall, strictF1: Double
        /// F1 of places that share a character.
        package let overlapF1: Double
        /// Mean over rows of the F1 of the strings, each counted once.
        package let exactF1: Double
        /// Where figures lie in 95 of 100 draws of the texts.
        package let intervals: [String: Bootstrap.Interval]
    }

    /// Places by right and found label; a place agrees if start and end do.
    package struct Confusion: Codable, Hashable, Sendable {
        /// The labels.
        package let labels: [String]
        /// By right label, and by found label.
        package let rows: [[Int]]
        /// Places of each label where nothing was found with these ends.
        package let missed: [Int]
        /// Places that were found with each label where nothing is.
        package let spurious: [Int]
    }

    /// Rows.
    package let rows: Int
    /// All together first, then each label.
    package let figures: [Figures]
    /// What was taken for what.
    package let confusion: Confusion

    /// The figures of rows.
    package init(labels: [String], rows: [Row]) {
        self.rows = rows.count
        figures =
            [Self.figures("all", rows, label: nil)]
            + labels.indices.map { Self.figures(labels[$0], rows, label: $0) }
        confusion = Self.confusion(labels, rows)
    }

    /// What is summed up over rows.
    private enum Sum: Int, CaseIterable {
        case rows, exact, found, gold, strict, overlapFound, overlapGold
    }

    private static func figures(_ name: String, _ rows: [Row], label: Int?) -> Figures {
        func own(_ spans: [Span]) -> Set<Span> {
            Set(spans.filter { label == nil || $0.label == label })
        }
        let bootstrap = Bootstrap(
            width: Sum.allCases.count,
            rows: rows.map { row in
                let (gold, found) = (own(row.gold), own(row.found))
                let scalars = Array(row.text.unicodeScalars)
                func strings(_ spans: Set<Span>) -> [String] {
                    spans.map { span in
                        var string = "\(span.label) "
                        string.unicodeScalars.append(
                            contentsOf: scalars[span.range.start..<span.range.end])
                        return string
                    }
                }
                func meets(_ span: Span, _ others: Set<Span>) -> Bool {
                    others.contains { $0.label == span.label && $0.range.overlaps(span.range) }
                }
                var exact = EntityStringScore()
                exact.add(gold: strings(gold), predicted: strings(found))
                let sums: [(Sum, Double)] = [
                    (.rows, 1), (.exact, exact.exactF1), (.found, Double(found.count)),
                    (.gold, Double(gold.count)), (.strict, Double(gold.intersection(found).count)),
                    (.overlapFound, Double(found.count { meets($0, gold) })),
                    (.overlapGold, Double(gold.count { meets($0, found) })),
                ]
                return (row.text, sums.map { ($0.0.rawValue, $0.1) })
            })
        func value(_ sums: [Double], _ sum: Sum) -> Double { sums[sum.rawValue] }
        func share(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }
        let strict: ([Double]) -> Double = { sums in
            share(2 * value(sums, .strict), value(sums, .found) + value(sums, .gold))
        }
        let overlap: ([Double]) -> Double = { sums in
            let precision = share(value(sums, .overlapFound), value(sums, .found))
            let recall = share(value(sums, .overlapGold), value(sums, .gold))
            return share(2 * precision * recall, precision + recall)
        }
        let exact: ([Double]) -> Double = { share(value($0, .exact), value($0, .rows)) }
        let total = bootstrap.total
        return Figures(
            label: name, gold: Int(value(total, .gold)), found: Int(value(total, .found)),
            strictPrecision: share(value(total, .strict), value(total, .found)),
            strictRecall: share(value(total, .strict), value(total, .gold)),
            strictF1: strict(total), overlapF1: overlap(total), exactF1: exact(total),
            intervals: bootstrap.intervals(of: [
                "strictF1": strict, "overlapF1": overlap, "exactF1": exact,
            ]))
    }

    private static func confusion(_ labels: [String], _ rows: [Row]) -> Confusion {
        var table = labels.map { _ in [Int](repeating: 0, count: labels.count) }
        var missed = [Int](repeating: 0, count: labels.count)
        var spurious = missed
        for row in rows {
            let (gold, found) = (Set(row.gold), Set(row.found))
            for span in gold {
                let there = found.filter { $0.range == span.range }
                if there.isEmpty { missed[span.label] += 1 }
                for other in there { table[span.label][other.label] += 1 }
            }
            for span in found where !gold.contains(where: { $0.range == span.range }) {
                spurious[span.label] += 1
            }
        }
        return Confusion(labels: labels, rows: table, missed: missed, spurious: spurious)
    }
}
