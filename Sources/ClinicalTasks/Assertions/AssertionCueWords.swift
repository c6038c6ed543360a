// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// The words by which Japanese records say how things stand with a finding.
enum AssertionCueWords {
    // MARK: Cores of predicates, in dictionary form

    /// That it is there, and with a denial that it is not.
    static let being: Set<String> = [
        "ある", "有る", "ない", "無い", "認める", "認む", "みる", "見る", "みられる", "見られる", "みとめる", "訴える", "訴え", "出現",
        "生じる", "生ずる",
        "起こる", "起きる", "おこる", "出る", "でる", "来す", "きたす", "来たす", "呈する", "呈す", "伴う", "感じる", "自覚", "指摘",
        "確認", "検出",
        "同定", "描出", "触れる", "触知", "聴取", "聞く", "聞こえる", "経験", "合併", "発症", "発生", "存在", "残存", "残る", "再燃",
        "再発",
        "示す", "有する", "持つ", "もつ", "する", "なる", "至る", "及ぶ", "達する", "見当たる", "みあたる", "窺う", "うかがう",
        "うかがえる", "診断",
        "該当", "観察", "表出", "目立つ", "続く", "持続", "継続", "聴く", "言う", "いう", "言える", "いえる", "断定", "来る", "くる",
        "併発", "誘発",
        "浸潤", "転移", "進展", "描く", "捉える", "とらえる", "見つかる", "みつかる", "見いだす", "見出す", "発見", "罹患", "わずらう",
        "患う",
        "既知", "しめす", "おこす", "起こす", "引き起こす", "ふくむ", "含む", "入る", "混じる", "混入", "付着", "滲む", "にじむ", "いる",
        "居る",
        "欠く", "欠如", "欠落", "催す", "もよおす", "見受ける", "見受けられる", "みうける", "あらわれる", "現れる", "表れる", "現わす",
        "あらわす", "記録", "覚える", "おぼえる",
        "認知", "語る", "語られる", "察知", "体験", "満たす", "みたす", "抱える", "遭遇", "見出せる", "見いだせる", "読み取れる",
        "読みとれる", "特定",
        "証明", "検知",
        "明示", "顕在", "惹起", "遺残", "残す", "混在", "存する", "形成", "成立", "帯びる", "裏付ける", "立証", "捕捉", "視認",
        "目視",
        "窺える", "伺える", "うかがわれる", "引き継ぐ", "受け取れる", "とらえられる", "現出", "出没", "示現",
        "感知", "申告", "引ける", "表明", "発言", "報告", "聞かれる", "きかれる", "きく", "はっきり",
        "著明", "明瞭", "明らか", "貯留", "滞留", "沈着", "蓄積", "波及", "散見", "散在", "点在", "併存", "並存", "随伴",
        "再現", "多発", "頻発", "続発",
    ]

    /// That it is thought of.
    static let hedging: Set<String> = [
        "疑う", "疑い", "うたがう", "疑わせる", "疑える", "考える", "考え", "思う", "思われる", "思える", "示唆", "推測", "推定", "推察",
        "想定", "疑問",
        "考慮", "鑑別", "懸念", "危惧", "疑診", "合致", "一致", "想起",
    ]

    /// That it is not there, by the word itself.
    static let lacking: Set<String> = ["欠く", "欠如", "欠落"]

    /// That it is ruled out.
    static let denying: Set<String> = ["否定", "除外", "棄却", "rule out", "ルールアウト"]

    /// That it ended or got well.
    static let resolving: Set<String> = [
        "消失", "消退", "治癒", "軽快", "改善", "解消", "寛解", "落ち着く", "おさまる", "治まる", "収まる", "とれる", "取れる", "完治",
        "回復", "治る",
        "なおる", "消える", "なくなる", "無くなる", "ひく", "引く", "退く", "止まる", "止む", "引っ込む", "とまる", "抜ける", "下がる",
        "良くなる", "よくなる",
        "解熱",
        "止血", "是正", "正常化", "完解", "消褪", "吸収",
    ]

    /// That it is to be kept off, or spoken of.
    static let avoiding: Set<String> = [
        "おそれる", "予防", "防ぐ", "防止", "避ける", "回避", "注意", "警戒", "備える", "留意", "心配", "説明", "指導", "教育",
        "恐れる",
    ]

    /// That it changes; a change that is denied leaves the finding.
    static let changing: Set<String> = [
        "変化", "増悪", "悪化", "増大", "増強", "拡大", "縮小", "進行", "増加", "減少", "軽減", "緩和", "著変",
    ]

    // MARK: Words and marks in the text

    private static let marks: [(AssertionSign.Kind, Bool, WordList)] = [
        (
            .denial, false,
            [
                "ルールアウト", "はrule▁out。", "はrule▁out、", "はrule▁outされ", "はrule▁outし", "はrule▁outと",
                "はruleout", "はr/o。", "はr/o、", "はr/oされ", "は除外済", "は否定済",
            ]
        ),
        (
            .existence, true,
            [
                "(-)", "[-]", "(--)", "(一)", "(±0)", "陰性", "n.p.", "N.P.", "negative", "Negative",
                "(なし)", "(無)", "(無し)", "見当たらず",
                "明らかでない", "明らかではない", "はっきりしない", "該当なし", "(ー)", "正常範囲", "皆無", "未検出", "ネガティブ",
                "マイナス", "はマイナス", "もうせん", "せえへん", "出えへん", "出えへ", "でえへん", "出へん", "せーへん", "あらへん",
                "しいひん", "触知せず", "触知なし", "の触知なし",
                "聴取なし", "自覚なし", "の自覚なし", "の出現なし", "の指摘なし", "所見は得られな", "所見は得られず", "所見が得られな",
                "所見が得られず", "所見も得られず", "所見も得られな",
                "触知しな", "触知しま", "触知でき", "触知され", "触知は",
                "聴取せず", "触れず", "触れな", "みとめず", "みとめな",
                "あらわれず", "あらわれな", "あらわれませ",
                "認めぬ", "認めることなく", "きたすことなく", "来すことなく", "生じることなく", "起こすことなく", "みることなく", "伴うことなく",
            ]
        ),
        (
            .existence, false,
            [
                "プラス", "(+)", "[+]", "(++)", "(+++)", "(1+)", "(2+)", "(3+)", "陽性", "(あり)", "(有)",
                "(有り)",
                "positive",
            ]
        ),
        (
            .hedge, false,
            [
                "疑い", "疑", "うたがい", "可能性", "かもしれない", "かもしれません", "かも知れない", "かもしれず", "でしょうか", "だろう",
                "であろう",
                "でしょう", "らしい", "っぽい", "ぽい", "s/o", "S/O", "r/o", "R/O", "susp", "鑑別", "ではないか",
                "かな」", "かなと", "かも」", "かもとの",
                "なのか", "ものなのか", "かどうか判断",
                "(±)", "±", "としては非典型", "としては典型的で", "としては合わ", "としてはやや非典型", "矛盾しない",
                "矛盾しません", "矛盾せず", "矛盾はない", "矛盾なく", "矛盾ない", "矛盾はしない", "恐らく", "推測", "示唆", "除外が必要",
                "除外を要", "除外する必要", "除外したい", "除外すべき", "を念頭", "念頭に",
                "は除けな", "は除けませ", "も除けない", "も除けません", "には除けません", "には除けない", "は除けません", "は除けない", "には除けな",
                "には除けませ", "は除けず", "捨てきれ", "捨て切れ", "否めな",
                "否めませ", "否めず", "拭えな", "拭えず", "頭の片隅", "片隅に置", "rule▁outできない", "rule▁outできず",
                "ruleoutできない", "r/oできない", "ルールアウトでき", "ルールアウトはでき", "はruleoutできな", "はruleoutできず",
                "はr/oできな", "はr/oできず", "候補に挙", "候補に上", "候補にあが", "鑑別に挙",
                "確定には至っていない", "確定には至らない", "確定には至らず",
                "確定に至っていない", "確定に至らず", "確定していない", "確定しておらず",
                "確定には至っておらず", "の範疇", "が想起", "を想起", "決め手な", "決め手に欠", "が危惧", "を危惧", "も危惧", "も視野",
                "を視野",
            ]
        ),
        (
            .risk, false,
            [
                "リスク", "危険", "恐れ", "おそれ", "虞", "予防", "防止", "注意", "警戒", "起こりう", "起こり得", "起こりえ",
                "起こしう", "起こし得", "来しう", "来し得", "きたしう", "惹起しう", "惹起し得", "誘発しう", "誘発し得",
                "起きう", "起き得", "ありうる", "ありうり", "あり得る", "あり得ま", "出現しう", "出現し得", "生じう", "生じ得", "なりう",
                "なり得",
                "高い頻度で", "頻度が高い", "高頻度に", "高率に", "悪化防止", "増悪防止", "悪化予防", "増悪予防", "再発予防", "再発防止",
                "進行予防", "なりやすい", "しやすい", "ハイリスク", "対策", "不安", "心配", "について説明", "につき説明",
                "に関して説明",
                "に関する説明", "の説明", "について指導", "の指導", "に関する指導", "について教育", "について情報", "が起きた場合", "の出現に",
                "出現に留意", "の懸念", "の前ぶれ", "の前触れ", "の前兆", "の引き金",
                "の早期発見", "早期発見", "兆候に", "に気をつけ", "に気を付け", "に用心", "にご注意", "に御注意",
            ]
        ),
        (
            .search, false,
            [
                "ルールアウトのため", "ルールアウト目的", "ルールアウトを目的", "ルールアウトを", "ルールアウトが必要", "有無", "について尋ね",
                "についてたずね", "について訊", "について伺", "を尋ね", "をたずね",
                "について聞", "について問", "を確認すること", "に確認すること", "を観察すること", "の検索", "検索",
                "スクリーニング", "除外目的", "除外のため", "除外を目的", "除外する目的", "鑑別目的", "除外診断目的",
                "の観察を",
                "を観察する", "観察項目", "の確認を", "について評価", "の評価", "評価目的", "を精査", "検査目的", "除外を行", "除外を",
                "否定のため", "否定目的", "かどうか", "か否か", "評価のため", "ないか", "なさそうか", "アセスメント", "スコア", "スケール",
            ]
        ),
        (
            .history, false,
            [
                "既往", "病歴", "罹患歴", "術後", "手術後", "切除後", "摘出後", "根治後", "治療後", "の手術歴", "手術歴", "寛解後",
                "手術", "切除術", "摘出術",
            ]
        ),
        (.other, false, ["手術目的", "手術予定", "手術のため", "手術を予定", "手術待", "手術適応", "手術を行う予定", "手術希望"]),
        (.little, false, ["低い", "低く", "乏しい", "乏しく", "少ない", "薄い", "低いと", "否定的"]),
        (
            .change, false,
            [
                "変化", "著変", "増悪", "悪化", "増大", "増強", "拡大", "縮小", "進行", "増加", "減少", "著明な変化", "改善",
                "軽快", "軽減", "緩和", "消失",
            ]
        ),
        (
            .resolution, false,
            [
                "消退し", "消退。", "消退を", "消退傾向", "消褪し", "止血を得", "止血が得", "治癒し", "の消失を", "の消退を", "の改善を",
                "の軽快を",
            ]
        ),
    ]

    /// The sign that a fixed word or mark is.
    static func sign(at place: Int, in statement: Statement) -> AssertionSign? {
        // (被疑薬:X)
        if statement[place] == "疑", statement[place - 1] == "被" { return nil }
        var best: AssertionSign?
        for (kind, negated, words) in marks {
            guard let end = statement.end(of: words, at: place),
                end > best?.range.upperBound ?? place
            else { continue }
            best = AssertionSign(kind: kind, isNegated: negated, range: place..<end)
        }
        guard var sign = best, !isPartOfVerb(sign, in: statement) else { return nil }
        if sign.kind == .little, statement.text(sign.range) == "否定的" {
            sign.kind = .denial
            return isDenied(after: sign.range.upperBound, in: statement).map { end in
                AssertionSign(kind: .denial, isNegated: true, range: place..<end)
            } ?? sign
        }
        return sign
    }

    /// Whether a word that looks like a noun is the beginning of a verb, which says more: 疑う, 疑わない.
    private static func isPartOfVerb(_ sign: AssertionSign, in statement: Statement) -> Bool {
        guard let number = statement.word(at: sign.range.lowerBound) else { return false }
        let word = statement.words[number]
        guard word.range.start == sign.range.lowerBound else {
            // Within a longer word, unless that is unknown and mixes signs.
            return word.range.end > sign.range.upperBound && !word.isUnknown
                && !isMark(sign, statement)
        }
        if sign.kind == .hedge, word.baseForm == "疑う", word.partOfSpeech == "動詞",
            !(statement.text(sign.range) == "疑い" && followsNoVerb(number, in: statement.words))
        {
            return true
        }
        // 変化なし is the noun; 変化し, 変化する the verb.
        if [.change, .risk, .hedge].contains(sign.kind), word.range.end == sign.range.upperBound,
            let predicate = Predicate(at: number, in: statement.words),
            predicate.words.count > 1 || resolving.contains(word.surface)
        {
            return true
        }
        return false
    }

    private static func isMark(_ sign: AssertionSign, _ statement: Statement) -> Bool {
        guard let first = statement[sign.range.lowerBound] else { return false }
        return first == "(" || first == "[" || first == "±"
    }

    /// 疑い as a noun or at a clause's end; 疑いました is the verb.
    private static func followsNoVerb(_ number: Int, in words: [Morpheme]) -> Bool {
        guard number + 1 < words.count else { return true }
        return words[number + 1].partOfSpeech != "助動詞" || words[number + 1].baseForm == "だ"
            || words[number + 1].baseForm == "です"
    }

    /// Where a denial right after a place ends: ではない, ではありません, とは言えない.
    static func isDenied(after place: Int, in statement: Statement) -> Int? {
        let start = statement.skippingSpace(place)
        return statement.end(of: plainDenials, at: start)
    }

    static let plainDenials: WordList = [
        "とは判断され", "とは判断でき", "とは判断しな", "とは判断せ", "は考えない", "は考えなかった",
        "ではない", "でない", "ではなく", "でなく", "ではありません", "ではなかった", "ではなさそう", "じゃない", "でありません", "とは言えない",
        "とはいえない",
        "とは言えず", "とはいえず", "とは言いがたい", "とは言い難い", "とは考えにくい", "とは考えにくく", "とは考え難い", "とは思えない", "とは思えず",
        "とは考えられない", "とは考えない", "とはいえません", "とは言えません", "とまでは言えない", "とまではいえない", "とするには", "というほどではない",
        "でもない", "でもなく",
        "とは診断できない", "と断定できない", "とは断定できない", "ではないと", "には至らない", "には至っていない", "に至らず", "には至らず",
    ]
}
