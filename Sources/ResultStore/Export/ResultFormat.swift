// SPDX-License-Identifier: Apache-2.0

/// A form in which rows leave for other programs, every value in full.
///
/// A new one is a case here and a type that writes its records.
package enum ResultFormat: String, CaseIterable, Sendable {
    /// Comma-separated values (RFC 4180), with LF between the records.
    case csv
    /// Tab-separated values.
    case tsv
    /// JSON Lines: one object a row.
    case jsonl

    /// The table's records in order, each without its line end; in CSV and TSV the columns' names first.
    ///
    /// Throws `StoreError.statement` for a table that the format cannot hold.
    package func records(of table: ResultTable) throws(StoreError) -> [String] {
        switch self {
        case .csv: SeparatedRecords.commas.records(of: table)
        case .tsv: SeparatedRecords.tabs.records(of: table)
        case .jsonl: try JSONRecords.records(of: table)
        }
    }
}
