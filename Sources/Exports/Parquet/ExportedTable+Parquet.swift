// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import ResultStore

extension ExportedTable {
    /// The columns of the table, with what they hold; names and order are those of the tables of comma-separated
    /// values.
    package func parquetColumns(withText: Bool) -> [ParquetFile.Column] {
        columns(withText: withText).map { ParquetFile.Column($0, kind(of: $0)) }
    }

    /// The rows that a document gives, with instants as milliseconds.
    package func parquetRows(of document: StoredDocument, withText: Bool) -> [[ResultValue]] {
        let kinds = parquetColumns(withText: withText).map(\.kind)
        return rows(of: document, withText: withText).map { row in
            zip(row, kinds).map { value, kind in
                guard case .instant = kind, case .text(let text) = value else { return value }
                return StatedTime(text).map { .integer($0.milliseconds) } ?? .null
            }
        }
    }

    private func kind(of column: String) -> ParquetFile.Kind {
        switch column {
        case "document_id", "finding_id", "drug_id", "reaction_id", "pair_id", "adverse_event_id",
            "start", "end", "characters", "level":
            .integer
        case "score", "t_score", "n_score", "m_score": .number
        // A time as exact as it was given stays a text; these are exact.
        case "received_at", "processed_at": .instant
        case "review": self == .tnm ? .text : .flag
        case "conflict": .flag
        default: .text
        }
    }
}
