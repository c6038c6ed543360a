// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Learning-rate schedule: linear warm-up to a peak, then half a cosine down to zero (cosine decay).
package struct LearningRateSchedule: Hashable, Sendable {
    /// The largest learning rate.
    package let peak: Double
    /// Steps of the warm-up.
    package let warmup: Int
    /// All steps.
    package let total: Int

    /// A schedule of `total` steps of which `warmup` rise.
    package init(peak: Double, warmup: Int, total: Int) {
        (self.peak, self.warmup, self.total) = (peak, warmup, total)
    }

    /// The learning rate of a step counted from 0.
    package func rate(step: Int) -> Double {
        if step < warmup { return peak * Double(step + 1) / Double(warmup) }
        let progress = Double(step - warmup) / Double(max(1, total - warmup))
        return peak * 0.5 * (1 + cos(.pi * min(1, progress)))
    }
}
