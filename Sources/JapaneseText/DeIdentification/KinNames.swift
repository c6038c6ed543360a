// SPDX-License-Identifier: Apache-2.0

/// Names beside words of kinship (`妻（花子）`, `長男：一郎`), after `Dr.`, and names in full.
enum KinNames {
    /// The name after a word of kinship at an index; only names of the lists, for `父：肺癌`.
    static func range(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard let end = kin.end(in: values, at: index) else { return nil }
        var start = values.afterSpaces(end, limit: 1)
        let hasSpace = start > end
        guard let mark = values[safe: start] else { return nil }
        let isMark = [0x28, 0x3A, 0x30FB, 0x306E, 0x300C].contains(mark)
        if isMark { start = values.afterSpaces(start + 1, limit: 1) }
        let stop = NameParts.tokenEnd(values, start, limit: 8)
        guard stop > start else { return nil }
        let isClosed = NameParts.isBoundary(values, stop) || NameParts.isTitle(values, stop)
        if let surname = NameLists.surnameEnds(in: values, at: start).first(where: { $0 <= stop }),
            surname - start > 1, isMark || hasSpace
        {
            return withGiven(in: values, start, surname, stop, isClosed: isClosed)
        }
        // 次女の友美様: between の and a title any two or three kanji are a name.
        if mark == 0x306E, NameParts.isTitle(values, stop), (2...3).contains(stop - start),
            values[start..<stop].allSatisfy(NameParts.isKanji),
            !LabelledNames.hasWordOfOffice(values, start..<stop),
            !NameParts.isOther(values, start, to: stop)
        {
            return start..<stop
        }
        guard NameLists.isGivenName(values, start..<min(stop, start + 4)), stop - start >= 2,
            stop - start <= 4
        else { return nil }
        let isNamed = isMark && mark != 0x306E && NameParts.isBoundary(values, stop)
        return isNamed || NameParts.isTitle(values, stop) || hasSpace && isClosed
            ? start..<stop : nil
    }

    private static func withGiven(
        in values: [UInt32], _ start: Int, _ surname: Int, _ stop: Int, isClosed: Bool
    ) -> Range<Int>? {
        if stop > surname {
            return isClosed && stop - surname <= 3
                && (NameLists.isGivenName(values, surname..<stop)
                    || NameParts.isTitle(values, stop))
                ? start..<stop : nil
        }
        let next = values.afterSpaces(surname, limit: 1)
        let given = NameParts.tokenEnd(values, next, limit: 6)
        if next > surname, given > next,
            NameLists.isGivenName(values, next..<min(given, next + 4))
                || NameParts.isTitle(values, given)
                    && given - next <= 3
        {
            return start..<given
        }
        return isClosed ? start..<stop : nil
    }

    static let kin = Phrases(
        words: """
            長男 次男 二男 三男 四男 長女 次女 二女 三女 四女 夫 妻 父 母 父親 母親 祖父 祖母 兄 弟 姉 妹 娘 息子 孫 嫁 義母 義父 義兄 義弟 義姉 義妹 叔父 叔母 伯父 伯母 配偶者 内縁の妻 内縁の夫 友人 知人 長男嫁 長女夫 甥 姪 従兄 従姉 長兄 次兄 長姉 実母 実父 実兄 実弟 実姉 実妹 第一子 第二子 第1子 第2子
            """)

    /// The name after `Dr.` or `Dr`: a common surname, or Latin letters that read as Japanese.
    static func afterDoctor(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard let end = doctors.end(in: values, at: index),
            !CharacterClasses.isLatin(values[safe: index - 1] ?? 0)
        else { return nil }
        let start = values.afterSpaces(end, limit: 1)
        guard let first = values[safe: start] else { return nil }
        if CharacterClasses.isLatin(first) {
            guard start > end || values[end - 1] == 0x2E else { return nil }
            return RomanName.range(in: values, at: start, isSure: false)
        }
        let stop = NameParts.tokenEnd(values, start, limit: 8)
        guard
            let surname = NameLists.surnameEnds(in: values, at: start).first(where: { $0 <= stop }),
            stop == surname
                || stop - surname <= 3
                    && NameLists.isGivenName(values, surname..<stop)
        else { return nil }
        return start..<stop
    }

    private static let doctors = Phrases(words: "Dr. Dr DR. DR Dr: Dr.: ドクター")
    /// The scalars with which words for doctor begin.
    static var doctorFirsts: some Sequence<UInt32> { doctors.firsts }

    /// A name in full, surname and given name both common, that stands alone: `山田花子`.
    static func inFull(in values: [UInt32], at index: Int) -> Range<Int>? {
        if let before = values[safe: index - 1],
            NameParts.isKanji(before) || CharacterClasses.isKatakana(before)
        {
            return nil
        }
        for surname in NameLists.surnameEnds(in: values, at: index) where surname - index >= 2 {
            let space = values.afterSpaces(surname, limit: 1)
            for start in space == surname ? [surname] : [space] {
                for end in NameLists.givenNameEnds(in: values, at: start)
                where end - start >= 2 && isFullStop(values, end) {
                    return index..<end
                }
            }
        }
        return nil
    }

    private static func isFullStop(_ values: [UInt32], _ end: Int) -> Bool {
        guard let after = values[safe: end] else { return true }
        return !NameParts.isKanji(after) && !CharacterClasses.isKatakana(after)
            || NameParts.isTitle(values, end)
    }
}
