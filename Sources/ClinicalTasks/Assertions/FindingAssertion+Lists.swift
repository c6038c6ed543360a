// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// The list that a finding stands in, which is governed as a whole: 発熱・咳嗽・呼吸困難なし.
extension FindingAssertion {
    typealias List = (end: Int, holdsComma: Bool, place: Range<Int>?)

    /// Where the list of mentions that this one belongs to ends.
    func listEnd(from number: Int) -> List {
        var end = statement.mentions[number].range.upperBound
        var holdsComma = false
        // Where the list stops if its first item is a statement of its own.
        var first: List?
        var count = 1
        for next in statement.mentions[(number + 1)...] {
            if next.range.lowerBound < end { continue }
            guard let comma = isJoined(end, next.range.lowerBound) else { break }
            // 右上葉に結節、胸水なし: what is placed somewhere is a statement of its own.
            if comma, first == nil, let place = place(of: number) {
                first = (end, holdsComma, place)
            }
            holdsComma = holdsComma || comma
            end = next.range.upperBound
            count += 1
        }
        // 腫瘤、胆管拡張、結石を認めず: the last item is no mention.
        if let next = statement.end(of: Statement.enumerators, at: statement.skippingSpace(end)),
            let place = unknownNouns(at: statement.skippingSpace(next)),
            let particle = statement[place], "をはもが".unicodeScalars.contains(particle)
        {
            count += 1
        }
        // 昨日より発熱、咳嗽なし tells of two things, 昨日より発熱、咳嗽、鼻汁なし of one list.
        if let first, count < 3 || first.place.map(isTime) != true,
            first.place.map(isAsked) != true, count < 3 || !isVerballyDenied(after: end)
        {
            return first
        }
        return (end, holdsComma, nil)
    }

    /// 肝に腫瘤、石灰化、結石を認めず: a verb governs the whole list with its place, as なし does not.
    private func isVerballyDenied(after end: Int) -> Bool {
        var place = statement.skippingSpace(end)
        if let next = statement.end(of: Statement.enumerators, at: place) {
            place = unknownNouns(at: statement.skippingSpace(next)) ?? place
        }
        guard let particle = statement[place], "をはも".unicodeScalars.contains(particle),
            let sign = signs.first(where: { $0.range.lowerBound > place }),
            sign.range.lowerBound <= place + 2
        else { return false }
        return sign.kind == .existence && sign.isNegated && sign.predicate?.core != "ない"
    }

    private static let times: WordList = [
        "時", "後", "前", "中", "夜", "夜間", "日中", "朝", "夕", "昼", "日", "今回", "途中", "経過",
    ]

    /// Whether a particle says since when: 昨日より, 経過中に.
    private func isTime(_ particle: Range<Int>) -> Bool {
        if statement.text(particle) != "に" { return true }
        return statement.ends(with: Self.times, at: particle.lowerBound)
    }

    private static let encounters: WordList = [
        "入院時", "来院時", "受診時", "帰室時", "入室時", "転入時", "搬入時", "訪室時", "訪問時", "帰棟時", "勤務開始時", "開始時", "術直後",
    ]

    /// Whether a particle names the time at which somebody looked, so that nothing began with it: 入院時より頭痛、
    /// 嘔気なし.
    private func isAsked(_ particle: Range<Int>) -> Bool {
        statement.ends(with: Self.encounters, at: particle.lowerBound)
    }

    /// 肝硬変を含めた免疫機能低下: no list.
    static let including: WordList = ["を含めた", "をはじめとした", "をはじめとする"]

    /// Whether nothing but signs of a list stands between two places; whether one is a comma.
    private func isJoined(_ start: Int, _ next: Int) -> Bool? {
        var place = statement.skippingSpace(start)
        if statement[place] == "(", let closing = statement.closing(of: place), closing < next {
            place = statement.skippingSpace(closing + 1)
        }
        var comma = false
        while place < next {
            if comma, let end = unknownItem(at: place, before: next) {
                place = end
                continue
            }
            if place > start, modifiersEnd(from: place) == next { return comma }
            guard statement.end(of: Self.including, at: place) == nil,
                let end = statement.end(of: Statement.enumerators, at: place)
            else { return nil }
            if statement.scalars[place..<end].contains(where: { $0 == "、" || $0 == "," }) {
                comma = true
            }
            place = statement.skippingSpace(end)
        }
        return comma
    }

    /// The end of the words that only say how an item is: the 繰り返す of 頭痛や繰り返す嘔吐.
    private func modifiersEnd(from start: Int) -> Int? {
        guard var number = statement.word(at: start), statement.words[number].range.start == start
        else { return nil }
        var place = start
        while number < statement.words.count, place - start <= 8,
            statement.mention(at: place) == nil
        {
            let word = statement.words[number]
            guard word.range.start == place,
                word.partOfSpeech == "連体詞"
                    || word.partOfSpeech == "形容詞" && word.surface == word.baseForm
                    || word.partOfSpeech == "名詞" && word.subcategory == "形容動詞語幹"
                    || word.surface == "な" || Self.lasting.contains(word.surface)
            else { return place == start ? nil : place }
            place = word.range.end
            number += 1
        }
        return place
    }

    private static let lasting: Set<String> = [
        "繰り返す", "くり返す", "続く", "持続する", "増強する", "悪化する", "止まらない", "治まらない", "急激な", "新たな", "新しい",
        "する", "持続", "増強", "増悪", "悪化",
    ]

    /// The end of an item of a list that is no mention: the 胆管拡張 of 腫瘤、胆管拡張、結石を認めず.
    private func unknownItem(at start: Int, before next: Int) -> Int? {
        guard let place = unknownNouns(at: start), place < next,
            statement.end(of: Statement.enumerators, at: statement.skippingSpace(place)) != nil
        else { return nil }
        return statement.skippingSpace(place)
    }

    /// The end of the nouns that begin at a place and are no mention, at most ten characters.
    private func unknownNouns(at start: Int) -> Int? {
        guard var number = statement.word(at: start),
            statement.words[number].range.start == start
        else { return nil }
        var place = start
        while number < statement.words.count, statement.mention(at: place) == nil {
            let word = statement.words[number]
            guard word.range.start == place,
                word.partOfSpeech == "名詞" || word.partOfSpeech == "接頭詞",
                !["副詞可能", "非自立", "代名詞", "数"].contains(word.subcategory),
                !Predicate.isDenial(word), !["あり", "有り"].contains(word.surface)
            else { break }
            place = word.range.end
            number += 1
        }
        return place > start && place - start <= 10 ? place : nil
    }

    /// The particle by which a place or a time is said of the mention, so that it needs no predicate:
    /// 右上葉に結節、….
    private func place(of number: Int) -> Range<Int>? {
        let start = statement.mentions[number].range.lowerBound
        let floor =
            number > 0
            ? statement.mentions[number - 1].range.upperBound : statement.range.lowerBound
        var place = start - 1
        while place >= floor, let scalar = statement[place], !"、。,;".unicodeScalars.contains(scalar)
        {
            if let word = statement.word(at: place), statement.words[word].partOfSpeech == "助詞",
                ["に", "より", "から"].contains(statement.words[word].surface),
                !isConjoined(word),
                !statement.ends(with: Self.noPlaces, at: statement.words[word].range.start)
            {
                return statement.words[word].range.start..<statement.words[word].range.end
            }
            place -= 1
        }
        return nil
    }

    private static let conjoining: Set<String> = [
        "伴う", "よる", "対する", "関する", "続く", "おける", "基づく", "応じる", "準じる", "関連", "起因", "続発", "つく",
    ]

    /// Whether a particle belongs to a verb that says how, not where: 生検に伴う合併症として気胸、….
    private func isConjoined(_ particle: Int) -> Bool {
        statement.words.indices.contains(particle + 1)
            && Self.conjoining.contains(statement.words[particle + 1].baseForm)
    }

    /// 既往に結核、喘息はない: what the whole list is asked for is no place of its first item.
    private static let noPlaces: WordList = [
        "既往", "過去", "他", "ほか", "以前", "既往歴", "病歴", "明らか", "特", "同時", "とも", "共", "主訴",
    ]

    // MARK: What gathers a list

    private static let gathering: WordList = [
        "のいずれ", "のいずれも", "いずれも", "、いずれも", "のどれも", "どれも", "何れも", "のすべて", "はすべて", "すべて", "全て",
        "のすべてが", "共に",
        "のいずれの", "などのいずれも", "などはいずれも", "等はいずれも", "はいずれも", "ともに", "とも、",
    ]

    /// 性器出血、胎動減少のいずれの訴えもなく: where the words stand that speak of all the items, though not each of them is
    /// known as a finding.
    func collective(after start: Int) -> Int? {
        let near = start..<min(statement.range.upperBound, start + 60)
        guard let found = Self.gathering.first(in: statement.scalars, near) else { return nil }
        let between = start..<found.lowerBound
        let isBroken =
            between.contains { "。:".unicodeScalars.contains(statement.scalars[$0]) }
            || statement.words.contains { word in
                between.contains(word.range.start)
                    && (word.partOfSpeech == "動詞" || Predicate.isDenial(word)
                        || ["は", "が", "で", "あり", "あった"].contains(word.surface))
            }
        return isBroken ? nil : found.upperBound
    }
}
