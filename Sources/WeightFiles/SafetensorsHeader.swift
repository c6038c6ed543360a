// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONFiles

/// The JSON at the head of a safetensors file, checked against the rules of the format.
///
/// Format: huggingface/safetensors, README, "Format": eight bytes of length, little-endian, then the
/// JSON, then the tensors' bytes, without overlap and without holes.
struct SafetensorsHeader {
    struct Entry: Equatable {
        var type: StorageType
        var shape: [Int]
        /// From the first byte after the header.
        var offsets: Range<Int>
    }

    /// The longest header that is read, in bytes; the reference reader has the same limit.
    static let maximumBytes: UInt64 = 100_000_000
    /// The most dimensions of a tensor.
    static let maximumRank = 16

    let entries: [String: Entry]
    let metadata: [String: String]

    /// Checks the header of a file whose tensors take `dataBytes` bytes.
    init(json: Data, file: String, dataBytes: Int) throws(WeightFileError) {
        let root = try JSONField<WeightFileError>(
            parsing: Array(json), namesOnce: true, file: file)
        var entries: [String: Entry] = [:]
        var metadata: [String: String] = [:]
        for (name, field) in try root.fields() {
            if name == "__metadata__" {
                for (key, text) in try field.fields() { metadata[key] = try text.string() }
            } else {
                entries[name] = try Self.check(
                    StoredTensor(field), name: name, file: file, dataBytes: dataBytes)
            }
        }
        try Self.checkCoverage(entries, file: file, dataBytes: dataBytes)
        self.entries = entries
        self.metadata = metadata
    }

    private static func check(
        _ tensor: StoredTensor, name: String, file: String, dataBytes: Int
    ) throws(WeightFileError) -> Entry {
        guard let type = StorageType(rawValue: tensor.dtype) else {
            throw .unknownType(file: file, tensor: name, type: String(tensor.dtype.prefix(32)))
        }
        guard tensor.shape.count <= maximumRank,
            let bytes = byteCount(of: tensor.shape, elementBytes: type.bytes)
        else {
            let shown = Array(tensor.shape.prefix(maximumRank))
            throw .shape(file: file, tensor: name, shape: shown)
        }
        guard tensor.offsets.count == 2 else {
            throw .header(file: file, field: name + ".data_offsets")
        }
        let (begin, end) = (tensor.offsets[0], tensor.offsets[1])
        guard begin >= 0, begin <= end, end <= dataBytes, end - begin == bytes else {
            throw .offsets(
                file: file, tensor: name, begin: begin, end: end, expectedBytes: bytes)
        }
        return Entry(type: type, shape: tensor.shape, offsets: begin..<end)
    }

    private static func byteCount(of shape: [Int], elementBytes: Int) -> Int? {
        var product = elementBytes
        for length in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow else { return nil }
            product = next
        }
        return product
    }

    private static func checkCoverage(
        _ entries: [String: Entry], file: String, dataBytes: Int
    ) throws(WeightFileError) {
        let ordered = entries.sorted {
            ($0.value.offsets.lowerBound, $0.value.offsets.upperBound, $0.key)
                < ($1.value.offsets.lowerBound, $1.value.offsets.upperBound, $1.key)
        }
        var end = 0
        for (name, entry) in ordered {
            guard entry.offsets.lowerBound == end else {
                throw .notContiguous(
                    file: file, tensor: name, begin: entry.offsets.lowerBound, previousEnd: end)
            }
            end = entry.offsets.upperBound
        }
        guard end == dataBytes else { throw .trailingBytes(file: file, bytes: dataBytes - end) }
    }
}

/// What a header says of a tensor.
private struct StoredTensor {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    init(_ field: JSONField<WeightFileError>) throws(WeightFileError) {
        dtype = try field.required("dtype").string()
        shape = try field.required("shape").integerList()
        offsets = try field.required("data_offsets").integerList()
    }
}

extension JSONField {
    fileprivate func integerList() throws(Failure) -> [Int] {
        var integers: [Int] = []
        for element in try elements() { integers.append(try element.integer()) }
        return integers
    }
}
