// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Findings that lists of diagnoses do not have: those that records name all the time, and compounds before a mark.
extension MentionFinder {
    /// Findings that records name all the time and lists of diagnoses do not have.
    static let findings: WordList = [
        "中毒性表皮壊死融解症", "中毒性表皮壊死症",
        "筋強剛", "筋固縮", "無動", "黄視", "小刻み歩行", "すくみ足", "視力障害", "聴力低下", "難聴",
        "反跳痛", "圧痛", "転倒", "転落", "麻痺", "感染", "感染症", "炎症", "咳", "咳嗽", "痰", "喀痰", "腫脹", "発赤", "疼痛",
        "結節", "腫瘤", "胸水", "腹水",
        "出血", "嘔気", "悪心", "嘔吐", "筋性防御", "項部硬直", "浸出液", "滲出液", "湿性ラ音", "喘鳴", "ラ音", "浮腫", "褥瘡", "しびれ",
        "脱力", "意識障害", "せん妄",
        "リンパ節腫大", "リンパ節腫脹", "転移", "再発", "血腫", "塞栓", "狭窄", "石灰化", "振戦", "脱毛", "発疹", "紅斑", "水疱", "潰瘍",
        "壊死", "食欲低下", "体重減少",
        "不穏", "幻覚", "妄想", "希死念慮", "倦怠感", "冷汗", "動悸", "失神", "けいれん", "痙攣", "黄疸", "肝腫大", "脾腫", "血便",
        "下血", "吐血", "喀血", "血尿", "乏尿",
        "尿閉", "便秘", "下痢", "腹部膨満", "熱感", "悪寒", "戦慄", "掻痒感", "瘙痒感", "かゆみ", "めまい", "ふらつき", "耳鳴り",
        "呼吸苦", "息切れ", "チアノーゼ", "誤嚥", "ムセ", "ホッシン", "オウト", "オウキ", "フシュ", "ムクミ", "カユミ", "シビレ", "メマイ",
        "フラツキ",
        "目やに", "ふるえ", "震え", "るい痩", "体動時痛", "安静時痛", "夜間痛", "運動時痛", "歩行時痛", "挙上制限", "可動域制限", "ぎっくり腰",
        "痺れ", "かゆい", "かゆく", "痒い", "痒く", "痒み", "ぶつぶつ", "ブツブツ", "ヒリヒリ", "ひりひり", "ズキズキ", "ずきずき",
        "むかむか",
        "ムカムカ", "だるい", "だるさ", "息苦しい", "息苦しさ", "目がまわる", "目がまわって", "目が回る", "目が回って", "目がまわり",
        "ハツネツ", "ズツウ", "フクツウ", "ゲリ", "ベンピ", "ソウヨウカン", "吐気", "吐き気", "むくみ", "むかつき", "鼻汁", "鼻閉",
        "咽頭発赤", "不眠",
        "口渇", "胸苦", "胸部不快", "胸部不快感", "胸部圧迫感", "気分不良", "排膿", "膿", "びらん", "水疱形成", "表皮剥離", "内出血",
        "皮下出血",
        "末梢冷感", "幻視", "幻聴", "起坐呼吸", "項部痛", "視力低下", "複視", "嗄声", "嚥下困難", "嚥下障害", "排尿時痛", "残尿感", "頻尿",
        "熱", "再燃", "感染徴候", "炎症所見", "神経症状", "胸部症状", "呼吸器症状", "消化器症状", "腹部症状", "SpO2低下", "血圧低下",
        "血圧上昇", "構音障害", "脳梗塞",
        "肺炎", "出血傾向", "嚢胞", "痛み", "骨折", "穿孔", "拡張", "冷感", "眠気", "過敏症", "発熱", "頭痛", "腹痛", "胸痛", "腰痛",
        "関節痛", "筋肉痛", "咽頭痛", "背部痛", "呼吸困難", "高血圧", "糖尿病", "胎動減少", "胎動消失", "破水", "破水感", "性器出血",
        "不正出血", "血栓", "浸潤影", "肺水腫", "無気肺", "気胸", "皮下気腫", "水腎症", "圧迫感", "違和感", "灼熱感", "流涎", "眼脂",
        "充血",
        "羞明", "鼻出血", "歯肉出血", "点状出血", "紫斑", "膨隆", "硬結", "陥没呼吸", "鼻翼呼吸", "努力呼吸", "頻脈", "徐脈", "不整脈",
        "頻呼吸", "脱水", "尿失禁", "便失禁", "失禁", "拘縮", "跛行", "異臭", "悪臭", "帯下",
        "スキンテア", "呼吸抑制", "縮瞳", "散瞳", "過鎮静", "すべり症", "腰椎すべり症", "変性すべり症", "分離すべり症",
    ]

    /// What patients say of a part of the body: 腰がだるい, 頭は痛くない.
    static let complaints = WordList(
        bodyParts.flatMap { part in
            ["が", "は", "も"].flatMap { particle in feelings.map { part + particle + $0 } }
        })
    private static let bodyParts = [
        "頭", "首", "肩", "背中", "腰", "胸", "お腹", "おなか", "腹", "下腹", "脇腹", "わき腹", "みぞおち", "胃", "喉", "のど",
        "歯", "目", "耳", "手", "足", "腕", "脚", "膝", "ひざ", "肘", "股", "指", "尻", "お尻", "かかと", "踵", "体",
        "身体", "からだ",
        "全身", "手足", "口", "舌", "皮膚", "傷", "関節", "すね", "ふくらはぎ", "太もも", "こめかみ", "顎", "あご",
    ]
    private static let feelings = [
        "痛い", "痛く", "痛む", "痛かっ", "重い", "重く", "重たい", "重たく", "だるい", "だるく", "だるかっ", "苦しい", "苦しく",
        "かゆい",
        "かゆく", "痒い", "痒く", "しびれる", "しびれて", "しびれた", "痺れる", "痺れて", "張る", "張って", "むくむ", "むくんで", "むくんだ",
        "かすむ", "かすんで",
    ]

    /// Ends of compounds that are findings where a mark answers them: 冷水痛+, 歯肉腫脹-.
    private static let findingEnds: WordList = [
        "痛", "腫脹", "腫大", "出血", "発赤", "浮腫", "排膿", "膿瘍", "疹", "炎", "麻痺", "障害", "困難", "失禁", "痙攣", "硬直",
        "狭窄", "閉塞", "血栓", "腫瘤", "結節", "水疱", "潰瘍", "乾燥", "動揺", "不快感", "違和感", "倦怠感", "圧迫感", "鈍麻",
        "低下",
    ]
    private static let signs: WordList = [
        "+", "-", "−", "―", "±", "(+)", "(-)", "(±)", "++", ":+", ":-", "(有)", "(無)", "(あり)",
        "(なし)", "(+/-)", "(-/-)", "(+/+)",
        "(-/+)",
    ]

    /// Compounds in kanji before a mark of presence or absence.
    var markedFindings: [Range<Int>] {
        let scalars = text.cleaned.scalars
        let all = sentence.range.start..<sentence.range.end
        func isKanji(_ place: Int) -> Bool {
            (0x4E00...0x9FFF).contains(scalars[place].value) || scalars[place] == "々"
        }
        return all.compactMap { end in
            guard end > all.lowerBound, isKanji(end - 1),
                let sign = Self.signs.match(in: scalars, at: end, end: all.upperBound),
                // 疼痛-3, 血圧低下-既往
                sign.upperBound == all.upperBound || scalars[sign.upperBound].isSpace
                    || "、。,/・;)".unicodeScalars.contains(scalars[sign.upperBound])
            else { return nil }
            var start = end - 1
            while start > all.lowerBound, isKanji(start - 1) { start -= 1 }
            guard (2...8).contains(end - start), Self.findingEnds.ends(scalars, start..<end) else {
                return nil
            }
            return start..<end
        }
    }
}
