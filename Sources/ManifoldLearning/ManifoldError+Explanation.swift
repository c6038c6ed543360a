// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ManifoldError: Explained {
    /// The point or the setting, and what it must be.
    package var explanation: String {
        switch self {
        case .notFinite(let point):
            "point \(point) has a number that is infinite, none, or too large to compare"
        case .tooFewPoints(let found, let needed, let setting):
            "\(found) points are too few: \(setting) needs at least \(needed)"
        case .outOfRange(let setting, let expected): "\(setting) must be \(expected)"
        }
    }

    /// Points are data, settings are the caller's.
    package var disposition: Disposition {
        switch self {
        case .notFinite: .badData
        case .tooFewPoints, .outOfRange: .usage
        }
    }
}
