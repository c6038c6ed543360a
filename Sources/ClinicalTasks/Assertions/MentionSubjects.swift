// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Whose findings a sentence tells: 父が胃癌、母が糖尿病。本人は高血圧のみ。
struct MentionSubjects {
    private let statement: Statement
    /// People from left to right, with where their words begin and end.
    private let people: [(subject: MentionSubject, range: Range<Int>)]

    init(_ statement: Statement) {
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

    private static let besides: WordList = [
        "号室の", "同室の", "隣室の", "隣の", "向かいの", "隣床の", "斜め向かいの", "斜向かいの", "向いの", "お隣の", "別室の", "同じ部屋の",
        "同じ病室の", "同じ病棟の", "前の席の", "隣席の", "隣ベッドの", "隣のベッドの", "向かいのベッドの", "向かいベッドの", "隣の席の",
        "隣の部屋の", "隣の病室の", "隣の居室の", "隣家の", "近所の", "他の", "ほかの", "別の", "同じクラスの", "同じ施設の", "同じユニットの",
        "同じフロアの", "隣のクラスの",
    ]
    private static let neighbours: WordList = [
        "方", "人", "患者", "患者さん", "患者様", "女性", "男性", "高齢者", "子", "児", "お子さん", "入居者", "入居者さん", "利用者",
        "利用者さん", "利用者様", "おばあさん", "おじいさん", "おばあちゃん", "おじいちゃん", "職員", "学生", "生徒", "園児", "入院患者", "妊婦",
        "妊婦さん", "産婦", "褥婦", "新生児", "赤ちゃん", "メンバー",
    ]

    /// 4号室のBさん, 同室のA氏, 向かいのベッドの方: somebody beside the patient.
    private static func neighbour(at place: Int, in statement: Statement) -> Int? {
        guard let start = statement.end(of: besides, at: place) else { return nil }
        if let end = statement.end(of: neighbours, at: start) { return end }
        guard let letter = statement[start], letter.isASCII, letter.properties.isAlphabetic else {
            return nil
        }
        return statement.end(of: ["さん", "氏", "様"], at: start + 1)
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

    private static let words: [(MentionSubject, WordList)] = [
        (.patient, ["この子", "本人", "患者", "本症例", "自身", "本例", "症例", "当人", "クライアント", "利用者"]),
        (
            .family,
            [
                "父", "母", "父親", "母親", "実父", "実母", "義父", "義母", "養父", "養母", "両親", "兄", "弟", "姉", "妹",
                "兄弟", "姉妹", "実兄", "実弟",
                "実姉", "実妹", "祖父", "祖母", "祖父母", "叔父", "叔母", "伯父", "伯母", "おじ", "おば", "従兄弟", "従姉妹",
                "いとこ", "息子", "娘",
                "長男", "次男", "三男", "長女", "次女", "三女", "子供", "子ども", "孫", "甥", "姪", "夫", "妻", "配偶者",
                "家族", "親族", "親戚", "血縁者",
                "家人", "上の子", "下の子", "父方", "母方", "父方祖父", "父方祖母", "母方祖父", "母方祖母", "義兄", "義弟", "義姉",
                "義妹", "同胞", "ご家族",
                "御家族", "主人", "旦那",
                "嫁", "親", "曾祖父", "曾祖母", "双子の兄", "双子の弟", "異母兄", "異母弟", "近親者", "家系", "お父さん", "お母さん",
                "奥さん", "奥様", "ご主人",
                "お子さん", "キーパーソン", "KP", "子:", "実子",
            ]
        ),
        (
            .other,
            [
                "同室者", "同室患者", "同室の患者", "隣の患者", "他患", "他患者", "他の患者", "隣人", "友人", "知人", "同僚", "職員",
                "スタッフ", "介護者",
                "友達", "同級生", "クラスメイト", "同居人", "入居者", "他入居者", "隣床", "隣ベッドの患者", "担任", "上司",
                "部下", "恋人", "彼氏", "彼女", "婚約者", "飼い犬", "飼い猫", "ペット", "ドナー", "同乗者", "加害者", "接触者",
                "施設内", "施設の入所者",
                "他の入居者", "他利用者", "他の利用者", "他児", "級友", "クラスの子", "隣室の方", "隣室の人", "隣室者", "同室の方",
                "同室の人", "同室の女性", "同室の男性", "向かいの方", "同じ部屋の患者", "同じ部屋の方",
                "隣の部屋の人", "隣の部屋の方", "同席の", "隣席の方", "隣席の人", "隣席の患者", "隣の席の方", "友だち", "お友達", "お友だち",
                "知り合い", "近所の人", "近所の方",
                "ママ友", "クリニックの患者", "施設の患者", "同院の患者",
                "同病棟の患者", "他の患者様", "他患者様", "他の利用者様", "別の患者", "別の利用者", "実習生", "同僚看護師", "向かいの患者",
                "向かいのベッドの患者", "隣の人",
                "他の入所者", "入所者", "隣室の患者", "隣の方", "隣のベッドの患者", "隣のベッドの方", "隣のベッドの人", "隣床の患者",
                "同室の利用者", "同室の入居者", "同じ病室の患者", "同じ病室の方", "ルームメイト", "同席者", "同行者",
            ]
        ),
    ]

    /// Words in which the name of a relative is only a part: 父子家庭, 母趾, 母斑, 家族性, 親指.
    private static let longer: WordList = [
        "母趾", "母指", "母斑", "母床", "母乳", "母子", "母体", "母集団", "母細胞", "父子", "親指", "親水", "親和", "親切", "家族性",
        "家族歴", "家族構成",
        "家族内", "家族と", "家族背景", "子供の頃", "子どもの頃", "娘細胞", "娘結節", "孫の手", "妹尾", "主人公", "患者会", "医師会",
        "看護師長", "嫁ぎ",
        "親知らず", "母国", "兄弟姉妹",
    ]

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
