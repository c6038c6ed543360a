// SPDX-License-Identifier: Apache-2.0
import Corpora
import Foundation
import RowFiles

/// A row of an evaluation.
struct EvaluationRow: Sendable {
    let file: String
    /// From 1, a heading not counted.
    let number: Int
    let text: String

    /// The rows of a table in CSV, whose name ends so, or of raw text.
    static func read(_ file: String, columns: [String]) throws -> [EvaluationRow] {
        guard file.hasSuffix(".csv") else {
            var raw = try RawTextFile(file)
            let reader = RawRecordReader(raw.format, file: file)
            var rows: [EvaluationRow] = []
            while let record = try raw.next() {
                rows.append(
                    EvaluationRow(
                        file: file, number: rows.count + 1,
                        text: try reader.document(in: record).text))
            }
            return rows
        }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw CorpusError.unreadable(file: file)
        }
        let records: [[String]]
        do throws(SeparatedValues.Malformed) {
            var table = SeparatedValues(text, separator: .comma)
            records = try table.rows().map(\.fields)
        } catch {
            throw CorpusError.malformedRow(file: file, line: error.line)
        }
        let heading = records.first ?? []
        let places = try columns.map { column in
            guard let place = heading.firstIndex(of: column) else {
                throw CorpusError.missingColumn(file: file, column: column)
            }
            return place
        }
        return try records.dropFirst().enumerated().map { number, record in
            guard record.count == heading.count else {
                throw CorpusError.malformedRow(file: file, line: number + 2)
            }
            return EvaluationRow(
                file: file, number: number + 1,
                text: places.map { record[$0] }.joined(separator: "\n"))
        }
    }
}
