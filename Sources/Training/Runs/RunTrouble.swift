// SPDX-License-Identifier: Apache-2.0

/// Why a step of a run could not count.
package enum RunTrouble: String, Codable, Hashable, Sendable {
    /// The loss is infinite or no number.
    case loss = "loss-not-finite"
    /// The gradient is infinite or no number.
    case gradient = "gradient-not-finite"
    /// The loss is far above those before it.
    case spike = "loss-spike"
}
