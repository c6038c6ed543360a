// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Tensors

/// Tensors by name, wherever they are stored.
package protocol TensorSource: Sendable {
    /// What errors call the source: the path of a file or folder.
    var path: String { get }
    /// All names, sorted.
    var names: [String] { get }
    /// The shape of a tensor, outermost length first; nil where there is no such tensor.
    func shape(of name: String) -> [Int]?
    /// A tensor widened to 32-bit floats; throws `WeightFileError` naming file and tensor.
    func tensor(_ name: String) throws(WeightFileError) -> Tensor
    /// Some of its outermost rows, which must lie within the first length.
    func tensor(_ name: String, rows: Range<Int>) throws(WeightFileError) -> Tensor
    /// A matrix as it is stored, in the mapped file where it can be; throws `WeightFileError`.
    func matrix(_ name: String) throws(WeightFileError) -> BlockMatrix
    /// Whether a tensor is a matrix in whole numbers of 8 bits with a scale for each row.
    func isInRows(_ name: String) -> Bool
}

extension TensorSource {
    /// No: sources of other kinds have no such matrices.
    package func isInRows(_ name: String) -> Bool { false }

    /// Some rows of the whole, where a source has no shorter way.
    package func tensor(
        _ name: String, rows: Range<Int>
    ) throws(WeightFileError) -> Tensor {
        let whole = try tensor(name)
        let width = whole.shape.dropFirst().reduce(1, *)
        return Tensor(
            shape: [rows.count] + whole.shape.dropFirst(),
            values: Array(whole.values[rows.lowerBound * width..<rows.upperBound * width]))
    }

    /// Throws `missingTensor` or `unexpectedShape` unless there is such a tensor of this shape.
    package func check(_ name: String, shape expected: [Int]) throws(WeightFileError) {
        guard let found = shape(of: name) else {
            throw .missingTensor(file: path, tensor: name)
        }
        guard found == expected else {
            throw .unexpectedShape(file: path, tensor: name, expected: expected, found: found)
        }
    }

    /// A tensor whose shape must be `shape`; throws `missingTensor` or `unexpectedShape` without
    /// having read any element.
    package func tensor(
        _ name: String, shape expected: [Int]
    ) throws(WeightFileError) -> Tensor {
        try check(name, shape: expected)
        return try tensor(name)
    }

    /// A matrix as 32-bit floats in memory of its own.
    package func matrix(_ name: String) throws(WeightFileError) -> BlockMatrix {
        BlockMatrix(copying: try tensor(name))
    }
}

/// One safetensors file, open for reading; its header is checked as a whole before anything is used.
package struct SafetensorsFile: TensorSource {
    /// The path, escaped for display.
    package let path: String
    /// The texts under `__metadata__`.
    package let metadata: [String: String]
    private let file: OpenWeightFile
    private let entries: [String: SafetensorsHeader.Entry]
    private let dataStart: Int

    /// Opens a file and checks its header: lengths, types, shapes, offsets within the file, neither
    /// overlaps nor holes. Throws `WeightFileError`. Elements are not read yet.
    package init(_ url: URL) throws(WeightFileError) {
        file = try OpenWeightFile(url)
        path = file.path.description
        try file.refuseMistaken()
        let length = try Self.headerLength(file, path)
        var json = [UInt8](repeating: 0, count: length)
        guard try file.fill(&json, offset: 8) else {
            throw .truncated(file: path, tensor: "header")
        }
        dataStart = 8 + length
        let header = try SafetensorsHeader(
            json: Data(json), file: path, dataBytes: file.size - dataStart)
        entries = header.entries
        metadata = header.metadata
    }

    /// All names, sorted; the scales of matrices in 8 bits belong to these and are not named.
    package var names: [String] {
        let scales = Set(entries.keys.lazy.filter(isInRows).map(Self.scales))
        return entries.keys.filter { !scales.contains($0) }.sorted()
    }

    /// The name of the tensor (rows) that holds the scales of a matrix in 8 bits.
    package static func scales(of name: String) -> String { name + "_scale" }

    /// Whether a tensor is a matrix in whole numbers of 8 bits with a scale for each row.
    package func isInRows(_ name: String) -> Bool {
        guard let entry = entries[name], entry.type == .signed8, entry.shape.count == 2,
            let scales = entries[Self.scales(of: name)]
        else { return false }
        return scales.type == .float32 && scales.shape == [entry.shape[0]]
    }

    /// The shape of a tensor, outermost length first.
    package func shape(of name: String) -> [Int]? { entries[name]?.shape }

    /// How a tensor's elements are stored.
    package func storage(of name: String) -> StorageType? { entries[name]?.type }

    /// A tensor widened to 32-bit floats from F32, F16 or BF16, or from I8 with scales.
    ///
    /// Throws `missingTensor`, `notFloatingPoint`, or `truncated` where the file has shrunk.
    package func tensor(_ name: String) throws(WeightFileError) -> Tensor {
        guard let entry = entries[name] else {
            throw .missingTensor(file: path, tensor: name)
        }
        return try tensor(entry, name)
    }

    private func tensor(
        _ entry: SafetensorsHeader.Entry, _ name: String
    ) throws(WeightFileError) -> Tensor {
        var result = Tensor(zeros: entry.shape)
        switch entry.type {
        case .float32:
            guard try file.fill(&result.values, offset: offset(of: entry)) else {
                throw .truncated(file: path, tensor: name)
            }
            // Files are little-endian.
            if 1.littleEndian != 1 {
                for i in result.values.indices {
                    result.values[i] = Float(
                        bitPattern: UInt32(littleEndian: result.values[i].bitPattern))
                }
            }
        case .float16:
            HalfPrecision.widenFloat16(try words(entry, name), into: &result)
        case .bfloat16:
            HalfPrecision.widenBFloat16(try words(entry, name), into: &result)
        case .signed8 where isInRows(name): return try rows(of: entry, name)
        default:
            throw .notFloatingPoint(file: path, tensor: name, type: entry.type)
        }
        return result
    }

    /// All or some rows of a matrix in 8 bits.
    private func rows(
        of entry: SafetensorsHeader.Entry, _ name: String
    ) throws(WeightFileError) -> Tensor {
        guard let all = entries[name], let scales = entries[Self.scales(of: name)] else {
            throw .missingTensor(file: path, tensor: Self.scales(of: name))
        }
        let columns = entry.shape[1]
        var steps = [Int8](repeating: 0, count: entry.offsets.count)
        guard try file.fill(&steps, offset: offset(of: entry)) else {
            throw .truncated(file: path, tensor: name)
        }
        let first =
            columns == 0
            ? 0 : (entry.offsets.lowerBound - all.offsets.lowerBound) / columns
        let begin = scales.offsets.lowerBound + first * MemoryLayout<Float>.stride
        let found = try tensor(
            SafetensorsHeader.Entry(
                type: .float32, shape: [entry.shape[0]],
                offsets: begin..<begin + entry.shape[0] * MemoryLayout<Float>.stride),
            Self.scales(of: name))
        return RoundedRows(steps: steps, scales: found.values, columns: columns).tensor
    }

    /// Some of a tensor's outermost rows; `rows` must lie within the first length.
    package func tensor(
        _ name: String, rows: Range<Int>
    ) throws(WeightFileError) -> Tensor {
        guard let entry = entries[name] else {
            throw .missingTensor(file: path, tensor: name)
        }
        let all = 0..<(entry.shape.first ?? 1)
        precondition(rows.clamped(to: all) == rows, "rows lie within the tensor")
        let width = entry.shape.dropFirst().reduce(1, *) * entry.type.bytes
        let begin = entry.offsets.lowerBound
        return try tensor(
            SafetensorsHeader.Entry(
                type: entry.type, shape: [rows.count] + entry.shape.dropFirst(),
                offsets: begin + rows.lowerBound * width..<begin + rows.upperBound * width), name)
    }

    /// Bytes of a tensor of any type as they stand in the file; `range` must lie within them.
    package func bytes(
        of name: String, _ range: Range<Int>
    ) throws(WeightFileError) -> [UInt8] {
        guard let entry = entries[name] else {
            throw .missingTensor(file: path, tensor: name)
        }
        precondition(range.clamped(to: 0..<entry.offsets.count) == range, "within the tensor")
        var bytes = [UInt8](repeating: 0, count: range.count)
        guard try file.fill(&bytes, offset: offset(of: entry) + range.lowerBound) else {
            throw .truncated(file: path, tensor: name)
        }
        return bytes
    }

    /// A matrix as it is stored, in memory of its own where that suffices; throws as `tensor` does.
    package func matrix(_ name: String) throws(WeightFileError) -> BlockMatrix {
        guard let entry = entries[name] else {
            throw .missingTensor(file: path, tensor: name)
        }
        let format: BlockFormat
        switch entry.type {
        case .float32: format = .float32
        case .float16: format = .float16
        case .bfloat16: format = .bfloat16
        case .signed8 where isInRows(name): return BlockMatrix(copying: try tensor(name))
        default: throw .notFloatingPoint(file: path, tensor: name, type: entry.type)
        }
        let columns = entry.shape.last ?? 1
        let rows = entry.shape.dropLast().reduce(1, *)
        guard rows * columns > 0 else {
            throw .shape(file: path, tensor: name, shape: entry.shape)
        }
        let memory = try file.memory(offset: offset(of: entry), count: entry.offsets.count)
        return BlockMatrix(format: format, rows: rows, columns: columns, memory: memory)
    }

    private func offset(of entry: SafetensorsHeader.Entry) -> Int {
        dataStart + entry.offsets.lowerBound
    }

    private func words(
        _ entry: SafetensorsHeader.Entry, _ name: String
    ) throws(WeightFileError) -> [UInt16] {
        var words = [UInt16](repeating: 0, count: entry.offsets.count / 2)
        guard try file.fill(&words, offset: offset(of: entry)) else {
            throw .truncated(file: path, tensor: name)
        }
        return 1.littleEndian == 1 ? words : words.map(UInt16.init(littleEndian:))
    }

    private static func headerLength(
        _ file: OpenWeightFile, _ path: String
    ) throws(WeightFileError) -> Int {
        var prefix = [UInt8](repeating: 0, count: 8)
        guard try file.fill(&prefix, offset: 0) else {
            throw .truncated(file: path, tensor: "header")
        }
        let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let limit = min(SafetensorsHeader.maximumBytes, UInt64(file.size - 8))
        guard length <= limit else {
            throw .headerLength(file: path, bytes: length, limit: limit)
        }
        return Int(length)
    }
}
