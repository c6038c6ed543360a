// SPDX-License-Identifier: Apache-2.0

/// Common surnames that stand alone, where only persons do: in brackets at the end of a line, before an
/// arrow to another, before と申します, beside what somebody is.
///
/// A surname that is a prefecture or a great city as well is left alone.
enum LoneSurname {
    /// The surname at an index, if what stands around it tells that it is one.
    static func range(in values: [UInt32], at index: Int, ends: [Int]) -> Range<Int>? {
        let before = values[safe: index - 1] ?? 0x0A
        guard !NameParts.isKanji(before), !CharacterClasses.isKatakana(before),
            let end = ends.first ?? unlisted(values, index),
            end - index >= 2, places.end(in: values, at: index) != end
        else { return nil }
        let after = values[safe: end] ?? 0x0A
        if let full = mixed(in: values, at: index) { return full }
        if NameParts.isKanji(after) || CharacterClasses.isKatakana(after) { return nil }
        let isPerson =
            endsLine(values, before: before, at: end)
            || arrow(in: values, at: end) != nil || isBehindArrow(values, index)
            || hasRole(in: values, at: end) || isIntroduced(values, before: before, at: end)
            || hasAge(in: values, at: end) || isBehindDepartment(values, index, end)
            || hasInitial(in: values, at: end)
        return isPerson ? index..<end : nil
    }

    /// 沖山, 竜崎: a run of kanji like a surname, behind a department or a surname with a dot.
    private static func unlisted(_ values: [UInt32], _ index: Int) -> Int? {
        let end = values.end(of: NameParts.isKanji, from: index, limit: 4)
        guard (2...3).contains(end - index),
            isBehindDepartment(values, index, end)
                || [0x30FB, 0x2192].contains(values[safe: index - 1])
                    && isBehindArrow(values, index)
                || [0x2192, 0x30FB].contains(values[safe: end]) && arrow(in: values, at: end) != nil
                || introductions.end(in: values, at: end) != nil,
            NameLists.isLikeSurname(values, index..<end),
            !UnlistedNames.isNobody(values, index..<end)
        else { return nil }
        return end
    }

    /// 清川ヨシ子, 清川ひな: a surname of the list and a given name in kana, perhaps with 子 at its end.
    static func mixed(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard let surname = NameLists.surnameEnds(in: values, at: index).first, surname - index >= 2
        else { return nil }
        let isHiragana = CharacterClasses.isHiragana(values[safe: surname] ?? 0)
        let kana = values.end(
            of: isHiragana ? CharacterClasses.isHiragana : CharacterClasses.isKatakana,
            from: surname,
            limit: 5)
        let end = UnlistedNames.givenEndings.contains(values[safe: kana] ?? 0) ? kana + 1 : kana
        guard (2...5).contains(end - surname), kana > surname,
            end > kana || Readings.isGivenName(values, surname..<end)
                || NameLists.isGivenName(values, surname..<end)
        else { return nil }
        let after = values[safe: end] ?? 0x0A
        return NameParts.isKanji(after) || CharacterClasses.isKatakana(after) ? nil : index..<end
    }

    /// （山下） or ／山下 at the end of a line.
    private static func endsLine(_ values: [UInt32], before: UInt32, at end: Int) -> Bool {
        let after = values[safe: end] ?? 0x0A
        if before == 0x28 { return after == 0x29 && (values[safe: end + 1] ?? 0x0A) == 0x0A }
        return after == 0x0A && [0x2F, 0x0A, 0x20, 0x09].contains(before)
    }

    /// 佐藤→鈴木, 佐藤・鈴木が: the start of another surname of the list behind an arrow or a dot.
    private static func arrow(in values: [UInt32], at end: Int) -> Int? {
        guard let mark = values[safe: end] else { return nil }
        let isFrom = values.holds([0x304B, 0x3089], at: end)  // から
        guard isFrom || [0x2192, 0x21D2, 0x30FB].contains(mark) else { return nil }
        let start = values.afterSpaces(end + (isFrom ? 2 : 1), limit: 1)
        guard let next = NameLists.surnameEnds(in: values, at: start).first, next - start >= 2,
            places.end(in: values, at: start) != next
        else { return nil }
        let after = values[safe: next] ?? 0x0A
        let joins = NameParts.isKanji(after) || CharacterClasses.isKatakana(after)
        return joins && !NameParts.isTitle(values, next) && after != 0x4E21 ? nil : start  // 両
    }

    private static func isBehindArrow(_ values: [UInt32], _ index: Int) -> Bool {
        let isFrom = index >= 2 && values.holds([0x304B, 0x3089], at: index - 2)
        guard isFrom || [0x2192, 0x21D2, 0x30FB].contains(values[safe: index - 1]) else {
            return false
        }
        let end = index - (isFrom ? 2 : 1)
        for length in 2...4 where end - length >= 0 {
            let start = end - length
            let before = values[safe: start - 1] ?? 0x0A
            if NameLists.isSurname(values, start..<end), !NameParts.isKanji(before),
                !CharacterClasses.isKatakana(before), places.end(in: values, at: start) != end
            {
                return true
            }
        }
        return false
    }

    /// 泌尿器科 沖山: behind a department and a space, at the end of what is written there.
    private static func isBehindDepartment(_ values: [UInt32], _ index: Int, _ end: Int) -> Bool {
        let space = values[safe: index - 1] == 0x20 ? index - 1 : index
        guard space < index, let last = values[safe: space - 1],
            [0x79D1, 0x68DF, 0x90E8].contains(last)
        else { return false }
        return [0x0A, 0x3001, 0x3002, 0x29, 0x20].contains(values[safe: end] ?? 0x0A)
    }

    /// 三上（祐）医師: what tells two of a name apart.
    private static func hasInitial(in values: [UInt32], at end: Int) -> Bool {
        guard values[safe: end] == 0x28 else { return false }
        let close = values.end(of: NameParts.isKanji, from: end + 1, limit: 3)
        return close > end + 1 && values[safe: close] == 0x29
            && NameParts.isTitle(values, close + 1)
    }

    /// 山田（担当医）, 佐藤(Ns), 鈴木（妻）
    private static func hasRole(in values: [UInt32], at end: Int) -> Bool {
        guard values[safe: end] == 0x28 else { return false }
        let word = KinNames.kin.end(in: values, at: end + 1) ?? roles.end(in: values, at: end + 1)
        return word.map { values[safe: $0] == 0x29 } ?? false
    }

    private static let roles = Phrases(
        words:
            "主治医 担当医 執刀医 術者 麻酔科 麻酔科医 看護師 担当 Ns Dr PT OT ST MSW CM ケアマネ 薬剤師 医師 師長 主任 研修医 指導医 当直医 受持ち リーダー 日勤 夜勤 技師 栄養士 管理栄養士 友人 隣人 後見人 キーパーソン KP"
    )

    /// 田中と申します, 「田中です」
    private static func isIntroduced(_ values: [UInt32], before: UInt32, at end: Int) -> Bool {
        if introductions.end(in: values, at: end) != nil { return true }
        guard [0x0A, 0x300C, 0x3001, 0x3002, 0x20, 0x306E].contains(before),
            let after = copulas.end(in: values, at: end)
        else { return false }
        return [0x0A, 0x300D, 0x3002].contains(values[safe: after] ?? 0x0A)
    }

    private static let introductions = Phrases(words: "と申し と名乗 と言いま といいま と呼ば 姓 宛て 宛に 両名 両医師 両看護師")
    private static let copulas = Phrases(words: "です でした でございます")

    /// 田中、72歳男性
    private static func hasAge(in values: [UInt32], at end: Int) -> Bool {
        guard let mark = values[safe: end], [0x3001, 0x28, 0x20, 0x2C].contains(mark) else {
            return false
        }
        let number = values.afterSpaces(end + 1, limit: 1)
        let age = values.end(of: { CharacterClasses.isDigit($0) }, from: number, limit: 3)
        return age > number && [0x6B73, 0x624D].contains(values[safe: age] ?? 0)
    }

    /// Surnames that are places, seasons or words as well.
    private static let places = Phrases(
        words: """
            福島 宮城 秋田 山形 千葉 石川 福井 長野 滋賀 奈良 島根 岡山 山口 徳島 香川 福岡 佐賀 長崎 熊本 宮崎 鹿児島 群馬 栃木 茨城 富山 山梨 和歌山 鳥取 高知 大分 沖縄 三重 静岡 神戸 金沢 川崎 札幌 仙台 広島 横浜 大阪
            京都 松山 高松 松本 豊田 豊橋 岡崎 前橋 高崎 川口 船橋 足立 板橋 豊島 中野 目黒 品川 渋谷 新宿 上野 浅草 青森 盛岡 八戸 弘前 函館 旭川 長岡 上田 大津 姫路 堺 尼崎 倉敷 下関 久留米 佐世保 別府 那覇 水戸 宇都宮 甲府 岐阜 津 和泉 近江 三河 大和 日向
            土佐 出雲 長門 朝日 日向 入江 上地  千島 山城 河内 美濃 若狭 佐渡 淡路 伊勢 武蔵 常陸 出口 入口 下田 大原 上原 今日 中央 泉 原 林 森 東 西 南 北 関 大島 小島 中島 島 岬 峠 丘
            """)
}
