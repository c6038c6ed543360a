// SPDX-License-Identifier: Apache-2.0

/// Homes that are told without an address: a building with a room, and streets in Latin letters.
enum Dwelling {
    /// みどり団地3-502, グリーンハイツ202号室: a named building with its room; at `index` the word for it.
    static func room(in values: [UInt32], at index: Int, notBefore floor: Int) -> Range<Int>? {
        guard let word = buildings.end(in: values, at: index) else { return nil }
        var start = index
        while start > floor, index - start < 12, AddressParts.isTownLetter(values[start - 1]) {
            start -= 1
        }
        start = AddressParts.afterWords(in: values, from: start, to: index)
        let stop = values.end(of: AddressParts.isTownLetter, from: word, limit: 8)
        // The name stands before the word for the building or after it.
        let isNamed = index - start >= 2 || stop - word >= 2
        let end =
            AddressParts.building(in: values, roomAfter: stop)
            ?? AddressParts.building(
                in: values, roomAfter: word)
        guard isNamed, let end,
            values[word..<end].count(where: { CharacterClasses.isDigit($0) }) >= 3
        else { return nil }
        return start..<end
    }

    /// サニーコート桜台505号室: a name in katakana and a room, at `index` its 号室.
    static func beforeRoom(in values: [UInt32], at index: Int, notBefore floor: Int) -> Range<Int>?
    {
        guard values.holds([0x53F7, 0x5BA4], at: index) else { return nil }
        var number = index
        while number > floor, index - number < 5, CharacterClasses.isDigit(values[number - 1]) {
            number -= 1
        }
        var start = number
        while start > floor, number - start < 16, AddressParts.isTownLetter(values[start - 1]) {
            start -= 1
        }
        start = AddressParts.afterWords(in: values, from: start, to: number)
        let katakana = values[start..<number].count { CharacterClasses.isKatakana($0) }
        guard (3...4).contains(index - number), katakana >= 3,
            !values[start..<number].contains(0x68DF),
            !(start..<number).contains(where: { wards.end(in: values, at: $0) != nil })
        else { return nil }
        return start..<index + 2
    }

    private static let wards = Phrases(words: "ステーション センター フロア ユニット ナース エリア ベッド ルーム")

    private static let buildings = Phrases(
        words: "団地 住宅 マンション アパート ハイツ コーポ メゾン ハイム レジデンス 社宅 官舎 コーポラス パレス グリーンハイツ サンハイツ")
    /// The scalars with which words for buildings begin.
    static var firsts: some Sequence<UInt32> { buildings.firsts }

    /// `Minato-ku, Tokyo`, `12 Maple Street`: a place in Latin letters, from its first word on.
    static func latin(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard !CharacterClasses.isLatin(values[safe: index - 1] ?? 0), values[index] < 0x5B else {
            return nil
        }
        let word = values.end(of: CharacterClasses.isLatin, from: index, limit: 16)
        guard word - index >= 3, values[safe: word] == 0x2D,
            let end = endings.end(in: values, at: word),
            !CharacterClasses.isLatin(values[safe: end] ?? 0)
        else { return nil }
        // , Sakuramachi 1-2-3, Tokyo
        var last = end
        for _ in 0..<3 {
            let next = values[safe: last] == 0x2C ? last + 1 : last
            guard values[safe: next] == 0x20, let first = values[safe: next + 1] else { break }
            if let house = AddressParts.houseNumber(in: values, at: next + 1) {
                last = house.end
            } else if next > last, (0x41...0x5A).contains(first) {
                last = values.end(of: CharacterClasses.isLatin, from: next + 1, limit: 16)
                if let suffix = endings.end(in: values, at: last) { last = suffix }
            } else {
                break
            }
        }
        return index..<last
    }

    private static let endings = Phrases(words: "-ku -shi -cho -machi -mura -gun -ken")

    /// `12 Maple Street`: a number, capitalised words and a word for a street.
    static func street(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard !CharacterClasses.isDigit(values[safe: index - 1]) else { return nil }
        var next = values.end(of: { CharacterClasses.isDigit($0) }, from: index, limit: 6)
        for count in 0..<4 {
            guard values[safe: next] == 0x20, (0x41...0x5A).contains(values[safe: next + 1] ?? 0)
            else { return nil }
            let end = values.end(of: CharacterClasses.isLatin, from: next + 1, limit: 16)
            if count > 0, streets.end(in: values, at: next + 1) == end { return index..<end }
            next = end
        }
        return nil
    }

    private static let streets = Phrases(
        words: "Street St Avenue Ave Road Rd Boulevard Blvd Lane Ln Drive Court Place Way")
}
