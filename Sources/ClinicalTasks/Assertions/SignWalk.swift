// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The walk from a finding over the signs to its right, until one decides.
struct SignWalk {
    let statement: Statement
    /// Where the finding, with the list that it stands in, ends.
    let start: Int
    private(set) var result = FindingAssertion.Decision()
    private(set) var isFirst = true
    /// A hedge that waits for its own predicate: 疑いなし, 疑う所見は認めない.
    private var hedge: AssertionSign?
    /// 既往, which waits for なし.
    private var history: AssertionSign?
    /// A change, which waits for なし.
    private var change: AssertionSign?
    /// A statement that it is there, after which only its end may be told: 発熱あり、その後解熱.
    private var isStated = false

    init(statement: Statement, start: Int) {
        self.statement = statement
        self.start = start
    }

    /// Takes the next sign; true where nothing further counts.
    mutating func take(_ sign: AssertionSign, followedBy next: AssertionSign?) -> Bool {
        defer { isFirst = false }
        if sign.predicate?.isMeasure == true { return false }
        if isStated { return takeAfterStatement(sign) }
        if let hedge { return take(sign, after: hedge) }
        if let history, takeAfterHistory(sign, history) { return true }
        if let change, takeAfterChange(sign, change) { return true }
        if let predicate = sign.predicate, predicate.isAsked || predicate.isAvoided {
            return decide(.general, by: sign)
        }
        if let condition = sign.condition, condition == .always || !endsInPast,
            ![.denial, .search, .risk].contains(sign.kind)
        {
            return decide(.general, .planned, by: sign)
        }
        switch sign.kind {
        case .existence: return takeExistence(sign)
        case .hedge:
            if sign.isNegated {
                // 疑わない, 考えにくい; 疑いなし comes as a hedge and a denial.
                return decide(.negative, by: sign)
            }
            hedge = sign
            result.certainty = .suspicious
            result.cue = sign.range
            return false
        case .denial: return decide(sign.isNegated ? .suspicious : .negative, by: sign)
        case .resolution: return takeResolution(sign)
        case .risk, .search:
            if sign.isNegated { return stateIt(sign) }
            return decide(.general, by: sign)
        case .history:
            // 胃癌術後, 胃癌の術後; not 嗄声は術後1か月を経ても.
            let gap = statement.text(start..<sign.range.lowerBound)
            if !["既往", "病歴", "罹患歴"].contains(statement.text(sign.range)),
                !["", "の", "▁"].contains(gap)
            {
                return false
            }
            history = sign
            result.temporality = .past
            result.cue = sign.range
            return false
        case .change where isOfOtherItem(sign): return false
        case .change:
            change = sign
            result.cue = sign.range
            return false
        case .little:
            // 関与は乏しい, 所見に乏しい; 浸出液は少ない says that there is some.
            let between = statement.scalars[start..<sign.range.lowerBound]
            guard
                Self.weighed.occurs(
                    in: statement.scalars, between.startIndex..<between.endIndex)
            else { return false }
            return decide(.negative, by: sign)
        case .other: return takeOther(sign)
        }
    }

    /// What is said to be little, so that the finding itself is unlikely.
    private static let weighed: WordList = [
        "関与", "所見に", "所見は", "所見も", "根拠", "らしさ", "兆候に", "徴候に", "確率", "蓋然性", "合併は", "疑いは", "積極的",
    ]

    // MARK: Kinds of signs

    private mutating func takeExistence(_ sign: AssertionSign) -> Bool {
        if !sign.isNegated { return takeStatement(sign) }
        if sign.predicate?.hasEnded == true { return decide(.negative, .past, by: sign) }
        if hasOwnNoun(before: sign) || hasOwnTopic(before: sign) {
            result.isAmbiguous = false
            return true
        }
        return decide(.negative, by: sign)
    }

    /// 性器出血、胎動減少なし: the change is the end of another item, which is no mention.
    private func isOfOtherItem(_ sign: AssertionSign) -> Bool {
        guard let number = statement.word(at: sign.range.lowerBound), number > 0,
            let first = statement.end(of: Statement.enumerators, at: start)
        else { return false }
        let before = statement.words[number - 1]
        let item = first..<sign.range.lowerBound
        return before.range.end == sign.range.lowerBound && before.partOfSpeech == "名詞"
            && before.range.start >= first
            && !statement.words.contains { word in
                item.contains(word.range.start) && ["助詞", "動詞", "助動詞"].contains(word.partOfSpeech)
            }
    }

    /// 腫瘤を形成する病変は認めない: the predicate before a noun is not yet the sentence's.
    private mutating func takeStatement(_ sign: AssertionSign) -> Bool {
        if let noun = sign.predicate?.noun,
            Self.findingNouns.contains(statement.words[noun].surface)
        {
            result.cue = sign.range
            return false
        }
        if showsByNoun(sign.predicate) { return false }
        // 4時間毎に確認すること: an order.
        if statement.end(of: Self.orders, at: statement.skippingSpace(sign.range.upperBound))
            != nil, sign.predicate?.isPast != true
        {
            return decide(.general, .planned, by: sign)
        }
        if statement.end(of: Self.prospects, at: statement.skippingSpace(sign.range.upperBound))
            != nil
        {
            return false
        }
        if sign.predicate?.isPossible == true { return decide(.general, by: sign) }
        return stateIt(sign)
    }

    private static let findingNouns: Set<String> = [
        "所見", "像", "病変", "陰影", "変化", "異常", "もの", "症状", "徴候", "兆候", "根拠", "結節", "腫瘤", "所", "部位",
        "エピソード", "訴え", "印象", "要素",
        "影", "病巣", "者", "証拠", "情報", "可能性", "恐れ", "おそれ", "危険", "危険性", "疑い", "リスク", "徴", "疣贅",
    ]

    private static let orders: WordList = ["こと。", "こと▁", "ことを指示", "ように指示", "よう指示"]
    private static let indicating: Set<String> = ["示す", "しめす", "伴う", "呈する", "来す", "きたす"]

    /// 大動脈解離を示す内膜フラップは確認できない: what becomes of the sign becomes of the finding.
    private func showsByNoun(_ predicate: Predicate?) -> Bool {
        guard let predicate, !predicate.isPast, Self.indicating.contains(predicate.core),
            statement.words.indices.contains(predicate.words.upperBound)
        else { return false }
        let next = statement.words[predicate.words.upperBound]
        return ["名詞", "接頭詞"].contains(next.partOfSpeech)
            && !Self.formalNouns.contains(next.surface)
    }

    private static let formalNouns: Set<String> = [
        "ため", "為", "よう", "様", "こと", "事", "もの", "物", "の", "場合", "時", "とき", "際", "ほど", "程", "一方",
        "ところ", "後",
        "前", "うえ", "上", "たび", "度", "ん",
    ]

    /// What may be: 出現する可能性, 陥るおそれ, なりかけているのかもしれない. Its own sign decides.
    private static let prospects: WordList = [
        "可能性", "おそれ", "恐れ", "危険", "リスク", "疑い",
        "懸念", "心配", "かもしれ", "のかもしれ", "かも知れ", "のかも知れ", "のではないか",
    ]

    private mutating func stateIt(_ sign: AssertionSign) -> Bool {
        result.cue = sign.range
        isStated = true
        return false
    }

    private mutating func takeOther(_ sign: AssertionSign) -> Bool {
        if sign.isNegated {
            // 我慢できない, 眠れない: it is something else that is denied.
            result.isAmbiguous = true
            return true
        }
        return takeStatement(
            AssertionSign(
                kind: .other, isNegated: false, range: sign.range, predicate: sign.predicate))
    }

    private mutating func takeResolution(_ sign: AssertionSign) -> Bool {
        if sign.isNegated { return stateIt(sign) }
        let end = sign.range.upperBound
        if statement.end(of: ["傾向", "しつつ", "してきて", "中", "の兆し", "途中"], at: end) != nil
            || statement.text(sign.range).hasPrefix("改善し")
                && statement.ends(with: ["やや", "少し", "若干", "徐々に"], at: sign.range.lowerBound)
        {
            return stateIt(sign)
        }
        if let noun = sign.predicate?.noun,
            ["目的", "ため", "見込み", "まで"].contains(statement.words[noun].surface)
        {
            return stateIt(sign)
        }
        return decide(.positive, .past, by: sign)
    }

    // MARK: Signs after one that waits

    private mutating func take(_ sign: AssertionSign, after hedge: AssertionSign) -> Bool {
        // Another finding between begins a new statement.
        let between = hedge.range.upperBound..<max(hedge.range.upperBound, sign.range.lowerBound)
        if statement.mentions.contains(where: { between.contains($0.range.lowerBound) }),
            between.contains(where: { statement.scalars[$0] == "、" || statement.scalars[$0] == "," }
            )
        {
            return true
        }
        switch sign.kind {
        case .denial: return decide(sign.isNegated ? .suspicious : .negative, by: sign)
        case .existence where sign.isNegated && sign.predicate?.isAsked != true:
            if hedge.predicate != nil, hedge.predicate?.noun == nil, !isNear(between) {
                return true
            }
            return decide(.negative, by: sign)
        case .little: return decide(.negative, by: sign)
        case .hedge:
            // 疑いと考える stays; 可能性は考えにくい goes.
            if sign.isNegated { return decide(.negative, by: sign) }
            return false
        case .risk where statement.text(sign.range).contains("説明"):
            // 可能性を説明した is of what may come; 適応障害かもしれないと説明した of what is thought.
            return statement.text(hedge.range) == "可能性" ? decide(.general, by: sign) : true
        case .risk, .search:
            if sign.kind == .search { return decide(.general, by: sign) }
            return true
        case .existence where !sign.isNegated:
            return hedge.predicate?.noun == nil && !isNear(between)
        default: return !isNear(between)
        }
    }

    private func isNear(_ between: Range<Int>) -> Bool {
        between.count <= 8 && !between.contains { statement.scalars[$0] == "、" }
    }

    private mutating func takeAfterHistory(_ sign: AssertionSign, _ history: AssertionSign) -> Bool
    {
        let gap = sign.range.lowerBound - history.range.upperBound
        guard gap <= 4 else { return true }
        if sign.kind == .existence, sign.isNegated {
            return decide(.negative, .past, by: sign)
        }
        return true
    }

    private mutating func takeAfterChange(_ sign: AssertionSign, _ change: AssertionSign) -> Bool {
        // 息切れの増悪があれば連絡: a condition all the same.
        if sign.condition == .always { return decide(.general, .planned, by: sign) }
        // 増悪なし: it is there and stays so.
        _ = stateIt(change)
        return true
    }

    /// After 認めた only an end or a denial of the same finding counts: 認めたが、その後消失.
    private mutating func takeAfterStatement(_ sign: AssertionSign) -> Bool {
        guard let cue = result.cue, [.resolution, .denial].contains(sign.kind), !sign.isNegated,
            sign.range.lowerBound >= cue.upperBound,
            isOnlyTime(cue.upperBound..<sign.range.lowerBound)
        else { return true }
        return sign.kind == .denial ? decide(.negative, by: sign) : takeResolution(sign)
    }

    /// Words that may stand between a finding and its end.
    private static let links: WordList = [
        "が", "ものの", "けれど", "も", "、", "その後", "現在は", "現在", "今は", "本日", "翌日", "翌朝", "徐々に", "自然に", "には",
        "に", "は", "速やかに",
        "すぐに", "後に", "後", "まもなく", "まで", "以後", "のち", "内服", "点滴", "で", "数日", "て", "し", "た", "おり",
        "いた", "。", "▁", "今朝",
        "日", "時間", "分", "半日", "数", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "約",
    ]

    private func isOnlyTime(_ range: Range<Int>) -> Bool {
        var place = range.lowerBound
        while place < range.upperBound {
            guard let end = statement.end(of: Self.links, at: place) else { return false }
            place = end
        }
        return true
    }

    // MARK: Deciding

    private mutating func decide(
        _ certainty: Certainty, _ temporality: Temporality = .current, by sign: AssertionSign
    ) -> Bool {
        result.certainty = certainty
        result.temporality = temporality
        result.cue = sign.range
        return true
    }

    /// Nouns that are denied by themselves at the end of a list of what is there: 高血圧、喫煙歴なし.
    private static let ownNouns: WordList = [
        "歴", "アレルギー", "飲酒", "喫煙", "内服薬", "手術", "著変", "変化", "問題", "異常", "希望", "効果", "副作用", "面会",
        "発語", "体動", "反応",
        "食事", "摂取", "指示", "変更", "内服", "投与", "処方", "既往", "再発", "再燃", "特記事項", "他", "排便", "排尿", "希死念慮",
    ]

    /// Whether the denial has a noun of its own, after a comma or with its own particle.
    private func hasOwnNoun(before sign: AssertionSign) -> Bool {
        let place = sign.range.lowerBound
        var end = place
        while end > start, let scalar = statement[end - 1],
            "はがもを".unicodeScalars.contains(scalar) || scalar.isSpace
        {
            end -= 1
        }
        guard statement.ends(with: Self.ownNouns, at: end) else { return false }
        return statement.scalars[start..<end].contains {
            $0 == "、" || $0 == "," || $0 == "に" || $0 == "で"
        }
    }

    private static let sharedNouns: WordList = [
        "訴え", "所見", "症状", "徴候", "兆候", "自覚", "出現", "指摘", "既往", "明らかなもの", "それ", "これ", "こと", "疑い",
        "可能性", "様子",
        "現在", "本日", "今回", "今朝", "今日", "以後", "以降", "その後", "昨日", "夜間", "日中", "最近", "経過", "入院後", "術後",
        "再発", "再燃",
        "エピソード", "像", "影", "感じ", "もの", "部分", "現時点", "今", "ここ", "方", "気配", "合併", "増悪", "悪化", "訴えること",
        "陽性", "前",
        "後", "時", "中", "日", "夜", "朝", "頃", "度", "回", "目", "間", "側", "部", "内", "外", "等", "など", "他",
        "類", "症", "痛", "病",
    ]

    /// 肺癌は最大径31mmで、隣接血管への浸潤はなく: the finding has a predicate of its own, and what is denied is the topic
    /// of the next clause.
    private func hasOwnTopic(before sign: AssertionSign) -> Bool {
        guard statement.end(of: ["は", "が"], at: start) != nil else { return false }
        let clause = start..<sign.range.lowerBound
        guard
            let comma = clause.last(where: { "、,".unicodeScalars.contains(statement.scalars[$0]) }),
            let particle = statement.word(at: sign.range.lowerBound - 1), particle > 0,
            ["は", "も", "が"].contains(statement.words[particle].surface)
        else { return false }
        let noun = statement.words[particle - 1]
        return noun.partOfSpeech == "名詞" && noun.range.start > comma
            && !["代名詞", "副詞可能", "非自立", "数"].contains(noun.subcategory)
            && !statement.ends(with: Self.sharedNouns, at: noun.range.end)
            && ["で", "し", "り", "く", "て", "あり", "おり"].contains(
                statement.word(at: comma - 1).map { statement.words[$0].surface } ?? "")
    }

    /// Whether the sentence tells what happened.
    private var endsInPast: Bool {
        guard let last = statement.words.last(where: { $0.partOfSpeech != "記号" }) else {
            return false
        }
        return last.baseForm == "た"
    }
}
