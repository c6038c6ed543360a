// SPDX-License-Identifier: Apache-2.0

/// The fields of one protobuf message, in the order in which they stand.
///
/// Reads the wire types 0, 1, 2 and 5; groups (3 and 4), which no SentencePiece model has, are
/// refused. Source: protobuf.dev, “Encoding”.
struct ProtobufReader {
    /// What a field holds.
    enum Value {
        case varint(UInt64)
        case fixed64
        /// The place of the bytes in the content that is read.
        case bytes(Range<Int>)
        case fixed32(UInt32)
    }

    /// A tag, number or length that does not fit into the message.
    struct Fault: Error {}

    private let content: [UInt8]
    private var position: Int
    private let end: Int

    /// The message at `range` of the content.
    init(_ content: [UInt8], _ range: Range<Int>) {
        self.content = content
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field, or nil at the end of the message.
    mutating func next() throws(Fault) -> (number: UInt64, value: Value)? {
        guard position < end else { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else { throw Fault() }
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1:
            _ = try take(8)
            return (number, .fixed64)
        case 2:
            guard let length = Int(exactly: try varint()) else { throw Fault() }
            return (number, .bytes(try take(length)))
        case 5:
            let value = try take(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(content[$1]) }
            return (number, .fixed32(value))
        default: throw Fault()
        }
    }

    private mutating func take(_ count: Int) throws(Fault) -> Range<Int> {
        guard count <= end - position else { throw Fault() }
        defer { position += count }
        return position..<position + count
    }

    /// Up to ten bytes of seven bits, the lowest first.
    private mutating func varint() throws(Fault) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw Fault() }
            let byte = UInt64(content[position])
            position += 1
            guard shift < 63 || byte <= 1 else { throw Fault() }
            value |= (byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Fault()
    }
}
