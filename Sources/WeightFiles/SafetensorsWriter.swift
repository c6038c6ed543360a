// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
package import Tensors

/// Writes safetensors files.
package enum SafetensorsWriter {
    /// Writes all tensors in one type, in the order of their names, and replaces the file as a whole.
    ///
    /// The header is padded so that tensors begin at a multiple of eight bytes. Throws
    /// `notRepresentable` where a finite value would become infinite in `storage`, `reservedName`,
    /// or `file`.
    package static func write(
        _ tensors: [String: Tensor], storage: WeightStorage = .float32,
        metadata: [String: String] = [:], to url: URL
    ) throws(WeightFileError) {
        do {
            try write(plan(tensors, storage), metadata: metadata, to: url) { sink in
                try append(tensors, to: &sink)
            }
        } catch {
            throw WeightFileError(error, writing: url)
        }
    }

    /// The bytes of such a file.
    package static func encode(
        _ tensors: [String: Tensor], storage: WeightStorage, metadata: [String: String]
    ) throws(WeightFileError) -> Data {
        var content = Data()
        do {
            try encode(plan(tensors, storage), metadata: metadata) {
                content.append(contentsOf: $0)
            } content: { sink in
                try append(tensors, to: &sink)
            }
        } catch {
            throw WeightFileError(error, writing: URL(filePath: ""))
        }
        return content
    }

    /// Writes tensors in the order of the plan, each as `content` fills it, and replaces the file as
    /// a whole or, where anything throws, not at all.
    ///
    /// No more of a tensor is in memory than `content` gives at a time. Throws `WeightFileError`, or
    /// what `content` throws.
    package static func write(
        _ tensors: [PlannedTensor], metadata: [String: String] = [:], to url: URL,
        content: (inout TensorSink) throws -> Void
    ) throws {
        try DiskFiles().write(to: FilePath(url)) { file throws(any Error) in
            try encode(
                tensors, metadata: metadata, emit: { try file.append($0) }, content: content)
        } rethrowing: {
            WeightFileError.file($0)
        }
    }

    private static func encode(
        _ tensors: [PlannedTensor], metadata: [String: String],
        emit: @escaping (UnsafeRawBufferPointer) throws -> Void,
        content: (inout TensorSink) throws -> Void
    ) throws {
        try header(tensors, metadata).withUnsafeBytes { try emit($0) }
        for tensor in tensors { try TensorSink.fill(tensor, emit, content) }
    }

    private static func plan(
        _ tensors: [String: Tensor], _ storage: WeightStorage
    ) -> [PlannedTensor] {
        tensors.sorted { $0.key < $1.key }.map {
            PlannedTensor(name: $0.key, shape: $0.value.shape, type: storage.type)
        }
    }

    private static func append(_ tensors: [String: Tensor], to sink: inout TensorSink) throws {
        if let tensor = tensors[sink.tensor.name] { try sink.append(tensor.values) }
    }

    private static func header(
        _ tensors: [PlannedTensor], _ metadata: [String: String]
    ) throws(WeightFileError) -> Data {
        var header: [String: HeaderValue] = [:]
        if !metadata.isEmpty { header["__metadata__"] = .metadata(metadata) }
        var offset = 0
        for tensor in tensors {
            guard !tensor.name.isEmpty, tensor.name != "__metadata__",
                header[tensor.name] == nil, case .plain(let type) = tensor.elements
            else { throw .reservedName(tensor: tensor.name) }
            let end = offset + tensor.byteCount
            header[tensor.name] = .tensor(
                type: type.rawValue, shape: tensor.shape, offsets: [offset, end])
            offset = end
        }
        guard var json = try? JSONEncoder.sorted().encode(header) else {
            throw .header(file: "", field: "header")
        }
        while (8 + json.count) % 8 != 0 { json.append(UInt8(ascii: " ")) }
        var content = Data()
        withUnsafeBytes(of: UInt64(json.count).littleEndian) { content.append(contentsOf: $0) }
        content.append(json)
        return content
    }
}

extension WeightFileError {
    /// An error of writing a file, whose content throws nothing else.
    fileprivate init(_ error: any Error, writing url: URL) {
        switch error {
        case let error as WeightFileError: self = error
        case let error as FileError: self = .file(error)
        default: self = .header(file: FilePath(url).description, field: "\(type(of: error))")
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
