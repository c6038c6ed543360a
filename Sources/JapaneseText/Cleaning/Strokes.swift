// SPDX-License-Identifier: Apache-2.0

/// Rule `strokes`: one form each for hyphens, the long vowel mark (chōonpu) and tildes.
///
/// Hyphens and minus signs are one: both are one byte pair of Shift_JIS (817C), so no text can be
/// trusted to tell them apart. The long vowel mark and the dashes typed in its place are told apart by
/// what stands before: after kana it is the long vowel, elsewhere a hyphen or minus: `腹痛（ー）` and
/// `１ー２日` are as common as `コントロ―ル`. A hyphen after kana stays one, for `チアノーゼ－` is a
/// negation.
///
/// In version 2 a dash is a long vowel only alone and after katakana: `痛み──夜間に強い` and `あり―軽度` hold
/// dashes.
struct Strokes {
    private static let longVowelMark: UInt32 = 0x30FC
    private static let hyphen: UInt32 = 0x2D
    private static let tilde: UInt32 = 0x7E

    let version: CleaningVersion

    func unify(in scalars: inout MappedScalars) {
        // From left to right, so that each sees what has become of the one before it.
        scalars.withValues { values in
            for index in values.indices {
                let value = values[index]
                if value < 0x2D7 || value &- 0x3031 <= 0x30FB - 0x3031
                    || value &- 0x30FD < 0xFE00 - 0x30FD
                {
                    continue
                }
                if let form = form(of: value, in: values, at: index) { values[index] = form }
            }
        }
    }

    @inline(__always)
    private func form(
        of value: UInt32, in values: UnsafeMutableBufferPointer<UInt32>, at index: Int
    ) -> UInt32? {
        if value == Self.longVowelMark {
            let isLong = index > 0 && CharacterClasses.isKana(values[index - 1])
            return isLong ? value : Self.hyphen
        }
        if Self.isDash(value) {
            return isLongVowel(values, at: index) ? Self.longVowelMark : Self.hyphen
        }
        switch value {
        case 0x2D7, 0x58A, 0x2010...0x2013, 0x2043, 0x207B, 0x208B, 0x2212, 0x2796, 0xFE63:
            return Self.hyphen
        case 0x223C, 0x223E, 0x301C, 0x3030, 0x2053, 0x2DC: return Self.tilde
        default: return nil
        }
    }

    /// Whether a dash has been typed for the long vowel mark.
    private func isLongVowel(_ values: UnsafeMutableBufferPointer<UInt32>, at index: Int) -> Bool {
        guard index > 0 else { return false }
        let before = values[index - 1]
        if version == .first { return CharacterClasses.isKana(before) }
        // A dash further left has become a hyphen, or is the only one.
        let isAlone = index + 1 == values.count || !Self.isDash(values[index + 1])
        return isAlone && values[index] < 0x2E3A && CharacterClasses.isKatakana(before)
    }

    /// Em dash, horizontal bar, the box drawing lines, and dashes of two and three em.
    @inline(__always)
    private static func isDash(_ value: UInt32) -> Bool {
        switch value {
        case 0x2014, 0x2015, 0x2500, 0x2501, 0x2E3A, 0x2E3B: true
        default: false
        }
    }
}
