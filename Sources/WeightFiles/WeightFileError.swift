// SPDX-License-Identifier: Apache-2.0
package import Tensors
package import DurableFiles
import JSONFiles

/// What is wrong with a file of weights, its index, or what was to be written to one.
package enum WeightFileError: Error, Equatable {
    /// The kernel refused.
    case file(FileError)
    /// The file is empty, or plainly of a kind that holds no weights.
    case mistaken(file: String, MistakenContent)
    /// The header's length, in bytes, is above the limit or beyond the end of the file.
    case headerLength(file: String, bytes: UInt64, limit: UInt64)
    /// The header is no JSON object of tensors; `field` says where, as far as known.
    case header(file: String, field: String)
    /// A GGUF file of another version than 2 and 3, read as little-endian; in a big-endian file the two
    /// low bytes are 0.
    case ggufVersion(file: String, found: UInt32)
    /// A tensor, or a field of one, stands twice.
    case duplicate(file: String, tensor: String)
    /// The element type is none that the format knows.
    case unknownType(file: String, tensor: String, type: String)
    /// The element type is known but no floating-point type that is read here.
    case notFloatingPoint(file: String, tensor: String, type: StorageType)
    /// A length is negative, there are too many of them, or their product overflows.
    case shape(file: String, tensor: String, shape: [Int])
    /// The offsets do not enclose as many bytes as the shape needs, or leave the file.
    case offsets(file: String, tensor: String, begin: Int, end: Int, expectedBytes: Int)
    /// The tensor does not begin where the one before it ends: it overlaps it or leaves a gap.
    case notContiguous(file: String, tensor: String, begin: Int, previousEnd: Int)
    /// Bytes follow the last tensor.
    case trailingBytes(file: String, bytes: Int)
    /// The file became shorter while it was read.
    case truncated(file: String, tensor: String)
    /// The file, or the folder, holds no such tensor.
    case missingTensor(file: String, tensor: String)
    /// The tensor's shape is not the one that the configuration asks for.
    case unexpectedShape(file: String, tensor: String, expected: [Int], found: [Int])
    /// The index names a file that is not a plain name in its own folder.
    case shardName(file: String, tensor: String)
    /// A value is too large for the storage type.
    case notRepresentable(tensor: String, storage: StorageType)
    /// A value is no finite number, or too large for the format's scales.
    case notEncodable(tensor: String, format: BlockFormat)
    /// The name is empty or reserved by the format, or stands twice.
    case reservedName(tensor: String)
    /// The weights are there only as PyTorch's pickle, which may run code and is never read.
    case pickle(file: String)
}

extension WeightFileError: JSONFieldError {
    /// A header or an index of another form than it should have.
    package static func malformed(file: String, field: String) -> Self {
        .header(file: file, field: field == "$" ? "header" : String(field.prefix(200)))
    }

    /// As `malformed`, where something is not there.
    package static func missing(file: String, field: String) -> Self {
        malformed(file: file, field: field)
    }

    /// The field is the name that stands twice.
    package static func duplicate(file: String, field: String) -> Self {
        .duplicate(file: file, tensor: field)
    }

    /// As `malformed`; the value is not told.
    package static func unsupported(file: String, field: String, value: String) -> Self {
        malformed(file: file, field: field)
    }

    /// As `malformed`, where a header has more values than are read.
    package static func tooLarge(file: String, field: String, count: Int, limit: Int) -> Self {
        malformed(file: file, field: field)
    }
}
