import Foundation

/// The first two steps of cleaning: full stops and commas, then NFKC, segment by segment.
///
/// A segment is a scalar with the marks that follow it; normalising each by itself gives what
/// normalising the whole text gives, and tells which source scalars every result stands for.
/// Where NFKC would change what a record says, a table decides instead (`FoldingTable`).
enum CompatibilityFolding {
    /// Marks after which a segment is cut, as in Unicode's Stream-Safe Text Format (UAX #15, 13).
    ///
    /// Real text never has so many; sorting them by class takes quadratic time.
    private static let mostMarks = 30

    static func fold(_ source: [Unicode.Scalar]) -> MappedScalars {
        var result = MappedScalars(capacity: source.count)
        var index = 0
        while index < source.count {
            index = foldSegment(of: source, at: index, into: &result)
        }
        return result
    }

    /// Folds the segment that starts at `index` and returns the index after it.
    private static func foldSegment(
        of source: [Unicode.Scalar], at index: Int, into result: inout MappedScalars
    ) -> Int {
        let value = source[index].value
        if value == 0x0D || value == 0x0A || (value < 0x100 && isOtherLineBreak(value)) {
            let next = index + 1
            let isPair = value == 0x0D && next < source.count && source[next].value == 0x0A
            let end = isPair ? next + 1 : next
            result.append(0x0A, from: UInt32(index), to: UInt32(end))
            return end
        }
        var end = index + 1
        var hasMarks = false
        while end < source.count, end - index <= mostMarks, continuesSegment(source[end].value) {
            hasMarks = hasMarks || !isVariationSelector(source[end].value)
            end += 1
        }
        if !hasMarks {
            foldSingle(value, from: index, to: end, of: source, into: &result)
        } else if end == index + 2,
            let voiced = FoldingTable.voiced(value, source[index + 1].value)
        {
            result.append(voiced, from: UInt32(index), to: UInt32(end))
        } else {
            append(normalised(source[index..<end]), from: index, to: end, into: &result)
        }
        return end
    }

    /// Folds a scalar that no mark follows, except variation selectors, which go with it.
    @inline(__always)
    private static func foldSingle(
        _ value: UInt32, from index: Int, to end: Int, of source: [Unicode.Scalar],
        into result: inout MappedScalars
    ) {
        if isUnchanged(value) {
            result.append(value, from: UInt32(index), to: UInt32(end))
        } else if value == 0xFF0E || value == 0xFF0C {
            result.append(
                stop(value, at: index, of: source), from: UInt32(index), to: UInt32(end))
        } else if value >= 0xFF01, value <= 0xFF5E {
            result.append(value - 0xFEE0, from: UInt32(index), to: UInt32(end))
        } else if value == 0x2028 || value == 0x2029 {
            result.append(0x0A, from: UInt32(index), to: UInt32(end))
        } else {
            let previous = result.values.last
            append(
                FoldingTable.folded(source[index], after: previous), from: index, to: end,
                into: &result)
        }
    }

    private static func isVariationSelector(_ value: UInt32) -> Bool {
        (value >= 0xFE00 && value <= 0xFE0F) || (value >= 0xE0100 && value <= 0xE01EF)
    }

    private static func append(
        _ values: [UInt32], from start: Int, to end: Int, into result: inout MappedScalars
    ) {
        for value in values { result.append(value, from: UInt32(start), to: UInt32(end)) }
    }

    /// What a full-width full stop or comma means where it stands.
    ///
    /// The paper turns both into `。` and `、` before anything else. Taken literally that breaks every
    /// full-width number (`３．５ｃｍ` would become two sentences), so between two digits they are a
    /// decimal point and a thousands separator. A full stop between Latin letters (`Ｈ．ｐｙｌｏｒｉ`) or
    /// after the number that opens a line (`１．既往歴`) does not end a sentence either.
    private static func stop(
        _ value: UInt32, at index: Int, of source: [Unicode.Scalar]
    ) -> UInt32 {
        let before = index > 0 ? source[index - 1].value : 0x0A
        let after = index + 1 < source.count ? source[index + 1].value : 0x0A
        let isNumber =
            CharacterClasses.isAnyWidthDigit(before) && CharacterClasses.isAnyWidthDigit(after)
        if value == 0xFF0C { return isNumber ? 0x2C : 0x3001 }
        let isAbbreviation =
            CharacterClasses.isAnyWidthLatin(before) && CharacterClasses.isAnyWidthLatin(after)
        let isPoint = isNumber || isAbbreviation || opensLine(index, of: source)
        return isPoint ? 0x2E : 0x3002
    }

    /// Whether all that stands before `index` on its line is a number of one or two digits.
    private static func opensLine(_ index: Int, of source: [Unicode.Scalar]) -> Bool {
        var first = index
        while first > 0, index - first <= 2,
            CharacterClasses.isAnyWidthDigit(source[first - 1].value)
        {
            first -= 1
        }
        guard first < index, index - first <= 2 else { return false }
        // One character of indentation is enough to look at: this is asked for every full stop.
        if first > 0, CharacterClasses.isSpace(source[first - 1].value) { first -= 1 }
        return first == 0 || source[first - 1].value == 0x0A || source[first - 1].value == 0x0D
    }

    private static func isOtherLineBreak(_ value: UInt32) -> Bool {
        value == 0x0B || value == 0x0C || value == 0x85
    }

    /// The scalars of most text, which NFKC leaves alone: ASCII, kana, kanji, `、` and `。`.
    @inline(__always)
    private static func isUnchanged(_ value: UInt32) -> Bool {
        value < 0x80 || (value >= 0x4E00 && value <= 0x9FFF)
            || (value >= 0x3041 && value <= 0x3096) || (value >= 0x30A1 && value <= 0x30FE)
            || value == 0x3001 || value == 0x3002
    }

    /// Whether a scalar may combine with what stands before it.
    ///
    /// Every scalar that NFKC may join to an earlier one is a mark, a jamo, or one of two half-width
    /// voicing marks (the Unicode property NFKC_Quick_Check = Maybe, and its compatibility forms).
    @inline(__always)
    static func continuesSegment(_ value: UInt32) -> Bool {
        if value < 0x300 || (value >= 0x309B && value <= 0x312F)
            || (value >= 0x3400 && value <= 0xA66E)
            || (value >= 0x3000 && value <= 0x3029) || (value >= 0x3030 && value <= 0x3098)
            || (value >= 0xFF00 && value <= 0xFF9D)
        {
            return false
        }
        return continuesRarely(value)
    }

    private static func continuesRarely(_ value: UInt32) -> Bool {
        switch value {
        case 0xFF9E, 0xFF9F, 0x1100...0x11FF, 0x3131...0x318E, 0xFFA0...0xFFDC: return true
        // Kirat Rai vowel signs: letters that compose (Unicode 16).
        case 0x16D63, 0x16D67...0x16D6A: return true
        default: break
        }
        switch Unicode.Scalar(value)?.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// NFKC.
    ///
    /// Foundation of Swift 6.3 composes before it maps, so that ﾊﾟ comes out as ハ and a mark; a second
    /// pass joins them.
    static func normalised(_ segment: ArraySlice<Unicode.Scalar>) -> [UInt32] {
        String(scalars: segment).precomposedStringWithCompatibilityMapping
            .precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
    }
}
