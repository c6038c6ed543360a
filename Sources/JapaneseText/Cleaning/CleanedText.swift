// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// One text in two coordinates: as it was sent and as it was cleaned, with the map between them.
///
/// White space other than line breaks is U+2581 in `scalars`; a line break of any kind is one
/// `"\n"`. Each cleaned scalar knows the source scalars that it stands for: several cleaned scalars
/// may stand for one (`㎎` is `mg`) and one for several (`ｶﾞ` is `ガ`). Costs 8 bytes a source scalar
/// and about 12 bytes a cleaned one.
package struct CleanedText: Sendable {
    /// The text as it was sent, in Unicode scalars.
    package let source: [Unicode.Scalar]
    /// The cleaned text, in Unicode scalars.
    package let scalars: [Unicode.Scalar]
    /// Offset of the first source scalar of each cleaned scalar; never decreases.
    let starts: [UInt32]
    /// Offset after the last source scalar of each cleaned scalar; never decreases.
    let ends: [UInt32]

    init(source: [Unicode.Scalar], cleaned: MappedScalars) {
        self.source = source
        scalars = cleaned.values.map { Unicode.Scalar($0) ?? "\u{FFFD}" }
        starts = cleaned.starts
        ends = cleaned.ends
    }

    /// The whole cleaned text.
    package var range: CleanedRange { CleanedRange(start: 0, end: scalars.count) }

    /// The whole cleaned text as a string.
    package var string: String { String(scalars: scalars[...]) }

    /// The source scalars that a cleaned range stands for.
    ///
    /// An empty range gives the empty range before the scalar that follows it. `range` must lie in
    /// the text.
    package func sourceRange(of range: CleanedRange) -> SourceRange {
        guard range.count > 0 else {
            let point = range.start < starts.count ? Int(starts[range.start]) : source.count
            return SourceRange(start: point, end: point)
        }
        return SourceRange(start: Int(starts[range.start]), end: Int(ends[range.end - 1]))
    }

    /// The smallest cleaned range that holds all that is left of a source range.
    ///
    /// Empty where cleaning has removed everything. Two binary searches.
    package func cleanedRange(of range: SourceRange) -> CleanedRange {
        let start = firstIndex { ends[$0] > range.start }
        let end = firstIndex { starts[$0] >= range.end }
        return CleanedRange(start: start, end: max(start, end))
    }

    /// The source's own characters at a range, which must lie in the text.
    package func sourceSlice(_ range: SourceRange) -> String {
        String(scalars: source[range.start..<range.end])
    }

    /// The cleaned characters at a range, which must lie in the text.
    package func slice(_ range: CleanedRange) -> String {
        String(scalars: scalars[range.start..<range.end])
    }

    /// The first cleaned index at which a condition holds that holds from there to the end.
    private func firstIndex(where holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = scalars.count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension String {
    /// A string of some scalars, encoded in one go.
    ///
    /// Appending scalar by scalar to a `UnicodeScalarView` takes several times as long.
    package init(scalars: ArraySlice<Unicode.Scalar>) {
        self.init(unsafeUninitializedCapacity: scalars.count * 4) { buffer in
            var count = 0
            for scalar in scalars {
                count = UTF8Writing.write(scalar.value, to: buffer, at: count)
            }
            return count
        }
    }
}
