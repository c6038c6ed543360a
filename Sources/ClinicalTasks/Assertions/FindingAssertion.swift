// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// What the sentence around a disease or symptom says of it.
///
/// A finding is governed by what follows it: the first sign to its right decides, whatever other
/// items of its list stand between (発熱・咳嗽・呼吸困難なし), unless a particle says that the finding
/// is only a circumstance of what follows (肺炎で入院し、…). After the scheme of NegEx and ConText
/// (Chapman 2001, Harkema 2009), turned round for a language whose predicate comes last.
struct FindingAssertion {
    /// What was decided, before subject and section are looked at.
    struct Decision {
        var certainty: Certainty = .positive
        var temporality: Temporality = .current
        /// The words that decide; nil where the finding is simply named.
        var cue: Range<Int>?
        /// Whether the words can be read in two ways.
        var isAmbiguous = false
    }

    let statement: Statement
    let signs: [AssertionSign]

    init(_ statement: Statement) {
        self.statement = statement
        signs = AssertionSign.all(in: statement)
    }

    /// What is said of the mention of that number in the statement.
    func decision(of number: Int) -> Decision {
        let mention = statement.mentions[number]
        if let own = Self.shorthand(after: mention.range.upperBound, in: statement) { return own }
        if let before = Self.markBefore(mention.range.lowerBound, in: statement) { return before }
        if let rival = rival(of: mention.range) {
            return Decision(certainty: .suspicious, cue: rival)
        }
        if let question = alternative(to: mention.range) {
            return Decision(certainty: .suspicious, cue: question)
        }
        if let risk = Self.risks.start(
            endingAt: mention.range.lowerBound, in: statement.scalars,
            from: statement.range.lowerBound)
        {
            return Decision(certainty: .general, cue: risk..<mention.range.lowerBound)
        }
        if let order = order(around: mention.range) {
            return Decision(certainty: .general, temporality: .planned, cue: order)
        }
        let own = ownStatement(of: mention)
        let list = listEnd(from: number)
        if own == nil, list.end > mention.range.upperBound,
            var shared = Self.shorthand(after: list.end, in: statement)
        {
            shared.isAmbiguous = list.holdsComma
            return shared
        }
        if own == nil, let whole = collective(after: list.end) {
            return self.decision(after: whole)
        }
        // 昨日より発熱、咳嗽なし: what is placed in time or space is stated by that.
        if own == nil, let place = list.place { return Decision(cue: place, isAmbiguous: true) }
        var decision = own ?? self.decision(after: list.end)
        if list.holdsComma, decision.certainty == .negative { decision.isAmbiguous = true }
        if decision.certainty == .positive, decision.temporality == .current,
            let differential = differential(around: mention.range)
        {
            return Decision(certainty: .suspicious, cue: differential)
        }
        if decision.certainty == .positive, decision.temporality == .current,
            let generality = generality(of: mention.range)
        {
            return Decision(certainty: .general, cue: generality)
        }
        if decision.certainty == .positive, decision.temporality == .current,
            let condition = advice(around: mention.range)
        {
            return Decision(certainty: .general, temporality: .planned, cue: condition)
        }
        if decision.certainty == .positive, decision.temporality == .current,
            let outcome = hypothesis(of: mention.range, isExplained: false)
        {
            return Decision(
                certainty: .general, temporality: .planned, cue: outcome, isAmbiguous: true)
        }
        // 最終診断:薬剤性パーキンソニズム: a label states what stands behind it.
        if decision.certainty == .positive, decision.cue == nil,
            let label = Self.diagnosisLabels.start(
                endingAt: mention.range.lowerBound, in: statement.scalars,
                from: statement.range.lowerBound)
        {
            decision.cue = label..<mention.range.lowerBound
        }
        return decision
    }

    private static let diagnosisLabels: WordList = [
        "最終診断:", "確定診断:", "診断:", "診断名:", "病名:", "主病名:", "現病名:", "入院時診断:", "退院時診断:", "主病名は", "診断名は",
        "最終診断は", "最終診断:▁", "診断:▁", "診断名:▁", "診断名▁", "病名▁", "主病名▁",
    ]

    /// A risk that is spelt out behind it: 皮膚統合性障害リスク状態(褥瘡).
    private static let risks: WordList = [
        "リスク状態(", "リスク(", "のリスク(", "のおそれ(", "の恐れ(", "の危険(", "の危険性(", "ハイリスク(", "の可能性(",
    ]

    /// 帯状疱疹か単純疱疹か、: one of two that are asked for.
    private func alternative(to mention: Range<Int>) -> Range<Int>? {
        guard statement[mention.upperBound] == "か" else { return nil }
        let end = mention.upperBound + 1
        let sign = mention.upperBound..<end
        let isJoined = statement.mentions.contains {
            $0.type == .disease && $0.range.lowerBound == end
                && statement[$0.range.upperBound] == "か"
        }
        let isSecond = statement.mentions.contains {
            $0.type == .disease && $0.range.upperBound + 1 == mention.lowerBound
                && statement[$0.range.upperBound] == "か"
        }
        return isJoined || isSecond ? sign : nil
    }

    private static let limits: WordList = ["以上の", "以下の", "未満の", "を超える", "より高い", "より低い"]
    private static let orders: WordList = ["指示", "報告", "コール", "連絡", "頓用可", "使用可", "内服可"]
    private static let byThis: WordList = [
        "で", "にて", "なら", "あれば", "があれば", "時", "の際", "持続で", "続けば", "が続けば",
    ]
    private static let visits: WordList = [
        "受診", "来院", "搬送", "入院", "救急", "紹介", "来所", "早退", "欠席", "経過", "推移", "発症",
    ]

    /// 38.5℃以上の発熱で血培2セット採取の指示あり: a limit, for which something is ordered; the words of the order.
    private func order(around mention: Range<Int>) -> Range<Int>? {
        guard statement.ends(with: Self.limits, at: mention.lowerBound),
            let end = statement.end(of: Self.byThis, at: mention.upperBound)
        else { return nil }
        // HR120以上の頻脈でECG: what is done then, without a verb.
        let rest = end..<statement.range.upperBound
        if (1...14).contains(rest.count), !Self.visits.occurs(in: statement.scalars, rest),
            !statement.words.contains(where: {
                rest.contains($0.range.start) && $0.partOfSpeech == "動詞"
            })
        {
            return rest
        }
        guard
            let order = Self.orders.first(in: statement.scalars, rest),
            // 39℃以上の発熱で受診したと報告あり tells of what happened.
            !statement.words.contains(where: {
                $0.baseForm == "た" && (end..<order.lowerBound).contains($0.range.start)
            })
        else { return nil }
        return order
    }

    private static let differentials: WordList = [
        "鑑別として", "鑑別に", "鑑別には", "鑑別疾患として", "鑑別診断として", "鑑別疾患に", "鑑別診断に", "鑑別は", "候補として", "鑑別としては",
        "ddx", "DDx", "DDX", "D/D", "d/d",
    ]
    private static let listing: WordList = [
        "挙げ", "挙が", "あげ", "あが", "上げ", "上が", "考え", "想定", "列挙", "念頭", "など", "等", "思", "。", "▁",
    ]

    /// 鑑別として悪性リンパ腫、結核性リンパ節炎を挙げた: each item is only thought of.
    private func differential(around mention: Range<Int>) -> Range<Int>? {
        guard
            let found = Self.differentials.all(
                in: statement.scalars, statement.range.lowerBound..<mention.lowerBound
            ).last,
            Self.listing.occurs(
                in: statement.scalars, mention.upperBound..<statement.range.upperBound)
                || statement.range.upperBound == mention.upperBound
        else { return nil }
        return found
    }

    // MARK: Signs to the right

    /// What the text after a place says of the finding that ends there.
    func decision(after start: Int) -> Decision {
        var start = statement.skippingSpace(start)
        // 皮疹を含め副作用は認めない: what is said of the whole.
        if statement.end(of: Self.including, at: start) == nil {
            start = statement.end(of: ["を含め", "をはじめ"], at: start) ?? start
        }
        // 高熱(39℃)なし: what is in brackets is an aside.
        if statement[start] == "(", let closing = statement.closing(of: start),
            AssertionCueWords.sign(at: start, in: statement) == nil,
            !signs.contains(where: {
                (start..<closing).contains($0.range.lowerBound) && $0.kind == .hedge
            })
        {
            start = statement.skippingSpace(closing + 1)
        }
        if let mistake = mistake(after: start) {
            return Decision(certainty: .negative, cue: mistake)
        }
        if let end = AssertionCueWords.isDenied(after: start, in: statement)
            ?? lessLikely(than: start)
        {
            return Decision(certainty: .negative, cue: start..<end)
        }
        if let condition = Self.condition(after: start, in: statement, signs: signs) {
            return condition
        }
        if let limit = limit(after: start) {
            return Decision(certainty: .general, temporality: .planned, cue: limit)
        }
        if let end = statement.end(of: Self.strongTimes, at: start),
            statement.end(of: ["があ", "もあ", "があり"], at: end) == nil
        {
            return Decision(certainty: .general, temporality: .planned, cue: start..<end)
        }
        if let end = statement.end(of: Self.intensities, at: start) {
            // 痛みが強くなったら教えてください: even so it is only a condition.
            let next = signs.first { $0.range.lowerBound >= start }
            return next?.condition == .always
                ? Decision(certainty: .general, temporality: .planned, cue: next?.range)
                : Decision(cue: start..<end)
        }
        let circumstance = Self.circumstance(start, in: statement)
        var walk = SignWalk(statement: statement, start: start)
        let end = InlineHeading.next(after: start, in: statement) ?? statement.range.upperBound
        for sign in signs where sign.range.lowerBound >= start && sign.range.lowerBound < end {
            if let circumstance, walk.isFirst,
                sign.kind != .hedge || sign.range.lowerBound > start + 8
                    || statement.mentions.contains(where: {
                        (start..<sign.range.lowerBound).contains($0.range.lowerBound)
                    })
            {
                return Decision(cue: circumstance)
            }
            if walk.take(
                sign, followedBy: signs.first { $0.range.lowerBound >= sign.range.upperBound })
            {
                break
            }
        }
        // 高血圧、糖尿病にて通院中: no sign, but a circumstance all the same.
        if let circumstance, walk.isFirst { return Decision(cue: circumstance) }
        return walk.result
    }

    private static let formerly: WordList = [
        "とされていたが", "とされたが", "と診断されていたが", "と診断されたが", "と診断していたが", "と診断したが", "と考えられていたが", "と考えられたが",
        "と考えていたが", "と思われていたが", "と思われたが", "が疑われたが", "が疑われていたが", "を疑ったが", "を疑っていたが", "として治療されていたが",
        "として加療されていたが", "として治療していたが", "の診断であったが", "の診断だったが", "とされており", "とされていた", "と診断されていた",
        "と診断していた", "と判断されていたが", "と判断したが", "として紹介されたが", "の診断で紹介されたが",
    ]
    private static let mistakes: WordList = [
        "診断は誤", "診断が誤", "誤りと", "誤りで", "誤診", "診断を撤回", "診断は撤回", "診断を取り下げ", "診断は取り下げ", "診断を訂正",
        "診断は訂正",
        "診断を変更", "診断は変更", "診断が変更", "診断が覆", "診断は覆", "に訂正", "と訂正", "診断を改め", "診断に改め", "ではなく", "ではない",
        "ではなかった", "は否定", "を否定", "が否定", "は除外", "に診断を変更", "に診断変更", "へ診断変更", "へ診断を変更", "が判明し否定",
    ]

    /// 肺膿瘍とされていたが、この診断は誤りと判明し: a diagnosis that was given up; the words that say so.
    private func mistake(after start: Int) -> Range<Int>? {
        guard let former = statement.end(of: Self.formerly, at: start) else { return nil }
        let end =
            statement.mentions.first {
                $0.type == .disease && $0.range.lowerBound >= former
            }?.range.lowerBound ?? statement.range.upperBound
        let own = former..<max(former, end)
        if let found = Self.mistakes.first(in: statement.scalars, own) { return found }
        // 胃癌とされていたが、悪性リンパ腫に診断を変更した.
        let rest = former..<statement.range.upperBound
        let changed: WordList = ["に診断を変更", "に診断変更", "へ診断を変更", "へ診断変更", "に訂正", "と訂正", "に改め"]
        return changed.first(in: statement.scalars, rest)
    }

    private static let ratherThan: WordList = ["というより", "と言うより", "といったより", "とするより"]
    /// Those that compare two thoughts, never two times: 転移よりも炎症性変化を考えます.
    private static let plainComparisons: WordList = ["よりも", "よりむしろ", "よりは"]
    private static let comparisons: WordList = ["よりも", "よりは", "より", "よりむしろ"]

    /// 転移というよりは血管腫を考える, ループス腎炎よりもIgA腎症が疑われた: the other is thought of.
    private func lessLikely(than start: Int) -> Int? {
        if let end = statement.end(of: Self.ratherThan, at: start) { return end }
        if let end = statement.end(of: Self.plainComparisons, at: start),
            let next = signs.first(where: { $0.range.lowerBound >= end && $0.kind == .hedge }),
            !next.isNegated, next.range.lowerBound - end <= 14,
            !statement.scalars[end..<next.range.lowerBound].contains("、")
        {
            return end
        }
        guard let end = statement.end(of: Self.comparisons, at: start),
            let other = statement.mentions.first(where: { $0.range.lowerBound >= end }),
            other.type == .disease, other.range.lowerBound - end <= 8,
            let next = signs.first(where: { $0.range.lowerBound >= other.range.upperBound }),
            next.kind == .hedge, !next.isNegated,
            next.range.lowerBound - other.range.upperBound <= 6
        else { return nil }
        return end
    }

    /// When it is strong: 吐き気強いときは.
    private static let strongTimes: WordList = [
        "が強くなる時", "が強くなるとき", "が強くなった時", "が強くなったとき", "がひどくなる時", "がひどくなるとき", "強い時", "強いとき", "強い場合",
        "強い際", "強ければ", "が強い時", "が強いとき", "が強い場合", "が強い際", "が強ければ", "の強い時",
        "の強いとき",
        "ひどい時", "ひどいとき", "ひどい場合", "ひどければ", "がひどい時", "がひどいとき", "がひどい場合", "がひどければ", "つらい時", "つらいとき",
        "がつらい時",
        "がつらいとき", "が辛い時", "が辛いとき", "が辛ければ", "がつらければ", "辛い時", "のひどい時", "がある時は", "があるときは", "がある際は",
        "ある時は",
        "の続く時", "が続く時", "が続くとき", "持続する時", "が強まれば", "強まれば",
    ]

    /// How strong it is, which says that it is there.
    private static let intensities: WordList = [
        "強く", "が強", "は強", "も強", "の強", "著明", "が著", "激し", "が激し", "ひどく", "がひど", "はひど", "つよく", "がつよ",
        "が増悪", "が悪化", "増悪あり", "著しく", "が著し",
        "であった。", "であった、", "である。", "でした。", "だった。", "が辛", "がつら", "がしんど", "が気にな", "で眠れ", "のみ", "だけ",
    ]

    /// Particles that make a finding the circumstance of what follows.
    private static let circumstances: WordList = [
        "のため", "の為", "により", "によって", "による", "に対し", "に対する", "に伴", "にて", "で", "に加え", "とともに", "に続",
        "に起因", "に関連",
        "から", "後に", "後の", "後、", "に合併", "を契機", "を主訴", "の原因として", "の原因に", "の原因は", "の原因と", "の原因薬",
        "の被疑薬", "の犯人", "の誘因", "の起因薬", "の責任薬", "の元凶",
    ]
    private static let noCircumstances: WordList = [
        "では", "でも", "でない", "でなく", "による可能性", "によるもの", "による影響", "による症状", "による変化", "で矛盾", "でよい", "で良い",
        "であ", "でし",
        "です", "で疑", "で考え", "からは", "に対する不安", "に対する恐", "に対する心配", "に対する予防", "のためか",
    ]

    private static func circumstance(_ start: Int, in statement: Statement) -> Range<Int>? {
        guard statement.end(of: noCircumstances, at: start) == nil else { return nil }
        return statement.end(of: circumstances, at: start).map { start..<$0 }
    }

    // MARK: Conditions

    private static let passedLimits: WordList = [
        "以上:", "以下:", "未満:", "を超えたら", "をこえたら", "を超えれば", "を超える場合", "を超えた場合", "以上なら", "以上ならば",
        "以上であれば", "以上の場合", "以上続いたら",
        "以上続けば", "以上続く場合", "続いたら", "続けば", "になったら", "がひどくなったら", "広がる→", "広がれば", "増えれば", "増える→",
        "出る→", "強まる→",
    ]

    /// 下痢が1日4回を超えたら, 皮下気腫が広がる→マーキング: from which point on something is to be done.
    private func limit(after start: Int) -> Range<Int>? {
        let near = start..<min(statement.range.upperBound, start + 18)
        guard let found = Self.passedLimits.first(in: statement.scalars, near),
            !statement.mentions.contains(where: {
                (start..<found.lowerBound).contains($0.range.lowerBound)
            }),
            !statement.scalars[start..<found.lowerBound].contains("、")
        else { return nil }
        return found
    }

    private static let always: WordList = [
        "時は", "時には", "時、", "時,", "の時は", "の場合", "場合", "の際は", "際は", "際には", "ならば", "なら", "であれば",
        "でしたら", "時に備え",
        "時指示", "時の指示", "時頓用", "時頓服", "時の頓用", "時使用", "時内服", "時コール", "時対応", "時の対応", "時連絡", "時は、",
        "あれば", "があれば", "もあれば", "みられれば", "認めれば", "あったら", "出れば", "が出れば",
        "出現時", "持続時",
        "増悪時", "増強時", "悪化時", "時・", "時に使用", "時に内服", "時にコール", "時に連絡", "時に頓", "時に服用", "時に投与可", "時のみ",
        "時(", "時報告",
        "時再診", "時受診", "時ただち", "時すぐ", "時頓", "時:",
    ]
    private static let occasions: WordList = ["時", "の時", "時に", "の際", "際", "際に", "のとき", "とき"]
    private static let notTimes: WordList = ["時間", "時々", "時折", "時期", "時点"]

    /// 発熱時は…: what holds only when the finding is there.
    private static func condition(
        after start: Int, in statement: Statement, signs: [AssertionSign]
    ) -> Decision? {
        if statement.end(of: notTimes, at: start) != nil { return nil }
        if let end = statement.end(of: always, at: start) {
            return Decision(certainty: .general, temporality: .planned, cue: start..<end)
        }
        guard let end = statement.end(of: occasions, at: start) else { return nil }
        // 嘔吐時に血液が混じった: it happened. 嘔吐時に連絡する: it may.
        let happened = signs.last?.predicate?.isPast == true
        return happened
            ? Decision(cue: nil)
            : Decision(certainty: .general, temporality: .planned, cue: start..<end)
    }
}
