// SPDX-License-Identifier: Apache-2.0

/// Names of institutions by their shape: what ends like one (`…病院`, `…小学校`, `…市役所`), and what
/// stands beside 株式会社, 医療法人 or 老人ホーム. Generic uses stay: 当院, 近くの総合病院, 市民病院, A病院.
enum Institution {
    // MARK: By ending

    /// The institution whose ending word closes at `index` (its last scalar); nothing before `floor` is
    /// looked at.
    static func ending(
        at index: Int, in values: [UInt32], notBefore floor: Int
    ) -> Range<Int>? {
        guard let (start, ending) = InstitutionWords.ending(in: values, at: index, floor) else {
            return nil
        }
        let end = index + 1
        if goesOn(ending, in: values, after: end) { return nil }
        guard let name = nameStart(in: values, endingBefore: start, notBefore: floor),
            isName(values, name..<start, of: ending)
        else { return nil }
        if ending == .firm, !isWorkplace(values, after: end) { return nil }
        if ending == .home, !isResidence(values, after: end) { return nil }
        if ending == .society, !isSociety(values, name..<start) { return nil }
        if ending == .practice {
            let isNext = values[safe: end].map {
                NameParts.isKanji($0) || CharacterClasses.isKatakana($0)
            }
            // さざなみ整形外科, 山田内科
            let isNamed =
                start - name >= 3 && values[name..<start].allSatisfy(CharacterClasses.isHiragana)
                || start - name >= 2 && NameLists.isSurname(values, name..<start)
            guard isNamed, isNext != true else { return nil }
        }
        if ending == .service {
            guard start - name >= 3, values[name..<start].allSatisfy(CharacterClasses.isKana) else {
                return nil
            }
        }
        return name..<branchEnd(in: values, after: end)
    }

    /// Whether the word goes on: 大学病院, 建設業, 会話.
    private static func goesOn(
        _ ending: InstitutionWords.Ending, in values: [UInt32], after end: Int
    ) -> Bool {
        guard let next = values[safe: end] else { return false }
        if InstitutionWords.forms.end(in: values, at: end) != nil { return true }
        switch ending {
        case .society: return CharacterClasses.isKanji(next)
        case .firm:
            return CharacterClasses.isKatakana(next)
                || InstitutionWords.tradeWords.end(in: values, at: end) != nil
        case .service:
            return InstitutionWords.continuations.end(in: values, at: end) != nil
                || CharacterClasses.isKatakana(next)
        case .certain, .home, .practice:
            return InstitutionWords.continuations.end(in: values, at: end) != nil
        }
    }

    /// Where the name before an ending begins: back over letters, then after the last particle.
    private static func nameStart(
        in values: [UInt32], endingBefore end: Int, notBefore floor: Int
    ) -> Int? {
        var start = end
        while start > floor, end - start < 24, isNameScalar(values, start - 1) { start -= 1 }
        guard start < end else { return nil }
        if CharacterClasses.isDigit(values[safe: start - 1]),
            let after = InstitutionWords.counted.end(in: values, at: start), after <= end
        {
            start = after
        }
        start = InstitutionWords.afterParticles(in: values, start..<end)
        start = InstitutionWords.afterInflection(in: values, start..<end)
        while let after = InstitutionWords.leading.end(in: values, at: start, notAfter: end) {
            start = after
        }
        return start
    }

    private static func isNameScalar(_ values: [UInt32], _ index: Int) -> Bool {
        let value = values[index]
        if NameParts.isLetter(value) || CharacterClasses.isLatin(value) { return true }
        // 聖マリア・テレジア病院, JR東: a dot or hyphen between letters.
        return value == 0x30FB && index > 0
            && CharacterClasses.isKatakana(values[safe: index + 1] ?? 0)
            && CharacterClasses.isKatakana(values[index - 1])
    }

    /// Whether something is left of a name when all generic words are taken out.
    private static func isName(
        _ values: [UInt32], _ range: Range<Int>, of ending: InstitutionWords.Ending
    ) -> Bool {
        guard !range.isEmpty else { return false }
        let hasSurname = NameLists.surnameEnds(in: values, at: range.lowerBound).contains {
            $0 > range.lowerBound + 1 && $0 <= range.upperBound
        }
        if hasSurname { return true }
        var index = range.lowerBound
        var left = 0
        var hasLetter = false
        while index < range.upperBound {
            if let generic = InstitutionWords.generic.end(
                in: values, at: index, notAfter: range.upperBound)
            {
                index = generic
                continue
            }
            if NameParts.isLetter(values[index]) { hasLetter = true }
            left += 1
            index += 1
        }
        // A病院, Bクリニック: one letter stands for a name that was left out.
        let isSure = ending == .certain
        return hasLetter && left > (isSure ? 0 : 1) || left >= 3
    }

    /// 津田建設に勤務: the name of a trade is a firm's only where somebody works.
    private static func isWorkplace(_ values: [UInt32], after end: Int) -> Bool {
        let limit = min(values.count, end + 8)
        for index in end..<max(end, limit) {
            if [0x0A, 0x3002, 0x3001].contains(values[index]), index > end { return false }
            if InstitutionWords.work.end(in: values, at: index) != nil { return true }
        }
        return false
    }

    private static func isResidence(_ values: [UInt32], after end: Int) -> Bool {
        let limit = min(values.count, end + 6)
        for index in end..<max(end, limit) {
            if [0x0A, 0x3002, 0x3001].contains(values[index]), index > end { return false }
            if InstitutionWords.stay.end(in: values, at: index) != nil { return true }
        }
        return false
    }

    /// ひまわりの会, つばさ友の会: a name of kana or of kanji that are no relatives.
    private static func isSociety(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        range.count >= 2 && values[range].contains(where: CharacterClasses.isKana)
            && InstitutionWords.noSociety.end(in: values, at: range.lowerBound) == nil
    }

    /// 桜井病院 北分院, 東支店: what part of it.
    private static func branchEnd(in values: [UInt32], after end: Int) -> Int {
        var index = end
        while index < min(values.count, end + 8), NameParts.isKanji(values[index]) {
            if let branch = InstitutionWords.branches.end(in: values, at: index), index > end {
                return branch
            }
            index += 1
        }
        return end
    }

    // MARK: By what stands before

    /// The institution that a word at an index announces: 株式会社青葉, 特別養護老人ホーム翠香苑.
    static func announced(in values: [UInt32], at index: Int) -> Range<Int>? {
        guard let (end, kind) = InstitutionWords.announcing.longest(in: values, at: index) else {
            return nil
        }
        var start = values.afterSpaces(end, limit: 1)
        if let colon = values[safe: start], FieldLabel.isColon(colon) {
            start = values.afterSpaces(start + 1, limit: 2)
        }
        let isQuoted = values[safe: start].map { [0x300C, 0x300E, 0x28].contains($0) } == true
        if isQuoted { start += 1 }
        var stop = values.end(of: isAnnouncedScalar, from: start, limit: 24)
        if isQuoted {
            guard stop - start >= 2, let close = values[safe: stop],
                [0x300D, 0x300F, 0x29].contains(close)
            else { return nil }
            return kind == .firm || values[start - 1] != 0x28
                || InstitutionWords.isHomeName(values, start..<stop) ? start..<stop : nil
        }
        stop = InstitutionWords.beforeParticle(in: values, start..<stop)
        guard stop - start >= 2,
            !CharacterClasses.isLatin(values[end - 1])
                || NameParts.isLetter(values[start])
        else { return nil }
        if kind == .corporation {
            // 医療法人清風会: as far as its 会.
            guard let society = values[start..<stop].firstIndex(where: { $0 == 0x4F1A }),
                society > start
            else { return nil }
            return start..<society + 1
        }
        if let generic = InstitutionWords.generic.end(in: values, at: start), generic >= stop {
            return nil
        }
        if InstitutionWords.activities.end(in: values, at: start) != nil { return nil }
        if kind == .shop { return isWorkplace(values, after: stop) ? index..<stop : nil }
        if kind == .home {
            return InstitutionWords.isHomeName(values, start..<stop)
                ? start..<stop : nil
        }
        return index..<stop
    }

    private static func isAnnouncedScalar(_ value: UInt32) -> Bool {
        NameParts.isLetter(value) || CharacterClasses.isLatin(value) || value == 0x30FB
            || value == 0x26
    }

    /// The firm before a word for it: 青葉物産株式会社, 大峰(株).
    static func beforeForm(
        _ index: Int, in values: [UInt32], notBefore floor: Int
    ) -> Range<Int>? {
        guard let end = InstitutionWords.forms.end(in: values, at: index),
            let start = nameStart(in: values, endingBefore: index, notBefore: floor),
            index - start >= 2
        else { return nil }
        return start..<end
    }
}
