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

    /// One sentence for people, without full stop: file, key, and what to do.
    package var explanation: String {
        switch self {
        case .unreadable(let file, let detail):
            "cannot read the configuration \(file): \(detail)"
        case .syntax(let file, let line, let column, let detail):
            "\(file):\(line):\(column): \(detail)"
        case .unknownKey(let file, let key):
            "\(file): there is no key \(key); shoken.toml(5) lists them"
        case .wrongType(let file, let key, let wanted, let found):
            "\(file): \(key) wants \(wanted), not \(found)"
        case .outOfRange(let file, let key, let value, let allowed):
            "\(file): \(key) is \(value); allowed is \(allowed)"
        }
    }
}
