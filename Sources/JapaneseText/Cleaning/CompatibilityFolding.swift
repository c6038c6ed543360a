// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Rule `compatibility-folding`: NFKC, segment by segment.
///
/// Where NFKC would change what a record says, a table decides instead (`FoldingTable`), and
/// `NumberBoundary` keeps apart what NFKC would join into another number. Characters that NFKC
/// leaves alone keep their own place; those of a segment that it composes share the segment's.
struct CompatibilityFolding {
    private let source: MappedScalars
    private let segments: CombiningSegments
    private let table: FoldingTable
    private var result: MappedScalars
    private var boundary = NumberBoundary()

    static func fold(_ scalars: inout MappedScalars, version: CleaningVersion) {
        var folding = CompatibilityFolding(scalars, version: version)
        folding.foldAll()
        scalars = folding.result
    }

    private init(_ scalars: MappedScalars, version: CleaningVersion) {
        source = scalars
        segments = CombiningSegments(version: version)
        table = FoldingTable(version: version)
        result = MappedScalars(capacity: scalars.count)
    }

    private mutating func foldAll() {
        var index = 0
        while index < source.count {
            let end = segments.end(of: source.values, at: index)
            if end == index + 1 {
                foldSingle(at: index, to: end)
                index = end
            } else {
                index = foldSegment(at: index, to: end)
            }
        }
    }

    // MARK: A scalar alone

    /// Folds the first scalar of a segment; the result stands for the segment.
    @inline(__always)
    private mutating func foldSingle(at index: Int, to end: Int) {
        let value = source.values[index]
        if Self.isUnchanged(value) {
            appendPlain(value, from: index, to: end)
        } else if let form = table.single(value) {
            appendPlain(form, from: index, to: end)
        } else {
            foldSpecial(value, at: index, to: end)
        }
    }

    @inline(__always)
    private mutating func appendPlain(_ value: UInt32, from index: Int, to end: Int) {
        if boundary.isOpen { separate(before: value, as: .plain, from: index, to: end) }
        result.append(value, from: source.starts[index], to: source.ends[end - 1])
    }

    private mutating func foldSpecial(_ value: UInt32, at index: Int, to end: Int) {
        let previous = result.values.last
        if segments.version == .first {
            append(table.firstVersionForm(value, after: previous), from: index, to: end)
            return
        }
        let form = table.form(value, after: previous)
        let kind = NumberBoundary.Kind(
            of: value, next: end < source.count ? source.values[end] : 0, form: form)
        if let first = form.first { separate(before: first, as: kind, from: index, to: end) }
        append(form, from: index, to: end)
    }

    /// Puts between two numbers what keeps them apart.
    private mutating func separate(
        before first: UInt32, as kind: NumberBoundary.Kind, from index: Int, to end: Int
    ) {
        let previous = result.values.last ?? 0
        if let mark = boundary.mark(before: first, as: kind, after: previous) {
            append([mark], from: index, to: end)
        }
    }

    private mutating func append(_ values: [UInt32], from index: Int, to end: Int) {
        for value in values {
            result.append(value, from: source.starts[index], to: source.ends[end - 1])
        }
    }

    // MARK: A scalar with marks

    /// Folds a scalar with the marks that follow it, and returns the index after them.
    private mutating func foldSegment(at index: Int, to end: Int) -> Int {
        let values = source.values[index..<end]
        let base = source.values[index]
        if CharacterClasses.isLineBreak(base) {
            // A mark at the beginning of a line has nothing to stand on.
            foldSingle(at: index, to: index + 1)
            return index + 1
        }
        if segments.version == .first {
            if values.dropFirst().allSatisfy(InvisibleCharacters.isVariationSelector) {
                foldSingle(at: index, to: end)
            } else {
                append(composed(values), from: index, to: end)
            }
            return end
        }
        let whole = endOfMarks(from: end, segmentAt: index)
        foldMarked(values, at: index, to: whole)
        return whole
    }

    /// The index after marks that are too many for one character and are dropped.
    ///
    /// Version 1 began another segment there, so that cleaning again could order them anew.
    private func endOfMarks(from end: Int, segmentAt index: Int) -> Int {
        guard end - index > CombiningSegments.mostMarks else { return end }
        var whole = end
        while whole < source.count, CombiningSegments.isMark(source.values[whole]) { whole += 1 }
        return whole
    }

    private mutating func foldMarked(_ values: ArraySlice<UInt32>, at index: Int, to end: Int) {
        let base = values[index]
        if let digit = keycap(values) {
            boundary.close()
            append(FoldingTable.parenthesised(digit), from: index, to: end)
            return
        }
        if table.decides(base) {
            // What the table decides about the base stands; its marks follow.
            let start = result.count
            foldSpecial(base, at: index, to: index + 1)
            boundary.close()
            let marks = values.dropFirst()
            if let last = result.values.last, CharacterClasses.isLatin(last), start < result.count {
                // The d of ⅾ takes a háček as any other.
                result.removeLast()
                append(Self.bounded(Self.normalised([last] + marks)), from: index, to: end)
            } else {
                append(
                    Self.bounded(Self.normalised(marks), isMarksOnly: true), from: index + 1,
                    to: end)
            }
            return
        }
        let form = Self.bounded(composed(values))
        let isUnchanged = form.elementsEqual(values) && end == values.endIndex
        if let first = form.first {
            separate(before: first, as: .plain, from: index, to: isUnchanged ? index + 1 : end)
        }
        if isUnchanged {
            for place in index..<end { result.append(source, at: place) }
        } else {
            append(form, from: index, to: end)
        }
    }

    /// As many marks as a segment may have, with or without what they stand on: NFKC makes two of
    /// some.
    private static func bounded(_ form: [UInt32], isMarksOnly: Bool = false) -> [UInt32] {
        let limit = isMarksOnly ? CombiningSegments.mostMarks - 1 : CombiningSegments.mostMarks
        return form.count <= limit ? form : Array(form.prefix(limit))
    }

    /// The digit on a key or in a drawn circle: `1️⃣` means what ① means.
    private func keycap(_ values: ArraySlice<UInt32>) -> UInt32? {
        guard let base = values.first, let form = table.single(base),
            CharacterClasses.isDigit(form),
            values.dropFirst().contains(where: { ($0 >= 0x20DD && $0 <= 0x20E0) || $0 == 0x20E3 })
        else { return nil }
        return form - 0x30
    }

    private func composed(_ values: ArraySlice<UInt32>) -> [UInt32] {
        if values.count == 2,
            let voiced = FoldingTable.voiced(
                values[values.startIndex], values[values.startIndex + 1])
        {
            return [voiced]
        }
        return Self.normalised(values)
    }

    /// The scalars of most text, which NFKC leaves alone: ASCII, kana, kanji, `、` and `。`.
    @inline(__always)
    private static func isUnchanged(_ value: UInt32) -> Bool {
        value < 0x80 || (value >= 0x4E00 && value <= 0x9FFF)
            || (value >= 0x3041 && value <= 0x3096) || (value >= 0x30A1 && value <= 0x30FE)
            || value == 0x3001 || value == 0x3002
    }

    /// NFKC.
    ///
    /// Foundation of Swift 6.3 composes before it maps, so that ﾊﾟ comes out as ハ and a mark; a second
    /// pass joins them.
    static func normalised(_ segment: ArraySlice<UInt32>) -> [UInt32] {
        let scalars = segment.compactMap(Unicode.Scalar.init)
        return String(scalars: scalars[...]).precomposedStringWithCompatibilityMapping
            .precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
    }
}
