// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Writes structures in Thrift's compact protocol, in which Parquet keeps what it says of a file.
struct ThriftCompact {
    /// Kinds of values, by their numbers in the protocol.
    private enum Kind: UInt8 {
        case int32 = 5
        case int64 = 6
        case binary = 8
        case list = 9
        case structure = 12
    }

    private(set) var bytes = Data()
    /// Numbers of the last fields of the structures that are open.
    private var fields: [Int16] = [0]

    /// Writes a field of 32 bits.
    mutating func write(_ field: Int16, _ value: Int32) {
        head(field, .int32)
        varint(Self.zigzag(Int64(value)))
    }

    /// Writes a field of 64 bits.
    mutating func write(_ field: Int16, wide value: Int64) {
        head(field, .int64)
        varint(Self.zigzag(value))
    }

    /// Writes a field of text.
    mutating func write(_ field: Int16, _ text: String) {
        head(field, .binary)
        write(text)
    }

    /// Writes a field that is a structure.
    mutating func write(_ field: Int16, _ body: (inout ThriftCompact) -> Void) {
        head(field, .structure)
        structure(body)
    }

    /// Writes a field that is a list of structures.
    mutating func write<Element>(
        _ field: Int16, each elements: [Element], _ body: (inout ThriftCompact, Element) -> Void
    ) {
        head(field, .list)
        list(elements.count, .structure)
        for element in elements { structure { body(&$0, element) } }
    }

    /// Writes a field that is a list of numbers of 32 bits.
    mutating func write(_ field: Int16, numbers: [Int32]) {
        head(field, .list)
        list(numbers.count, .int32)
        for number in numbers { varint(Self.zigzag(Int64(number))) }
    }

    /// Writes a field that is a list of texts.
    mutating func write(_ field: Int16, texts: [String]) {
        head(field, .list)
        list(texts.count, .binary)
        for text in texts { write(text) }
    }

    /// Ends the outermost structure.
    mutating func end() { bytes.append(0) }

    private mutating func structure(_ body: (inout ThriftCompact) -> Void) {
        fields.append(0)
        body(&self)
        bytes.append(0)
        fields.removeLast()
    }

    private mutating func write(_ text: String) {
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// A field's kind, and how far its number is from the one before.
    private mutating func head(_ field: Int16, _ kind: Kind) {
        let delta = field - (fields.last ?? 0)
        if (1...15).contains(delta) {
            bytes.append(UInt8(delta) << 4 | kind.rawValue)
        } else {
            bytes.append(kind.rawValue)
            varint(Self.zigzag(Int64(field)))
        }
        fields[fields.count - 1] = field
    }

    private mutating func list(_ count: Int, _ kind: Kind) {
        if count < 15 {
            bytes.append(UInt8(count) << 4 | kind.rawValue)
        } else {
            bytes.append(0xF0 | kind.rawValue)
            varint(UInt64(count))
        }
    }

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    private static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1 ^ value >> 63)
    }
}
