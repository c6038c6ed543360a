// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ModelConfigurationError: Explained {
    /// The file and the field.
    package var explanation: String {
        switch self {
        case .file(let error): error.explanation + error.adviceForModels
        case .notJSON(let file, let fault):
            "\(file) is not a JSON object" + (fault.map { ": \($0)" } ?? "") + Self.advice
        case .duplicate(let file, let field):
            "\(file): the field \(field) stands twice" + Self.advice
        case .missing(let file, let field): "\(file) has no field \(field)" + Self.advice
        case .type(let file, let field, let found?, let expected?):
            "\(file): the field \(field) is \(found), where \(expected) is expected" + Self.advice
        case .type(let file, let field, _, _):
            "\(file): the field \(field) has another type" + Self.advice
        case .outOfRange(let file, let field, let found, let expected):
            "\(file): \(field) is \(found ?? "out of range")"
                + (expected.map { ", where \($0) is expected" }
                    ?? (found == nil ? "" : ", which is out of range")) + Self.advice
        case .unsupported(let file, let field, let found, let supported):
            "\(file): \(found.map { "\(field) is \($0), which" } ?? "this \(field)") is not supported"
                + (supported.isEmpty
                    ? "; choose another model, or a checkpoint without it"
                    : "; supported are " + supported.joined(separator: ", "))
        }
    }

    /// What helps where a file is not as its publisher has written it.
    private static let advice = "; correct it, or copy or download it again"

    /// The file is at fault, or asks for what is not there.
    package var disposition: Disposition {
        switch self {
        case .file(let error): error.disposition
        case .unsupported: .unavailable
        default: .badData
        }
    }
}
