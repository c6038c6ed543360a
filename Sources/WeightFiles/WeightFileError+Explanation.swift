// SPDX-License-Identifier: Apache-2.0
package import Faults

extension WeightFileError: Explained {
    /// The file and the tensor or field, what is there and what was expected.
    package var explanation: String {
        switch self {
        case .file(let error): error.explanation + error.adviceForModels
        case .mistaken(let file, let content): "\(file) \(content.explanation)"
        case .headerLength(let file, let bytes, let limit):
            "\(file) is damaged, or no file of its kind: its header is said to have \(bytes) bytes, "
                + "more than the \(limit) possible" + Self.advice
        case .header(let file, let field):
            "\(file) is damaged or not whole, or no file of its kind: \(Self.wrong(field))"
                + Self.advice
        case .ggufVersion(let file, let found):
            Self.isBigEndian(found)
                ? "\(file) is a GGUF file for big-endian machines; convert the model anew for "
                    + "little-endian ones"
                : "\(file) is a GGUF file of version \(found); versions 2 and 3 are read, so convert "
                    + "the model anew"
        case .duplicate(let file, let tensor): "\(file): \(tensor) stands twice"
        case .unknownType(let file, let tensor, let type):
            "\(file): \(tensor) is of the type \(type), which is not known; known are "
                + StorageType.allCases.map(\.rawValue).joined(separator: ", ")
        case .notFloatingPoint(let file, let tensor, let type):
            "\(file): \(tensor) is of the type \(type.rawValue), where floating-point numbers are read"
        case .shape(let file, let tensor, let shape):
            "\(file): \(tensor) has the shape \(shape), which is not possible" + Self.advice
        case .offsets(let file, let tensor, let begin, let end, let expected):
            "\(file): \(tensor) lies at bytes \(begin) to \(end), but \(expected) bytes within the "
                + "file are needed" + Self.advice
        case .notContiguous(let file, let tensor, let begin, let previousEnd):
            "\(file): \(tensor) begins at byte \(begin), but the tensor before it ends at \(previousEnd)"
                + Self.advice
        case .trailingBytes(let file, let bytes):
            "\(file): \(bytes) bytes follow the last tensor" + Self.advice
        case .truncated(let file, let tensor): "\(file) ends within \(tensor)" + Self.advice
        case .missingTensor(let file, let tensor):
            "\(file) has no tensor \(tensor); see whether weights and config.json are of the same model"
        case .unexpectedShape(let file, let tensor, let expected, let found):
            "\(file): \(tensor) has the shape \(found), but config.json asks for \(expected); "
                + "see whether they are of the same model"
        case .shardName(let file, let tensor):
            "\(file): the file named for \(tensor) is no plain name in the same folder"
        case .notRepresentable(let tensor, let storage):
            "\(tensor) has values too large for \(storage.rawValue)"
        case .notEncodable(let tensor, let format):
            "\(tensor) has values that are no finite numbers or too large for \(format.name)"
        case .reservedName(let tensor):
            "\(tensor.debugDescription) cannot name a tensor: it is empty, reserved or there twice"
        case .pickle(let file):
            "\(file) is a PyTorch pickle, which can run code when it is read; convert the model "
                + "to safetensors where you trust it (save_pretrained with safe_serialization)"
        }
    }

    /// The file is at fault, or the kernel refused it.
    package var disposition: Disposition {
        switch self {
        case .file(let error): error.disposition
        case .pickle: .unavailable
        default: .badData
        }
    }

    /// What helps where bytes are not what a writer has written.
    private static let advice = "; copy or download it again"

    /// What is wrong with a header, by the place that a reader has told.
    private static func wrong(_ field: String) -> String {
        switch field {
        case "header": "its head is no JSON object of tensors"
        case "magic": "it does not begin with GGUF"
        case "tensor_count", "metadata_kv_count":
            "\(field) in its head is larger than the file has room for"
        default:
            "the value of \(field.debugDescription) in its head is not of a kind that such a file has there"
        }
    }

    /// A version's bytes stand in the other order: the number itself is small.
    private static func isBigEndian(_ version: UInt32) -> Bool {
        version & 0xFFFF == 0 && version != 0
    }
}
