// SPDX-License-Identifier: Apache-2.0
import Foundation
import Intake
import ResultStore

/// How records of comma-separated values become bytes.
package struct CSVDialect: Sendable {
    /// The encodings that are written.
    package enum Encoding: String, CaseIterable, Sendable {
        case utf8 = "utf-8"
        /// Shift_JIS as Windows writes it; characters that it lacks become `〓`.
        case cp932
    }

    /// Whether it is for spreadsheets: a byte order mark before UTF-8, CR LF after each record, and cells
    /// that would be formulas disarmed by `'` before them.
    package let isForSpreadsheets: Bool
    private let encoder: Windows31JEncoder?

    /// A dialect; throws `IntakeError.encodingUnavailable`.
    package init(forSpreadsheets: Bool = false, encoding: Encoding = .utf8) throws {
        isForSpreadsheets = forSpreadsheets
        encoder = encoding == .cp932 ? try Windows31JEncoder() : nil
    }

    /// What stands before the first record.
    var mark: Data { isForSpreadsheets && encoder == nil ? Data([0xEF, 0xBB, 0xBF]) : Data() }

    /// The records of rows, of which `lost` characters are not in the encoding; `columns` are as many as each row has
    /// values.
    func records(
        _ rows: [[ResultValue]], columns: [String], withHeader: Bool
    ) throws -> (bytes: Data, lost: Int) {
        let rows = isForSpreadsheets ? rows.map { $0.map(Self.disarmed) } : rows
        let records = try ResultFormat.csv.records(of: ResultTable(columns: columns, rows: rows))
        let lineEnd = isForSpreadsheets ? "\r\n" : "\n"
        let text = records.dropFirst(withHeader ? 0 : 1).map { $0 + lineEnd }.joined()
        guard let encoder else { return (Data(text.utf8), 0) }
        let (bytes, lost) = encoder.bytes(of: text)
        return (Data(bytes), lost)
    }

    /// A text that a spreadsheet would take for a formula with `'` before it.
    private static func disarmed(_ value: ResultValue) -> ResultValue {
        guard case .text(let text) = value, let first = text.unicodeScalars.first,
            "=+-@\t\r\n".unicodeScalars.contains(first)
        else { return value }
        return .text("'" + text)
    }
}
