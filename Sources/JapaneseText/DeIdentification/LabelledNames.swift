// SPDX-License-Identifier: Apache-2.0

/// The names that field labels announce: `患者名：山田 太郎 様`, `読影医：林／確定医：斎藤 明`.
///
/// The less a label promises a name, and the less there is between label and value, the more must the
/// value itself look like one: after `氏名：` any short run of letters is a name, after `主治医 ` only
/// one that begins with a common surname.
enum LabelledNames {
    /// The names in the field of a label, in order.
    static func ranges(of label: FieldLabel, in values: [UInt32]) -> [Range<Int>] {
        var start = label.valueStart
        if CharacterClasses.isLatin(values[safe: start] ?? 0) {
            guard label.gap == .mark, label.content == .person || label.content == .role else {
                return []
            }
            return RomanName.range(in: values, at: start, isSure: label.content == .person)
                .map { [$0] } ?? []
        }
        // 名：, 姓：, but not 名 (number of persons).
        if label.range.count == 1,
            !FieldLabel.isColon(values[safe: values.afterSpaces(label.range.upperBound)] ?? 0)
        {
            return []
        }
        if label.content == .reading {
            guard label.gap >= .space else { return [] }
            return reading(in: values, at: start).map { [$0] } ?? []
        }
        if label.content == .contact, label.gap != .mark { return [] }
        if [0x306F, 0x306E].contains(values[safe: start]), label.gap == .nothing {
            start += 1  // 主治医の山田…, 氏名は山田…
        } else if label.gap == .nothing, values[safe: start] == 0x30FB {
            start += 1  // 文責・沓掛
        } else if label.gap == .nothing, values[safe: start] == 0x28, label.content != .person {
            start += 1  // ケアマネ（沓掛）
        }
        start = afterDepartment(in: values, at: start)
        // 患者ヤマモトは: a surname by its reading ends where its katakana end.
        let katakana = values.end(of: CharacterClasses.isKatakana, from: start, limit: 9)
        if katakana - start >= 3, Readings.isSurname(values, start..<katakana),
            CharacterClasses.isHiragana(values[safe: katakana] ?? 0)
        {
            return [start..<katakana]
        }
        if label.content == .person, let spaced = spacedOut(in: values, at: start) {
            return [spaced]
        }
        guard let first = name(label, in: values, at: start) else { return [] }
        var ranges = [first]
        if let reading = readingInBrackets(in: values, after: first.upperBound) {
            ranges.append(reading)
        }
        // Several who did it together: 助手：藤田、後藤
        while ranges.count < 8, label.content == .role || label.content == .function,
            label.gap > .nothing,
            let next = following(in: values, after: ranges[ranges.count - 1].upperBound)
        {
            ranges.append(next)
        }
        return ranges
    }

    /// 堀 内 健 三: three to six kanji with a space between each.
    private static func spacedOut(in values: [UInt32], at start: Int) -> Range<Int>? {
        var end = start
        var kanji = 0
        while kanji < 6, NameParts.isKanji(values[safe: end] ?? 0) {
            kanji += 1
            guard values[safe: end + 1] == 0x20, NameParts.isKanji(values[safe: end + 2] ?? 0)
            else {
                end += 1
                break
            }
            end += 2
        }
        guard kanji >= 3, end == start + 2 * kanji - 1, NameParts.isBoundary(values, end) else {
            return nil
        }
        return start..<end
    }

    /// Skips where somebody works, before a space: `依頼医：内科 細川`.
    private static func afterDepartment(in values: [UInt32], at start: Int) -> Int {
        let end = values.end(of: NameParts.isLetter, from: start, limit: 20)
        let next = values.afterSpaces(end, limit: 2)
        guard next > end, end > start + 1, let first = values[safe: next],
            NameParts.isLetter(first), !NameLists.isSurname(values, start..<end)
        else { return start }
        let isPlace = (start + 1..<end).contains { places.end(in: values, at: $0) == end }
        return isPlace ? next : start
    }

    private static let places = Phrases(
        words: "科 病院 医院 クリニック センター 診療所 病棟 部 室 課 外来 ステーション 薬局 施設 大学 会")

    // MARK: One name

    private static func name(
        _ label: FieldLabel, in values: [UInt32], at start: Int
    ) -> Range<Int>? {
        guard let first = values[safe: start], NameParts.isLetter(first) else { return nil }
        let end = NameParts.tokenEnd(values, start, limit: 14)
        if NameParts.isOther(values, start, to: end) { return nil }
        // The value of a row of labels is no name: 氏名 年齢 住所.
        if let colon = values[safe: values.afterSpaces(end, limit: 1)],
            FieldLabel.isColon(colon), colon != 0x7C, FieldLabel.at(start, in: values) != nil
        {
            return nil
        }
        if FieldLabel.at(start, in: values).map({ $0.range.upperBound >= end }) == true {
            return nil
        }
        let whole = withGivenName(label, in: values, start, end)
        return isName(label, in: values, start, token: end, whole: whole) ? start..<whole : nil
    }

    /// Joins a given name that a space or a middle dot sets apart.
    private static func withGivenName(
        _ label: FieldLabel, in values: [UInt32], _ start: Int, _ end: Int
    ) -> Int {
        if NameParts.titles.end(in: values, at: end) != nil { return end }
        let isKana = CharacterClasses.isKana(values[start])
        let isSurname = NameLists.isSurname(values, start..<end)
        guard isKana || isSurname || end - start <= 3 else { return end }
        let isShort =
            !isSurname && !isKana
            && NameLists.surnameEnds(in: values, at: start).contains { $0 < end && $0 > start + 1 }
        // 山田実 is whole, 瀬戸内 浩 is not.
        let space = values.afterSpaces(end, limit: 1)
        if isShort {
            let given = NameParts.tokenEnd(values, space, limit: 9)
            let isGiven =
                NameLists.isLikeGivenName(values, space..<given)
                || given - space <= 4
                    && values[space..<max(space, given)].allSatisfy(CharacterClasses.isKana)
            return space > end && given > space && isGiven ? given : end
        }
        var last = end
        for _ in 0..<(isKana ? 3 : 1) {
            var next = last
            if values[safe: next] == 0x30FB || values[safe: next] == 0x3D {
                guard isKana else { break }
                next += 1
            } else {
                while next < last + 2, values[safe: next] == 0x20 || values[safe: next] == 0x3000 {
                    next += 1
                }
                if next == last { break }
            }
            guard let first = values[safe: next], NameParts.isLetter(first) else { break }
            let stop = NameParts.tokenEnd(values, next, limit: 9)
            guard stop - next <= (isKana ? 8 : 5), !NameParts.isOther(values, next, to: stop),
                NameParts.titles.end(in: values, at: next) == nil,
                FieldLabel.at(next, in: values).map({ $0.range.upperBound < stop }) ?? true,
                !FieldLabel.isColon(values[safe: values.afterSpaces(stop, limit: 1)] ?? 0)
                    || values[safe: values.afterSpaces(stop, limit: 1)] == 0x7C,
                endsCleanly(values, stop)
            else { break }
            last = stop
        }
        return last
    }

    private static func endsCleanly(_ values: [UInt32], _ index: Int) -> Bool {
        NameParts.isBoundary(values, index) || NameParts.isTitle(values, index)
            || CharacterClasses.isHiragana(values[safe: index] ?? 0)
            || CharacterClasses.isKanji(values[safe: index] ?? 0)
    }

    private static func isName(
        _ label: FieldLabel, in values: [UInt32], _ start: Int, token end: Int, whole: Int
    ) -> Bool {
        let surname = NameLists.surnameEnds(in: values, at: start).first { $0 <= end }
        let kanjiEnd = values.end(of: NameParts.isKanji, from: start, limit: 12)
        let hasTitle = NameParts.isTitle(values, whole)
        let isClosed = NameParts.isBoundary(values, whole) || hasTitle
        switch (label.content, label.gap) {
        case (.person, .mark):
            guard min(kanjiEnd, end) - start <= 6, whole - start <= 20 else { return false }
            return surname != nil || isClosed || CharacterClasses.isHiragana(values[whole])
        case (.person, _):
            if label.gap == .nothing {
                // 患者名ﾀﾅｶｲﾁﾛｳ
                let isRead =
                    Readings.isFullName(values, start..<end)
                    || end - start >= 3 && Readings.isSurname(values, start..<end)
                return isClosed && (isRead || surname.map { end - $0 <= 3 } ?? false)
            }
            if let surname { return isGivenPart(values, surname..<end) }
            // 氏名 ﾀﾅｶﾀﾛｳ
            if isClosed, whole - start >= 3,
                values[start..<end].allSatisfy(CharacterClasses.isKatakana)
            {
                return true
            }
            return hasTitle && end - start <= 6
        case (_, .nothing):
            // 担当医山口へ, but not 根本的: the surname alone, then kana or a mark.
            let isRead = end - start >= 3 && Readings.isSurname(values, start..<end)
            if isRead, NameParts.isBoundary(values, end) || CharacterClasses.isHiragana(values[end])
            {
                return true
            }
            // 相談員・沓掛と, 薬剤師沓掛、: a surname of no list right behind a role.
            if label.content == .role || label.isCare(in: values),
                values[safe: label.valueStart] != 0x306F,
                NameLists.isLikeSurname(values, start..<end),
                !UnlistedNames.isNobody(values, start..<end), !isOfficeWord(values, start..<end)
            {
                return endsCleanly(values, end) && !NameParts.isKanji(values[safe: end] ?? 0)
            }
            // ケアマネージャー（沓掛）に
            if label.content == .function, label.range.count >= 2,
                label.range.upperBound == start - 1,
                values[start - 1] == 0x28, values[safe: end] == 0x29,
                NameLists.isLikeSurname(values, start..<end),
                !UnlistedNames.isNobody(values, start..<end), label.isCare(in: values)
            {
                return true
            }
            guard let surname, surname == end, end - start >= 2 else { return false }
            return endsCleanly(values, end) && !NameParts.isKanji(values[safe: end] ?? 0)
        case (.role, .mark):
            if let surname {
                if !isGivenPart(values, surname..<end) { return false }
                // 林：, 泉： one kanji is a word as well; a name stands alone.
                return end - start > 1 || isClosed
            }
            if CharacterClasses.isKana(values[start]) {
                // グエン・ティ・ラン
                if values[start..<whole].contains(0x30FB) { return isClosed }
                return whole > end && hasTitle
                    || isClosed && Readings.isSurname(values, start..<end)
            }
            return isClosed && kanjiEnd == end && (2...5).contains(end - start)
                && !hasWordOfOffice(values, start..<end)
                && (label.isDoer || NameLists.isGivenName(values, start..<end))
        default:
            // 担当 ササキ
            if label.gap >= .space, end - start >= 3, isClosed,
                Readings.isSurname(values, start..<end)
            {
                return true
            }
            // 日勤：桐生
            if label.gap == .mark, isClosed, label.isShift || label.isCare(in: values),
                whole == end,
                NameLists.isLikeSurname(values, start..<end),
                !UnlistedNames.isNobody(values, start..<end)
            {
                return true
            }
            if label.gap == .mark, isClosed, CharacterClasses.isKatakana(values[start]),
                values[start..<whole].contains(0x30FB)
            {
                return true
            }
            if isUnlisted(label, in: values, start, token: end, whole: whole), isClosed {
                return true
            }
            // 臨床工学技士 小此木が
            if label.content == .role, label.gap == .space, whole == end,
                NameLists.isLikeSurname(values, start..<end),
                !UnlistedNames.isNobody(values, start..<end),
                [0x304C, 0x3078, 0x3088].contains(values[safe: end] ?? 0)
            {
                return true
            }
            guard let surname, isGivenPart(values, surname..<end) else { return false }
            // 助産師 楠が対応
            if label.gap == .space, label.content == .role || end - start > 1, whole == end,
                CharacterClasses.isHiragana(values[safe: end] ?? 0)
            {
                return true
            }
            return isClosed && (end - start > 1 || hasTitle || label.gap == .lineBreak)
        }
    }

    /// 担当医　桐生 誠一郎: surname and given name of which no list knows one; or a surname at the end.
    private static func isUnlisted(
        _ label: FieldLabel, in values: [UInt32], _ start: Int, token end: Int, whole: Int
    ) -> Bool {
        guard end > start, !UnlistedNames.isNobody(values, start..<end) else { return false }
        // 医師 印南 竜介: a given name of the list is enough.
        if whole > end, (2...3).contains(end - start),
            values[start..<end].allSatisfy(NameParts.isKanji),
            NameLists.isGivenName(values, values.afterSpaces(end, limit: 2)..<whole)
        {
            return true
        }
        guard NameLists.isLikeSurname(values, start..<end) else { return false }
        if whole > end {
            return NameLists.isLikeGivenName(values, values.afterSpaces(end, limit: 2)..<whole)
        }
        let after = values[safe: end] ?? 0x0A
        // 担当は整形の桐原と, 後任の沓掛が: what follows is read by the caller.
        let isLatinLabel = CharacterClasses.isLatin(values[label.range.upperBound - 1])
        return label.gap == .space
            && (label.content == .role
                && [0x0A, 0x28, 0x29, 0x20, 0x2192, 0x3001, 0x3002].contains(after)
                || isLatinLabel && end - start <= 3)
    }

    private static func isOfficeWord(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        hasWordOfOffice(values, range)
    }

    /// Whether what stands after a surname without a space may be a given name, or nothing.
    private static func isGivenPart(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        range.isEmpty || NameLists.isGivenName(values, range)
            || range.count <= 3 && !hasWordOfOffice(values, range)
    }

    /// 科部室 and other kanji of which no rare name is made, but many an office or finding.
    static func hasWordOfOffice(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        values[range].contains { office.contains($0) }
    }

    private static let office = Set(
        """
        科部室棟院医師療班係課担当病者員族父母妻夫娘息本上不明無未済前後時日月年歳性男女長任主学生会社所局署家庭各諸他同両全検査撮影断読確認治術薬剤症炎癌瘍腫痛熱液器管肺胃腸肝腎脳骨膜筋腺圧値率量回数常陽陰左右有他付県府市区町村郡在住出毎週夜朝昼勤務職連絡先記録事項
        """.unicodeScalars.map(\.value))

    // MARK: What follows

    /// Another name after `、`, `・` or `/`: it must begin with a common surname and end there.
    private static func following(in values: [UInt32], after end: Int) -> Range<Int>? {
        var index = end
        if let title = NameParts.titles.end(
            in: values, at: values.afterSpaces(index, limit: 1))
        {
            index = title
        }
        index = values.afterSpaces(index, limit: 1)
        guard let mark = values[safe: index], [0x3001, 0x2C, 0x30FB, 0x2F, 0x2192].contains(mark)
        else {
            return nil
        }
        let start = values.afterSpaces(index + 1, limit: 1)
        let stop = NameParts.tokenEnd(values, start, limit: 9)
        if FieldLabel.at(start, in: values).map({ $0.range.upperBound >= stop }) == true {
            return nil
        }
        guard stop > start,
            let surname = NameLists.surnameEnds(in: values, at: start).first(where: { $0 <= stop })
                ?? (NameLists.isLikeSurname(values, start..<stop)
                    && !UnlistedNames.isNobody(values, start..<stop) ? stop : nil),
            stop - surname <= 3,
            NameParts.isBoundary(values, stop) || NameParts.isTitle(values, stop)
        else { return nil }
        let space = values.afterSpaces(stop, limit: 1)
        if surname == stop, space > stop {
            let given = NameParts.tokenEnd(values, space, limit: 6)
            if NameLists.isGivenName(values, space..<min(given, space + 4)) {
                return start..<given
            }
        }
        return start..<stop
    }

    // MARK: Readings

    /// A name in kana of up to three parts.
    static func reading(in values: [UInt32], at start: Int) -> Range<Int>? {
        var index = start
        var end: Int?
        for _ in 0..<3 {
            let stop = values.end(of: CharacterClasses.isKana, from: index, limit: 12)
            guard (1...10).contains(stop - index),
                NameParts.titles.end(in: values, at: index) == nil
            else { break }
            end = stop
            guard let next = values[safe: stop], next == 0x20 || next == 0x30FB else { break }
            index = stop + 1
        }
        guard let end, end - start >= 2, !NameParts.isOther(values, start, to: end),
            NameParts.isBoundary(values, end) || NameParts.isTitle(values, end)
        else { return nil }
        // さま, さん at the end belong to no name.
        let cut = NameParts.tokenEnd(values, start, limit: 12)
        return start..<(cut < end && NameParts.isTitle(values, cut) ? cut : end)
    }

    /// `（ヤマダ タロウ）` after a name.
    static func readingInBrackets(in values: [UInt32], after end: Int) -> Range<Int>? {
        let open = values.afterSpaces(end, limit: 1)
        guard values[safe: open] == 0x28, let range = reading(in: values, at: open + 1),
            range.count >= 3, values[safe: range.upperBound] == 0x29
        else { return nil }
        return range
    }
}

extension FieldLabel {
    /// Whether somebody who signs or acts is asked for, not whoever has a function.
    fileprivate var isDoer: Bool { gap == .mark && content == .role }

    /// Whether it is what somebody of the care does: ケアマネジャー, 相談員, 介護士.
    fileprivate func isCare(in values: [UInt32]) -> Bool {
        Self.care.end(in: values, at: range.lowerBound) == range.upperBound
    }

    private static let care = Phrases(
        words:
            "夜勤者 日勤者 ケアマネ ケアマネジャー ケアマネージャー ソーシャルワーカー MSW CW SW PSW 相談員 介護士 栄養士 訪問看護師 技師 ヘルパー 師長 院長 施設長 当直 Dr Ns PT OT ST 後見人 成年後見人 保証人 連絡者 対応者"
    )

    /// Whether it asks who is on duty; the label has two letters: 日勤, 当直, Dr, PT.
    fileprivate var isShift: Bool { content == .function && range.count == 2 }
}
