// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
package import Tensors

/// The weights of a model's folder: `model.safetensors`, or the files that
/// `model.safetensors.index.json` names.
///
/// The files may be links, as in the cache of Hugging Face's tools.
package struct SafetensorsFolder: TensorSource {
    /// The folder's path, escaped for display.
    package let path: String
    private let files: [String: SafetensorsFile]
    /// The file of each tensor.
    private let places: [String: String]

    /// The longest index that is read, in bytes.
    static let maximumIndexBytes = 50_000_000

    /// Opens all files and checks their headers; throws `WeightFileError`.
    ///
    /// The single file goes before the index, as in the reference loader.
    package init(_ folder: URL) throws(WeightFileError) {
        path = FilePath(folder).description
        let single = "model.safetensors"
        let index = folder.appending(path: single + ".index.json")
        let hasSingle = try Self.exists(folder.appending(path: single))
        let hasIndex = try Self.exists(index)
        if !hasSingle, !hasIndex {
            for name in ["pytorch_model.bin", "pytorch_model.bin.index.json"] {
                let pickle = folder.appending(path: name)
                if try Self.exists(pickle) { throw .pickle(file: FilePath(pickle).description) }
            }
        }
        guard hasIndex, !hasSingle else {
            let file = try SafetensorsFile(
                folder.appending(path: single).resolvingSymlinksInPath())
            files = [single: file]
            places = file.names.reduce(into: [:]) { $0[$1] = single }
            return
        }
        places = try Self.readIndex(index)
        var files: [String: SafetensorsFile] = [:]
        for name in Set(places.values).sorted() {
            files[name] = try SafetensorsFile(
                folder.appending(path: name).resolvingSymlinksInPath())
        }
        for (tensor, name) in places where files[name]?.shape(of: tensor) == nil {
            throw .missingTensor(file: files[name]?.path ?? name, tensor: tensor)
        }
        self.files = files
    }

    /// All names, sorted; the scales of matrices in 8 bits belong to these and are not named.
    package var names: [String] {
        let scales = Set(places.keys.lazy.filter(isInRows).map(SafetensorsFile.scales))
        return places.keys.filter { !scales.contains($0) }.sorted()
    }

    /// The shape of a tensor, outermost length first.
    package func shape(of name: String) -> [Int]? { file(of: name)?.shape(of: name) }

    /// A tensor widened to 32-bit floats.
    package func tensor(_ name: String) throws(WeightFileError) -> Tensor {
        guard let file = file(of: name) else {
            throw .missingTensor(file: path, tensor: name)
        }
        return try file.tensor(name)
    }

    /// Some of a tensor's outermost rows, widened to 32-bit floats.
    package func tensor(
        _ name: String, rows: Range<Int>
    ) throws(WeightFileError) -> Tensor {
        guard let file = file(of: name) else {
            throw .missingTensor(file: path, tensor: name)
        }
        return try file.tensor(name, rows: rows)
    }

    /// Whether a tensor is a matrix in whole numbers of 8 bits with a scale for each row.
    package func isInRows(_ name: String) -> Bool { file(of: name)?.isInRows(name) ?? false }

    /// How a tensor's elements are stored.
    package func storage(of name: String) -> StorageType? { file(of: name)?.storage(of: name) }

    /// Bytes of a tensor of any type as they stand in its file; `range` must lie within them.
    package func bytes(
        of name: String, _ range: Range<Int>
    ) throws(WeightFileError) -> [UInt8] {
        guard let file = file(of: name) else {
            throw .missingTensor(file: path, tensor: name)
        }
        return try file.bytes(of: name, range)
    }

    /// A matrix where it lies in its mapped file.
    package func matrix(_ name: String) throws(WeightFileError) -> BlockMatrix {
        guard let file = file(of: name) else {
            throw .missingTensor(file: path, tensor: name)
        }
        return try file.matrix(name)
    }

    private func file(of name: String) -> SafetensorsFile? { places[name].flatMap { files[$0] } }

    private static func exists(_ url: URL) throws(WeightFileError) -> Bool {
        do {
            return try DiskFiles().facts(of: FilePath(url)) != nil
        } catch {
            throw .file(error)
        }
    }

    private static func readIndex(_ url: URL) throws(WeightFileError) -> [String: String] {
        let path = FilePath(url)
        let json: Data
        do {
            json = try DiskFiles().read(
                FilePath(url.resolvingSymlinksInPath()), maximumBytes: maximumIndexBytes)
        } catch {
            throw .file(error)
        }
        let index = try JSONField<WeightFileError>(
            parsing: Array(json), namesOnce: true, file: path.description)
        var places: [String: String] = [:]
        for (tensor, field) in try index.required("weight_map").fields() {
            let name = try field.string()
            guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.contains("\0")
            else { throw .shardName(file: path.description, tensor: tensor) }
            places[tensor] = name
        }
        return places
    }
}
