// SPDX-License-Identifier: Apache-2.0

/// Names in Latin letters after `Name:`, `Dr.` and the like.
enum RomanName {
    /// Up to three words with a capital each: `Yamada Taro`, `SUZUKI, HANAKO`, `TANAKA^JIRO`.
    ///
    /// Unless the label is sure of a name, the first word must be built like a Japanese one.
    static func range(in values: [UInt32], at start: Int, isSure: Bool) -> Range<Int>? {
        var index = start
        var end: Int?
        for part in 0..<3 {
            let stop = values.end(of: isNameLetter, from: index, limit: 20)
            guard stop > index, CharacterClasses.isLatin(values[index]), values[index] < 0x5B,
                !CharacterClasses.isDigit(values[safe: stop])
            else { break }
            if words.end(in: values, at: index) == stop { break }
            if stop - index == 1, part == 0 { break }
            // XX and the like stand for a name that was left out.
            if values[index..<stop].allSatisfy({ $0 == values[index] }), part == 0 { break }
            if part == 0, !isSure, !isJapanese(values[index..<stop]) { return nil }
            end = stop
            index = stop
            if values[safe: index] == 0x2E, stop - start <= 2 { index += 1 }
            if values[safe: index] == 0x2C || values[safe: index] == 0x5E { index += 1 }
            if values[safe: index] == 0x20 { index += 1 }
            if index == stop { break }
        }
        return end.map { start..<$0 }
    }

    private static func isNameLetter(_ value: UInt32) -> Bool {
        CharacterClasses.isLatin(value) || value == 0x27 || value == 0x2D
    }

    private static let words = Phrases(
        words: """
            Age AGE Sex SEX ID DOB MRN Date DATE Birth Male Female MALE FEMALE Male, M F Room Ward Dept TEL FAX Phone Address Call CALL Car Heli Stop Gender Unknown UNKNOWN None N/A NA CT MRI PET US XP
            Patient PATIENT Name NAME Study Hospital Dr MD Ns
            """)

    /// Whether a word is a chain of the syllables that Japanese is written with.
    private static func isJapanese(_ word: ArraySlice<UInt32>) -> Bool {
        let letters = word.map { $0 | 0x20 }
        guard letters.count >= 3 else { return false }
        var index = 0
        var syllables = 0
        while index < letters.count {
            var consonants = 0
            while index < letters.count, !vowels.contains(letters[index]) {
                guard isJapaneseConsonant(letters[index]) else { return false }
                consonants += 1
                index += 1
            }
            let isFinal = index == letters.count
            if isFinal {
                return consonants == 0
                    || consonants == 1 && [0x6E, 0x68].contains(letters[index - 1])
            }
            guard consonants <= 3 else { return false }
            syllables += 1
            index += 1
        }
        return syllables >= 2
    }

    private static let vowels: Set<UInt32> = [0x61, 0x69, 0x75, 0x65, 0x6F]
    private static func isJapaneseConsonant(_ value: UInt32) -> Bool {
        ![0x6C, 0x71, 0x76, 0x78].contains(value)  // l q v x
    }
}
