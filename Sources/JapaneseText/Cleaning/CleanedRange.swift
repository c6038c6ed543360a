// SPDX-License-Identifier: Apache-2.0

/// A half-open range in Unicode scalars of a cleaned text.
package struct CleanedRange: Hashable, Comparable, Sendable {
    /// Offset of the first scalar.
    package let start: Int
    /// Offset after the last scalar.
    package let end: Int

    /// A range; `start` must not be negative nor lie after `end`.
    package init(start: Int, end: Int) {
        precondition(start >= 0 && start <= end, "a range must not be negative")
        self.start = start
        self.end = end
    }

    /// Number of scalars.
    package var count: Int { end - start }

    /// By start, then by end.
    package static func < (left: CleanedRange, right: CleanedRange) -> Bool {
        (left.start, left.end) < (right.start, right.end)
    }
}
