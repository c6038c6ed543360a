// SPDX-License-Identifier: Apache-2.0

/// Questions about single scalar values that several cleaning steps ask.
enum CharacterClasses {
    /// What white space is written as, so that it survives as a visible mark (SentencePiece's `▁`).
    static let spaceMark: UInt32 = 0x2581

    @inline(__always)
    static func isDigit(_ value: UInt32) -> Bool { value &- 0x30 < 10 }

    /// A digit in ASCII or full width.
    @inline(__always)
    static func isAnyWidthDigit(_ value: UInt32) -> Bool {
        value &- 0x30 < 10 || value &- 0xFF10 < 10
    }

    @inline(__always)
    static func isLatin(_ value: UInt32) -> Bool { (value | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isASCIILetterOrDigit(_ value: UInt32) -> Bool { isDigit(value) || isLatin(value) }

    /// An unaccented letter in ASCII or full width.
    @inline(__always)
    static func isAnyWidthLatin(_ value: UInt32) -> Bool {
        isLatin(value) || value &- 0xFF21 < 26 || value &- 0xFF41 < 26
    }

    @inline(__always)
    static func isHiragana(_ value: UInt32) -> Bool { value >= 0x3041 && value <= 0x309F }

    /// Katakana with the long vowel mark and the iteration marks.
    @inline(__always)
    static func isKatakana(_ value: UInt32) -> Bool {
        value >= 0x30A1 && value <= 0x30FF && value != 0x30FB
    }

    @inline(__always)
    static func isKanji(_ value: UInt32) -> Bool {
        (value >= 0x4E00 && value <= 0x9FFF) || value == 0x3005 || value == 0x3007
            || (value >= 0x3400 && value <= 0x4DBF) || (value >= 0xF900 && value <= 0xFAFF)
            || (value >= 0x20000 && value <= 0x323AF)
    }

    @inline(__always)
    static func isKana(_ value: UInt32) -> Bool { isHiragana(value) || isKatakana(value) }

    /// A line break after `CompatibilityFolding`.
    @inline(__always)
    static func isLineBreak(_ value: UInt32) -> Bool { value == 0x0A }

    /// White space other than a line break.
    static func isSpace(_ value: UInt32) -> Bool {
        switch value {
        case 0x09, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000, spaceMark: true
        default: false
        }
    }
}
