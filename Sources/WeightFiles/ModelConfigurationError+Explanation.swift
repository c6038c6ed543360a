// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ModelConfigurationError: Explained {
    /// The file and the field.
    package var explanation: String {
        switch self {
        case .file(let error): error.explanation
        case .notJSON(let file): "\(file) is not a JSON object"
        case .duplicate(let file, let field): "\(file): the field \(field) stands twice"
        case .missing(let file, let field): "\(file) has no field \(field)"
        case .type(let file, let field): "\(file): the field \(field) has another type"
        case .outOfRange(let file, let field): "\(file): \(field) is out of range"
        case .unsupported(let file, let field): "\(file): this \(field) is not supported"
        }
    }

    /// The file is at fault, or asks for what is not there.
    package var disposition: Disposition {
        switch self {
        case .file(let error): error.disposition
        case .unsupported: .unavailable
        default: .badData
        }
    }
}
