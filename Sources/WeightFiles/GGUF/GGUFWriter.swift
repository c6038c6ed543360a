// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// Writes GGUF files, version 3, little-endian.
///
/// Source: ggml's `docs/gguf.md`.
package enum GGUFWriter {
    /// Where tensors begin: a multiple of this many bytes, which is what a file without
    /// `general.alignment` has.
    static let alignment = 32

    /// Writes metadata and tensors, each as `content` fills it, and replaces the file as a whole or,
    /// where anything throws, not at all.
    ///
    /// No more of a tensor is in memory than `content` gives at a time. Whole numbers are stored in 32
    /// bits where they fit, others in 64; numbers in 32 bits. Throws `reservedName` for a name that is
    /// empty, too long for ggml (64 bytes) or stands twice, `shape` for more than four dimensions or an
    /// empty one, `file`, or what `content` throws.
    package static func write(
        metadata: [(key: String, value: GGUFValue)], tensors: [PlannedTensor], to url: URL,
        content: (inout TensorSink) throws -> Void
    ) throws {
        let path = FilePath(url)
        let head = try head(metadata, tensors, file: path.description)
        try DiskFiles().write(to: path) { file throws(any Error) in
            var written = 0
            func emit(_ bytes: [UInt8]) throws {
                try bytes.withUnsafeBytes { try file.append($0) }
                written += bytes.count
            }
            try emit(head)
            for tensor in tensors {
                try emit([UInt8](repeating: 0, count: padding(written)))
                try TensorSink.fill(tensor, { try file.append($0) }, content)
                written += tensor.byteCount
            }
            // The end too, as ggml's own writer leaves it.
            try emit([UInt8](repeating: 0, count: padding(written)))
        } rethrowing: {
            WeightFileError.file($0)
        }
    }

    /// Bytes up to the next place where a tensor may begin.
    private static func padding(_ offset: Int) -> Int {
        (alignment - offset % alignment) % alignment
    }

    private static func head(
        _ metadata: [(key: String, value: GGUFValue)], _ tensors: [PlannedTensor], file: String
    ) throws(WeightFileError) -> [UInt8] {
        var head = GGUFBytes()
        head.append(text: Array("GGUF".utf8))
        head.append(UInt32(3))
        head.append(UInt64(tensors.count))
        head.append(UInt64(metadata.count))
        var names: Set<String> = []
        for (key, value) in metadata {
            guard !key.isEmpty, key != "general.alignment", names.insert(key).inserted else {
                throw .header(file: file, field: key)
            }
            head.append(counted: key)
            head.append(value)
        }
        names = []
        var offset = 0
        for tensor in tensors {
            guard case .blocks(let format) = tensor.elements, !tensor.name.isEmpty,
                tensor.name.utf8.count < 64, names.insert(tensor.name).inserted
            else { throw .reservedName(tensor: tensor.name) }
            guard (1...4).contains(tensor.shape.count), tensor.shape.allSatisfy({ $0 > 0 }) else {
                throw .shape(file: file, tensor: tensor.name, shape: tensor.shape)
            }
            head.append(counted: tensor.name)
            head.append(UInt32(tensor.shape.count))
            for length in tensor.shape.reversed() { head.append(UInt64(length)) }
            head.append(format.rawValue)
            head.append(UInt64(offset))
            offset += tensor.byteCount
            offset += padding(offset)
        }
        return head.bytes
    }
}

/// The head of a GGUF file as it grows.
private struct GGUFBytes {
    var bytes: [UInt8] = []

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(text: [UInt8]) { bytes += text }

    mutating func append(counted text: String) {
        append(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    mutating func append(_ value: GGUFValue) {
        switch value {
        case .integer(let value): append([value], isList: false)
        case .integers(let values): append(values, isList: true)
        case .number(let value):
            append(GGUFType.float32.rawValue)
            append(Float(value).bitPattern)
        case .flag(let value):
            append(GGUFType.flag.rawValue)
            append(UInt8(value ? 1 : 0))
        case .text(let value):
            append(GGUFType.text.rawValue)
            append(counted: value)
        case .numbers(let values):
            append(list: .float32, values.count)
            for value in values { append(Float(value).bitPattern) }
        case .flags(let values):
            append(list: .flag, values.count)
            for value in values { append(UInt8(value ? 1 : 0)) }
        case .texts(let values):
            append(list: .text, values.count)
            for value in values { append(counted: value) }
        case .bytes(let values):
            append(list: .unsigned8, values.count)
            bytes += values
        }
    }

    /// Single numbers without sign where none is needed, as ggml wants its counts and ids; lists with
    /// sign, as it wants its kinds of tokens.
    private mutating func append(_ values: [Int], isList: Bool) {
        let type: GGUFType
        if values.allSatisfy({ Int32(exactly: $0) != nil })
            && (isList || values.contains { $0 < 0 })
        {
            type = .signed32
        } else if values.allSatisfy({ UInt32(exactly: $0) != nil }) {
            type = .unsigned32
        } else {
            type = .signed64
        }
        if isList { append(list: type, values.count) } else { append(type.rawValue) }
        for value in values {
            if type == .signed64 {
                append(Int64(value))
            } else {
                append(UInt32(truncatingIfNeeded: value))
            }
        }
    }

    private mutating func append(list type: GGUFType, _ count: Int) {
        append(GGUFType.list.rawValue)
        append(type.rawValue)
        append(UInt64(count))
    }
}
