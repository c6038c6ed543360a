// SPDX-License-Identifier: Apache-2.0

/// Names in katakana with a dot between their parts, where an age or a nationality follows:
/// `ジョアン・ペレイラ、32歳`, `ラマ・プラサド（ネパール国籍）`.
enum ForeignName {
    /// The name around the dot at `index`.
    static func around(_ index: Int, in values: [UInt32], notBefore floor: Int) -> Range<Int>? {
        var start = index
        while start > floor, index - start < 24, isPart(values[start - 1]) { start -= 1 }
        let end = values.end(of: isPart, from: index + 1, limit: 24)
        guard index - start >= 2, end - index >= 3, let mark = values[safe: end],
            [0x3001, 0x28, 0x20, 0x2C].contains(mark)
        else { return nil }
        let next = values.afterSpaces(end + 1, limit: 1)
        let digits = values.end(of: { CharacterClasses.isDigit($0) }, from: next, limit: 3)
        if digits > next {
            return [0x6B73, 0x624D].contains(values[safe: digits] ?? 0) ? start..<end : nil
        }
        let country = values.end(of: NameParts.isLetter, from: next, limit: 10)
        let isNational = values[safe: country - 1] == 0x7C4D || values[safe: country - 1] == 0x4EBA
        return mark == 0x28 && country > next + 1 && isNational ? start..<end : nil
    }

    private static func isPart(_ value: UInt32) -> Bool {
        CharacterClasses.isKatakana(value) || value == 0x30FB
    }
}
