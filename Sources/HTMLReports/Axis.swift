// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One axis of a chart: a range, and round numbers within it.
struct Axis {
    private let low: Double
    private let high: Double
    private let byFactors: Bool
    let ticks: [Double]

    init(_ low: Double, _ high: Double, byFactors: Bool) {
        self.byFactors = byFactors && low > 0
        // One value alone stands in the middle.
        let spread = low == high ? max(abs(low) * 0.1, 1e-12) : 0
        (self.low, self.high) = (low - spread, high + spread)
        ticks =
            self.byFactors
            ? Self.powers(self.low, self.high) : Self.round(self.low, self.high)
    }

    /// Where a value lies between the ends, 0 to 1.
    func share(_ value: Double) -> Double {
        guard byFactors else { return (value - low) / (high - low) }
        return log(value / low) / log(high / low)
    }

    private static func round(_ low: Double, _ high: Double) -> [Double] {
        let raw = (high - low) / 5
        let magnitude = pow(10, floor(log10(raw)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= raw } ?? raw
        return stride(from: (low / step).rounded(.up), through: high / step, by: 1)
            .prefix(12).map { $0 * step }
    }

    private static func powers(_ low: Double, _ high: Double) -> [Double] {
        let base: Double = high / low > 200 ? 10 : 2
        let (first, last) = ((log(low) / log(base)).rounded(.up), log(high) / log(base))
        guard first <= last else { return [low, high] }
        return stride(from: first, through: last + 1e-9, by: 1).prefix(12).map { pow(base, $0) }
    }
}
