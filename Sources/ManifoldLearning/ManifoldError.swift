// SPDX-License-Identifier: Apache-2.0

/// Why points are not laid out in the plane.
package enum ManifoldError: Error, Hashable, Sendable {
    /// A point has a number that is infinite, none, or too large to compare; points count from 0.
    case notFinite(point: Int)
    /// There are fewer points than the setting needs.
    case tooFewPoints(found: Int, needed: Int, setting: String)
    /// A setting is out of its range.
    case outOfRange(setting: String, expected: String)
}
