// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
package import Corpora
import Foundation
import HeadTraining

extension LabelledText {
    /// The rows of a task of JMED-LLM in the form that a head reads.
    ///
    /// Rows of entity tasks are joined to documents, whose labels are our entity types; documents
    /// of which not every wanted type is known are left out, or where `partial` says so, those of which
    /// none is. Of choices the first stands for the
    /// first of `labels`, and where an entity is asked for, it is the second text. `tag` keeps the rows of
    /// one subtask. Throws ``LabelledDataError``.
    package static func benchmark(
        _ rows: [BenchmarkRow], file: String, tag: String?, labels: [String],
        partial: Bool = false
    ) throws -> [LabelledText] {
        let numbered = rows.enumerated().filter { tag == nil || $0.element.tag == tag }
        if rows.contains(where: { EntityDocument.type(of: $0) != nil }) {
            return try entities(
                numbered.map { ($0.offset + 1, $0.element) }, file, labels, partial)
        }
        return try numbered.map { index, row in
            let place = RowPlace(file: file, line: index + 1)
            guard case .letter(let letter) = row.answer,
                let choice = BenchmarkChoice.index(of: letter)
            else { throw LabelledDataError.field(place, field: "answer") }
            guard labels.indices.contains(choice) else {
                throw LabelledDataError.unknownLabel(place, known: labels)
            }
            return LabelledText(
                place: place, text: row.firstSentence ?? row.document,
                second: row.secondSentence ?? row.entity, answer: .label(labels[choice]),
                fold: row.fold)
        }
    }

    private static func entities(
        _ rows: [(line: Int, row: BenchmarkRow)], _ file: String, _ labels: [String],
        _ partial: Bool
    ) throws -> [LabelledText] {
        var order: [String] = []
        var byDocument: [String: [(line: Int, row: BenchmarkRow)]] = [:]
        for row in rows {
            if byDocument[row.row.documentIdentifier] == nil {
                order.append(row.row.documentIdentifier)
            }
            byDocument[row.row.documentIdentifier, default: []].append(row)
        }
        return try order.compactMap { identifier in
            guard let rows = byDocument[identifier], let first = rows.first else { return nil }
            let place = RowPlace(file: file, line: first.line)
            let same = rows.filter { $0.row.document == first.row.document }
            var known = Set(same.compactMap { EntityDocument.type(of: $0.row)?.rawValue })
            // A nursing record that is in no test has a row for every type that it holds.
            if EntityDocument.kind(of: first.row) == .nursing,
                !same.contains(where: \.row.documentInTest)
            {
                known.formUnion(labels)
            }
            known.formIntersection(labels)
            let isWhole = known.count == labels.count
            guard isWhole || (partial && !known.isEmpty) else { return nil }
            let count = first.row.document.unicodeScalars.count
            var spans: [LabelledText.Span] = []
            for (line, row) in same {
                guard let type = EntityDocument.type(of: row)?.rawValue, labels.contains(type)
                else { continue }
                for offsets in row.answerSpans.flatMap(\.offsets) {
                    guard offsets.count == 2, offsets[0] >= 0, offsets[0] < offsets[1],
                        offsets[1] <= count
                    else {
                        throw LabelledDataError.field(
                            RowPlace(file: file, line: line), field: "spans")
                    }
                    spans.append(
                        .init(range: SourceRange(start: offsets[0], end: offsets[1]), label: type))
                }
            }
            // Of overlapping places the longest counts, then the first.
            spans.sort { ($1.range.count, $0.range.start) < ($0.range.count, $1.range.start) }
            var kept: [LabelledText.Span] = []
            for span in spans where !kept.contains(where: { $0.range.overlaps(span.range) }) {
                kept.append(span)
            }
            return LabelledText(
                place: place, text: first.row.document,
                answer: .spans(kept.sorted { $0.range < $1.range }),
                annotated: isWhole ? nil : known, fold: first.row.fold)
        }
    }
}
