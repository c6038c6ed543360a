// SPDX-License-Identifier: Apache-2.0
package import TOMLFiles

/// What is wrong with a configuration file.
package enum ConfigurationError: Error, Hashable, Sendable {
    /// The file cannot be read, or is larger than 1 MiB, or is no UTF-8.
    case unreadable(file: String, detail: String)
    /// The file is not TOML; line and column count from 1.
    case syntax(file: String, line: Int, column: Int, detail: String)
    /// No such key exists; the known one that is spelt most like it.
    case unknownKey(file: String, key: String, nearest: String?)
    /// The key wants another type of value.
    case wrongType(file: String, key: String, wanted: String, found: String)
    /// The value is not among those allowed.
    case outOfRange(file: String, key: String, value: String, allowed: String)
}

extension ConfigurationError: TOMLFileError {
    /// The error for a fault of a file's text.
    package init(_ fault: TOMLFault, in file: String) {
        self =
            switch fault {
            case .syntax(let line, let column, let reason):
                .syntax(file: file, line: line, column: column, detail: reason)
            case .unknownKey(let key, let nearest):
                .unknownKey(file: file, key: key, nearest: nearest)
            case .missingKey(let key):
                .outOfRange(file: file, key: key, value: "missing", allowed: "a value")
            case .wrongType(let key, let type, _, let found):
                .wrongType(file: file, key: key, wanted: type, found: found)
            case .outOfRange(let key, let value, let allowed, _):
                .outOfRange(file: file, key: key, value: value, allowed: allowed)
            }
    }
}
