// SPDX-License-Identifier: Apache-2.0

/// Names beside words of kinship (`妻（花子）`, `長男：一郎`), after `Dr.`, and names in full.
enum KinNames {
    /// The name after a word of kinship at an index; only names of the lists, for `父：肺癌`.
    static func range(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard let end = kin.end(in: values, at: index) else { return nil }
        var start = values.afterSpaces(end, limit: 1)
        let hasSpace = start > end
        guard let mark = values[safe: start] else { return nil }
        // 母恵、, 妻千佳が
        if start == end, !NameParts.isLetter(values[safe: index - 1] ?? 0x0A),
            let given = plain(in: values, at: end)
        {
            return given
        }
        let isMark = [0x28, 0x3A, 0x30FB, 0x306E, 0x300C].contains(mark)
        if isMark { start = values.afterSpaces(start + 1, limit: 1) }
        // 父：故・嘉一
        if isMark, values[safe: start] == 0x6545, [0x30FB, 0x20].contains(values[safe: start + 1]) {
            start += 2
        }
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
        if isMark || hasSpace, NameLists.isLikeSurname(values, start..<stop),
            !UnlistedNames.isNobody(values, start..<stop)
        {
            // 次男 桐生 俊樹
            let next = values.afterSpaces(stop, limit: 1)
            let given = NameParts.tokenEnd(values, next, limit: 6)
            if next > stop, given > next, NameLists.isLikeGivenName(values, next..<given),
                NameParts.isBoundary(values, given) || NameParts.isTitle(values, given)
                    || CharacterClasses.isHiragana(values[given])
            {
                return start..<given
            }
        }
        // 娘（えつ子）
        if isMark, mark != 0x306E, (2...4).contains(stop - start),
            NameParts.isBoundary(values, stop),
            UnlistedNames.isKanaWithEnding(values, start..<stop)
        {
            return start..<stop
        }
        // 母・清川ヨシ子（72）
        if let full = LoneSurname.mixed(in: values, at: start), isMark || hasSpace { return full }
        // 妻（ハナ）, 娘・ヨシエ
        if isMark, mark != 0x306E, Readings.isGivenName(values, start..<stop),
            NameParts.isBoundary(values, stop)
        {
            return start..<stop
        }
        // 長男（亮）
        if mark == 0x28, stop - start == 1, values[safe: stop] == 0x29,
            NameLists.isGivenName(values, start..<stop), !conditions.contains(values[start])
        {
            return start..<stop
        }
        guard NameLists.isGivenName(values, start..<min(stop, start + 4)), stop - start >= 2,
            stop - start <= 4
        else { return nil }
        let isNamed =
            isMark
            && (NameParts.isBoundary(values, stop)
                || CharacterClasses.isHiragana(values[safe: stop] ?? 0))
        guard isNamed || NameParts.isTitle(values, stop) || hasSpace && isClosed else { return nil }
        // 長男夫婦（哲平・沙也加）
        if values[safe: stop] == 0x30FB {
            let second = NameParts.tokenEnd(values, stop + 1, limit: 6)
            if second > stop + 2, NameLists.isGivenName(values, stop + 1..<second) {
                return start..<second
            }
        }
        return start..<stop
    }

    /// A given name right after a word of kinship; one kanji only before a comma.
    private static func plain(in values: [UInt32], at start: Int) -> Range<Int>? {
        // 義母トシ（要介護4）
        let kana = values.end(of: CharacterClasses.isKatakana, from: start, limit: 5)
        if (2...4).contains(kana - start),
            NameLists.isGivenName(values, start..<kana)
                || Readings.isGivenName(values, start..<kana),
            let after = values[safe: kana], [0x3001, 0x28, 0x304C, 0x306F].contains(after)
        {
            return start..<kana
        }
        let stop = values.end(of: NameParts.isKanji, from: start, limit: 4)
        guard (1...3).contains(stop - start), NameLists.isGivenName(values, start..<stop),
            let after = values[safe: stop]
        else { return nil }
        let isNamed =
            after == 0x3001 || after == 0x28
            || stop - start >= 2 && [0x304C, 0x306F, 0x306B, 0x3078, 0x3068].contains(after)
        return isNamed ? start..<stop : nil
    }

    /// 健元正保治要進重…: what relatives are, as well as names.
    private static let conditions = Set("健元正保治要進重純光通充実良優明新亡存死病無有肇始".unicodeScalars.map(\.value))

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
                || NameLists.isLikeGivenName(values, next..<given)
                || NameParts.isTitle(values, given)
                    && given - next <= 3
        {
            return start..<given
        }
        return isClosed ? start..<stop : nil
    }

    static let kin = Phrases(
        words: """
            長男 次男 二男 三男 四男 長女 次女 二女 三女 四女 夫 妻 父 母 父親 母親 祖父 祖母 兄 弟 姉 妹 娘 息子 孫 嫁 義母 義父 義兄 義弟 義姉 義妹 叔父 叔母 伯父 伯母 配偶者 内縁の妻 内縁の夫 友人 知人 長男嫁 長女夫 甥 姪 従兄 従姉 長兄 次兄 長姉 実母 実父 実兄 実弟 実姉 実妹 第一子 第二子 第1子 第2子 第三子 第3子 五男 五女 六男 六女 元妻 元夫 前妻 前夫 後妻 婿 娘婿 養子 養女 養父 養母 継母 継父 姪 従弟 従妹 いとこ 婚約者 パートナー 内妻 同居人 ひ孫 曾孫 曾祖母 曾祖父 実子 患児 児 長男夫婦 長女夫婦 次男夫婦 次女夫婦 息子夫婦 娘夫婦 孫夫婦 兄夫婦 姉夫婦 弟夫婦 妹夫婦 両親 子供 子ども お子さん 兄弟 姉妹 きょうだい 新生児 双胎第1子 双胎第2子 母方祖母 母方祖父 父方祖母 父方祖父
            """)

    /// Whether a word of kinship ends at an index.
    static func endsKin(_ values: [UInt32], at index: Int) -> Bool {
        (1...4).contains { length in
            index >= length && kin.end(in: values, at: index - length) == index
        }
    }

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
    static func inFull(in values: [UInt32], at index: Int, ends: [Int]) -> Range<Int>? {
        if let before = values[safe: index - 1],
            NameParts.isKanji(before) || CharacterClasses.isKatakana(before)
        {
            return persons.contains(before) ? listed(in: values, at: index) : nil
        }
        for surname in ends where surname - index >= 2 {
            let space = values.afterSpaces(surname, limit: 1)
            for start in space == surname ? [surname] : [space] {
                for end in NameLists.givenNameEnds(in: values, at: start)
                where end - start >= 2 && isFullStop(values, end) {
                    return index..<end
                }
            }
            // 岡崎 暁臣, 岡崎暁臣: a given name of no list, as long as given names are.
            let end = values.end(of: NameParts.isKanji, from: space, limit: 5)
            if end - space == 2 || space > surname && end - space == 3,
                NameLists.isLikeGivenName(values, space..<end), isFullStop(values, end),
                !NameParts.isOther(values, space, to: end)
            {
                return index..<end
            }
        }
        return unlisted(in: values, at: index) ?? withAge(in: values, at: index, ends: ends)
            ?? inBrackets(values, at: index)
    }

    /// 内海徹、68歳男性: a name that an age follows.
    private static func withAge(
        in values: [UInt32], at index: Int, ends: [Int]
    ) -> Range<Int>? {
        let end = values.end(of: NameParts.isKanji, from: index, limit: 7)
        guard (3...6).contains(end - index),
            let surname = ends.first(where: { $0 < end }), surname - index >= 2, end - surname <= 3,
            !LabelledNames.hasWordOfOffice(values, surname..<end)
                || NameLists.isGivenName(values, surname..<end),
            let mark = values[safe: end], [0x3001, 0x28, 0x20, 0x2C].contains(mark)
        else { return nil }
        let number = values.afterSpaces(end + 1, limit: 1)
        let age = values.end(of: { CharacterClasses.isDigit($0) }, from: number, limit: 3)
        return age > number && [0x6B73, 0x624D].contains(values[safe: age] ?? 0)
            ? index..<end : nil
    }

    /// （早乙女ジョン）: a surname and katakana, alone between brackets.
    private static func inBrackets(_ values: [UInt32], at index: Int) -> Range<Int>? {
        guard values[safe: index - 1] == 0x28,
            let surname = NameLists.surnameEnds(in: values, at: index).first, surname - index >= 2
        else { return nil }
        let end = values.end(of: CharacterClasses.isKatakana, from: surname, limit: 8)
        return (2...7).contains(end - surname) && values[safe: end] == 0x29 ? index..<end : nil
    }

    /// 桐生 誠一郎, 桐生誠一郎: a surname of no list before a given name of the list.
    private static func unlisted(in values: [UInt32], at index: Int) -> Range<Int>? {
        let run = values.end(of: NameParts.isKanji, from: index, limit: 6)
        for length in 2...3 where run - index >= length {
            let surname = index..<index + length
            let hasSpace = run == surname.upperBound && values[safe: run] == 0x20
            let start = hasSpace ? run + 1 : surname.upperBound
            let end = hasSpace ? values.end(of: NameParts.isKanji, from: start, limit: 5) : run
            guard (2...4).contains(end - start), NameLists.isGivenName(values, start..<end),
                hasSpace || end - start >= 3 || givenEndings.contains(values[end - 1]),
                isFullStop(values, end), NameLists.isLikeSurname(values, surname),
                !UnlistedNames.isNobody(values, surname)
            else { continue }
            return index..<end
        }
        return nil
    }

    /// 子郎美夫男雄江代之彦樹介輔恵太
    private static let givenEndings = Set("子郎美夫男雄江代之彦樹介輔恵太".unicodeScalars.map(\.value))

    /// ヤマダ タロウ, やまだ はなこ: surname and given name by their readings.
    static func reading(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard !CharacterClasses.isKana(values[safe: index - 1] ?? 0) else { return nil }
        let isSame =
            CharacterClasses.isKatakana(values[index])
            ? CharacterClasses.isKatakana : CharacterClasses.isHiragana
        let surname = values.end(of: isSame, from: index, limit: 8)
        guard surname - index >= 3, values[safe: surname] == 0x20,
            Readings.isSurname(values, index..<surname)
        else { return nil }
        let end = values.end(of: isSame, from: surname + 1, limit: 8)
        return Readings.isGivenName(values, surname + 1..<end) ? index..<end : nil
    }

    /// 患者|田中太郎は, 看護師|佐藤花子: surname and given name both of the lists.
    private static func listed(in values: [UInt32], at index: Int) -> Range<Int>? {
        for surname in NameLists.surnameEnds(in: values, at: index) where surname - index >= 2 {
            for end in NameLists.givenNameEnds(in: values, at: surname)
            where end - surname >= 2 && isFullStop(values, end) {
                return index..<end
            }
        }
        return nil
    }

    /// 者師医人児夫妻父母男女娘員士名長
    private static let persons = Set("者師医人児夫妻父母男女娘員士名長".unicodeScalars.map(\.value))

    private static func isFullStop(_ values: [UInt32], _ end: Int) -> Bool {
        guard let after = values[safe: end] else { return true }
        return !NameParts.isKanji(after) && !CharacterClasses.isKatakana(after)
            || NameParts.isTitle(values, end)
    }
}
