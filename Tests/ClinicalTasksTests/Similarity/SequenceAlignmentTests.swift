// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import ClinicalTasks

@Suite("How two sequences line up")
struct SequenceAlignmentTests {
    @Test(
        "Known pairs",
        arguments: [
            ("kitten", "sitting", 3, 4, 3), ("肺炎を認める", "肺癌を認める", 1, 5, 4), ("", "発熱", 2, 0, 0),
            ("発熱", "発熱", 0, 2, 2), ("abcd", "dcba", 4, 1, 1),
        ])
    func known(_ one: String, _ other: String, _ edits: Int, _ common: Int, _ run: Int) {
        let found = SequenceAlignment(Array(one), Array(other))
        #expect(found.editDistance == edits)
        #expect(found.commonSubsequence == common)
        #expect(found.commonSubstring == run)
    }

    /// The three figures by their definitions, at the cost of trying everything.
    private static func slow(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> (
        edits: Int, common: Int
    ) {
        guard let left = a.first, let right = b.first else { return (a.count + b.count, 0) }
        let (noLeft, noRight, neither) = (
            slow(a.dropFirst(), b), slow(a, b.dropFirst()), slow(a.dropFirst(), b.dropFirst())
        )
        let same = left == right
        return (
            min(noLeft.edits + 1, noRight.edits + 1, neither.edits + (same ? 0 : 1)),
            max(noLeft.common, noRight.common, neither.common + (same ? 1 : 0))
        )
    }

    private static func longestRun(_ a: [Int], _ b: [Int]) -> Int {
        var longest = 0
        for start in a.indices {
            for end in start..<a.count {
                let run = a[start...end]
                let stands = b.indices.contains { b[$0...].starts(with: run) }
                if stands { longest = max(longest, run.count) }
            }
        }
        return longest
    }

    @Test("Random pairs are as trying everything says, whichever comes first")
    func random() {
        var numbers = SeededNumbers(seed: 3)
        func sequence() -> [Int] {
            (0..<Int.random(in: 0...6, using: &numbers)).map { _ in
                Int.random(in: 0...2, using: &numbers)
            }
        }
        for _ in 0..<60 {
            let (a, b) = (sequence(), sequence())
            let (there, back) = (SequenceAlignment(a, b), SequenceAlignment(b, a))
            let expected = Self.slow(a[...], b[...])
            for found in [there, back] {
                #expect(found.editDistance == expected.edits, "\(a) \(b)")
                #expect(found.commonSubsequence == expected.common, "\(a) \(b)")
                #expect(found.commonSubstring == Self.longestRun(a, b), "\(a) \(b)")
            }
        }
    }

    @Test("Only so many elements of each are looked at")
    func limit() {
        let found = SequenceAlignment([1, 2, 3, 4], [1, 2, 9, 9, 9, 9], limit: 2)
        #expect(found.editDistance == 0 && found.commonSubstring == 2)
    }
}
