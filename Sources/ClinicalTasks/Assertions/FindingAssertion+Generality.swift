// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What a sentence tells of a disease without saying that the patient has it: what is known of it, what others have,
/// what is only possible, and what is to be done if it comes.
extension FindingAssertion {
    private static let provisos: WordList = [
        "たら", "れば", "場合は", "場合に", "場合、", "すと", "ると、", "ときは", "時は",
    ]
    private static let possibleEffects: WordList = [
        "副作用として", "合併症として", "有害事象として", "リスクとして", "副作用には", "合併症には", "偶発症として",
    ]
    private static let explanations: WordList = ["説明", "話した", "話され", "伝え", "情報提供", "IC", "同意"]
    private static let happened: WordList = ["出現", "認め", "みられ", "生じ", "あった", "出て", "発症し", "きたし"]
    private static let criteria: WordList = [
        "基準:", "報告基準:", "コール:", "報告事項:", "受診の目安:", "受診目安:", "報告の目安:", "時の指示:", "連絡すること:",
    ]

    /// 副作用として下痢、脱毛があることを説明, 中止基準:胸痛、…: what is only named as possible.
    private func told(before mention: Range<Int>) -> Range<Int>? {
        let left = statement.range.lowerBound..<mention.lowerBound
        if let criterion = Self.criteria.all(in: statement.scalars, left).last { return criterion }
        let right = mention.upperBound..<statement.range.upperBound
        guard let effects = Self.possibleEffects.all(in: statement.scalars, left).last,
            let explained = Self.explanations.first(in: statement.scalars, right),
            // 副作用として悪心が出現したため説明した tells of what happened.
            !Self.happened.occurs(in: statement.scalars, right.lowerBound..<explained.lowerBound)
        else { return nil }
        return effects
    }

    /// ①発熱 ②息苦しさ のいずれかがあれば
    private static let listProvisos: WordList = [
        "といったことがあれば", "といったときは", "といった時は", "といった場合は", "というときは", "という時は", "ようなときは", "ような時は",
        "ような場合は", "といった際は", "といった様子があれば", "といった症状があれば", "といった症状が出たら", "などの際は", "などの場合は", "などの場合には",
        "などのときは", "などの時は", "等の際は", "等の場合は", "などの症状がある場合は",
        "のいずれかがあれば", "いずれかがあれば", "いずれかあれば", "いずれかを認めたら", "いずれかを認めれば", "いずれかが出たら", "いずれかが出れば",
        "いずれかがみられたら", "などがあれば", "などあれば", "等あれば", "等があれば", "などが出たら", "などが出れば", "などがみられたら",
        "などを認めたら", "などの症状があれば", "などの症状が出たら",
    ]
    private static let advices: WordList = [
        "受診", "連絡", "報告", "コール", "再診", "相談", "電話", "伝え", "申告", "知らせ", "呼ん", "呼び",
    ]

    /// 体重が増えたら心不全増悪を疑って受診: what stands between a condition and what is to be done then.
    func advice(around mention: Range<Int>) -> Range<Int>? {
        if let named = told(before: mention) { return named }
        if let list = Self.listProvisos.first(
            in: statement.scalars,
            mention.upperBound..<min(statement.range.upperBound, mention.upperBound + 60))
        {
            return list
        }
        guard
            let proviso = Self.provisos.all(
                in: statement.scalars, statement.range.lowerBound..<mention.lowerBound
            ).last,
            Self.advices.occurs(
                in: statement.scalars, mention.upperBound..<statement.range.upperBound),
            !statement.words.contains(where: {
                ["た", "いる"].contains($0.baseForm) && $0.surface != "たら"
                    && $0.range.start >= mention.upperBound
            })
        else { return nil }
        return proviso
    }

    private static let rarities: WordList = [
        "まれに", "稀に", "ごくまれに", "ごく稀に", "極めて稀に", "極めてまれに", "きわめてまれに", "きわめて稀に", "非常にまれに", "非常に稀に",
    ]
    private static let explaining: WordList = [
        "説明", "IC", "同意", "副反応", "副作用", "合併症", "偶発症", "有害事象", "後遺症",
    ]
    private static let tellings: WordList = ["説明", "指導", "IC", "同意", "伝え", "お話", "情報提供"]
    private static let likelihoods: WordList = [
        "恐れ", "おそれ", "可能性", "危険", "リスク", "ことがある", "こともある", "ことがあり", "こともあり", "かねない", "かねません",
    ]
    /// Ends to which something may lead.
    private static let outcomes: Set<String> = [
        "至る", "発症", "併発", "招く", "陥る", "来す", "きたす", "来たす", "なる", "起こす", "起こる", "起きる", "生じる", "引き起こす",
        "悪化", "増悪", "続く",
    ]
    private static let graveOutcomes: Set<String> = [
        "至る", "発症", "併発", "招く", "陥る", "来す", "きたす", "来たす",
    ]

    /// ごくまれに穿孔に至る, 飲みすぎると低血糖となり意識障害を招く恐れがある: what may come of something; `isExplained` where a
    /// heading says that somebody explains it.
    func hypothesis(of mention: Range<Int>, isExplained: Bool) -> Range<Int>? {
        let left = statement.range.lowerBound..<mention.lowerBound
        let right = mention.upperBound..<statement.range.upperBound
        let explained = Self.tellings.first(in: statement.scalars, right)
        let told = right.lowerBound..<(explained?.lowerBound ?? right.upperBound)
        // What happened is none: 飲みすぎると低血糖になったことがある.
        guard
            !statement.words.contains(where: {
                $0.baseForm == "た" && $0.surface != "たら" && told.contains($0.range.start)
            })
        else { return nil }
        let outcome = outcome(of: mention)
        if let rarity = Self.rarities.all(in: statement.scalars, left).last {
            let isTold = isExplained || explained != nil
            if isTold
                || Self.explaining.occurs(in: statement.scalars, left) && !isStated(mention)
            {
                return rarity
            }
            if let core = outcome?.predicate?.core, Self.graveOutcomes.contains(core) {
                return rarity
            }
        }
        guard let outcome else { return nil }
        if isExplained || consequence(in: left),
            let mayCome = Self.likelihoods.first(in: statement.scalars, told),
            explained != nil
                || !statement.scalars[mention.upperBound..<mayCome.lowerBound].contains("、")
        {
            return mayCome
        }
        // 食道炎を来すと痛みが出るため、早めに伝えるよう指導
        if explained != nil, statement[outcome.range.upperBound] == "と" { return outcome.range }
        return isExplained ? outcome.range : nil
    }

    /// The verb right behind a mention by which something leads to it: 穿孔に至る, not 胃癌で手術となる.
    private func outcome(of mention: Range<Int>) -> AssertionSign? {
        guard let sign = signs.first(where: { $0.range.lowerBound >= mention.upperBound }),
            let predicate = sign.predicate, !sign.isNegated, !predicate.isPast,
            Self.outcomes.contains(predicate.core),
            statement.end(of: ["と", "に", "が", "を", "も", "へ"], at: mention.upperBound)
                == sign.range.lowerBound
        else { return nil }
        return sign
    }

    private func isStated(_ mention: Range<Int>) -> Bool {
        let first = signs.first { $0.range.lowerBound >= mention.upperBound }
        return first?.predicate.map {
            ["ある", "認める", "自覚", "訴える", "訴え"].contains($0.core)
        } ?? false
    }

    /// とりすぎると: a verb with the と of what follows from it, not of what is said.
    private func consequence(in range: Range<Int>) -> Bool {
        statement.words.indices.dropFirst().contains { number in
            let (word, verb) = (statement.words[number], statement.words[number - 1])
            guard range.contains(word.range.start), word.surface == "と",
                word.partOfSpeech == "助詞", verb.surface == verb.baseForm,
                ["動詞", "助動詞"].contains(verb.partOfSpeech)
            else { return false }
            let next = number + 1 < statement.words.count ? statement.words[number + 1] : nil
            return next.map {
                !Self.sayings.contains($0.baseForm) && !["助詞", "助動詞"].contains($0.partOfSpeech)
            } ?? false
        }
    }

    private static let sayings: Set<String> = [
        "言う", "いう", "話す", "思う", "考える", "訴える", "説明", "判断", "診断", "報告", "述べる", "する", "なる", "伝える",
        "とる",
        "よい", "良い", "共", "とも", "推測", "推定", "評価", "確認",
    ]

    /// 発熱(38℃以上):アセトアミノフェン: a finding before a drug that is given for it, in a list of orders; the colon.
    static func orderMark(after mention: Range<Int>, in statement: Statement) -> Range<Int>? {
        var place = statement.skippingSpace(mention.upperBound)
        if statement[place] == "(", let closing = statement.closing(of: place) {
            place = statement.skippingSpace(closing + 1)
        }
        place = statement.end(of: ["時", "に対し", "に対して", "には", "に"], at: place) ?? place
        guard let mark = statement[place], ":→⇒▁".unicodeScalars.contains(mark) else { return nil }
        return place..<place + 1
    }

    private static let rivals: WordList = [">", "≫", "≧", "vs.", "vs", "VS", "VS."]

    /// 脂肪沈着＞転移, 結核 vs. 中皮腫: two of which one is thought more likely; the sign between them.
    func rival(of mention: Range<Int>) -> Range<Int>? {
        let next = statement.skippingSpace(mention.upperBound)
        if let end = statement.end(of: Self.rivals, at: next),
            let other = statement.mention(at: statement.skippingSpace(end)), other.type == .disease
        {
            return next..<end
        }
        var start = mention.lowerBound
        while start > statement.range.lowerBound, statement.scalars[start - 1].isSpace {
            start -= 1
        }
        guard
            let sign = Self.rivals.start(
                endingAt: start, in: statement.scalars, from: statement.range.lowerBound)
        else { return nil }
        var end = sign
        while end > statement.range.lowerBound, statement.scalars[end - 1].isSpace { end -= 1 }
        return statement.mentions.contains { $0.type == .disease && $0.range.upperBound == end }
            ? sign..<start : nil
    }

    private static let generalities: WordList = [
        "わが国", "我が国", "本邦では", "一般に", "一般的に", "一般論", "典型的には", "文献上", "文献的に", "危険因子とされ", "リスク因子とされ",
        "好発", "稀とされ", "まれとされ",
        "ことが知られ", "として知られ", "の副作用が知られ", "が知られて", "副作用が報告されて", "添付文書", "教科書", "二峰性",
        "を来す例が", "頻度とされ", "ことがあるらしい",
        "こともあるらしい",
        "ことがあるんだって", "こともあるんだって", "ことがあるそうだ", "こともあるそうだ", "ことがあるんですって",
    ]

    private static let ownCases: WordList = [
        "経験し", "本症例", "本例", "一症例", "1症例", "一例", "1例", "症例を", "自験例",
    ]
    /// Before a finding: whoever has it is not the patient.
    private static let elsewhere: WordList = [
        "教育用", "(架空)", "仮想症例", "模擬患者", "先行報告では", "既報では", "過去の報告では", "報告例では", "剖検例の", "県内の施設で",
        "市内の施設で",
        "近隣の施設で", "他施設で", "他病棟の事例", "他院の事例", "他施設の事例", "他部署の事例", "他病棟での事例", "テレビで", "ニュースで", "新聞で",
        "ネットで", "雑誌で",
    ]
    /// The same behind a finding.
    private static let toldOfOthers: WordList = [
        "例報告され", "から報告されて", "例を報告している", "%と報告されて", "割と報告されて", "例と報告されて", "例が報告されて", "と述べている",
        "と述べており", "の集団発生", "がはや", "が流行", "の流行", "について医師の講義", "についての講義", "について講義", "について学", "と書いてあ",
        "って書いてあ", "とか書いてあ", "教育用", "(架空)", "他病棟の事例", "他院の事例",
    ]

    /// 薬剤性肺障害は一般に…に好発する: what is known of the disease, not of the patient; nil where the sentence tells
    /// what happened.
    func generality(of mention: Range<Int>) -> Range<Int>? {
        let before = statement.range.lowerBound..<mention.lowerBound
        if let found = Self.elsewhere.all(in: statement.scalars, before).last { return found }
        let behind = mention.upperBound..<min(statement.range.upperBound, mention.upperBound + 48)
        if let found = Self.toldOfOthers.first(in: statement.scalars, behind) { return found }
        guard
            let found = Self.generalities.first(in: statement.scalars, statement.range),
            // 本邦では稀な妊娠黄疸の一症例を経験したので報告する
            !Self.ownCases.occurs(in: statement.scalars, statement.range),
            statement.words.last(where: { $0.partOfSpeech != "記号" })?.baseForm != "た"
        else { return nil }
        return found
    }
}
