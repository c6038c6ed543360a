// SPDX-License-Identifier: Apache-2.0
@testable import ClinicalTasks
import TestSupport
import Testing

@Suite("Windows over long texts")
struct TokenWindowsTests {
    @Test("A text that fits is one window, an empty one has none")
    func short() {
        #expect(TokenWindows(count: 10, room: 10, breaks: [3]).ranges == [0..<10])
        #expect(TokenWindows(count: 0, room: 10, breaks: []).ranges.isEmpty)
    }

    @Test("Windows begin and end where sentences do, and overlap")
    func sentences() {
        let windows = TokenWindows(count: 30, room: 16, breaks: [4, 9, 14, 20, 26])
        #expect(windows.ranges == [0..<14, 9..<20, 14..<30])
        // Tokens 9 to 13 are in two windows: the nearer its middle the better.
        #expect(windows.owners[9] == 0 && windows.owners[13] == 1)
    }

    @Test(
        "Whatever the sentences: no window is too long, each token is read, where it is most central",
        arguments: 0..<60)
    func properties(seed: Int) {
        var generator = SeededNumbers(seed: UInt64(seed))
        let count = Int.random(in: 1...400, using: &generator)
        let room = Int.random(in: 1...50, using: &generator)
        let breaks = (1..<max(2, count)).filter { _ in
            Int.random(in: 0..<12, using: &generator) == 0
        }
        let windows = TokenWindows(count: count, room: room, breaks: breaks)
        #expect(windows.ranges.allSatisfy { !$0.isEmpty && $0.count <= room })
        #expect(windows.ranges.first?.lowerBound == 0 && windows.ranges.last?.upperBound == count)
        for (range, next) in zip(windows.ranges, windows.ranges.dropFirst()) {
            #expect(next.lowerBound > range.lowerBound && next.lowerBound <= range.upperBound)
            #expect(next.upperBound > range.upperBound)
            if room >= 4 { #expect(range.upperBound - next.lowerBound >= room / 4) }
        }
        func reach(_ token: Int, _ range: Range<Int>) -> Int {
            min(
                range.lowerBound == 0 ? .max : token - range.lowerBound,
                range.upperBound == count ? .max : range.upperBound - 1 - token)
        }
        for token in 0..<count {
            let own = windows.ranges[windows.owners[token]]
            let best = windows.ranges.filter { $0.contains(token) }.map { reach(token, $0) }.max()
            #expect(own.contains(token) && reach(token, own) == best)
        }
    }
}
