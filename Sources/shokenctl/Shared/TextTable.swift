// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONFiles

/// Aligned text for people: columns as wide as their widest cell, counted in terminal cells.
struct TextTable {
    private let columns: [String]
    private let rows: [[String]]
    private let widest: Int

    /// A table; cells wider than `widest` terminal cells are cut, on a terminal those wider than 48 if nothing
    /// is said.
    init(
        columns: [String], rows: [[String]],
        widest: Int = isatty(STDOUT_FILENO) == 1 ? 48 : .max
    ) {
        self.columns = columns
        self.rows = rows
        self.widest = widest
    }

    /// The table's lines, the header first.
    var lines: [String] {
        let cells = ([columns] + rows).map { $0.map { cell($0) } }
        let widths = columns.indices.map { column in cells.map { $0[column].width }.max() ?? 0 }
        return cells.map { row in
            var line = ""
            // Spaces are written before the next cell that is not empty, so that none ends a line.
            var spaces = 0
            for (cell, width) in zip(row, widths) {
                if !cell.text.isEmpty {
                    line += String(repeating: " ", count: spaces)
                    line += cell.text
                    spaces = 0
                }
                spaces += width - (cell.text.isEmpty ? 0 : cell.width) + 2
            }
            return line.trimmingTrailingSpaces
        }
    }

    /// Writes the table to standard output.
    func print() {
        Swift.print(lines.joined(separator: "\n"))
    }

    private func cell(_ text: String) -> (text: String, width: Int) {
        var (width, steers) = (0, false)
        for scalar in text.unicodeScalars {
            width += scalar.terminalCells
            steers = steers || scalar.steersTerminal
        }
        let line = steers ? singleLine(text) : text
        if steers { width = self.width(of: line) }
        guard width > widest else { return (line, width) }
        let short = cut(line)
        return (short, self.width(of: short))
    }

    private func singleLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.steersTerminal ? " " : $0 }))
    }

    private func cut(_ text: String) -> String {
        var kept = ""
        var used = 0
        for character in text {
            used += width(of: String(character))
            if used > widest - 1 { break }
            kept.append(character)
        }
        return kept + "…"
    }

    private func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + $1.terminalCells }
    }
}

extension Unicode.Scalar {
    /// Terminal cells that it takes: East Asian wide and full-width characters two (UAX #11, the ranges that
    /// occur in Japanese text).
    fileprivate var terminalCells: Int {
        switch value {
        case 0..<0x0300: 1
        case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
            0x20000...0x3FFFD:
            2
        default: 1
        }
    }

    /// Whether it does something to a terminal other than standing there: control characters, breaks of lines,
    /// and marks that turn the direction of writing.
    var steersTerminal: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var end = utf8.endIndex
        while end > utf8.startIndex, utf8[utf8.index(before: end)] == UInt8(ascii: " ") {
            end = utf8.index(before: end)
        }
        return String(self[..<end])
    }
}

/// Writes a value as one line of JSON with sorted keys to standard output.
func printJSON(_ value: some Encodable) throws {
    print(String(decoding: try JSONEncoder.sorted().encode(value), as: UTF8.self))
}
