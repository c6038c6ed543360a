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
            if stop - index == 1, part == 0 {
                return afterInitial(in: values, at: start, isSure: isSure)
            }
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

    /// `T. Kuwabara`: an initial and a surname.
    private static func afterInitial(
        in values: [UInt32], at start: Int, isSure: Bool
    ) -> Range<Int>? {
        guard values[safe: start + 1] == 0x2E else { return nil }
        let word = values.afterSpaces(start + 2, limit: 1)
        let end = values.end(of: isNameLetter, from: word, limit: 20)
        guard end - word >= 3, values[word] < 0x5B, words.end(in: values, at: word) != end,
            isSure || isJapanese(values[word..<end])
        else { return nil }
        return start..<end
    }

    /// `Ms. Okabe`, `Mr. John Smith`: the name behind an honorific.
    static func honoured(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard !CharacterClasses.isLatin(values[safe: index - 1] ?? 0),
            let end = honorifics.end(in: values, at: index),
            !CharacterClasses.isLatin(values[safe: end] ?? 0)
        else { return nil }
        var start = end
        if values[safe: start] == 0x2E { start += 1 }
        start = values.afterSpaces(start, limit: 1)
        guard start > end, let first = values[safe: start], (0x41...0x5A).contains(first),
            let second = values[safe: start + 1], CharacterClasses.isLatin(second)
        else {
            // Mr. 田中
            let stop = NameParts.tokenEnd(values, start, limit: 8)
            let isName =
                start > end
                && (NameLists.isLikeSurname(values, start..<stop)
                    || NameLists.surnameEnds(in: values, at: start).contains { $0 <= stop })
            return isName ? start..<stop : nil
        }
        return range(in: values, at: start, isSure: true)
    }

    /// `Tanaka-san`: a Latin word before a Japanese title.
    static func suffixed(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard !CharacterClasses.isLatin(values[safe: start - 1] ?? 0) else { return nil }
        let end = values.end(of: CharacterClasses.isLatin, from: start, limit: 16)
        guard end - start >= 3, let after = suffixes.end(in: values, at: end),
            !CharacterClasses.isLatin(values[safe: after] ?? 0)
        else { return nil }
        return start..<end
    }

    private static let suffixes = Phrases(words: "-san -sama -sensei -kun -chan -dono")
    private static let honorifics = Phrases(words: "Mr Ms Mrs Miss Prof Professor")

    /// A name in running text: `Hanako Suzuki`, `SUZUKI Hanako`, `H. Suzuki`; both parts of the lists.
    static func inFull(in values: [UInt32], at start: Int) -> Range<Int>? {
        guard !CharacterClasses.isLatin(values[safe: start - 1] ?? 0) else { return nil }
        let first = values.end(of: CharacterClasses.isLatin, from: start, limit: 13)
        var next = first
        if first - start == 1 {
            guard values[safe: next] == 0x2E else { return nil }
            next += 1
        } else if values[safe: next] == 0x2C {
            next += 1
        }
        if values[safe: next] == 0x20 { next += 1 }
        guard next > first, let letter = values[safe: next], letter < 0x5B else { return nil }
        let last = values.end(of: CharacterClasses.isLatin, from: next, limit: 13)
        guard last - next >= 3 else { return nil }
        if first - start == 1 {
            return last - next >= 4 && Readings.isLatinSurname(values, next..<last)
                ? start..<last : nil
        }
        let isName =
            Readings.isLatinSurname(values, start..<first)
            && Readings.isLatinGivenName(values, next..<last)
            || Readings.isLatinGivenName(values, start..<first)
                && Readings.isLatinSurname(values, next..<last)
        return isName ? start..<last : nil
    }

    /// The name in Latin letters before a title: `Smithさん`, `John Smith氏`, `Tanaka様`.
    static func before(
        _ title: TitledNames.Title, in values: [UInt32], endingAt end: Int, notBefore floor: Int
    ) -> Range<Int>? {
        func wordStart(_ end: Int) -> Int {
            var start = end
            while start > floor, end - start < 16, isNameLetter(values[start - 1]) { start -= 1 }
            return start
        }
        let start = wordStart(end)
        guard end - start >= 3, values[start] < 0x5B,
            CharacterClasses.isLatin(values[start]),
            words.end(in: values, at: start) != end,
            !CharacterClasses.isDigit(values[safe: start - 1] ?? 0)
        else { return nil }
        let isCapitalised = values[start + 1] > 0x60
        let isRead = Readings.isLatinSurname(values, start..<end)
        switch title {
        // Langhans様 and Kaposi様 are findings; RN and MSW are professions.
        case .formal, .profession, .signature, .household:
            guard isRead || start - 1 > floor && values[start - 1] == 0x20 && isCapitalised else {
                return nil
            }
        case .familiar, .written, .teacher: guard isCapitalised || isRead else { return nil }
        }
        // John Smith, Nguyen Van Thanh
        var name = start
        for _ in 0..<3 {
            guard name - 1 > floor, values[name - 1] == 0x20 else { break }
            let first = wordStart(name - 1)
            guard name - 1 - first >= 2, values[first] < 0x5B,
                CharacterClasses.isLatin(values[first]),
                words.end(in: values, at: first) != name - 1,
                values[first + 1] > 0x60 || Readings.isLatinSurname(values, first..<name - 1)
            else { break }
            name = first
        }
        let needsMore = !isRead && (title == .formal || title == .profession)
        return needsMore && name == start ? nil : name..<end
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
