// SPDX-License-Identifier: Apache-2.0

/// Rows of several sequences one after another, told apart by ascending offsets.
package struct Segments: Hashable, Sendable {
    /// Segment s is the rows `offsets[s] ..< offsets[s + 1]`; the first offset is 0.
    package let offsets: [Int]
    /// The position of each segment's first row within its sequence.
    package let firstPositions: [Int]

    /// Segments of these lengths; without `firstPositions` each begins at position 0.
    package init(lengths: [Int], firstPositions: [Int]? = nil) {
        var offsets = [0]
        offsets.reserveCapacity(lengths.count + 1)
        for length in lengths { offsets.append(offsets[offsets.count - 1] + length) }
        self.offsets = offsets
        self.firstPositions = firstPositions ?? [Int](repeating: 0, count: lengths.count)
        precondition(self.firstPositions.count == lengths.count, "one first position a segment")
    }

    /// Rows of all segments.
    package var rows: Int { offsets[offsets.count - 1] }

    /// The rows of each segment.
    package var ranges: [Range<Int>] { zip(offsets, offsets.dropFirst()).map { $0..<$1 } }

    /// The position of each row within its sequence.
    package var positions: [Int] {
        zip(ranges, firstPositions).flatMap { range, first in first..<first + range.count }
    }
}
