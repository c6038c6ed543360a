// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Tokens a second over the last steps, what lies between them left out, and seconds in all.
package struct Speedometer {
    /// Steps that the speed is of.
    private static let window = 20

    private let clock = ContinuousClock()
    private var steps: [(seconds: Double, tokens: Int)] = []
    private var last = ContinuousClock().now

    /// Begins to count now.
    package init() {}

    /// Seconds since this was last asked.
    package mutating func lap() -> Double {
        let now = clock.now
        defer { last = now }
        return (now - last) / .seconds(1)
    }

    /// Counts a step's tokens and seconds and returns the speed.
    package mutating func step(_ tokens: Int, seconds: Double) -> Double {
        steps.append((seconds, tokens))
        if steps.count > Self.window { steps.removeFirst() }
        let all = steps.reduce((seconds: 0, tokens: 0)) {
            ($0.seconds + $1.seconds, $0.tokens + $1.tokens)
        }
        return Double(all.tokens) / max(all.seconds, 1e-9)
    }
}

/// What the kernel says of this process's memory.
package enum ProcessMemory {
    /// Most bytes that were resident at once (`VmHWM` of proc(5)); 0 where the kernel does not say.
    package static var peakBytes: Int { field("VmHWM:") }

    private static func field(_ name: String) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) })
        else { return 0 }
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }.map {
            $0 << 10
        } ?? 0
    }
}
