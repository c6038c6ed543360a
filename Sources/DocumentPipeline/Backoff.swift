// SPDX-License-Identifier: Apache-2.0

/// How long to wait before the next try: twice as long after each failure, within limits.
struct Backoff: Hashable, Sendable {
    let first: Duration
    let longest: Duration
    private(set) var failures = 0

    init(first: Duration = .seconds(1), longest: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
    }

    /// Notes a failure and gives the time to wait.
    mutating func fail() -> Duration {
        failures += 1
        return pause
    }

    /// The time to wait after the last failure; the first one's if there was none.
    var pause: Duration { min(longest, first * (1 << min(max(0, failures - 1), 20))) }

    /// Notes a success.
    mutating func succeed() { failures = 0 }
}
