// SPDX-License-Identifier: Apache-2.0

/// Overlapping windows over the tokens of a text that is longer than a model's context.
///
/// Each token belongs to the window in which it is most central, so that it has seen as much as can
/// be on either side. The text's own ends are no edges: nothing is missing there.
package struct TokenWindows: Sendable {
    /// The tokens of each window, in order; together they hold all.
    package let ranges: [Range<Int>]
    /// The window of each token.
    package let owners: [Int]

    /// Windows of at most `room` tokens over `count`; `breaks` are the tokens that begin a sentence,
    /// ascending, where windows begin and end if one is near enough.
    ///
    /// A window that could be longer ends at a break in its second half; the next one begins at a
    /// break at least a quarter and at most half of `room` before that end.
    package init(count: Int, room: Int, breaks: [Int]) {
        precondition(room > 0, "a window holds a token")
        var ranges: [Range<Int>] = []
        var start = 0
        while count - start > room {
            let limit = start + room
            let end = Self.last(breaks, in: start + room / 2 + 1...limit) ?? limit
            ranges.append(start..<end)
            let latest = max(start + 1, end - room / 4)
            let earliest = min(latest, max(start + 1, end - room / 2))
            start = Self.last(breaks, in: earliest...latest) ?? latest
        }
        if count > 0 { ranges.append(start..<count) }
        self.ranges = ranges
        owners = Self.owners(ranges, count: count)
    }

    /// The last of ascending numbers that lies in a range.
    private static func last(_ breaks: [Int], in range: ClosedRange<Int>) -> Int? {
        var low = 0
        var high = breaks.count
        while low < high {
            let middle = (low + high) / 2
            if breaks[middle] <= range.upperBound { low = middle + 1 } else { high = middle }
        }
        return low > 0 && breaks[low - 1] >= range.lowerBound ? breaks[low - 1] : nil
    }

    private static func owners(_ ranges: [Range<Int>], count: Int) -> [Int] {
        var owners = [Int](repeating: 0, count: count)
        var distances = [Int](repeating: -1, count: count)
        for (index, range) in ranges.enumerated() {
            for token in range {
                let left = range.lowerBound == 0 ? Int.max : token - range.lowerBound
                let right = range.upperBound == count ? Int.max : range.upperBound - 1 - token
                let distance = min(left, right)
                if distance > distances[token] {
                    distances[token] = distance
                    owners[token] = index
                }
            }
        }
        return owners
    }
}
