// SPDX-License-Identifier: Apache-2.0

/// The names that titles announce: `山田様`, `田中先生`, `Dr.伊藤`, `長男の健太さん`.
///
/// 様 and 氏 end many words that are no names (すりガラス様, 両氏), さん many kinship words; so a name
/// before a title must begin with a common surname, or be a common given name. Only before 先生 and 氏
/// a run of kanji that is on no list is taken, if it stands alone.
enum TitledNames {
    /// How much a title tells of what stands before it.
    enum Title: Sendable {
        /// 様, 殿
        case formal
        /// 氏
        case written
        /// 先生
        case teacher
        /// さん, くん, ちゃん
        case familiar
        /// 医師, 看護師, Dr
        case profession
        /// 拝, 記: who has written it, at the end of a line
        case signature
        /// 家, 夫妻: more than one of a name
        case household
    }

    static let titles = Phrases<Title>(
        [
            ("様", .formal), ("さま", .formal), ("サマ", .formal), ("殿", .formal), ("氏", .written),
            ("女史", .written),
            ("先生", .teacher), ("拝", .signature), ("記", .signature), ("家", .household),
            ("夫妻", .household), ("夫婦", .household), ("夫人", .household), ("一家", .household),
            ("宅", .household), ("ばあちゃん", .household), ("じいちゃん", .household), ("婆ちゃん", .household),
            ("爺ちゃん", .household), ("ばあさん", .household), ("じいさん", .household), ("おばさん", .household),
            ("おじさん", .household), ("のばあちゃん", .household), ("のじいちゃん", .household),
            ("Pt", .household), ("pt", .household), ("両医師", .household), ("両看護師", .household),
            ("両先生", .household), ("印", .signature),
        ]
            + ["さん", "サン", "くん", "君", "ちゃん"].map { ($0, .familiar) }
                + """
                医師 看護師 助産師 保健師 薬剤師 技師 教授 准教授 師長 院長 部長 医長 科長 主任 療法士 理学療法士 作業療法士 言語聴覚士 栄養士 管理栄養士 臨床工学技士 放射線技師 診療放射線技師 検査技師
                臨床検査技師 介護士 介護福祉士 リーダー チーフ 課長 係長 室長 社長 専務 会長 所長 施設長 園長 校長 教諭 担任 住職 牧師 弁護士 司法書士 民生委員 ケアワーカー 保育士 相談支援専門員 ソーシャルワーカー 心理士 公認心理師 臨床心理士 歯科医師 研修医 専攻医 医学生 実習生 事務長 技士 CE ME CP CW PSW HN CM 介護支援専門員 助手 社会福祉士 相談員 ケアマネ ケアマネジャー ケアマネージャー ヘルパー 助教 講師 Dr Dr. DR Ns Ns. NS PT OT ST MSW RN 看護学生 実習指導者 学生 介護支援員 支援員 世話人 教員
                """.split(whereSeparator: \.isWhitespace).map { (String($0), .profession) })

    /// The name before a title that starts at `index`; nothing before `floor` is looked at.
    static func before(
        _ index: Int, in values: [UInt32], notBefore floor: Int
    ) -> Range<Int>? {
        guard let (titleEnd, title) = titles.longest(in: values, at: index),
            isTitle(title, in: values, index..<titleEnd)
        else { return nil }
        var end = index
        while end > floor, index - end < 2, values[end - 1] == 0x20 { end -= 1 }
        guard end > floor else { return nil }
        if CharacterClasses.isLatin(values[end - 1]) {
            return RomanName.before(title, in: values, endingAt: end, notBefore: floor)
        }
        if title == .familiar || title == .formal {
            if let name = quoted(in: values, endingAt: end, notBefore: floor) { return name }
            if let name = withReading(in: values, endingAt: end, notBefore: floor) { return name }
        }
        guard NameParts.isLetter(values[end - 1]) else { return nil }
        var start = end
        while start > floor, end - start < 10, NameParts.isLetter(values[start - 1]) { start -= 1 }
        let run = start..<end
        if CharacterClasses.isKatakana(values[end - 1]), title != .household, title != .signature {
            // ﾀﾅｶｲﾁﾛｳ様, behind whatever stands before it: 本日タナカイチロウ様
            let katakana = (start..<end).first { CharacterClasses.isKatakana(values[$0]) }
            if let katakana, values[katakana..<end].allSatisfy(CharacterClasses.isKatakana),
                Readings.isFullName(values, katakana..<end)
            {
                return katakana..<end
            }
        }
        if CharacterClasses.isKatakana(values[end - 1]), title != .household, title != .signature,
            let name = UnlistedNames.before(
                title, in: values, run, notBefore: floor, titleEnd: titleEnd)
        {
            return name
        }
        if run.count == 1,
            let name = UnlistedNames.spacedOut(in: values, endingAt: end, notBefore: floor)
        {
            return name
        }
        // トメばあちゃん
        if title == .household, run.count >= 2, CharacterClasses.isKatakana(values[end - 1]),
            NameLists.isGivenName(values, run)
        {
            return run
        }
        if NameLists.isGivenName(values, run), run.count >= 2, title != .profession,
            let start = UnlistedNames.katakanaSurname(
                in: values, endingBefore: run.lowerBound, notBefore: floor)
        {
            return start..<end
        }
        if let name = fullName(in: values, run, notBefore: floor, title) { return name }
        if title == .signature || title == .household { return nil }
        return UnlistedNames.before(
            title, in: values, run, notBefore: floor, titleEnd: titleEnd)
    }

    /// Whether the word is a title here: not 様子, 殿部, 氏名, `PT-INR`.
    private static func isTitle(
        _ title: Title, in values: [UInt32], _ range: Range<Int>
    ) -> Bool {
        let after = values[safe: range.upperBound] ?? 0x0A
        switch title {
        case .formal: return !continuations.contains(after)
        case .written:
            return ![0x540D, 0x75C5, 0x5FB4, 0x6CD5, 0x75C7, 0x5BB6, 0x578B].contains(after)
        case .teacher: return true
        case .household:
            return !NameParts.isKanji(after) && !CharacterClasses.isKatakana(after)
        case .signature: return [0x0A, 0x29, 0x3002, 0x20].contains(after)
        case .familiar:
            // スボレキサント
            if values[range.lowerBound] == 0x30B5, CharacterClasses.isKatakana(after) {
                return false
            }
            // 君 begins names and words; くん and ちゃん are followed by anything.
            return values[range.lowerBound] != 0x541B || !CharacterClasses.isKanji(after)
        case .profession:
            guard CharacterClasses.isLatin(values[range.lowerBound]) else { return true }
            return !CharacterClasses.isLatin(after) && !CharacterClasses.isDigit(after)
                && after != 0x2D
                && !CharacterClasses.isLatin(values[safe: range.lowerBound - 1] ?? 0)
        }
    }

    /// 々子式相態体変陰影構造部筋裂床溝: 様子, 様相, 殿部, 殿筋
    private static let continuations: Set<UInt32> = Set(
        "々子式相態体変陰構部筋裂床溝位".unicodeScalars.map(\.value))

    /// 「たかし」さん: a given name between quotation marks.
    private static func quoted(
        in values: [UInt32], endingAt end: Int, notBefore floor: Int
    ) -> Range<Int>? {
        guard values[end - 1] == 0x300D else { return nil }
        var start = end - 1
        while start > floor, end - start < 8, NameParts.isLetter(values[start - 1]) { start -= 1 }
        let name = start..<end - 1
        guard values[safe: start - 1] == 0x300C,
            NameLists.isGivenName(values, name) || Readings.isGivenName(values, name)
                || NameLists.isSurname(values, name) || Readings.isSurname(values, name)
        else { return nil }
        return name
    }

    /// 東（ひがし）様: a surname of the list, and how it is read.
    private static func withReading(
        in values: [UInt32], endingAt end: Int, notBefore floor: Int
    ) -> Range<Int>? {
        guard values[end - 1] == 0x29 else { return nil }
        var open = end - 1
        while open > floor, end - open < 12,
            CharacterClasses.isKana(values[open - 1]) || values[open - 1] == 0x20
        {
            open -= 1
        }
        open -= 1
        guard end - open > 3, open > floor, values[open] == 0x28 else { return nil }
        var start = open
        while start > floor, open - start < 7, NameParts.isKanji(values[start - 1]) { start -= 1 }
        let surname = NameLists.surnameEnds(in: values, at: start).first { $0 <= open }
        guard let surname, surname == open || NameLists.isLikeGivenName(values, surname..<open)
        else { return nil }
        return start..<end
    }

    // MARK: Names of the lists

    private static func fullName(
        in values: [UInt32], _ run: Range<Int>, notBefore floor: Int, _ title: Title
    ) -> Range<Int>? {
        let end = run.upperBound
        // 山田 太郎 様: the surname stands before a space.
        if let start = surname(in: values, endingBefore: run.lowerBound, notBefore: floor),
            run.count <= 5, isGiven(values, run, title)
        {
            return start..<end
        }
        // 久保田美穂: from the outermost start that makes a name; a start inside kanji is worse.
        var best: Range<Int>?
        for start in run {
            guard leftIsFree(values, start, run) else { continue }
            guard isListed(values, start..<end) else { continue }
            if start == run.lowerBound || NameLists.isSurname(values, start..<end) {
                if start == run.lowerBound || end - start > 1 { return start..<end }
            }
            if best == nil { best = start..<end }
        }
        if let best, best.count > 1 || isAlone(values, best, title) { return best }
        if title == .familiar || title == .formal {
            for start in run
            where NameLists.isGivenName(values, start..<end)
                && (end - start > 1 || title == .familiar && isAlone(values, start..<end, title))
                && leftIsFree(values, start, run)
            {
                return start..<end
            }
        }
        return nil
    }

    /// A surname of the list, or one with a given name of up to three scalars after it.
    private static func isListed(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        if NameLists.isSurname(values, range) {
            return range.count > 1 || true
        }
        return NameLists.surnameEnds(in: values, at: range.lowerBound).contains { end in
            end < range.upperBound && (end - range.lowerBound > 1 || range.upperBound - end >= 2)
                && isGivenAfterSurname(
                    values, end..<range.upperBound, certain: end - range.lowerBound > 1)
        }
    }

    private static func isGivenAfterSurname(
        _ values: [UInt32], _ range: Range<Int>, certain: Bool
    ) -> Bool {
        if NameLists.isGivenName(values, range) { return true }
        guard certain, range.count <= 3, !LabelledNames.hasWordOfOffice(values, range) else {
            return false
        }
        return values[range].allSatisfy { NameParts.isKanji($0) }
    }

    /// One kanji is a word as well (星, 林, 泉): as a name it must stand alone, and before 様 what follows counts.
    private static func isAlone(
        _ values: [UInt32], _ range: Range<Int>, _ title: Title
    ) -> Bool {
        let before = values[safe: range.lowerBound - 1] ?? 0x0A
        return !NameParts.isKanji(before) && !CharacterClasses.isKatakana(before)
    }

    /// Whether a name may start at an index: no letter before it, or one that ends a word of office.
    static func leftIsFree(
        _ values: [UInt32], _ start: Int, _ run: Range<Int>
    ) -> Bool {
        guard let before = values[safe: start - 1] else { return true }
        if !NameParts.isLetter(before) || CharacterClasses.isHiragana(before) { return true }
        return enders.contains(before)
    }

    /// 主治医|田中先生, 患者|山田様, 本日|鈴木様, 入院中|内田様
    private static let enders = Set(
        "医師者科当妻夫男女娘子父母兄弟姉妹院棟長授士員室日朝夕夜回前後時頃中床目番号ー・".unicodeScalars.map(\.value))

    private static func surname(
        in values: [UInt32], endingBefore index: Int, notBefore floor: Int
    ) -> Int? {
        var end = index
        while end > floor, index - end < 2, values[end - 1] == 0x20 { end -= 1 }
        guard end < index else { return nil }
        for length in (1...4).reversed() where end - length >= floor {
            let range = end - length..<end
            guard NameLists.isSurname(values, range) else { continue }
            let before = values[safe: range.lowerBound - 1] ?? 0x0A
            if !NameParts.isLetter(before) || length > 1 && enders.contains(before)
                || CharacterClasses.isHiragana(before) && length > 1
            {
                return range.lowerBound
            }
        }
        return nil
    }

    /// Whether a run after a surname and a space is a given name.
    private static func isGiven(_ values: [UInt32], _ run: Range<Int>, _ title: Title) -> Bool {
        NameLists.isLikeGivenName(values, run)
            || !LabelledNames.hasWordOfOffice(values, run)
                && !NameParts.isOther(values, run.lowerBound, to: run.upperBound)
    }

    // MARK: Words that are no names

    /// Whether katakana before a title are a word, not a name: ヘルパーさん.
    static func isForeignWord(_ values: [UInt32], _ run: Range<Int>) -> Bool {
        foreignWords.end(in: values, at: run.lowerBound) != nil
    }

    /// Whether kanji before a title name nobody: 両氏, 外来先生.
    static func isUnnamed(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        unnamed.isPart(of: values, range)
    }

    private static let foreignWords = Phrases(
        words:
            """
            ケアマネ リハ ドクター ナース セカンド オピニオン クリニック コンサル セ シャルコー バセドウ カンファ カンファレンス ヘルパー スタッフ リウマチ アレルギー
            ベテラン フォロワー ユーザー ファン ゲスト リハビリ メーカー バイト スーパー コンビニ ヤクルト ダスキン アパート マンション デイ サービス ショート ステーション メンバー リーダー ワーカー ケース ボランティア タクシー ドライバー オーナー マネージャー ママ パパ イケメン ガード ガイド ホーム
            グループ センター チーム ソーシャル カウンセラー トレーナー コーチ パート アルバイト サポーター パートナー コメディカル オペ ドナー レシピエント ポリープ カンジダ モザイク
            """)

    /// Words before 先生 and 氏 that name nobody.
    private static let unnamed = Phrases(
        words:
            "両 同 摂 華 某 諸 各 彼 姓 恩 近 貴 当 大 御 副 総 皆 弊 此 執刀 歯 眼 産 臨床 非 現 元 新 旧 救急 外来 放射 紹介 依頼 宛 返 主 担 整形 循環 呼吸 消化 内 外"
    )
}

extension Phrases where Meaning == Void {
    /// Whether a phrase begins a range.
    fileprivate func isPart(of values: [UInt32], _ range: Range<Int>) -> Bool {
        end(in: values, at: range.lowerBound).map { $0 <= range.upperBound } ?? false
    }
}
