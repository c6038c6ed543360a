// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// How strings agree with the wanted ones, document by document.
struct StringAgreement {
    /// What is summed up over rows.
    private enum Sum: Int, CaseIterable {
        case rows, exact, partial
        case strictRight, strictFound, overlapRight, overlapFound, predicted, gold
    }

    let bootstrap: Bootstrap
    /// Strings that stand nowhere in their documents.
    let notInDocument: Int
    private let hasPlaces: Bool

    init(_ rows: [BenchmarkScore.Row]) {
        hasPlaces = rows.allSatisfy { $0.document != nil }
        var notInDocument = 0
        bootstrap = Bootstrap(
            width: Self.width,
            rows: rows.map { row in
                let (parts, missed) = Self.parts(of: row)
                notInDocument += missed
                return (row.group, parts)
            })
        self.notInDocument = notInDocument
    }

    /// Number of sums.
    static var width: Int { Sum.allCases.count }

    /// What a row adds to the sums, and how many of its strings stand nowhere in the document.
    static func parts(
        of row: BenchmarkScore.Row
    ) -> (parts: [Bootstrap.Part], notInDocument: Int) {
        let gold = strings(row.gold)
        let predicted = row.prediction.map { strings($0) }
        var exact = EntityStringScore()
        exact.add(gold: gold, predicted: predicted)
        var parts: [(Sum, Double)] = [
            (.rows, 1), (.exact, exact.exactF1), (.partial, exact.partialF1),
        ]
        var missed = 0
        if let document = row.document {
            let places = DocumentPlaces(document)
            let found = Set(predicted ?? []).sorted().map { places.places(of: $0) }
            missed = found.count(where: \.isEmpty)
            var spans = EntitySpanScore()
            spans.add(
                gold: Set(gold).sorted().map { places.places(of: $0) }, predictedStrings: found)
            parts += [
                (.strictRight, Double(spans.strict.right)),
                (.strictFound, Double(spans.strict.found)),
                (.overlapRight, Double(spans.overlap.right)),
                (.overlapFound, Double(spans.overlap.found)),
                (.predicted, Double(spans.strict.predicted)), (.gold, Double(spans.strict.gold)),
            ]
        }
        return (parts.map { ($0.0.rawValue, $0.1) }, missed)
    }

    /// Measures of the sums, by their names in reports.
    var measures: [String: ([Double]) -> Double] {
        func mean(_ sum: Sum) -> ([Double]) -> Double {
            { $0[Sum.rows.rawValue] > 0 ? $0[sum.rawValue] / $0[Sum.rows.rawValue] : 0 }
        }
        func f1(_ right: Sum, _ found: Sum) -> ([Double]) -> Double {
            { sums in
                let precision = sums[right.rawValue] / max(1, sums[Sum.predicted.rawValue])
                let recall = sums[found.rawValue] / max(1, sums[Sum.gold.rawValue])
                return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
            }
        }
        var measures = ["exactF1": mean(.exact), "partialF1": mean(.partial)]
        if hasPlaces {
            measures["strictF1"] = f1(.strictRight, .strictFound)
            measures["overlapF1"] = f1(.overlapRight, .overlapFound)
        }
        return measures
    }

    private static func strings(_ answer: BenchmarkPrediction.Answer) -> [String] {
        guard case .strings(let strings) = answer else { return [] }
        return strings
    }
}

/// Where strings stand in a document.
struct DocumentPlaces {
    private let scalars: [Unicode.Scalar]

    init(_ document: String) { scalars = Array(document.unicodeScalars) }

    /// Every place of a string, in Unicode scalars.
    func places(of string: String) -> [SourceRange] {
        let wanted = Array(string.unicodeScalars)
        guard !wanted.isEmpty, wanted.count <= scalars.count else { return [] }
        return (0...scalars.count - wanted.count).compactMap { start in
            scalars[start] == wanted[0]
                && scalars[start..<start + wanted.count].elementsEqual(wanted)
                ? SourceRange(start: start, end: start + wanted.count) : nil
        }
    }
}
