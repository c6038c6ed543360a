// SPDX-License-Identifier: Apache-2.0

/// Rule `repeats`: needless repeats of a character are shortened.
///
/// Digits and kanji never count as needless, nor marks that stand for words (`●●病院`), nest (`))`) or
/// grade (`+++`), nor white space, which is the next rule's. Of line breaks two stay in a row. The
/// profiles differ in the rest: training text keeps three letters or kana and one of anything else, as
/// the paper asks for; a record keeps all letters and up to three of anything else.
///
/// In version 2 arrows, `±` and `*` are grades, too, in records.
struct Repeats {
    let profile: TextCleaner.Profile
    let version: CleaningVersion

    func shorten(in scalars: inout MappedScalars) {
        var written = 0
        var last: UInt32?
        var runLength = 0
        for read in 0..<scalars.count {
            let value = scalars.values[read]
            guard value == last else {
                last = value
                runLength = 1
                if read != written { scalars.move(read, to: written) }
                written += 1
                continue
            }
            if runLength >= longestRun(of: value) {
                // The dropped repeat belongs to the characters that stay.
                scalars.extend(written - 1, to: scalars.ends[read])
            } else {
                runLength += 1
                if read != written { scalars.move(read, to: written) }
                written += 1
            }
        }
        scalars.truncate(to: written)
    }

    /// How often a character may stand in a row.
    private func longestRun(of value: UInt32) -> Int {
        if CharacterClasses.isKanji(value) || CharacterClasses.isDigit(value)
            || CharacterClasses.isSpace(value)
        {
            return .max
        }
        if CharacterClasses.isLineBreak(value) { return 2 }
        let isLetter = CharacterClasses.isLatin(value) || isKanaLetter(value)
        switch profile {
        case .documents: return isLetter || standsForWords(value) || isGrade(value) ? .max : 3
        case .training: return isLetter ? 3 : standsForWords(value) ? .max : 1
        }
    }

    private func isKanaLetter(_ value: UInt32) -> Bool {
        CharacterClasses.isKana(value) && value != 0x30FC
    }

    private func standsForWords(_ value: UInt32) -> Bool {
        switch value {
        case 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D, 0x3008...0x3011, 0x3014...0x301B: true  // brackets
        case 0x2B: true
        case 0x25A0...0x25FF, 0x3007, 0x3013, 0xD7, 0x203B: true  // masks
        case 0x80..<0x2000, 0x3400...: Unicode.Scalar(value)?.properties.isAlphabetic ?? false
        default: false
        }
    }

    private func isGrade(_ value: UInt32) -> Bool {
        guard version >= .second else { return false }
        switch value {
        case 0x2A, 0xB1, 0x2190...0x2199, 0x2605, 0x2606: return true  // *±arrows★☆
        default: return false
        }
    }
}
