// SPDX-License-Identifier: Apache-2.0

/// The rows of a table in text, with commas (RFC 4180) or tabs between the fields.
///
/// Between commas or semicolons a quoted field may hold separators, line breaks and doubled quotation
/// marks; between tabs a quotation mark is a character like others, unless it is asked for. A byte-order
/// mark at the beginning is skipped; lines end with LF, CR LF or CR, and empty ones are left out, as are rows of
/// empty fields, which spreadsheets leave behind a table. Reads row by row, so that a large file costs its own size and one row.
package struct SeparatedValues {
    /// A row with its fields.
    package struct Row: Hashable, Sendable {
        /// The line that it begins on, from 1.
        package let line: Int
        /// What stands between the separators.
        package let fields: [String]
    }

    /// What stands between two fields.
    package enum Separator: UInt8, Sendable {
        /// A comma.
        case comma = 0x2C
        /// A tab.
        case tab = 0x09
        /// A semicolon, as spreadsheets write where the comma stands in numbers.
        case semicolon = 0x3B
    }

    /// Where a text breaks the rules.
    package enum Malformed: Error, Hashable, Sendable {
        /// A quotation mark is not closed, or something stands behind the closing one; line and column
        /// count from 1, the line is that of the row's beginning.
        case quotation(line: Int, column: Int)
        /// The row is longer than the limit, in bytes.
        case rowTooLong(line: Int, limit: Int)

        /// The line that the row begins on.
        package var line: Int {
            switch self {
            case .quotation(let line, _), .rowTooLong(let line, _): line
            }
        }
    }

    private let bytes: [UInt8]
    private let separator: Separator
    private let mostRowBytes: Int
    private let hasQuotes: Bool
    private var position = 0
    private var line = 1
    private var lastRow = (position: 0, line: 1)

    /// A table; without `separator` it is the tab if the first line holds one, or the semicolon if that line
    /// holds one and no comma.
    ///
    /// A quotation mark that is never closed ends at `mostRowBytes` at the latest. With
    /// `quotesBetweenTabs` fields between tabs may be quoted, too, as spreadsheets write them.
    package init(
        _ text: String, separator: Separator? = nil, quotesBetweenTabs: Bool = false,
        mostRowBytes: Int = 1 << 40
    ) {
        bytes = Array(text.utf8)
        self.mostRowBytes = mostRowBytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let first = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        let used = separator ?? Self.separator(of: first)
        self.separator = used
        hasQuotes = used != .tab || quotesBetweenTabs
    }

    private static func separator(of line: ArraySlice<UInt8>) -> Separator {
        if line.contains(Separator.tab.rawValue) { return .tab }
        return line.contains(Separator.semicolon.rawValue)
            && !line.contains(Separator.comma.rawValue)
            ? .semicolon : .comma
    }

    /// Goes on with the line after the one that the last row begins on, as after a row that is malformed.
    package mutating func skipToNextLine() {
        (position, line) = lastRow
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
            position += 1
        }
        if position < bytes.count { skipLineEnd() }
    }

    /// How much of the text has been read, 0 to 1.
    package var share: Double { Double(position) / Double(max(bytes.count, 1)) }

    /// The next row that is not empty; nil at the end.
    package mutating func next() throws(Malformed) -> Row? {
        while position < bytes.count {
            let row = try row()
            if !row.fields.allSatisfy(\.isEmpty) { return row }
        }
        return nil
    }

    /// All rows that are left.
    package mutating func rows() throws(Malformed) -> [Row] {
        var rows: [Row] = []
        while let row = try next() { rows.append(row) }
        return rows
    }

    private mutating func row() throws(Malformed) -> Row {
        let (start, firstLine) = (position, line)
        lastRow = (start, firstLine)
        var fields: [String] = []
        while true {
            let field =
                hasQuotes && position < bytes.count && bytes[position] == 0x22
                ? try quoted(start, firstLine, column: fields.count + 1)
                : plain(start)
            guard position - start <= mostRowBytes else {
                throw .rowTooLong(line: firstLine, limit: mostRowBytes)
            }
            fields.append(field)
            guard position < bytes.count else { break }
            let byte = bytes[position]
            if byte == separator.rawValue {
                position += 1
                continue
            }
            skipLineEnd()
            break
        }
        return Row(line: firstLine, fields: fields)
    }

    private mutating func plain(_ rowStart: Int) -> String {
        let start = position
        while position < bytes.count, bytes[position] != separator.rawValue,
            bytes[position] != 0x0A, bytes[position] != 0x0D,
            position - rowStart <= mostRowBytes
        {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quoted(
        _ rowStart: Int, _ firstLine: Int, column: Int
    ) throws(Malformed) -> String {
        var field: [UInt8] = []
        position += 1
        while position < bytes.count, position - rowStart <= mostRowBytes {
            let byte = bytes[position]
            position += 1
            if byte == 0x22 {
                guard position < bytes.count, bytes[position] == 0x22 else {
                    try checkFieldEnd(firstLine, column: column)
                    return String(decoding: field, as: UTF8.self)
                }
                position += 1
            } else if byte == 0x0A || byte == 0x0D && !isAt(0x0A) {
                line += 1
            }
            field.append(byte)
        }
        throw .quotation(line: firstLine, column: column)
    }

    private func isAt(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

    private func checkFieldEnd(_ firstLine: Int, column: Int) throws(Malformed) {
        guard position < bytes.count else { return }
        guard [separator.rawValue, 0x0A, 0x0D].contains(bytes[position]) else {
            throw .quotation(line: firstLine, column: column)
        }
    }

    private mutating func skipLineEnd() {
        let first = bytes[position]
        position += 1
        if first == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
        line += 1
    }
}
