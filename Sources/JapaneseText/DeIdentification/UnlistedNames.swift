// SPDX-License-Identifier: Apache-2.0

/// Names of no list before a title, by how they are built: `桐生さん`, `ヨシムラ ハルさん`, `Smith氏`.
enum UnlistedNames {
    /// The name at the end of a run of letters, which a title follows; nothing before `floor` is looked at.
    static func before(
        _ title: TitledNames.Title, in values: [UInt32], _ run: Range<Int>, notBefore floor: Int,
        titleEnd: Int
    ) -> Range<Int>? {
        let last = values[run.upperBound - 1]
        if CharacterClasses.isKatakana(last) {
            return katakana(title, in: values, run, notBefore: floor, titleEnd: titleEnd)
        }
        if CharacterClasses.isHiragana(last) {
            return hiragana(title, in: values, run, notBefore: floor)
        }
        return kanji(title, in: values, run, notBefore: floor, titleEnd: titleEnd)
    }

    // MARK: Kanji

    private static func kanji(
        _ title: TitledNames.Title, in values: [UInt32], _ run: Range<Int>, notBefore floor: Int,
        titleEnd: Int
    ) -> Range<Int>? {
        let end = run.upperBound
        var start = end
        while start > run.lowerBound, NameParts.isKanji(values[start - 1]) { start -= 1 }
        if let name = withHiragana(in: values, run, kanji: start) { return name }
        if end - start == 1, let name = spacedOut(in: values, endingAt: end, notBefore: floor) {
            return name
        }
        // 桐生 誠一郎様
        if NameLists.isLikeGivenName(values, start..<end), start == run.lowerBound,
            let surname = surname(in: values, endingBefore: start, notBefore: floor)
        {
            return surname..<end
        }
        // 様 ends findings as well: only a name that stands alone, with what is said of persons.
        if title == .formal, !isOfPerson(values, after: titleEnd) { return nil }
        // 金 成俊 様, 崔秀賢様: Chinese and Korean surnames of one kanji.
        if let name = foreign(in: values, start..<end, notBefore: floor, title) { return name }
        let isCareful = title == .formal || title == .profession
        // 堺Dr, 柴Ns: in Latin the title says that somebody is meant.
        let isDoctor = [0x44, 0x4E].contains(values[values.afterSpaces(end, limit: 2)])
        for first in start..<end
        where first == start || !isCareful && TitledNames.leftIsFree(values, first, run) {
            if isWhole(values, first..<end) { return first..<end }
            // 轟さん: one kanji that nothing stands before.
            if title == .familiar && first == run.lowerBound || isDoctor && first == start,
                end - first == 1,
                !isNobody(values, first..<end), KanjiNumber.digit(values[first]) == nil
            {
                return first..<end
            }
            guard (2...3).contains(end - first),
                NameLists.isLikeSurname(values, first..<end)
                    || title == .familiar && first == start,
                !isNobody(values, first..<end)
            else { continue }
            return first..<end
        }
        guard title == .teacher || title == .written, (2...4).contains(end - start),
            !LabelledNames.hasWordOfOffice(values, start..<end),
            people.end(in: values, at: start) != end,
            !NameParts.isOther(values, start, to: end), !TitledNames.isUnnamed(values, start..<end)
        else { return nil }
        return start..<end
    }

    private static func foreign(
        in values: [UInt32], _ run: Range<Int>, notBefore floor: Int, _ title: TitledNames.Title
    ) -> Range<Int>? {
        guard title != .profession, !isNobody(values, run) else { return nil }
        if run.count == 3, foreignSurnames.contains(values[run.lowerBound]),
            !NameParts.isLetter(values[safe: run.lowerBound - 1] ?? 0x0A)
        {
            return run
        }
        guard (1...2).contains(run.count), run.lowerBound - 2 >= floor,
            values[run.lowerBound - 1] == 0x20,
            foreignSurnames.contains(values[run.lowerBound - 2]),
            !NameParts.isLetter(values[safe: run.lowerBound - 3] ?? 0x0A)
        else { return nil }
        return run.lowerBound - 2..<run.upperBound
    }

    private static let foreignSurnames = Set(
        "金李王張劉陳楊黄趙呉周徐孫馬朱胡林郭何高梁鄭羅宋謝唐韓曹許鄧崔朴姜尹申柳安洪白文河全丁任呂蘇盧蒋蔡賈沈".unicodeScalars.map(\.value))

    /// 堀 内 健 三 様: single kanji with spaces between them, from the first to the one at the end.
    static func spacedOut(in values: [UInt32], endingAt end: Int, notBefore floor: Int) -> Range<
        Int
    >? {
        var start = end - 1
        var kanji = 1
        while start - 2 >= floor, kanji < 6, values[start - 1] == 0x20,
            NameParts.isKanji(values[start - 2]),
            start - 3 < floor
                || values[start - 3] == 0x20 || !NameParts.isLetter(values[start - 3])
        {
            start -= 2
            kanji += 1
        }
        guard kanji >= 3, NameParts.isKanji(values[end - 1]) else { return nil }
        let name = values[start..<end].filter { $0 != 0x20 }
        return NameLists.surnameEnds(in: name, at: 0).contains { $0 < name.count }
            || isWhole(name, 0..<name.count) ? start..<end : nil
    }

    /// Surname and given name in one piece, at least one of them of the lists.
    private static func isWhole(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        // 原誠殿
        let second = range.lowerBound + 1
        if range.count == 2 || range.count == 3,
            NameLists.isSurname(values, range.lowerBound..<second),
            NameLists.isGivenName(values, second..<range.upperBound)
        {
            return true
        }
        guard (4...6).contains(range.count) else { return false }
        return (2...3).contains { length in
            let middle = range.lowerBound + length
            guard middle < range.upperBound - 1 else { return false }
            let surname = range.lowerBound..<middle
            let given = middle..<range.upperBound
            return NameLists.isSurname(values, surname) && NameLists.isLikeGivenName(values, given)
                || NameLists.isGivenName(values, given) && NameLists.isLikeSurname(values, surname)
        }
    }

    /// よし子さん, 山田よし子様: a given name of two kana and one kanji.
    private static func withHiragana(
        in values: [UInt32], _ run: Range<Int>, kanji start: Int
    ) -> Range<Int>? {
        let end = run.upperBound
        guard end - start == 1, givenEndings.contains(values[start]), start - run.lowerBound >= 2,
            values[start - 2..<start].allSatisfy(CharacterClasses.isHiragana)
        else { return nil }
        let first = start - 2
        if first == run.lowerBound { return first..<end }
        for length in 2...3 where first - length >= run.lowerBound {
            if NameLists.isSurname(values, first - length..<first) { return first - length..<end }
        }
        return nil
    }

    /// えつ子, よし江: one to three hiragana and a kanji that ends names.
    static func isKanaWithEnding(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        let last = range.upperBound - 1
        return range.count >= 2 && givenEndings.contains(values[last])
            && values[range.lowerBound..<last].allSatisfy(CharacterClasses.isHiragana)
    }

    /// 子 美 江 代 枝 恵
    static let givenEndings: Set<UInt32> = [0x5B50, 0x7F8E, 0x6C5F, 0x4EE3, 0x679D, 0x6075]

    /// The surname of no list that a space sets apart from what follows.
    private static func surname(
        in values: [UInt32], endingBefore index: Int, notBefore floor: Int
    ) -> Int? {
        guard index - 1 > floor, values[index - 1] == 0x20 else { return nil }
        let end = index - 1
        var start = end
        while start > floor, end - start < 4, NameParts.isLetter(values[start - 1]) { start -= 1 }
        guard NameLists.isLikeSurname(values, start..<end), !isNobody(values, start..<end) else {
            return nil
        }
        return start
    }

    /// Whether kanji before a title are a word for somebody, not a name: 業者さん, 大家さん.
    static func isNobody(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        if NameLists.isSurname(values, range) { return false }
        let last = values[range.upperBound - 1]
        return roles.contains(last)
            || NameParts.isOther(values, range.lowerBound, to: range.upperBound)
            || TitledNames.isUnnamed(values, range)
            || people.end(in: values, at: range.lowerBound) == range.upperBound
    }

    /// 者師員族…: with them end words for what somebody is.
    private static let roles = Set(
        "者師員族医士客娘嫁婿孫奥父母兄姉弟妹爺婆局院所屋店会社科係長隣皆神仏王姫殿御方達等赤坊僕私俺満上下左右前後中初次再毎何痛炎症薬品代個件枚本当係主友婦児生徒側目状型形"
            .unicodeScalars.map(\.value))

    private static let people = Phrases(
        words: """
            大家 親方 旦那 女将 若人 高齢 新人 先輩 後輩 近所 親戚 仲間 家政婦 町内 介護 子供 息子 親子 女子 男子 弟子 双子 綿花 泡沫 敷石 玉石 真珠 石灰 花弁 木目 網目 島状
            相手 相方 苦手 片手 両手 保持 管理 今日 明日 昨日 本日 巫女 本当 最近 助手 執刀 交代 何人 別人 老人 成人 故人 新郎 新婦 芸人 職人 商人 大工 左官 農家 酪農 花屋 魚屋 八百屋 肉屋 宅配 郵便 民生 病棟 外来 売店 受付 事務 薬局 お隣 向い 真横 母方 父方
            人様 神様 外人 友人 知人 恋人 愛人 役人 浪人 仙人 巨人 美人 主人 御主人 細君 両親 義親 里親 保育 学生
            """)

    /// Whether after 様 something is said of a person: a mark, は, が, より, へ, に, と, の, も, 来院.
    private static func isOfPerson(_ values: [UInt32], after index: Int) -> Bool {
        guard let value = values[safe: index] else { return true }
        return !NameParts.isLetter(value) && !CharacterClasses.isLatin(value)
            || afterPersons.end(in: values, at: index) != nil
    }

    private static let afterPersons = Phrases(
        words: "は が より から へ に と の も を 来 宛 方 ご 御 本人 宅 分 退院 入院 転")

    // MARK: Kana

    private static func katakana(
        _ title: TitledNames.Title, in values: [UInt32], _ run: Range<Int>, notBefore floor: Int,
        titleEnd: Int
    ) -> Range<Int>? {
        let end = run.upperBound
        var start = end
        while start > floor, end - start < 12, CharacterClasses.isKatakana(values[start - 1]) {
            start -= 1
        }
        guard (2...10).contains(end - start) else { return nil }
        var first = start
        var hasDot = false
        var isTwo = false
        for _ in 0..<3 {
            guard first - 1 > floor, let mark = values[safe: first - 1],
                [0x30FB, 0x20, 0x3D].contains(mark)
            else { break }
            var next = first - 1
            while next > floor, first - 1 - next < 10, CharacterClasses.isKatakana(values[next - 1])
            {
                next -= 1
            }
            let isSaid = title == .familiar || title == .written
            // グエン ティ ハさん: a short part between others.
            let isBetween =
                first - 1 - next == 2 && values[safe: next - 1] == 0x20
                && CharacterClasses.isKatakana(values[safe: next - 2] ?? 0)
            let isAlone =
                isSaid && (first - 1 - next >= 3 || isBetween)
                && !TitledNames.isForeignWord(values, next..<first - 1)
                && !NameParts.isLetter(values[safe: next - 1] ?? 0x0A)
            guard next < first - 1,
                mark != 0x20 || isAlone || Readings.isSurname(values, next..<first - 1)
            else { break }
            if mark != 0x20 { hasDot = true }
            if isAlone { isTwo = true }
            first = next
        }
        let before = values[safe: first - 1] ?? 0x0A
        guard !CharacterClasses.isLatin(before), !CharacterClasses.isKatakana(before),
            !TitledNames.isForeignWord(values, first..<end)
        else { return nil }
        // 三瀬川ミツさん, 木戸口ハル様
        if first == start, NameParts.isKanji(before), title != .profession,
            let surname = surname(in: values, rightBefore: start, notBefore: floor),
            title == .familiar || Readings.isGivenName(values, start..<end)
                || NameLists.isGivenName(values, start..<end)
        {
            return surname..<end
        }
        if first < start {
            return hasDot || isTwo || Readings.isSurname(values, first..<start - 1)
                ? first..<end : nil
        }
        let isRead = end - start >= 3 && Readings.isSurname(values, start..<end)
        let isAlone = !NameParts.isKanji(before)
        switch title {
        case .formal:
            let isGiven = end - start >= 3 && Readings.isGivenName(values, start..<end)
            let isPerson = callers.end(in: values, at: titleEnd) != nil
            return isRead || isAlone && (isGiven || end - start >= 3 && isPerson)
                ? start..<end : nil
        case .profession: return isRead ? start..<end : nil
        case .signature, .household: return nil
        case .familiar: return isAlone || isRead ? start..<end : nil
        case .teacher, .written: return end - start >= 3 || isRead ? start..<end : nil
        }
    }

    /// スミス 花子様: a word in katakana before a given name in kanji.
    static func katakanaSurname(
        in values: [UInt32], endingBefore index: Int, notBefore floor: Int
    ) -> Int? {
        guard index - 1 > floor, values[index - 1] == 0x20 else { return nil }
        var start = index - 1
        while start > floor, index - start < 10, CharacterClasses.isKatakana(values[start - 1]) {
            start -= 1
        }
        let range = start..<index - 1
        return range.count >= 2 && !TitledNames.isForeignWord(values, range)
            && !NameParts.isLetter(values[safe: start - 1] ?? 0x0A) ? start : nil
    }

    /// Kanji like a surname right before an index, that nothing but kana or a mark precedes.
    private static func surname(
        in values: [UInt32], rightBefore index: Int, notBefore floor: Int
    ) -> Int? {
        var start = index
        while start > floor, index - start < 5, NameParts.isKanji(values[start - 1]) { start -= 1 }
        guard NameLists.isLikeSurname(values, start..<index), !isNobody(values, start..<index)
        else {
            return nil
        }
        return start
    }

    /// What follows 様 after persons and not after findings.
    private static let callers = Phrases(words: "より から へ 来院 宛 本人 ご家族 御家族 方 宅")

    private static func hiragana(
        _ title: TitledNames.Title, in values: [UInt32], _ run: Range<Int>, notBefore floor: Int
    ) -> Range<Int>? {
        let end = run.upperBound
        var start = end
        while start > run.lowerBound, CharacterClasses.isHiragana(values[start - 1]) { start -= 1 }
        // 有働さくら氏
        var surname = start
        while surname > run.lowerBound, NameParts.isKanji(values[surname - 1]) { surname -= 1 }
        if (2...3).contains(start - surname), relatives.end(in: values, at: start) == nil,
            !isNobody(values, surname..<start),
            NameLists.isGivenName(values, start..<end) || Readings.isGivenName(values, start..<end)
        {
            return surname..<end
        }
        // 妹のまりえさん
        if values[start] == 0x306E, start > run.lowerBound, end - start >= 3, title == .familiar,
            KinNames.endsKin(values, at: start)
        {
            return start + 1..<end
        }
        guard start == run.lowerBound, (2...6).contains(end - start) else { return nil }
        if values[safe: start - 1] == 0x20, start - 1 > floor {
            var first = start - 1
            while first > floor, start - first < 8, CharacterClasses.isHiragana(values[first - 1]) {
                first -= 1
            }
            if Readings.isSurname(values, first..<start - 1) { return first..<end }
        }
        let isRead =
            end - start >= 3
            && (Readings.isSurname(values, start..<end)
                || Readings.isGivenName(values, start..<end))
        if isRead { return start..<end }
        guard title == .familiar, end - start <= 4,
            relatives.end(in: values, at: start) == nil
        else { return nil }
        return start..<end
    }

    private static let relatives = Phrases(
        words: """
            お ご たく みな みん むすこ むすめ かあ とう ねえ にい ばあ じい だんな よめ まご いもうと あね あに つま
            あか わん ちび おちび ぼ やく この その あの ちい
            """)
}
