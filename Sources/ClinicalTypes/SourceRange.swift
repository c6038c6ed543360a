// SPDX-License-Identifier: Apache-2.0

/// A half-open range in Unicode scalars of a document's original text.
///
/// Every result that leaves the program is given in this unit. Ranges of the cleaned text are
/// another type (`CleanedRange`), so that the two cannot be mistaken for each other.
package struct SourceRange: Hashable, Codable, Comparable, Sendable {
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

    /// A range from numbers that somebody else gives; nil where one is missing, or it does not begin before it ends.
    package init?(from start: Int?, to end: Int?) {
        guard let start, let end, start >= 0, start < end else { return nil }
        self.init(start: start, end: end)
    }

    /// Number of scalars.
    package var count: Int { end - start }

    /// Whether the two share at least one scalar.
    package func overlaps(_ other: SourceRange) -> Bool {
        start < other.end && other.start < end
    }

    /// Whether `other` lies inside.
    package func contains(_ other: SourceRange) -> Bool {
        start <= other.start && other.end <= end
    }

    /// By start, then by end.
    package static func < (left: SourceRange, right: SourceRange) -> Bool {
        (left.start, left.end) < (right.start, right.end)
    }
}

/// A range together with the characters that stand there: `text[start..<end] == surface`.
package struct TextSpan: Hashable, Codable, Sendable {
    /// Where in the original text.
    package let range: SourceRange
    /// The document's own characters, full-width and all.
    package let surface: String

    /// A span; the caller has cut `surface` out of the text at `range`.
    package init(range: SourceRange, surface: String) {
        self.range = range
        self.surface = surface
    }
}
