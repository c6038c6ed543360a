// SPDX-License-Identifier: Apache-2.0

/// Why a forest is not grown, or not read.
package enum ForestError: Error, Hashable, Sendable {
    /// A row has a feature that is infinite or none; rows and features count from 0.
    case notFinite(row: Int, feature: Int)
    /// Rows, features, classes or weights are more than a forest takes, or too few.
    case count(of: String, found: Int, expected: String)
    /// All rows are of one class, so that there is nothing to tell apart.
    case oneClass(String)
    /// A setting is out of its range.
    case outOfRange(setting: String, expected: String)
    /// A file holds no forest, or a damaged one.
    case malformed(file: String, field: String, expected: String)
}
