// SPDX-License-Identifier: Apache-2.0

/// How a report stands to something that it mentions.
enum Assertion: Int, Comparable, Sendable {
    /// Only asked for: 転移の有無, 検索.
    case asked = -1
    /// Said not to be there, or to be unlikely.
    case negated = 0
    /// One of several possibilities: 可能性, 鑑別, 否定できない.
    case possible = 1
    /// Suspected or thought: 疑う, 考える.
    case suspected = 2
    /// Stated.
    case stated = 3

    static func < (left: Assertion, right: Assertion) -> Bool { left.rawValue < right.rawValue }
}

extension Assertion {
    private static let notExcluded: WordList = [
        "否定できない", "否定できません", "否定はできない", "否定はできません", "否定できず", "否定しきれ", "否定し得", "否定は困難",
        "除外できない", "除外できません", "除外できず", "除外はでき", "否定出来", "否定も", "否定まではでき", "除外困難",
        "否定し難", "否定しがた", "否定しづら", "否定されない", "否定されず", "否定されませ", "否定されるもの", "否定するもの", "否定する所見",
        "断定でき", "診断できない", "診断できず", "診断できませ", "診断困難", "診断は困難", "断定は困難", "言い切れ", "言いきれ", "ないとは言え",
        "ないとはいえ", "なしとは言え", "除外し得", "除外しき",
    ]
    /// Right behind the finding itself: 有意な腫大を示さない, not 造影効果を示さない.
    private static let notShown: WordList = [
        "ておりませ", "ていませ", "ていな", "ておら", "しておりませ", "していませ", "していな", "しておら", "せず", "しな",
        "を示さ", "を示しませ", "は示さ", "を呈さ", "を呈しませ", "を来さ", "をきたさ", "を来しておら", "を示していな", "を示しておら",
    ]
    private static let likely: WordList = ["可能性が高", "可能性を強く", "可能性大", "可能性は高"]
    private static let possibleWords: WordList = [
        "可能性", "非典型", "鑑別", "かもしれ", "でしょうか", "除外", "ご留意", "留意", "r/o", "望まし", "困難ですが",
    ]
    private static let suspectedWords: WordList = [
        "疑", "考え", "思われ", "示唆", "s/o", "susp", "矛盾し", "推測", "推定",
    ]
    private static let negations: WordList = [
        "認めません", "認めませ", "認めず", "認めない", "認められず", "認められない", "認められません", "ありません", "ありませ", "なし", "無し",
        "(-)", "みられません", "見られません", "みられず", "見られず", "みられない", "見られない", "みられなく", "指摘できません", "指摘出来ません",
        "指摘できない", "指摘できず", "指摘し得", "指摘しえ", "指摘されません", "指摘されず", "指摘されない", "なく", "はない", "がない",
        "もない", "はなかった", "もなかった", "がなかった", "否定的", "陰性", "見当たら", "同定できません", "同定できない", "同定できず",
        "同定されません", "消失", "伴わ",
        "達しな", "達しませ", "達せず", "達していな", "及んでおらず", "及びませ", "届かな", "届いていな", "届かず", "波及しな", "波及していな",
        "進展しな", "進展していな", "進展せず", "転移していな", "転移していませ", "転移しておら", "飛んでいませ", "飛んでいな", "広がっていませ",
        "広がっていな",
        "浸潤しな", "浸潤していな", "浸潤せず", "超えな", "超えていな", "超えず", "越えず",
        "ではない", "達していません", "達していない", "達しておらず", "及んでいない", "及んでいません", "及ばず", "及ばない", "越えていません",
        "越えない",
        "保たれ", "認めなかった", "認めませんでした", "確認できません", "確認できない", "確認できず", "検出されな", "検出されず", "検出されませ",
        "言えません", "疑いません", "n.p.",
        "認めておりません", "認めていません", "指摘はでき", "不明瞭化", "正常大", "無く", "ないと", "negative", "乏し", "描出されません",
        "描出されない",
        "捉えられません", "とらえられません", "(一)", ":-", "有意ではな", "積極的に疑う所見ではな", "残存しない",
        "可能性として低", "可能性としては低", "低い可能性", "よりは良性", "より良性を", "よりむしろ", "よりは炎症", "よりは変性", "よりは嚢胞",
        "より炎症を", "とは言えな", "とはいえな", "とは言えま", "とはいえま", "とは言えず", "とはいえず", "までは言えな", "までは言えま", "までは言えず",
        "言い難",
        "言いがた", "いいがた",
        "考えにく", "考え難", "考えづら", "考えがた", "考えられな", "考えられませ", "考えませ", "考えな", "疑いにく", "疑い難", "疑いづら",
        "を欠く", "を欠い", "得られませ", "得られず", "得られな", "得られていな", "同定されず", "同定し得", "同定しえ", "ほぼな", "ほぼ無",
        "ほとんどな",
        "殆どな", "ナシ", "ありえな", "あり得な", "疑わな", "疑わしくな", "疑わしいとは言え", "疑わしいとはいえ", "疑われな", "疑われませ",
        "疑われず", "疑わず", "積極的には疑", "積極的に疑わ",
        "積極的には考え", "疑いは低", "疑いは乏", "疑い低",
        "可能性は低", "可能性が低", "可能性低", "可能性は乏", "可能性は少な", "可能性が少な", "可能性は小さ", "可能性は高くな", "可能性は高いとは言えな",
        "らしくな", "なさそう", "ではありま", "ではなく", "でなく", "除外された", "除外されて", "除外され、", "除外できる", "除外できます",
        "除外可能", "はっきりしな", "はっきりしま", "はっきりせ", "明らかでな", "明らかではな", "明らかでありま", "目立たな", "目立ちませ", "目立たず",
        "確認されな", "確認されず", "確認されませ", "みとめな", "みとめず", "みとめませ", "認めがた", "認め難", "該当しな", "示唆しな",
        "示唆されな", "示唆されませ", "指摘されていな", "否定され", "否定できる", "否定できます", "否定した", "否定する", "(ー)", ":ー", ":無",
        ":(-",
        "notseen", "notenlarged", "Notenlarged", "unremarkable", "Unremarkable", "absent", "見えません",
        "見えない", "出来ない", "相当しな", "noenlarge", "Noenlarge",
        "Noevidence", "noevidence", "Nopleural", "nopleural", "Nolymph", "nolymph",
        "Nodistant", "nodistant", "Nosignificant", "nosignificant", "Nometa", "nometa", "NoLN",
        "noLN", "Nomediastinal",
        "捉えられない", "捉えられず", "とらえられない", "見出せ",
        "見いだせ", "というより",
        "腫れておりませ", "腫れていませ", "腫れていな", "腫れておら", "腫れな", "腫れず", "腫れませ", "腫脹しておりませ", "腫大しておりませ",
        "腫大していな", "腫大しておら", "腫大していませ", "腫脹していな", "にはあたらな", "にはあたりませ", "には当たらな", "には当たりませ", "にあたらな",
        "に当たらな", "とはみなさ", "とみなさ", "とは見なさ",
        "とはみなせ", "とはみな", "には該当", "に該当しな", "とは判断しな", "とは判断され", "とは捉えな", "とは解釈しな", "とは取らな", "とはとらな",
        "とは診断しな", "とはしな", "と言うより", "とするより", "よりも腺腫", "より腺腫", "よりも良性", "よりも炎症", "よりも反応", "より反応性",
        "よりも陳旧", "より陳旧",
        "よりも嚢胞", "より嚢胞", "よりも血管腫", "より血管腫", "よりも変性", "よりも骨島", "より骨島", "よりも過形成", "より過形成", "よりも肉芽",
        "よりも治療", "よりも術後", "よりも骨折", "より骨折", "よりも脂肪", "よりも骨粗", "よりも放射線", "よりも感染", "より感染",
        "見つから", "非特異的",
    ]
    private static let askedWords: WordList = [
        "有無", "検索", "スクリーニング", "精査", "の評価", "の確認", "を確認", "チェック", "のフォロー", "評価目的", "評価のため", "の診断目的",
    ]

    /// How the clause stands to a word in it, from what follows the word up to the clause's end.
    static func of(
        _ scalars: [Unicode.Scalar], after index: Int, end: Int
    ) -> Assertion {
        let rest = index..<max(index, end)
        if notExcluded.occurs(in: scalars, rest) { return .possible }
        if notShown.begins(scalars, rest) { return .negated }
        if isDenied(scalars, rest) { return .negated }
        if likely.occurs(in: scalars, rest) { return .suspected }
        if possibleWords.occurs(in: scalars, rest) { return .possible }
        if suspectedWords.occurs(in: scalars, rest) { return .suspected }
        if end < scalars.count, scalars[end] == "?" { return .possible }
        return askedWords.occurs(in: scalars, rest) ? .asked : .stated
    }

    /// Whether a denial in a range speaks of the thing itself, not of its air or of its change
    /// (`前回と著変なし`).
    private static func isDenied(_ scalars: [Unicode.Scalar], _ rest: Range<Int>) -> Bool {
        // 腫大-、胸水-; but 腫瘤(石灰化-、脂肪-)
        if scalars[rest].last == "-", !scalars[rest].contains("(") { return true }
        // 遠隔転移 ×
        if scalars[rest].last == "x", rest.count == 1 { return true }
        let air: WordList = ["含気"]
        return negations.all(in: scalars, rest).contains { place in
            let before = rest.lowerBound..<place.lowerBound
            return !air.occurs(in: scalars, before)
                && !(change.ends(scalars, before) && !finding.ends(scalars, before))
        }
    }

    /// Changes that are findings: `溶骨性変化なし`.
    private static let finding: WordList = [
        "性変化", "性変化は", "性変化を", "性変化が", "骨変化", "術後変化", "術後変化は", "性の変化",
    ]
    private static let change: WordList = [
        "変化", "変化は", "変化を", "著変", "著変は", "著変を", "増大", "増大は", "増大を", "増悪", "増悪は", "増悪を", "縮小", "縮小は",
        "縮小を", "増大傾向は",
        "変化が", "著変が", "増大傾向を", "大きな変化は", "大きさに変化", "サイズ変化", "サイズの変化は",
    ]
}
