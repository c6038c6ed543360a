// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Whose findings a sentence tells: 父が胃癌、母が糖尿病。本人は高血圧のみ。
struct MentionSubjects {
    private let statement: Statement
    /// People from left to right, with where their words begin and end.
    private let people: [(subject: MentionSubject, range: Range<Int>)]

    /// `isOfMother`: whether the record is a mother's, so that the child in it is another person.
    init(_ statement: Statement, isOfMother: Bool = false) {
        self.statement = statement
        var people: [(subject: MentionSubject, range: Range<Int>)] = []
        var place = statement.range.lowerBound
        while place < statement.range.upperBound {
            if let mention = statement.mention(at: place) {
                // 家族性大腸癌 names no relative.
                place = mention.range.upperBound
                continue
            }
            var found: (MentionSubject, Int)?
            for (subject, words) in Self.words {
                if let end = statement.end(of: words, at: place), end > found?.1 ?? place {
                    found = (subject, end)
                }
            }
            if found == nil, let end = Self.neighbour(at: place, in: statement) {
                found = (.other, end)
            }
            if isOfMother, let birth = Self.birth(at: place, in: statement) { found = birth }
            if let (_, end) = found, let last = people.last, last.range.upperBound == place,
                statement.end(of: ["自身"], at: place) == end
            {
                // 妻自身も
                people[people.count - 1] = (last.subject, last.range.lowerBound..<end)
                place = end
            } else if let (subject, end) = found, Self.standsAlone(place..<end, in: statement) {
                people.append((subject, place..<end))
                place = end
            } else {
                place += 1
            }
        }
        self.people = people
    }

    /// 4号室のBさん, 同室のA氏, 向かいのベッドの方: somebody beside the patient.
    private static func neighbour(at place: Int, in statement: Statement) -> Int? {
        guard
            let start = statement.end(of: besides, at: place) ?? nextRoom(at: place, in: statement)
        else { return nil }
        if let end = statement.end(of: neighbours, at: start) { return end }
        guard let letter = statement[start], letter.isASCII, letter.properties.isAlphabetic else {
            return nil
        }
        return statement.end(of: ["さん", "氏", "様"], at: start + 1)
    }

    /// 隣室305号の, 隣の412号室の: a room beside, by its number.
    private static func nextRoom(at place: Int, in statement: Statement) -> Int? {
        guard let room = statement.end(of: ["隣室", "隣の", "隣床", "向かいの", "向かいの部屋", "同じ階の"], at: place)
        else { return nil }
        var end = statement.skippingSpace(room)
        if statement[end] == "(" { end += 1 }
        let first = end
        while let digit = statement[end], digit.properties.numericType != nil { end += 1 }
        guard end > first else { return nil }
        return statement.end(
            of: ["号の", "号室の", "号床の", "番の", "号室)の", "号)の", "号室にいる", "号"], at: end)
    }

    /// Whose finding a mention is, and the words that say so; nil for the patient's own.
    func subject(of mention: Statement.Mention) -> (subject: MentionSubject, cue: Range<Int>)? {
        guard
            let person = people.last(where: { $0.range.upperBound <= mention.range.lowerBound }),
            person.subject != .patient, governs(person.range, mention)
        else { return staff(with: mention) }
        return (person.subject, person.range)
    }

    private static let staff: WordList = [
        "ヘルパーさん",
        "PT", "OT", "ST", "Ns", "Dr", "看護師", "担当医", "主治医", "医師", "介護士", "ヘルパー", "ケアマネ", "ケアマネジャー",
        "理学療法士", "薬剤師", "スタッフ", "職員",
        "先生",
    ]
    private static let absent: WordList = [
        "で休職", "で休ん", "で休み", "のため休", "で欠勤", "のため欠勤", "に罹患", "に感染", "で自宅", "陽性のため休", "になり休",
        "にかかり",
        "で不在", "にて休", "の診断で休",
    ]

    /// 担当看護師が新型コロナウイルス感染症で休職中: those who only watch, unless what follows is of them.
    private func staff(
        with mention: Statement.Mention
    ) -> (subject: MentionSubject, cue: Range<Int>)? {
        if let person = counted(with: mention) ?? people(with: mention) {
            return (.other, person)
        }
        guard
            statement.end(
                of: Self.absent, at: statement.skippingSpace(mention.range.upperBound)) != nil,
            let person = Self.staff.all(
                in: statement.scalars, statement.range.lowerBound..<mention.range.lowerBound
            ).last,
            statement.end(of: ["が", "は", "も"], at: person.upperBound) != nil,
            mention.range.lowerBound - person.upperBound <= 6
        else { return nil }
        return (.other, person)
    }

    /// 疥癬が2名出ている, ノロウイルス胃腸炎の方が数名いる: so many people have it.
    private func people(with mention: Statement.Mention) -> Range<Int>? {
        let start = statement.skippingSpace(mention.range.upperBound)
        guard
            var end = statement.end(
                of: [
                    "が", "の方が", "の患者が", "の患者さんが", "患者が", "の利用者が", "の入所者が", "の職員が", "者が", "の人が",
                    "の児が",
                ], at: start)
        else { return nil }
        end = statement.end(of: ["計", "約", "既に", "すでに", "ほかに", "他に", "現在", "新たに"], at: end) ?? end
        let first = end
        while let digit = statement[end], digit.properties.numericType != nil || digit == "数" {
            end += 1
        }
        guard end > first, let last = statement.end(of: ["名", "人", "例"], at: end),
            // 2人目, 2人部屋, 2人で
            statement.end(of: ["目", "部屋", "床", "で", "介助", "体制", "報告"], at: last) == nil
        else { return nil }
        return start..<last
    }

    private static let countable: WordList = [
        "看護師", "看護助手", "介護士", "介護職員", "介護職", "職員", "スタッフ", "医師", "研修医", "ヘルパー", "理学療法士", "作業療法士",
        "実習生", "調理員", "病棟職員", "看護職員", "技師", "薬剤師", "ケアスタッフ",
    ]
    private static let affected: WordList = [
        "あり", "がみられ", "が見られ", "を認め", "が出現", "が発生", "が判明", "が確認", "の症状", "が出て", "が出た", "を発症", "が発症",
        "と判明",
        "と診断", "陽性", "がある", "があった", "があり",
    ]

    private static let toThem: WordList = [
        "暴", "易怒", "拒", "攻撃", "妄想", "興奮", "不信", "依存", "怒", "脱抑制", "不穏", "焦燥", "敵意",
    ]

    /// 看護師1名にも発疹あり, 職員3名が嘔吐: those who look after the patient fall ill themselves.
    private func counted(with mention: Statement.Mention) -> Range<Int>? {
        guard
            let person = Self.countable.all(
                in: statement.scalars, statement.range.lowerBound..<mention.range.lowerBound
            ).last
        else { return nil }
        var end = person.upperBound
        while let digit = statement[end], digit.properties.numericType != nil || digit == "数" {
            end += 1
        }
        let isCounted = end > person.upperBound
        if isCounted { end = statement.end(of: ["名", "人"], at: end) ?? person.upperBound }
        guard let particle = statement.end(of: ["に", "にも", "も", "が"], at: end),
            isCounted || statement.text(end..<particle) == "にも",
            mention.range.lowerBound - particle <= 12,
            !statement.scalars[particle..<mention.range.lowerBound].contains("、")
        else { return nil }
        // 看護師にも暴言あり: what the patient does to them.
        if Self.toThem.occurs(in: statement.scalars, mention.range) { return nil }
        // What is said of the list that the mention is in, not what somebody saw or was told.
        var last = mention.range.upperBound
        for next in statement.mentions where next.range.lowerBound >= last {
            guard
                let joint = statement.end(
                    of: Statement.enumerators, at: statement.skippingSpace(last)),
                joint == next.range.lowerBound
            else { break }
            last = next.range.upperBound
        }
        return statement.end(of: Self.affected, at: statement.skippingSpace(last)) == nil
            ? nil : person.lowerBound..<particle
    }

    // MARK: Reach

    /// Particles behind a person who does something to the patient, or tells of him.
    private static let bystanders: WordList = [
        "より", "から", "によると", "によれば", "に説明", "へ", "に", "と", "を", "の話", "の希望", "の付き添い", "同伴", "付き添い",
        "付添", "の介助", "の面会",
        "の協力", "の手", "宅", "の名前", "の顔", "の死", "の支援", "の同意", "の意向", "の車", "の迎え", "来院", "面会", "在宅",
        "同席", "の指示", "指示", "の判断", "の許可", "により", "に報告", "見守り", "の見守り",
    ]
    private static let theirs: WordList = [
        "にも", "とも", "と共に", "に胃", "と同じ", "に同様", "に同じ", "に類似", "に糖", "に癌", "に発熱", "に咳", "に感染",
        "にインフル", "にコロナ", "に大腸",
        "に乳", "に高血圧", "にがん", "に肺",
    ]

    private static let deaths: WordList = [
        "で亡く", "で他界", "で死去", "で死亡", "にて亡く", "にて他界", "にて死去", "にて死亡", "のため亡く", "のため他界", "で失",
    ]

    private func governs(_ person: Range<Int>, _ mention: Statement.Mention) -> Bool {
        if isOwn(mention, after: person) { return true }
        // 母を胃がんで亡くしている
        if statement.end(of: Self.deaths, at: statement.skippingSpace(mention.range.upperBound))
            != nil
        {
            return true
        }
        let next = statement.skippingSpace(person.upperBound)
        if statement.end(of: Self.bystanders, at: next) != nil,
            !(isDirectly(next, mention) || statement.end(of: Self.theirs, at: next) != nil)
        {
            return false
        }
        if isTold(mention, by: person) { return false }
        // 娘が面会に来て、頭痛あり: a clause without a finding ends what is said of her.
        let firstFinding = statement.mentions.first { $0.range.lowerBound >= person.upperBound }
        if let firstFinding,
            let comma = firstComma(person.upperBound..<firstFinding.range.lowerBound)
        {
            return !holdsPredicate(person.upperBound..<comma)
        }
        return true
    }

    /// 父に胃癌, 兄に大腸癌の既往, 同室者に嘔吐・下痢: the list that the finding is in stands right behind the particle.
    private func isDirectly(_ particle: Int, _ mention: Statement.Mention) -> Bool {
        guard let scalar = statement[particle], scalar == "に" else { return false }
        let start = statement[particle + 1] == "も" ? particle + 2 : particle + 1
        var place = statement.skippingSpace(start)
        while place < mention.range.lowerBound {
            guard let item = statement.mention(at: place),
                let end = statement.end(
                    of: Statement.enumerators, at: statement.skippingSpace(item.range.upperBound))
            else { return false }
            place = statement.skippingSpace(end)
        }
        return place == mention.range.lowerBound
    }

    private func firstComma(_ range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        return range.first { statement.scalars[$0] == "、" || statement.scalars[$0] == "," }
    }

    private func holdsPredicate(_ range: Range<Int>) -> Bool {
        statement.words.indices.contains { (number: Int) -> Bool in
            let word = statement.words[number]
            return range.contains(word.range.start) && word.partOfSpeech == "動詞"
        }
    }

    private static let tellings: WordList = [
        "と話", "と言", "といわ", "といい", "といっ", "と訴", "と述べ", "と報告", "との話", "との訴", "との報告", "とのこと", "と連絡",
        "と心配", "と聞", "と相談",
        "と希望", "と質問", "と電話", "との情報", "との連絡", "を心配", "に気付", "に気づ", "を訴え", "を発見",
    ]

    /// 母が「昨夜から咳がひどい」と話す: who tells of a finding does not have it.
    private func isTold(_ mention: Statement.Mention, by person: Range<Int>) -> Bool {
        let rest = mention.range.upperBound..<statement.range.upperBound
        guard let telling = Self.tellings.first(in: statement.scalars, rest) else { return false }
        // Another person behind the first is the one whom it is told of.
        let between = person.upperBound..<mention.range.lowerBound
        let opens = between.contains { statement.scalars[$0] == "「" }
        if opens || statement.text(telling).hasPrefix("を") || statement.text(telling).hasPrefix("に")
        {
            return true
        }
        // ご主人が昨夜から発熱で咳もあるとのこと: nobody is said to tell it.
        if ["とのこと", "との情報"].contains(statement.text(telling)),
            statement.end(of: ["が", "も"], at: statement.skippingSpace(person.upperBound)) != nil
        {
            return false
        }
        // 次男も腰椎症があり、夜は難しいと話す: he has it, too.
        if statement.text(telling).hasPrefix("と"),
            statement.end(of: ["も"], at: statement.skippingSpace(person.upperBound)) != nil,
            firstComma(mention.range.upperBound..<telling.lowerBound) != nil
        {
            return false
        }
        // 母が発熱があると話す tells; 友人が肺炎で入院したと話す has it.
        let stop = statement.end(
            of: ["は", "が", "も"], at: statement.skippingSpace(person.upperBound))
        let hasOwn = statement.end(
            of: ["が", "は", "も", "を訴え", "を話", "を心配"],
            at: statement.skippingSpace(mention.range.upperBound))
        return stop != nil && hasOwn != nil
    }

    private static let speaker: WordList = [
        "私が", "私も", "私は", "私、", "わたしが", "わたしも", "自分が", "自分も", "自分は", "俺が", "俺も", "僕が", "僕も", "私の方が",
        "こちらが",
    ]

    /// 妻「私が腰痛なので」: who speaks of himself has it.
    private func isOwn(_ mention: Statement.Mention, after person: Range<Int>) -> Bool {
        let quote = person.upperBound..<mention.range.lowerBound
        guard let own = Self.speaker.all(in: statement.scalars, quote).last else { return false }
        let between = own.upperBound..<mention.range.lowerBound
        return between.count <= 24 && statement.scalars[quote].contains("「")
            && !statement.scalars[between].contains { "」。".unicodeScalars.contains($0) }
    }

    // MARK: Words

    private static func standsAlone(_ range: Range<Int>, in statement: Statement) -> Bool {
        if let end = statement.end(of: longer, at: range.lowerBound), end > range.upperBound {
            return statement.text(range.lowerBound..<end) == "兄弟姉妹"
        }
        // 血縁, 叔父 and others are longer words of the list; 祖母 within 曾祖母 is taken with it.
        if range.lowerBound > statement.range.lowerBound, range.count == 1 {
            let before = statement.scalars[range.lowerBound - 1]
            if "祖義実養伯叔曾異聖酵空航分".unicodeScalars.contains(before) { return false }
        }
        return true
    }
}
