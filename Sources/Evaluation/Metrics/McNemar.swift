// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Whether one of two models is right more often on the same rows (McNemar 1947, exact test).
package struct McNemar: Codable, Hashable, Sendable {
    /// Rows that only the first answers rightly.
    package let onlyFirst: Int
    /// Rows that only the second answers rightly.
    package let onlySecond: Int
    /// How likely numbers that far apart are if both models are as good, on both sides.
    package let p: Double

    /// The test of two numbers of rows.
    package init(onlyFirst: Int, onlySecond: Int) {
        (self.onlyFirst, self.onlySecond) = (onlyFirst, onlySecond)
        let all = onlyFirst + onlySecond
        let fewer = min(onlyFirst, onlySecond)
        // The binomial distribution of as many fair throws, from its end up to the smaller number.
        let whole: Double = lgamma(Double(all + 1)) - Double(all) * log(2.0)
        var tail = 0.0
        for count in 0...fewer {
            let ways: Double = lgamma(Double(count + 1)) + lgamma(Double(all - count + 1))
            tail += exp(whole - ways)
        }
        p = min(1, 2 * tail)
    }
}
