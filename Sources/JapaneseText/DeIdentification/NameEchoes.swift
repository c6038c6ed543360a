// SPDX-License-Identifier: Apache-2.0

/// The names that a text has given away once, wherever else it has them: `山田花子様 … 山田花子は`.
enum NameEchoes {
    private static let mostNames = 64

    /// Other places of the names found; a name stands there if no letter joins it to a word.
    static func matches(
        of found: [PersonalInformationMatch], in values: [UInt32]
    ) -> [PersonalInformationMatch] {
        let names = names(of: found, in: values)
        if names.isEmpty { return [] }
        let byFirst = Dictionary(grouping: names) { $0[0] }
        var result: [PersonalInformationMatch] = []
        for index in values.indices {
            guard let candidates = byFirst[values[index]] else { continue }
            for name in candidates
            where values.holds(name, at: index) && isFree(values, index..<index + name.count) {
                result.append(
                    PersonalInformationMatch(kind: .name, range: index..<index + name.count))
                break
            }
        }
        return result
    }

    /// The names, their parts and their parts joined, the longest first; one kanji is no name by itself.
    private static func names(
        of found: [PersonalInformationMatch], in values: [UInt32]
    ) -> [[UInt32]] {
        var names: Set<[UInt32]> = []
        for match in found where match.kind == .name && names.count < mostNames {
            let name = Array(values[match.range])
            var parts = name.split(whereSeparator: CharacterClasses.isSpace).map(Array.init)
            if parts.count == 1, name.count >= 4,
                let surname = NameLists.surnameEnds(in: name, at: 0).first(where: {
                    $0 < name.count
                })
            {
                parts += [Array(name[..<surname]), Array(name[surname...])]
            }
            for part in parts + [name, parts.flatMap(\.self)]
            where part.count >= (CharacterClasses.isKanji(part[0]) ? 2 : 3)
                && !part.contains(where: CharacterClasses.isLatin)
            {
                names.insert(part)
            }
        }
        return names.sorted { $0.count > $1.count }
    }

    /// Whether no kanji or kana of the same writing join the name to a word: not 橋本病.
    private static func isFree(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        let before = values[safe: range.lowerBound - 1] ?? 0x0A
        let after = values[safe: range.upperBound] ?? 0x0A
        if NameParts.isKanji(before) || CharacterClasses.isKatakana(before)
            || NameParts.isKanji(after) || CharacterClasses.isKatakana(after)
        {
            return false
        }
        // Kana go on in kana: ひかりは is a name, ひかりました is none.
        let last = values[range.upperBound - 1]
        return !CharacterClasses.isHiragana(last)
            || !CharacterClasses.isHiragana(before)
                && !CharacterClasses.isHiragana(after)
    }
}
