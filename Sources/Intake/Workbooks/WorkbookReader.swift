// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import XMLFiles

/// Reads a sheet of a workbook in Office Open XML (`.xlsx`) as a table, a document a row.
struct WorkbookReader {
    let limits: IntakeLimits
    /// The kind of the folder, where no column says another.
    let kind: DocumentKind
    let codes: DocumentCodes
    /// What the site says of its tables.
    var mapping = TableMapping()

    /// The documents and faults of the sheet; throws what is wrong with the file as a whole.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        do throws(FormatFlaw) {
            let package = try WorkbookPackage(of: bytes, sheet: mapping.sheet, limits: limits)
            var reader = TableReader(limits: limits, kind: kind, codes: codes, mapping: mapping)
            if package.otherSheets > 0 {
                reader.notices.append("\(package.otherSheets) other sheets are not read")
            }
            return try reader.entries(
                of: try rows(of: package), format: .xlsx, encoding: TextEncoding.utf8.rawValue)
        } catch {
            throw .flaw(error, in: .xlsx, at: nil)
        }
    }

    // MARK: Rows

    private func rows(of package: WorkbookPackage) throws(FormatFlaw) -> [TableRow] {
        var rows: [TableRow] = []
        var (last, cells) = (0, 0)
        for element in package.sheet.root.first("sheetData")?.all("row") ?? [] {
            let number = element.attribute("r").flatMap { Int($0) } ?? last + 1
            guard number > last, number <= 1 << 20 else {
                throw .wrongValue(field: "the number of a row", expected: "greater than the last")
            }
            last = number
            let row = try row(element, number: number, of: package)
            guard row.filled != 0 else { continue }
            rows.append(row)
            cells += (try? row.cells.get().count) ?? 0
            guard rows.count <= limits.maximumRecords + 1 else {
                throw .tooMuch(of: "rows", limit: limits.maximumRecords)
            }
            guard cells <= TableReader.maximumCells else {
                throw .tooMuch(of: "cells", limit: TableReader.maximumCells)
            }
        }
        return try filledUp(rows)
    }

    /// A sheet leaves out empty cells at the end of a row; a row of a table has them.
    private func filledUp(_ rows: [TableRow]) throws(FormatFlaw) -> [TableRow] {
        let widths = rows.prefix(6).map { (try? $0.cells.get().count) ?? 0 }
        let width = widths.max() ?? 0
        guard width * rows.count <= TableReader.maximumCells else {
            throw .tooMuch(of: "cells", limit: TableReader.maximumCells)
        }
        return rows.map { row in
            guard case .success(let cells) = row.cells, cells.count < width else { return row }
            let empty = [TableCell](repeating: TableCell(text: ""), count: width - cells.count)
            return TableRow(line: row.line, cells: .success(cells + empty))
        }
    }

    private func row(
        _ element: XMLTree.Element, number: Int, of package: WorkbookPackage
    ) throws(FormatFlaw) -> TableRow {
        var cells: [TableCell] = []
        var flaw: FormatFlaw?
        for cell in element.all("c") {
            let column = cell.attribute("r").flatMap(Self.column(of:)) ?? cells.count
            let value: TableCell
            do throws(FormatFlaw) {
                value = try self.cell(cell, of: package)
            } catch {
                (flaw, value) = (flaw ?? error, TableCell(text: "?"))
            }
            // Cells that only have a colour may stand far to the right.
            if value.text.isEmpty { continue }
            guard column >= cells.count else {
                throw .wrongValue(field: "a cell's place", expected: "behind the cell before it")
            }
            guard column < limits.maximumSections else {
                throw .tooMuch(of: "columns", limit: limits.maximumSections)
            }
            while cells.count < column { cells.append(TableCell(text: "")) }
            cells.append(value)
        }
        return TableRow(line: number, cells: flaw.map { .failure($0) } ?? .success(cells))
    }

    /// The column of `BC12`, counted from 0; nil for what is no place.
    private static func column(of reference: String) -> Int? {
        var column = 0
        for letter in reference.utf8.prefix(4) {
            guard (0x41...0x5A).contains(letter) else { break }
            column = column * 26 + Int(letter) - 0x40
        }
        return (1...16384).contains(column) ? column - 1 : nil
    }

    // MARK: Cells

    private func cell(
        _ cell: XMLTree.Element, of package: WorkbookPackage
    ) throws(FormatFlaw) -> TableCell {
        let value = cell.first("v")?.text
        let text: String
        switch cell.attribute("t") ?? "n" {
        case "s":
            guard let number = value.flatMap({ Int($0) }),
                package.strings.texts.indices.contains(number)
            else {
                throw .wrongValue(field: "a cell", expected: "one of the workbook's texts")
            }
            text = package.strings.texts[number]
        case "inlineStr": text = cell.first("is").map(SharedStrings.text(of:)) ?? ""
        case "str": text = SharedStrings.unescaped(value ?? "")
        case "d": text = value ?? ""
        case "b": text = value == "1" ? "TRUE" : value == "0" ? "FALSE" : ""
        case "n": return try number(value, of: cell, package)
        case "e": throw .wrongValue(field: "a cell", expected: "a value, not an error")
        default: throw .wrongValue(field: "a cell's type", expected: "one that workbooks have")
        }
        guard text.utf8.count <= TableReader.maximumCellBytes else {
            throw .tooMuch(of: "bytes in a cell", limit: TableReader.maximumCellBytes)
        }
        return TableCell(text: text)
    }

    private func number(
        _ value: String?, of cell: XMLTree.Element, _ package: WorkbookPackage
    ) throws(FormatFlaw) -> TableCell {
        guard let value, !value.isEmpty else {
            guard cell.first("f") == nil else {
                throw .wrongValue(field: "a formula", expected: "saved with its value")
            }
            return TableCell(text: "")
        }
        guard value.utf8.count <= 40, let number = Double(value), number.isFinite else {
            throw .wrongValue(field: "a cell", expected: "a number")
        }
        let style = cell.attribute("s").flatMap { Int($0) }
        switch package.formats.meaning(ofStyle: style) {
        case .time:
            guard let time = SerialTime.text(of: number, countsFrom1904: package.countsFrom1904)
            else { throw .wrongValue(field: "a cell", expected: "a time") }
            return TableCell(text: time)
        case .percentage: return TableCell(text: Self.shown(number * 100) + "%")
        case .number: return TableCell(text: Self.shown(number), isNumber: true)
        }
    }

    /// A number with the fifteen digits that spreadsheets show, without an exponent where it is not needed.
    private static func shown(_ number: Double) -> String {
        let rounded = Double(String(format: "%.15g", number)) ?? number
        guard rounded.magnitude < 1e15 else { return "\(rounded)" }
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
