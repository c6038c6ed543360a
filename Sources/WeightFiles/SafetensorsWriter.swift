import DurableFiles
package import Foundation
package import Tensors

/// Writes safetensors files.
package enum SafetensorsWriter {
    /// Writes all tensors in one type, in the order of their names, and replaces the file as a whole.
    ///
    /// The header is padded so that tensors begin at a multiple of eight bytes. Throws
    /// `notRepresentable` where a finite value would become infinite in `storage`, `reservedName`,
    /// or `file`. All tensors are held in memory once more while it writes.
    package static func write(
        _ tensors: [String: Tensor], storage: WeightStorage = .float32,
        metadata: [String: String] = [:], to url: URL
    ) throws(WeightFileError) {
        let content = try encode(tensors, storage: storage, metadata: metadata)
        do {
            try DiskFiles().write(content, to: FilePath(url))
        } catch {
            throw .file(error)
        }
    }

    /// The bytes of such a file.
    package static func encode(
        _ tensors: [String: Tensor], storage: WeightStorage, metadata: [String: String]
    ) throws(WeightFileError) -> Data {
        let names = tensors.keys.sorted()
        var header: [String: HeaderValue] = [:]
        if !metadata.isEmpty { header["__metadata__"] = .metadata(metadata) }
        var offset = 0
        for name in names {
            guard !name.isEmpty, name != "__metadata__", let tensor = tensors[name] else {
                throw .reservedName(tensor: name)
            }
            let end = offset + tensor.count * storage.type.bytes
            header[name] = .tensor(
                type: storage.type.rawValue, shape: tensor.shape, offsets: [offset, end])
            offset = end
        }
        var content = try encode(header)
        content.reserveCapacity(content.count + offset)
        for name in names {
            if let tensor = tensors[name] {
                try append(tensor, name: name, storage: storage, to: &content)
            }
        }
        return content
    }

    private static func encode(_ header: [String: HeaderValue]) throws(WeightFileError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var json = try? encoder.encode(header) else {
            throw .header(file: "", field: "header")
        }
        while (8 + json.count) % 8 != 0 { json.append(UInt8(ascii: " ")) }
        var content = Data()
        withUnsafeBytes(of: UInt64(json.count).littleEndian) { content.append(contentsOf: $0) }
        content.append(json)
        return content
    }

    private static func append(
        _ tensor: Tensor, name: String, storage: WeightStorage, to content: inout Data
    ) throws(WeightFileError) {
        switch storage {
        case .float32:
            append(tensor.values.map { $0.bitPattern.littleEndian }, to: &content)
        case .float16:
            let words = HalfPrecision.narrowToFloat16(tensor.values)
            try check(words, infinity: 0x7c00, tensor, name, storage)
            append(words.map(\.littleEndian), to: &content)
        case .bfloat16:
            let words = HalfPrecision.narrowToBFloat16(tensor.values)
            try check(words, infinity: 0x7f80, tensor, name, storage)
            append(words.map(\.littleEndian), to: &content)
        }
    }

    private static func append<Word: FixedWidthInteger>(_ words: [Word], to content: inout Data) {
        words.withUnsafeBytes { content.append(contentsOf: $0) }
    }

    private static func check(
        _ words: [UInt16], infinity: UInt16, _ tensor: Tensor, _ name: String,
        _ storage: WeightStorage
    ) throws(WeightFileError) {
        for (word, value) in zip(words, tensor.values)
        where word & 0x7fff == infinity && value.isFinite {
            throw .notRepresentable(tensor: name, storage: storage.type)
        }
    }
}

/// A value in the header.
private enum HeaderValue: Encodable {
    case metadata([String: String])
    case tensor(type: String, shape: [Int], offsets: [Int])

    enum CodingKeys: String, CodingKey {
        case dtype, shape
        case offsets = "data_offsets"
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .metadata(let texts):
            try texts.encode(to: encoder)
        case .tensor(let type, let shape, let offsets):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(type, forKey: .dtype)
            try container.encode(shape, forKey: .shape)
            try container.encode(offsets, forKey: .offsets)
        }
    }
}
