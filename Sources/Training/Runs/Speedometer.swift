import Foundation

/// Tokens a second over the last steps, and seconds in all.
struct Speedometer {
    /// Steps that the speed is of.
    private static let window = 20

    private let clock = ContinuousClock()
    private var marks: [(instant: ContinuousClock.Instant, tokens: Int)]
    private var tokens = 0
    private var last: ContinuousClock.Instant

    init() {
        last = ContinuousClock().now
        marks = [(last, 0)]
    }

    /// Seconds since this was last asked.
    mutating func lap() -> Double {
        let now = clock.now
        defer { last = now }
        return (now - last) / .seconds(1)
    }

    /// Counts a step's tokens and returns the speed.
    mutating func step(_ count: Int) -> Double {
        tokens += count
        let now = clock.now
        marks.append((now, tokens))
        if marks.count > Self.window + 1 { marks.removeFirst() }
        return Double(tokens - marks[0].tokens) / max((now - marks[0].instant) / .seconds(1), 1e-9)
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
