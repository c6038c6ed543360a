// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Tensors

/// A GGUF file, open for reading; its head is checked as a whole before anything is used.
///
/// Source: ggml's `docs/gguf.md`, versions 2 and 3, little-endian. Lengths stand in the file with the
/// innermost first; here, as everywhere else, the outermost is first.
package struct GGUFFile: Sendable {
    /// The path, escaped for display.
    package let path: String
    /// What the file says of its model and tokenizer.
    package let metadata: [String: GGUFValue]
    private let file: OpenWeightFile
    private let entries: [String: Entry]

    private struct Entry {
        let shape: [Int]
        let format: BlockFormat
        let offset: Int
        let bytes: Int
    }

    /// Whether a file begins as GGUF files do; throws `WeightFileError`.
    package static func isGGUF(_ url: URL) throws(WeightFileError) -> Bool {
        let file = try OpenWeightFile(url)
        var magic = [UInt8](repeating: 0, count: 4)
        return try file.fill(&magic, offset: 0) ? magic == Array("GGUF".utf8) : false
    }

    /// Opens a file and checks its head: counts, types, shapes, places within the file, no overlap.
    ///
    /// Throws `WeightFileError`. Elements are not read yet.
    package init(_ url: URL) throws(WeightFileError) {
        file = try OpenWeightFile(url)
        path = file.path.description
        try file.refuseMistaken()
        var reader = GGUFReader(file)
        guard try reader.unsigned32("magic") == 0x4655_4747 else {
            throw .header(file: path, field: "magic")
        }
        let version = try reader.unsigned32("version")
        guard [2, 3].contains(version) else { throw .ggufVersion(file: path, found: version) }
        let tensors = try reader.count(each: 24, "tensor_count")
        let values = try reader.count(each: 13, "metadata_kv_count")
        metadata = try Self.readMetadata(&reader, count: values, path)
        entries = try Self.readEntries(&reader, count: tensors, file, metadata)
    }

    /// All names, sorted.
    package var names: [String] { entries.keys.sorted() }

    /// The shape of a tensor, outermost length first.
    package func shape(of name: String) -> [Int]? { entries[name]?.shape }

    /// How a tensor's elements are stored.
    package func format(of name: String) -> BlockFormat? { entries[name]?.format }

    /// A tensor, or some of its outermost rows, as 32-bit floats.
    ///
    /// Throws `missingTensor`, or `truncated` where the file has shrunk. `rows` must lie within the
    /// first length.
    package func tensor(
        _ name: String, rows: Range<Int>? = nil
    ) throws(WeightFileError) -> Tensor {
        guard let entry = entries[name] else { throw .missingTensor(file: path, tensor: name) }
        let all = 0..<(entry.shape.first ?? 1)
        let rows = rows ?? all
        precondition(rows.clamped(to: all) == rows, "rows lie within the tensor")
        if entry.shape.count == 1, entry.format.blockElements > 1 {
            return try vector(entry, name, rows)
        }
        let rowElements = entry.shape.dropFirst().reduce(1, *)
        let rowBytes = rowElements / entry.format.blockElements * entry.format.blockBytes
        var bytes = [UInt8](repeating: 0, count: rows.count * rowBytes)
        let start = entry.offset + rows.lowerBound * rowBytes
        guard try file.fill(&bytes, offset: start) else {
            throw .truncated(file: path, tensor: name)
        }
        var result = Tensor(zeros: [rows.count] + entry.shape.dropFirst())
        bytes.withUnsafeBytes { bytes in
            result.values.withUnsafeMutableBufferPointer { values in
                BlockDecoding(bytes: bytes).decode(entry.format, into: values)
            }
        }
        return result
    }

    /// Some elements of a vector in blocks, which need not begin or end where a block does.
    private func vector(
        _ entry: Entry, _ name: String, _ range: Range<Int>
    ) throws(WeightFileError) -> Tensor {
        var bytes = [UInt8](repeating: 0, count: entry.bytes)
        guard try file.fill(&bytes, offset: entry.offset) else {
            throw .truncated(file: path, tensor: name)
        }
        var whole = Tensor(zeros: entry.shape)
        bytes.withUnsafeBytes { bytes in
            whole.values.withUnsafeMutableBufferPointer { values in
                BlockDecoding(bytes: bytes).decode(entry.format, into: values)
            }
        }
        return range.count == whole.count
            ? whole : Tensor(shape: [range.count], values: Array(whole.values[range]))
    }

    /// A matrix, or some rows of all that a tensor of more dimensions has, as it is stored; throws as
    /// `tensor` does.
    package func matrix(
        _ name: String, rows: Range<Int>? = nil
    ) throws(WeightFileError) -> BlockMatrix {
        guard let entry = entries[name] else { throw .missingTensor(file: path, tensor: name) }
        let columns = entry.shape.last ?? 1
        let all = 0..<entry.shape.dropLast().reduce(1, *)
        let rows = rows ?? all
        precondition(rows.clamped(to: all) == rows, "rows lie within the tensor")
        let rowBytes = entry.format.rowBytes(columns: columns)
        let memory = try file.memory(
            offset: entry.offset + rows.lowerBound * rowBytes, count: rows.count * rowBytes)
        return BlockMatrix(
            format: entry.format, rows: rows.count, columns: columns, memory: memory)
    }

    private static func readMetadata(
        _ reader: inout GGUFReader, count: Int, _ path: String
    ) throws(WeightFileError) -> [String: GGUFValue] {
        var metadata: [String: GGUFValue] = [:]
        for index in 0..<count {
            let key = try reader.text("metadata[\(index)]")
            guard metadata[key] == nil else { throw .duplicate(file: path, tensor: key) }
            metadata[key] = try reader.value(key)
        }
        return metadata
    }

    private static func readEntries(
        _ reader: inout GGUFReader, count: Int, _ file: OpenWeightFile,
        _ metadata: [String: GGUFValue]
    ) throws(WeightFileError) -> [String: Entry] {
        let path = file.path.description
        var alignment = 32
        if let value = metadata["general.alignment"] {
            guard case .integer(let number) = value else {
                throw .header(file: path, field: "general.alignment")
            }
            alignment = number
        }
        guard alignment > 0, alignment <= 1 << 20, alignment % 8 == 0 else {
            throw .header(file: path, field: "general.alignment")
        }
        var entries: [String: Entry] = [:]
        for index in 0..<count {
            let name = try reader.text("tensors[\(index)]")
            guard entries[name] == nil else { throw .duplicate(file: path, tensor: name) }
            entries[name] = try readEntry(&reader, name: name, alignment: alignment, path)
        }
        let dataStart = (reader.offset + alignment - 1) / alignment * alignment
        var end = 0
        for (name, entry) in entries.sorted(by: { $0.value.offset < $1.value.offset }) {
            let limit = file.size - dataStart
            guard entry.offset >= 0, entry.offset <= limit, entry.bytes <= limit - entry.offset
            else {
                throw .offsets(
                    file: path, tensor: name, begin: entry.offset, end: limit,
                    expectedBytes: entry.bytes)
            }
            guard entry.offset >= end else {
                throw .notContiguous(
                    file: path, tensor: name, begin: entry.offset, previousEnd: end)
            }
            end = entry.offset + entry.bytes
        }
        return entries.mapValues {
            Entry(
                shape: $0.shape, format: $0.format, offset: dataStart + $0.offset,
                bytes: $0.bytes)
        }
    }

    private static func readEntry(
        _ reader: inout GGUFReader, name: String, alignment: Int, _ path: String
    ) throws(WeightFileError) -> Entry {
        let dimensions = try reader.unsigned32(name)
        guard (1...4).contains(dimensions) else { throw .header(file: path, field: name) }
        var shape: [Int] = []
        for _ in 0..<dimensions { shape.insert(try reader.integer(.unsigned64, name), at: 0) }
        let number = try reader.unsigned32(name)
        guard let format = BlockFormat(rawValue: number) else {
            throw .unknownType(file: path, tensor: name, type: "\(number)")
        }
        var elements = 1
        for length in shape {
            let (product, overflows) = elements.multipliedReportingOverflow(by: length)
            guard length > 0, !overflows, product <= 1 << 48 else {
                throw .shape(file: path, tensor: name, shape: shape)
            }
            elements = product
        }
        guard let columns = shape.last, columns % format.blockElements == 0 else {
            throw .shape(file: path, tensor: name, shape: shape)
        }
        let offset = try reader.integer(.unsigned64, name)
        guard offset % alignment == 0 else {
            throw .offsets(
                file: path, tensor: name, begin: offset, end: offset, expectedBytes: alignment)
        }
        return Entry(
            shape: shape, format: format, offset: offset,
            bytes: elements / format.blockElements * format.blockBytes)
    }
}
