// SPDX-License-Identifier: Apache-2.0

/// A text on its way through normalisers and pre-tokenisers, and where each scalar came from.
///
/// Source offsets are in Unicode scalars of the raw text. As in the reference, a scalar that
/// replaces several has the place of the first of them, and an inserted one that of the scalar
/// before it; a stretch of text has the start of its first and the end of its last scalar.
package struct NormalizedText: Sendable {
    /// A place in the raw text, in its scalars.
    package struct Source: Hashable, Sendable {
        /// Offset of the first scalar.
        package var start: Int32
        /// Offset after the last.
        package var end: Int32

        /// A place.
        package init(start: Int32, end: Int32) {
            self.start = start
            self.end = end
        }
    }

    /// The text as it is now.
    package private(set) var scalars: [Unicode.Scalar]
    /// The place of each of `scalars`.
    package private(set) var sources: [Source]
    /// Where the stretch of raw text begins that this was made of.
    package let sourceStart: Int32

    /// A part of a raw text that begins at its scalar `offset`.
    package init(_ scalars: some Collection<Unicode.Scalar>, offset: Int = 0) {
        self.scalars = Array(scalars)
        sourceStart = Int32(clamping: offset)
        sources = self.scalars.indices.map {
            Source(start: Int32(clamping: offset + $0), end: Int32(clamping: offset + $0 + 1))
        }
    }

    /// The part of `text` with these scalars.
    package init(_ text: NormalizedText, _ range: Range<Int>) {
        scalars = Array(text.scalars[range])
        sources = Array(text.sources[range])
        sourceStart = sources.first?.start ?? text.sourceStart
    }

    /// One scalar of the text that a normaliser makes.
    package struct Change {
        /// The scalar.
        package let scalar: Unicode.Scalar
        /// How it came about: 0 takes the place of one scalar, −n the place of one and swallows the
        /// n after it, more than 0 is inserted.
        package let change: Int

        /// A scalar.
        package init(_ scalar: Unicode.Scalar, _ change: Int) {
            self.scalar = scalar
            self.change = change
        }
    }

    /// Replaces the whole text; the first `removed` scalars go without a trace.
    ///
    /// Source: huggingface/tokenizers, `normalizer.rs`, `transform_range`.
    package mutating func transform(_ changes: [Change], removing removed: Int = 0) {
        transform(0..<scalars.count, changes, removing: removed)
    }

    /// Replaces the scalars of `range`.
    package mutating func transform(
        _ range: Range<Int>, _ changes: [Change], removing removed: Int = 0
    ) {
        var position = min(range.lowerBound + removed, range.upperBound)
        var places: [Source] = []
        places.reserveCapacity(changes.count)
        for change in changes {
            if change.change > 0 {
                places.append(placeOfInsertion(at: position))
            } else {
                places.append(place(at: position))
                position = min(position + 1 - change.change, range.upperBound)
            }
        }
        sources.replaceSubrange(range, with: places)
        scalars.replaceSubrange(range, with: changes.map(\.scalar))
    }

    /// The place of what is inserted before the scalar at `position`.
    func placeOfInsertion(at position: Int) -> Source {
        guard position > 0, let last = sources.last else {
            return Source(start: sourceStart, end: sourceStart)
        }
        return position <= sources.count ? sources[position - 1] : last
    }

    /// Empties the text.
    mutating func reset() {
        scalars.removeAll()
        sources.removeAll()
    }

    /// Puts scalars with their places at the end.
    mutating func append(
        _ more: some Collection<Unicode.Scalar>, _ places: some Collection<Source>
    ) {
        scalars.append(contentsOf: more)
        sources.append(contentsOf: places)
    }

    /// Only a normaliser that replaces more than there is gets past the end.
    private func place(at position: Int) -> Source {
        guard position < sources.count else {
            return sources.last ?? Source(start: sourceStart, end: sourceStart)
        }
        return sources[position]
    }

    /// The place of a stretch of the text.
    package func source(of range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last else {
            let start = Int(sourceStart) + range.lowerBound
            return start..<start
        }
        let start = Int(sources[first].start)
        return start..<max(start, Int(sources[last].end))
    }
}
