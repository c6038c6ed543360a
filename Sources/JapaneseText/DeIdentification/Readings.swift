// SPDX-License-Identifier: Apache-2.0

/// Names by how they are read: in katakana, hiragana or Latin letters.
enum Readings {
    /// Whether kana are the reading of a surname of the list.
    static func isSurname(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        kanaKey(values, range).map(surnames.contains) ?? false
    }

    /// Whether kana are the reading of a given name of the list.
    static func isGivenName(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        kanaKey(values, range).map(givenNames.contains) ?? false
    }

    /// Whether kana are the readings of a surname and a given name of the lists, without a space: タナカイチロウ.
    static func isFullName(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        guard (4...15).contains(range.count) else { return false }
        return (range.lowerBound + 2..<range.upperBound - 1).contains { split in
            isSurname(values, range.lowerBound..<split)
                && isGivenName(values, split..<range.upperBound)
        }
    }

    /// Whether a Latin word is a surname of the list: `Sato`, `Satoh`, `SATOU`.
    static func isLatinSurname(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        latinKey(values, range).map(latinSurnames.contains) ?? false
    }

    /// Whether a Latin word is a given name of the list.
    static func isLatinGivenName(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        latinKey(values, range).map(latinGivenNames.contains) ?? false
    }

    /// The kana with which surnames begin, in katakana and hiragana.
    static let firsts: Set<UInt32> = {
        let katakana = Set(
            NameReadings.surnames.scalarWords.compactMap(\.first))
        return katakana.union(katakana.map { $0 - 0x60 })
    }()

    // MARK: Keys

    /// Up to nine kana as one number, hiragana as katakana.
    private static func kanaKey(_ values: [UInt32], _ range: Range<Int>) -> UInt64? {
        guard (2...9).contains(range.count), range.lowerBound >= 0,
            range.upperBound <= values.count
        else { return nil }
        var key: UInt64 = 0
        for value in values[range] {
            let katakana = (0x3041...0x3096).contains(value) ? value + 0x60 : value
            guard (0x30A1...0x30FF).contains(katakana) else { return nil }
            key = key << 7 | UInt64(katakana - 0x30A0)
        }
        return key
    }

    /// Up to twelve letters as one number, whatever their case.
    private static func latinKey(_ values: [UInt32], _ range: Range<Int>) -> UInt64? {
        guard (3...12).contains(range.count), range.upperBound <= values.count else { return nil }
        var key: UInt64 = 0
        for value in values[range] {
            guard CharacterClasses.isLatin(value) else { return nil }
            key = key << 5 | UInt64((value | 0x20) - 0x60)
        }
        return key
    }

    private static func kanaKeys(_ words: String) -> Set<UInt64> {
        Set(
            words.scalarWords.compactMap { kanaKey($0, $0.indices) })
    }

    private static func latinKeys(_ words: String) -> Set<UInt64> {
        Set(
            words.scalarWords.flatMap { word in
                Romanization.forms(of: word).compactMap {
                    latinKey($0, $0.indices)
                }
            })
    }

    private static let surnames = kanaKeys(NameReadings.surnames)
    private static let givenNames = kanaKeys(NameReadings.givenNames)
    private static let latinSurnames = latinKeys(NameReadings.surnames)
    private static let latinGivenNames = latinKeys(NameReadings.givenNames)
}

/// Kana in the Latin letters of passports.
enum Romanization {
    /// The usual ways to write a name: long vowels left out (`Sato`), with u (`Satou`), with h (`Satoh`).
    static func forms(of kana: [UInt32]) -> [[UInt32]] {
        let letters = letters(of: kana)
        var short: [UInt32] = []
        for letter in letters {
            let before = short.last
            // ou, oo and uu: the second letter only makes the vowel long.
            if letter == 0x75, before == 0x6F || before == 0x75 { continue }
            if letter == 0x6F, before == 0x6F { continue }
            short.append(letter)
        }
        var forms = [short]
        if letters != short { forms.append(letters) }
        if short.last == 0x6F, letters.last == 0x75 { forms.append(short + [0x68]) }
        return forms
    }

    private static func letters(of kana: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var doubles = false
        for value in kana {
            if value == 0x30C3 {  // ッ
                doubles = true
                continue
            }
            if let vowel = small[value], let last = result.last, last == 0x69 {
                // キャ is kya, シャ sha, ジャ ja.
                result.removeLast()
                let before = result.last
                let isSibilant =
                    before == 0x6A
                    || before == 0x68 && result.count > 1
                        && [0x73, 0x63].contains(result[result.count - 2])
                result += isSibilant ? [vowel] : [0x79, vowel]
                continue
            }
            guard let syllable = syllables[value] else { continue }
            if doubles, let first = syllable.first {
                result.append(first == 0x63 ? 0x74 : first)
            }
            doubles = false
            result += syllable
        }
        return result
    }

    /// ャュョ
    private static let small: [UInt32: UInt32] = [0x30E3: 0x61, 0x30E5: 0x75, 0x30E7: 0x6F]

    private static let syllables: [UInt32: [UInt32]] = {
        let rows = """
            アa イi ウu エe オo カka キki クku ケke コko ガga ギgi グgu ゲge ゴgo サsa シshi スsu セse ソso
            ザza ジji ズzu ゼze ゾzo タta チchi ツtsu テte トto ダda ヂji ヅzu デde ドdo ナna ニni ヌnu ネne ノno
            ハha ヒhi フfu ヘhe ホho バba ビbi ブbu ベbe ボbo パpa ピpi プpu ペpe ポpo マma ミmi ムmu メme モmo
            ヤya ユyu ヨyo ラra リri ルru レre ロro ワwa ヲo ンn
            """
        var table: [UInt32: [UInt32]] = [:]
        for word in rows.split(whereSeparator: \.isWhitespace) {
            let values = word.unicodeScalars.map(\.value)
            if let kana = values.first { table[kana] = Array(values.dropFirst()) }
        }
        return table
    }()
}
