// SPDX-License-Identifier: Apache-2.0

/// Cuts a text into segments: a scalar with what may combine with it.
///
/// Normalising each segment by itself gives what normalising the whole text gives, and tells which
/// source scalars every result stands for.
struct CombiningSegments {
    /// Marks after which a segment is cut, as in Unicode's Stream-Safe Text Format (UAX #15, 13).
    ///
    /// Real text never has so many; sorting them by class takes quadratic time.
    static let mostMarks = 30

    let version: CleaningVersion

    /// The index after the segment that starts at `index`.
    @inline(__always)
    func end(of values: [UInt32], at index: Int) -> Int {
        let next = index + 1
        if next >= values.count || Self.isSurelyBase(values[next]) { return next }
        return endAfterMarks(of: values, at: index)
    }

    private func endAfterMarks(of values: [UInt32], at index: Int) -> Int {
        var end = index + 1
        while end < values.count, end - index <= Self.mostMarks,
            continues(values[end], after: values[end - 1], isAtBase: end == index + 1)
        {
            end += 1
        }
        return end
    }

    private func continues(_ value: UInt32, after previous: UInt32, isAtBase: Bool) -> Bool {
        if Self.isSurelyBase(value) { return false }
        if version == .first { return Self.mayCombine(value) }
        if Self.isJamo(value) {
            return Self.composes(value, after: previous, isAtBase: isAtBase)
        }
        return Self.mayCombine(value)
    }

    /// Most scalars of Japanese text, none of which combines with an earlier one.
    @inline(__always)
    static func isSurelyBase(_ value: UInt32) -> Bool {
        value < 0x300 || (value >= 0x309B && value <= 0x312F)
            || (value >= 0x3400 && value <= 0xA66E)
            || (value >= 0x3000 && value <= 0x3029) || (value >= 0x3030 && value <= 0x3098)
            || (value >= 0xFF00 && value <= 0xFF9D)
    }

    /// Whether a scalar may combine with what stands before it.
    ///
    /// Every scalar that NFKC may join to an earlier one is a mark, a jamo, or one of two half-width
    /// voicing marks (the Unicode property NFKC_Quick_Check = Maybe, and its compatibility forms).
    private static func mayCombine(_ value: UInt32) -> Bool {
        switch value {
        case 0xFF9E, 0xFF9F: true
        // Kirat Rai vowel signs: letters that compose (Unicode 16).
        case 0x16D63, 0x16D67...0x16D6A: true
        default: isJamo(value) || ScalarFacts.isMark(value)
        }
    }

    /// Whether a scalar is written on the one before it, whatever that is.
    static func isMark(_ value: UInt32) -> Bool {
        !isSurelyBase(value) && !isJamo(value) && mayCombine(value)
    }

    private static func isJamo(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x11FF, 0x3131...0x318E, 0xFFA0...0xFFDC: true
        default: false
        }
    }

    /// Whether a jamo makes a syllable with what stands right before it, so that each syllable is a
    /// segment of its own (Unicode 3.12). Version 1 took a row of jamo for one segment.
    private static func composes(_ jamo: UInt32, after previous: UInt32, isAtBase: Bool) -> Bool {
        let jamo = FoldingTable.singleForm(jamo)
        let previous = FoldingTable.singleForm(previous)
        if jamo >= 0x1161, jamo <= 0x1175 {
            return isAtBase && previous >= 0x1100 && previous <= 0x1112
        }
        guard jamo >= 0x11A8, jamo <= 0x11C2 else { return false }
        if previous >= 0x1161, previous <= 0x1175 { return !isAtBase }
        return isAtBase && previous >= 0xAC00 && previous <= 0xD7A3 && (previous - 0xAC00) % 28 == 0
    }
}
