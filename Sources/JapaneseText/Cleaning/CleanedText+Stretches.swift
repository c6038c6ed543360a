// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

extension CleanedText {
    /// A part of the text in both coordinates.
    package struct Stretch: Hashable, Sendable {
        /// Where it stands in the cleaned text; empty where cleaning removed everything.
        package let cleaned: CleanedRange
        /// Where it stands in the source; never empty.
        package let source: SourceRange
        /// Whether both hold the same characters.
        package let isUnchanged: Bool
    }

    /// The whole text cut into stretches, in order and without gaps in either coordinate.
    ///
    /// A stretch is as long as its characters are unchanged, else as short as the map allows.
    package var stretches: [Stretch] {
        var result: [Stretch] = []
        var index = 0
        var covered = 0
        while index < scalars.count {
            if Int(starts[index]) > covered {
                add(CleanedRange(start: index, end: index), until: Int(starts[index]), to: &result)
            }
            let first = index
            covered = Int(ends[index])
            index += 1
            while index < scalars.count, Int(starts[index]) < covered {
                covered = Swift.max(covered, Int(ends[index]))
                index += 1
            }
            add(CleanedRange(start: first, end: index), until: covered, to: &result)
        }
        if covered < source.count {
            add(CleanedRange(start: index, end: index), until: source.count, to: &result)
        }
        return result
    }

    /// Adds what stands between the last stretch and `end`, joined with it where both are unchanged.
    private func add(_ cleaned: CleanedRange, until end: Int, to result: inout [Stretch]) {
        let start = result.last?.source.end ?? 0
        let isUnchanged =
            cleaned.count == 1 && end == start + 1 && scalars[cleaned.start] == source[start]
        var stretch = Stretch(
            cleaned: cleaned, source: SourceRange(start: start, end: end),
            isUnchanged: isUnchanged)
        if isUnchanged, let last = result.last, last.isUnchanged {
            stretch = Stretch(
                cleaned: CleanedRange(start: last.cleaned.start, end: cleaned.end),
                source: SourceRange(start: last.source.start, end: end), isUnchanged: true)
            result.removeLast()
        }
        result.append(stretch)
    }
}
