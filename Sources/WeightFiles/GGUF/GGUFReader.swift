// SPDX-License-Identifier: Apache-2.0

/// Reads the head of a GGUF file from front to back; every length is checked against what is left.
struct GGUFReader {
    private let file: OpenWeightFile
    private var buffer: [UInt8] = []
    private var bufferStart = 0
    /// The next byte of the file.
    private(set) var offset = 0

    private static let bufferBytes = 1 << 16

    init(_ file: OpenWeightFile) { self.file = file }

    /// Bytes between the next one and the end of the file.
    var remaining: Int { file.size - offset }

    private var path: String { file.path.description }

    mutating func unsigned32(_ field: String) throws(WeightFileError) -> UInt32 {
        UInt32(truncatingIfNeeded: try number(bytes: 4, field))
    }

    /// A 64-bit count of things that each take at least `each` bytes of the file.
    mutating func count(each: Int, _ field: String) throws(WeightFileError) -> Int {
        let value = try number(bytes: 8, field)
        guard value <= UInt64(remaining / max(1, each)) else {
            throw .header(file: path, field: field)
        }
        return Int(value)
    }

    mutating func text(_ field: String) throws(WeightFileError) -> String {
        let length = try count(each: 1, field)
        // Room for a whole `tokenizer.json`.
        guard length <= 1 << 28 else { throw .header(file: path, field: field) }
        return String(decoding: try bytes(length, field), as: UTF8.self)
    }

    mutating func integer(
        _ type: GGUFType, _ field: String
    ) throws(WeightFileError) -> Int {
        let bits = try number(bytes: type.smallestBytes, field)
        switch type {
        case .signed8: return Int(Int8(truncatingIfNeeded: bits))
        case .signed16: return Int(Int16(truncatingIfNeeded: bits))
        case .signed32: return Int(Int32(truncatingIfNeeded: bits))
        case .signed64: return Int(Int64(truncatingIfNeeded: bits))
        default:
            guard let value = Int(exactly: bits) else { throw .header(file: path, field: field) }
            return value
        }
    }

    mutating func number(_ type: GGUFType, _ field: String) throws(WeightFileError) -> Double {
        let bits = try number(bytes: type.smallestBytes, field)
        guard type == .float32 else { return Double(bitPattern: bits) }
        return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    }

    mutating func flag(_ field: String) throws(WeightFileError) -> Bool {
        try number(bytes: 1, field) != 0
    }

    mutating func value(_ field: String) throws(WeightFileError) -> GGUFValue {
        let type = try type(field)
        switch type {
        case .text: return .text(try text(field))
        case .flag: return .flag(try flag(field))
        case .float32, .float64: return .number(try number(type, field))
        case .list: return try list(field)
        default: return .integer(try integer(type, field))
        }
    }

    private mutating func list(_ field: String) throws(WeightFileError) -> GGUFValue {
        let type = try type(field)
        let count = try count(each: type.smallestBytes, field)
        switch type {
        case .text:
            var values: [String] = []
            for _ in 0..<count { values.append(try text(field)) }
            return .texts(values)
        case .flag:
            var values: [Bool] = []
            for _ in 0..<count { values.append(try flag(field)) }
            return .flags(values)
        case .float32, .float64:
            var values: [Double] = []
            for _ in 0..<count { values.append(try number(type, field)) }
            return .numbers(values)
        case .unsigned8, .signed8: return .bytes(try bytes(count, field))
        case .list:
            // Lists of lists occur in no published model.
            throw .header(file: path, field: field)
        default:
            var values: [Int] = []
            for _ in 0..<count { values.append(try integer(type, field)) }
            return .integers(values)
        }
    }

    private mutating func type(_ field: String) throws(WeightFileError) -> GGUFType {
        guard let type = GGUFType(rawValue: try unsigned32(field)) else {
            throw .header(file: path, field: field)
        }
        return type
    }

    private mutating func number(
        bytes count: Int, _ field: String
    ) throws(WeightFileError) -> UInt64 {
        var value: UInt64 = 0
        for shift in 0..<count {
            value |= UInt64(try byte(field)) << UInt64(shift * 8)
        }
        return value
    }

    private mutating func bytes(
        _ count: Int, _ field: String
    ) throws(WeightFileError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for _ in 0..<count { result.append(try byte(field)) }
        return result
    }

    private mutating func byte(_ field: String) throws(WeightFileError) -> UInt8 {
        if offset - bufferStart >= buffer.count { try fill(field) }
        defer { offset += 1 }
        return buffer[offset - bufferStart]
    }

    private mutating func fill(_ field: String) throws(WeightFileError) {
        let count = min(Self.bufferBytes, remaining)
        guard count > 0 else { throw .truncated(file: path, tensor: field) }
        var bytes = [UInt8](repeating: 0, count: count)
        guard try file.fill(&bytes, offset: offset) else {
            throw .truncated(file: path, tensor: field)
        }
        (buffer, bufferStart) = (bytes, offset)
    }
}
