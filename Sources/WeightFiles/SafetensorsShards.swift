// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles

/// The weights of a model's folder as they are to be written: one file, or several and an index.
package struct SafetensorsShards: Sendable {
    /// The tensors of each file, in order.
    package let files: [(name: String, tensors: [PlannedTensor])]

    /// Divides tensors, in their order, into files of at most `limit` bytes of elements; a tensor that
    /// is larger has a file of its own. Without a limit there is one file.
    ///
    /// Names are those of Hugging Face: `model.safetensors`, or `model-00001-of-00003.safetensors`.
    package init(_ tensors: [PlannedTensor], limit: Int? = nil) {
        var parts: [[PlannedTensor]] = [[]]
        var bytes = 0
        for tensor in tensors {
            if let limit, bytes > 0, bytes + tensor.byteCount > limit {
                parts.append([])
                bytes = 0
            }
            parts[parts.count - 1].append(tensor)
            bytes += tensor.byteCount
        }
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        }
        let count = parts.count
        files = parts.enumerated().map { index, tensors in
            let part = "model-\(padded(index + 1))-of-\(padded(count)).safetensors"
            return (count == 1 ? "model.safetensors" : part, tensors)
        }
    }

    /// Bytes of all elements.
    package var byteCount: Int {
        files.reduce(0) { $0 + $1.tensors.reduce(0) { $0 + $1.byteCount } }
    }

    /// Writes the files, each as a whole, and then the index if there are several.
    ///
    /// Throws `WeightFileError`, or what `content` throws.
    package func write(
        to folder: URL, metadata: [String: String] = ["format": "pt"],
        content: (inout TensorSink) throws -> Void
    ) throws {
        for (name, tensors) in files {
            try SafetensorsWriter.write(
                tensors, metadata: metadata, to: folder.appending(path: name), content: content)
        }
        guard files.count > 1 else { return }
        var index = Index(metadata: Index.Metadata(totalSize: byteCount), weightMap: [:])
        for (name, tensors) in files {
            for tensor in tensors { index.weightMap[tensor.name] = name }
        }
        do throws(FileError) {
            let json = (try? JSONEncoder.sorted(.prettyPrinted).encode(index)) ?? Data()
            try DiskFiles().write(
                json, to: FilePath(folder.appending(path: "model.safetensors.index.json")))
        } catch {
            throw WeightFileError.file(error)
        }
    }

    private struct Index: Encodable {
        struct Metadata: Encodable {
            var totalSize: Int
            enum CodingKeys: String, CodingKey { case totalSize = "total_size" }
        }
        var metadata: Metadata
        var weightMap: [String: String]
        enum CodingKeys: String, CodingKey {
            case metadata
            case weightMap = "weight_map"
        }
    }
}
