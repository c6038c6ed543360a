// SPDX-License-Identifier: Apache-2.0
import Exports
import Foundation
import ResultStore
import Testing

@Suite("Parquet files")
struct ParquetFileTests {
    private let columns: [ParquetFile.Column] = [
        .init("id", .integer), .init("text", .text), .init("score", .number),
        .init("flag", .flag), .init("at", .instant),
    ]

    private func row(_ number: Int) -> [ResultValue] {
        let text: ResultValue = number % 3 == 0 ? .null : .text("所見\(number)😀")
        let flag: Int64 = number % 5 == 0 ? 1 : 0
        let instant: ResultValue =
            number % 7 == 0 ? .null : .integer(Int64(number) * 1_000_000_007)
        return [
            .integer(Int64(number) - 3), text, .real(Double(number) / 4), .integer(flag), instant,
        ]
    }

    private func file(_ rows: [[ResultValue]]) -> Data {
        var file = ParquetFile(columns)
        var bytes = file.begin
        for row in rows { bytes += file.append(row) }
        return bytes + file.end()
    }

    @Test("give their values back, in groups", arguments: [0, 1, 8, 1000, 100_001])
    func values(count: Int) throws {
        let rows = (0..<count).map(row)
        let reader = try ParquetReader(file(rows))
        #expect(reader.names == columns.map(\.name))
        #expect(reader.rows == count && reader.groups.count == (count + 99_999) / 100_000)
        for (index, column) in columns.enumerated() {
            #expect(try reader.values(index, column.kind) == rows.map { $0[index] })
        }
    }
}

/// Reads what the writer writes, by the format's own description, not by the writer's code.
private struct ParquetReader {
    /// A value of Thrift's compact protocol.
    indirect enum Value {
        case number(Int64)
        case bytes(Data)
        case list([Value])
        case structure([Int: Value])

        subscript(field: Int) -> Value? {
            if case .structure(let fields) = self { return fields[field] }
            return nil
        }
        var number: Int { if case .number(let number) = self { Int(number) } else { -1 } }
        var list: [Value] { if case .list(let list) = self { list } else { [] } }
        var text: String {
            if case .bytes(let data) = self { String(decoding: data, as: UTF8.self) } else { "" }
        }
    }

    let content: [UInt8]
    let footer: Value

    init(_ file: Data) throws {
        content = Array(file)
        let mark = Array("PAR1".utf8)
        try #require(content.count > 12 && content.starts(with: mark))
        try #require(Array(content.suffix(4)) == mark)
        let length = Self.number(content, at: content.count - 8, 4)
        var position = content.count - 8 - length
        footer = try Self.structure(content, &position)
        #expect(position == content.count - 8)
    }

    var names: [String] { (footer[2]?.list ?? []).dropFirst().map { $0[4]?.text ?? "" } }
    var rows: Int { footer[3]?.number ?? -1 }
    var groups: [Value] { footer[4]?.list ?? [] }

    func values(_ column: Int, _ kind: ParquetFile.Kind) throws -> [ResultValue] {
        var values: [ResultValue] = []
        for group in groups {
            let about = try #require(group[1]?.list[column][3])
            var position = about[9]?.number ?? 0
            let header = try Self.structure(content, &position)
            let count = header[5]?[1]?.number ?? 0
            #expect(count == group[3]?.number)
            let end = position + (header[3]?.number ?? 0)
            var there: [Bool] = []
            let levelsEnd = position + 4 + number(at: position, 4)
            position += 4
            while position < levelsEnd {
                let run = Self.varint(content, &position)
                there += Array(repeating: content[position] == 1, count: Int(run >> 1))
                position += 1
            }
            var bit = 0
            for isThere in there {
                guard isThere else {
                    values.append(.null)
                    continue
                }
                switch kind {
                case .text:
                    let length = number(at: position, 4)
                    let bytes = content[position + 4..<position + 4 + length]
                    values.append(.text(String(decoding: bytes, as: UTF8.self)))
                    position += 4 + length
                case .integer, .instant:
                    values.append(.integer(Int64(number(at: position, 8))))
                    position += 8
                case .number:
                    let bits = UInt64(bitPattern: Int64(number(at: position, 8)))
                    values.append(.real(Double(bitPattern: bits)))
                    position += 8
                case .flag:
                    values.append(.integer(Int64(content[position + bit / 8] >> (bit % 8) & 1)))
                    bit += 1
                }
            }
            #expect(position + (bit + 7) / 8 == end)
        }
        return values
    }

    private func number(at position: Int, _ bytes: Int) -> Int {
        Self.number(content, at: position, bytes)
    }

    private static func number(_ content: [UInt8], at position: Int, _ bytes: Int) -> Int {
        var number = 0
        for index in 0..<bytes { number |= Int(content[position + index]) << (index * 8) }
        return number
    }

    private static func varint(_ content: [UInt8], _ position: inout Int) -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while true {
            let byte = content[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { return value }
        }
    }

    private static func structure(_ content: [UInt8], _ position: inout Int) throws -> Value {
        var fields: [Int: Value] = [:]
        var last = 0
        while content[position] != 0 {
            let head = content[position]
            position += 1
            last = head >> 4 == 0 ? zigzag(varint(content, &position)) : last + Int(head >> 4)
            fields[last] = try value(head & 15, content, &position)
        }
        position += 1
        return .structure(fields)
    }

    private static func value(
        _ kind: UInt8, _ content: [UInt8], _ position: inout Int
    ) throws -> Value {
        switch kind {
        case 5, 6: return .number(Int64(zigzag(varint(content, &position))))
        case 8:
            let length = Int(varint(content, &position))
            position += length
            return .bytes(Data(content[position - length..<position]))
        case 9:
            let head = content[position]
            position += 1
            let count = head >> 4 == 15 ? Int(varint(content, &position)) : Int(head >> 4)
            return .list(try (0..<count).map { _ in try value(head & 15, content, &position) })
        case 12: return try structure(content, &position)
        default:
            Issue.record("kind \(kind)")
            throw CocoaError(.fileReadCorruptFile)
        }
    }

    private static func zigzag(_ value: UInt64) -> Int {
        Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
    }
}
