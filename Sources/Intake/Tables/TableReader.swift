// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import RowFiles

/// Reads tables of comma-, tab- or semicolon-separated values, a document a row.
struct TableReader {
    let limits: IntakeLimits
    /// The kind of the folder, where no column says another.
    let kind: DocumentKind
    let codes: DocumentCodes
    /// What the site says of its tables.
    var mapping = TableMapping()
    /// What is to be told of every document of the table.
    var notices: [String] = []

    /// Bytes of a cell.
    static let maximumCellBytes = 1 << 20
    /// Cells of a table, a hundred for each of ten thousand rows.
    static let maximumCells = 1_000_000

    /// The documents and faults of a table; throws what is wrong with it as a whole, such as headings that
    /// are not understood.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        try entries(in: EncodingDetection.decode(bytes))
    }

    /// The same of a table that is decoded.
    func entries(in decoded: DecodedText) throws(IntakeError) -> [ReadDocument] {
        do throws(FormatFlaw) {
            return try entries(
                of: try rows(of: decoded.text), format: .csv, encoding: decoded.encoding.rawValue)
        } catch {
            throw .flaw(error, in: .csv, at: nil)
        }
    }

    /// The documents of rows, the headings among them.
    func entries(
        of rows: [TableRow], format: SourceFormat, encoding: String
    ) throws(FormatFlaw) -> [ReadDocument] {
        let (columns, first) = try columns(of: rows)
        var documents = TableDocuments(
            columns: columns, mapping: mapping, kind: kind, codes: codes, limits: limits,
            format: format, encoding: encoding, notices: notices)
        let entries = documents.entries(of: rows[first...])
        guard !entries.isEmpty else { throw .noText }
        return entries
    }

    /// What the columns mean, and the index of the first row of values.
    private func columns(of rows: [TableRow]) throws(FormatFlaw) -> (TableColumns, Int) {
        // A title may stand above the headings.
        let titles = mapping.hasHeadings ? rows.prefix(5).prefix { $0.filled ?? 2 <= 1 }.count : 0
        guard titles < rows.count else { throw .missing(field: "a row of headings") }
        let cells = try rows[titles].cells.get()
        guard mapping.hasHeadings else {
            return (try TableColumns(count: cells.count, mapping: mapping), 0)
        }
        return (try TableColumns(headings: cells.map(\.text), mapping: mapping), titles + 1)
    }

    // MARK: Rows

    private func rows(of text: String) throws(FormatFlaw) -> [TableRow] {
        var table = SeparatedValues(
            text, separator: Self.separator(of: text), quotesBetweenTabs: true,
            mostRowBytes: 4 * Self.maximumCellBytes)
        var rows: [TableRow] = []
        var cells = 0
        while let row = next(of: &table) {
            cells += (try? row.cells.get().count) ?? 0
            guard cells <= Self.maximumCells else {
                throw .tooMuch(of: "cells", limit: Self.maximumCells)
            }
            guard rows.count <= limits.maximumRecords else {
                throw .tooMuch(of: "rows", limit: limits.maximumRecords)
            }
            rows.append(row)
        }
        return rows
    }

    private func next(of table: inout SeparatedValues) -> TableRow? {
        do throws(SeparatedValues.Malformed) {
            guard let row = try table.next() else { return nil }
            guard row.fields.count <= limits.maximumSections else {
                let flaw = FormatFlaw.tooMuch(of: "columns", limit: limits.maximumSections)
                return TableRow(line: row.line, cells: .failure(flaw))
            }
            guard row.fields.allSatisfy({ $0.utf8.count <= Self.maximumCellBytes }) else {
                return TableRow(line: row.line, cells: .failure(Self.tooLong))
            }
            let nuls = row.fields.reduce(0) { $0 + $1.utf8.count { $0 == 0 } }
            guard nuls == 0 else {
                let flaw = FormatFlaw.malformed(
                    expected: "a row without NUL bytes (there are \(nuls))", byteOffset: nil)
                return TableRow(line: row.line, cells: .failure(flaw))
            }
            return TableRow(
                line: row.line, cells: .success(row.fields.map { TableCell(text: $0) }))
        } catch {
            // What stands behind the line is read anew, and is a fault itself where it belongs to the row.
            table.skipToNextLine()
            switch error {
            case .quotation(let line, let column):
                return TableRow(
                    line: line,
                    cells: .failure(
                        .malformed(
                            expected: "one closing quotation mark at the end of column \(column)",
                            byteOffset: nil)))
            case .rowTooLong(let line, _):
                return TableRow(line: line, cells: .failure(Self.tooLong))
            }
        }
    }

    private static let tooLong = FormatFlaw.tooMuch(of: "bytes in a cell", limit: maximumCellBytes)

    /// What stands between the cells: what the first line with such a sign has, a tab before a comma before a
    /// semicolon.
    private static func separator(of text: String) -> SeparatedValues.Separator {
        let lines = text.utf8.prefix(1 << 16)
            .split(maxSplits: 8) { $0 == 0x0A || $0 == 0x0D }.prefix(8)
        for line in lines {
            for separator in [SeparatedValues.Separator.tab, .comma, .semicolon]
            where line.contains(separator.rawValue) {
                return separator
            }
        }
        return .comma
    }
}
