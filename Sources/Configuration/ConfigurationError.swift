/// What is wrong with a configuration file.
package enum ConfigurationError: Error, Hashable, Sendable {
    /// The file cannot be read, or is larger than 1 MiB, or is no UTF-8.
    case unreadable(file: String, detail: String)
    /// The file is not TOML; line and column count from 1.
    case syntax(file: String, line: Int, column: Int, detail: String)
    /// No such key exists.
    case unknownKey(file: String, key: String)
    /// The key wants another type of value.
    case wrongType(file: String, key: String, wanted: String, found: String)
    /// The value is not among those allowed.
    case outOfRange(file: String, key: String, value: String, allowed: String)
}
