// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ConfigurationError: Explained {
    /// File, key, and what to do.
    package var explanation: String {
        switch self {
        case .unreadable(let file, let detail):
            "cannot read the configuration \(file): \(detail)"
        case .syntax(let file, let line, let column, let detail):
            "\(file):\(line):\(column): \(detail)"
        case .unknownKey(let file, let key, let nearest?):
            "\(file): there is no key \(key); did you mean \(nearest)?"
        case .unknownKey(let file, let key, nil):
            "\(file): there is no key \(key); shoken.toml(5) lists those of the configuration"
        case .wrongType(let file, let key, let wanted, let found):
            "\(file): \(key) wants \(wanted), not \(found)"
        case .outOfRange(let file, let key, let value, let allowed):
            "\(file): \(key) is \(value); allowed is \(allowed)"
        }
    }

    /// The file is to be set right.
    package var disposition: Disposition { .configuration }
}
