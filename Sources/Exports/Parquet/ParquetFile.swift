// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import ResultStore

/// Writes a table as Apache Parquet: flat columns that may be empty, PLAIN, not compressed, a group of rows at a
/// time.
///
/// Nothing of it is needed but what pandas, DuckDB and Spark read: one data page for each column of a group.
package struct ParquetFile {
    /// What a column holds.
    package enum Kind: Sendable {
        case text
        case integer
        case number
        /// Milliseconds from 1970 in UTC.
        case instant
        case flag
    }

    /// A column.
    package struct Column: Sendable {
        /// Its name.
        package let name: String
        /// What it holds.
        package let kind: Kind

        /// A column.
        package init(_ name: String, _ kind: Kind) { (self.name, self.kind) = (name, kind) }
    }

    /// Rows of a group, all of which are in memory; fewer where their texts are long.
    private static let rowsPerGroup = 100_000
    private static let bytesPerGroup = 64 << 20

    /// Where a column of a group lies in the file.
    private struct Chunk {
        let offset, bytes, values: Int
    }

    private struct Group {
        let chunks: [Chunk]
        let rows: Int
    }

    private let columns: [Column]
    private var pending: [[ResultValue]] = []
    private var pendingBytes = 0
    private var groups: [Group] = []
    private var position = 4

    /// A file of these columns; `begin` gives its first bytes.
    package init(_ columns: [Column]) { self.columns = columns }

    /// The first bytes.
    package var begin: Data { Data("PAR1".utf8) }

    /// Takes a row, as long as the columns; bytes that are to be written now.
    package mutating func append(_ row: [ResultValue]) -> Data {
        pending.append(row)
        for case .text(let text) in row { pendingBytes += text.utf8.count }
        guard pending.count >= Self.rowsPerGroup || pendingBytes >= Self.bytesPerGroup else {
            return Data()
        }
        return group()
    }

    /// The last bytes: the rows that are left, and what the file says of itself.
    package mutating func end() -> Data {
        var bytes = pending.isEmpty ? Data() : group()
        let footer = self.footer
        bytes += footer
        bytes += littleEndian(UInt32(footer.count))
        bytes += Data("PAR1".utf8)
        return bytes
    }

    /// The rows that wait, column by column.
    private mutating func group() -> Data {
        var bytes = Data()
        var chunks: [Chunk] = []
        for (index, column) in columns.enumerated() {
            let page = Self.page(pending.map { $0[index] }, column.kind)
            chunks.append(
                Chunk(offset: position + bytes.count, bytes: page.count, values: pending.count))
            bytes += page
        }
        groups.append(Group(chunks: chunks, rows: pending.count))
        position += bytes.count
        pending.removeAll(keepingCapacity: true)
        pendingBytes = 0
        return bytes
    }

    // MARK: Pages

    /// A data page with its header: which values there are, then these.
    private static func page(_ values: [ResultValue], _ kind: Kind) -> Data {
        var content = Data()
        let levels = levels(values.map { $0 != .null })
        content += littleEndian(UInt32(levels.count))
        content += levels
        content += plain(values.filter { $0 != .null }, kind)
        var header = ThriftCompact()
        header.write(1, 0)
        header.write(2, Int32(content.count))
        header.write(3, Int32(content.count))
        header.write(5) { page in
            page.write(1, Int32(values.count))
            page.write(2, 0)
            page.write(3, 3)
            page.write(4, 3)
        }
        header.end()
        return header.bytes + content
    }

    /// Whether each value is there, in runs (RLE, one bit).
    private static func levels(_ there: [Bool]) -> Data {
        var bytes = Data()
        var start = 0
        while start < there.count {
            var end = start
            while end < there.count, there[end] == there[start] { end += 1 }
            var header = UInt64(end - start) << 1
            while header >= 0x80 {
                bytes.append(UInt8(header & 0x7F) | 0x80)
                header >>= 7
            }
            bytes.append(UInt8(header))
            bytes.append(there[start] ? 1 : 0)
            start = end
        }
        return bytes
    }

    private static func plain(_ values: [ResultValue], _ kind: Kind) -> Data {
        var bytes = Data()
        var bits: (byte: UInt8, count: Int) = (0, 0)
        for value in values {
            switch kind {
            case .text:
                let text = value.text
                bytes += littleEndian(UInt32(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            case .integer, .instant:
                guard case .integer(let number) = value else { continue }
                bytes += littleEndian(UInt64(bitPattern: number))
            case .number:
                let number: Double =
                    switch value {
                    case .real(let number): number
                    case .integer(let number): Double(number)
                    default: .nan
                    }
                bytes += littleEndian(number.bitPattern)
            case .flag:
                if value == .integer(1) { bits.byte |= 1 << UInt8(bits.count) }
                bits.count += 1
                if bits.count == 8 {
                    bytes.append(bits.byte)
                    bits = (0, 0)
                }
            }
        }
        if bits.count > 0 { bytes.append(bits.byte) }
        return bytes
    }

    // MARK: The footer

    /// Physical types by their numbers in Parquet.
    private static func type(_ kind: Kind) -> Int32 {
        switch kind {
        case .flag: 0
        case .integer, .instant: 2
        case .number: 5
        case .text: 6
        }
    }

    private var footer: Data {
        var footer = ThriftCompact()
        footer.write(1, 1)
        footer.write(2, each: [nil] + columns.map(Optional.some)) { element, column in
            guard let column else {
                element.write(4, "schema")
                element.write(5, Int32(columns.count))
                return
            }
            element.write(1, Self.type(column.kind))
            element.write(3, 1)
            element.write(4, column.name)
            // UTF8, and TIMESTAMP_MILLIS.
            if case .text = column.kind { element.write(6, 0) }
            if case .instant = column.kind { element.write(6, 9) }
        }
        footer.write(3, wide: Int64(groups.reduce(0) { $0 + $1.rows }))
        footer.write(4, each: groups) { element, group in
            element.write(1, each: Array(zip(group.chunks, columns))) { chunk, part in
                let (place, column) = part
                chunk.write(2, wide: Int64(place.offset))
                chunk.write(3) { about in
                    about.write(1, Self.type(column.kind))
                    about.write(2, numbers: [0, 3])
                    about.write(3, texts: [column.name])
                    about.write(4, 0)
                    about.write(5, wide: Int64(place.values))
                    about.write(6, wide: Int64(place.bytes))
                    about.write(7, wide: Int64(place.bytes))
                    about.write(9, wide: Int64(place.offset))
                }
            }
            element.write(2, wide: Int64(group.chunks.reduce(0) { $0 + $1.bytes }))
            element.write(3, wide: Int64(group.rows))
        }
        footer.write(6, "Shoken")
        footer.end()
        return footer.bytes
    }
}

/// The bytes of a number, the lowest first.
private func littleEndian(_ number: some FixedWidthInteger) -> Data {
    Data((0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
}
