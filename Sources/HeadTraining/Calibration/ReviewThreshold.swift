// SPDX-License-Identifier: Apache-2.0

/// From which probability on answers are right as often as is wanted, so that nobody needs to look at them.
package struct ReviewThreshold: Hashable, Sendable, Encodable {
    /// Answers below it are for review; whole hundredths.
    package let below: Double
    /// Part of the answers not for review that is right, each part under the threshold of the others.
    package let precision: Double
    /// Part of the answers that is for review, measured alike.
    package let reviewedShare: Double

    /// The lowest threshold for a precision, of parts that share no document; nil where no answers have it.
    package init?(_ parts: [[HeldOutAnswer]], precision wanted: Double) {
        guard parts.count > 1, let below = Self.lowest(parts.flatMap(\.self), wanted) else {
            return nil
        }
        self.below = below
        var kept: [HeldOutAnswer] = []
        for number in parts.indices {
            let others = parts.indices.filter { $0 != number }.flatMap { parts[$0] }
            guard let below = Self.lowest(others, wanted) else { return nil }
            kept += parts[number].filter { $0.score >= below }
        }
        guard !kept.isEmpty else { return nil }
        precision = Double(kept.count { $0.isRight }) / Double(kept.count)
        reviewedShare = 1 - Double(kept.count) / Double(parts.reduce(0) { $0 + $1.count })
    }

    private static func lowest(_ answers: [HeldOutAnswer], _ wanted: Double) -> Double? {
        (0..<100).map { Double($0) / 100 }.first { threshold in
            let kept = answers.filter { $0.score >= threshold }
            let right = kept.count { $0.isRight }
            return !kept.isEmpty && Double(right) >= wanted * Double(kept.count)
        }
    }
}
