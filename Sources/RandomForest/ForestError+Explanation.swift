// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ForestError: Explained {
    /// The row, the setting or the file's field, and what it must be.
    package var explanation: String {
        switch self {
        case .notFinite(let row, let feature):
            "row \(row), feature \(feature): the number is infinite or none"
        case .count(let subject, let found, let expected):
            "\(found) \(subject): a forest takes \(expected)"
        case .oneClass(let name):
            "all rows are \(name): there is nothing to tell apart; annotate more rows"
        case .outOfRange(let setting, let expected): "\(setting) must be \(expected)"
        case .malformed(let file, let field, let expected):
            "\(file) is no random forest: \(field) must be \(expected)"
        }
    }

    /// Settings are the caller's, the rest is data.
    package var disposition: Disposition {
        if case .outOfRange = self { .usage } else { .badData }
    }
}
