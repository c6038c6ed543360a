// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@Suite("Ranges of the source")
struct SourceRangeTests {
    /// Every range within four scalars, empty ones among them.
    static let ranges = (0...4).flatMap { start in
        (start...4).map { SourceRange(start: start, end: $0) }
    }

    @Test("overlap where they have a scalar in common", arguments: ranges)
    func overlaps(range: SourceRange) {
        for other in Self.ranges where !range.isEmpty && !other.isEmpty {
            let common = Set(range.scalars).intersection(other.scalars)
            #expect(range.overlaps(other) == !common.isEmpty)
            #expect(other.overlaps(range) == range.overlaps(other))
        }
    }

    @Test("that only touch do not overlap")
    func neighbours() {
        let (left, right) = (SourceRange(start: 0, end: 2), SourceRange(start: 2, end: 5))
        #expect(!left.overlaps(right) && !right.overlaps(left))
    }

    @Test("contain what has no scalar outside", arguments: ranges)
    func contains(range: SourceRange) {
        for other in Self.ranges where !other.isEmpty {
            #expect(range.contains(other) == Set(range.scalars).isSuperset(of: other.scalars))
        }
        #expect(range.contains(range))
    }

    @Test("are in the order of their starts, the shorter of two with one start first")
    func order() {
        let sorted = Self.ranges.reversed().sorted()
        #expect(sorted.map(\.start) == sorted.map(\.start).sorted())
        for (range, next) in zip(sorted, sorted.dropFirst()) where range.start == next.start {
            #expect(range.count < next.count)
        }
    }

    @Test("count scalars, not characters")
    func scalars() {
        let text = "右👨‍⚕️肺"
        let range = SourceRange(start: 0, end: text.unicodeScalars.count)
        #expect(range.count == 6 && text.count == 3)
    }
}

extension SourceRange {
    fileprivate var scalars: Range<Int> { start..<end }
    fileprivate var isEmpty: Bool { count == 0 }
}
