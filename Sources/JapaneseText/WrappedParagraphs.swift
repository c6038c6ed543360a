// SPDX-License-Identifier: Apache-2.0

/// Paragraphs whose lines, but for the last, are equally wide: a system may have wrapped them there.
///
/// Lists of equal items look the same; whether a paragraph is one is for `WrappedLines` to tell by its words.
struct WrappedParagraphs {
    /// The line breaks within each such paragraph, by their index in the cleaned text.
    private(set) var breaks: [[Int]] = []

    /// Fewest characters of a line that a system wraps at.
    private static let narrowest = 8

    /// Finds the paragraphs of a text; linear in its length.
    init(_ text: CleanedText) {
        let lines = Self.lines(of: text)
        var first = 0
        while first < lines.count {
            var next = first + 1
            while next < lines.count, lines[next].fits(lines[first]) { next += 1 }
            if next - first >= 2, lines[first].count >= Self.narrowest {
                // The paragraph's last line is no wider, and may be missing.
                let hasRest = next < lines.count && lines[next].isRest(of: lines[first])
                breaks.append(lines[first..<(hasRest ? next : next - 1)].map(\.end))
            }
            first = next
        }
    }

    /// A line as it was sent.
    private struct Line {
        /// Characters.
        var count = 0
        /// Columns, of which a full-width character takes two.
        var columns = 0
        /// The index of the line break behind it in the cleaned text.
        var end = 0

        func fits(_ other: Line) -> Bool {
            count > 0 && (count == other.count || abs(columns - other.columns) <= 1)
        }

        func isRest(of other: Line) -> Bool {
            count > 0 && (count <= other.count || columns <= other.columns)
        }
    }

    private static func lines(of text: CleanedText) -> [Line] {
        var lines: [Line] = []
        var line = Line()
        var place = 0
        func end(at index: Int) {
            let stop = index < text.starts.count ? Int(text.starts[index]) : text.source.count
            while place < stop {
                let scalar = text.source[place]
                place += 1
                guard scalar != "\n", scalar != "\r" else { continue }
                line.count += 1
                line.columns += isNarrow(scalar) ? 1 : 2
            }
            line.end = index
            lines.append(line)
            line = Line()
        }
        for (index, scalar) in text.scalars.enumerated() where scalar == "\n" { end(at: index) }
        end(at: text.scalars.count)
        return lines
    }

    private static func isNarrow(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x1100 || (0xFF61...0xFFDC).contains(scalar.value)
    }
}
