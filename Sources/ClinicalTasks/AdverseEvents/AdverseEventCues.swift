// SPDX-License-Identifier: Apache-2.0

/// Words that tell for or against an adverse drug event, in the form of cleaned text.
enum AdverseEventCues {
    /// Words of cause.
    static let causes = [
        "による", "により", "に伴", "が原因", "に起因", "関連", "誘発", "惹起", "誘因", "副作用", "有害事象",
        "irAE", "薬剤性", "薬物性", "薬疹", "中毒", "過敏", "アレルギー", "アナフィラキシー", "因果関係",
        "影響", "被疑", "原因薬", "毒性",
    ]
    /// Words of time and dosing.
    static let courses = [
        "投与後", "内服後", "服用後", "開始後", "使用後", "接種後", "投与中", "内服中", "投与開始", "投与を開始",
        "内服を開始", "終了後", "コース", "クール", "日後", "週後", "週間後", "か月後", "ヶ月後", "投与",
        "内服", "服用", "接種", "点滴", "増量", "翌日", "直後", "その後", "同時期", "経過中", "治療中",
    ]
    /// What was done about a drug.
    static let actions = [
        "中止", "休薬", "減量", "変更", "再開", "再投与", "漸減", "中断", "拮抗", "解毒", "使用を控え",
    ]
    /// How it went on.
    static let outcomes = [
        "改善", "軽快", "消失", "回復", "増悪", "悪化", "死亡", "再燃", "正常化", "遷延",
    ]
    /// How sure the writer is.
    static let judgements = [
        "疑", "考え", "診断", "可能性", "否定", "鑑別", "示唆", "推測", "判断", "思われ", "認めなかった", "認めず",
    ]
    /// How it began.
    static let onsets = [
        "出現", "発症", "認め", "生じ", "来し", "きたし", "呈し", "上昇", "低下", "増加", "減少", "発現",
        "合併", "併発", "自覚", "訴え",
    ]
    /// What else the sentence may be about.
    static let backgrounds = [
        "既往", "家族歴", "主訴", "紹介", "受診", "入院", "背景", "検診", "術後", "手術", "原疾患", "再発", "転移",
        "考察", "結語", "症例", "報告", "指摘", "切除", "摘出", "移植", "放射線", "文献", "一般に", "稀", "まれ",
        "感染", "培養", "病理", "生検", "剖検", "画像", "CT", "血液検査",
    ]
    /// Kinds of treatment.
    static let treatments = [
        "ステロイド", "プレドニゾロン", "PSL", "抗菌薬", "抗生剤", "抗生物質", "化学療法", "免疫", "阻害",
        "抗癌", "抗がん", "治療", "療法", "注射", "輸血", "麻酔", "造影剤", "ワクチン", "漢方", "サプリ",
        "DLST", "LST", "パッチテスト", "プリック",
    ]
    /// All cues, each once, in a fixed order.
    static let all: [[Unicode.Scalar]] =
        (causes + courses + actions + outcomes + judgements + onsets + backgrounds + treatments)
        .map { Array($0.unicodeScalars) }

    /// Parts of an entity's name that tell what kind of thing it is.
    static let kinds: [[Unicode.Scalar]] = [
        "障害", "炎", "症", "癌", "がん", "腫瘍", "腫瘤", "転移", "疹", "紅斑", "肝", "腎", "肺", "間質性",
        "血小板", "好中球", "白血球", "減少", "低下", "上昇", "出血", "痛", "熱", "下痢", "嘔", "ショック",
        "アナフィラキシー", "麻痺", "痙攣", "意識", "壊死", "浮腫", "貧血", "梗塞", "血栓", "感染", "菌",
        "ウイルス", "高血圧", "糖尿", "腫大", "結節", "薬", "剤", "中毒", "関連", "による", "不全", "急性", "慢性",
        "アレルギー", "抗体", "療法", "マブ", "ニブ", "シン", "ステロイド", "プレドニゾロン", "ワクチン", "皮",
        "神経", "心", "既往", "再発", "浸潤", "リンパ", "狭窄", "骨折", "潰瘍", "そう痒", "倦怠", "食欲",
    ].map { Array($0.unicodeScalars) }

    /// Endings of drug names.
    static let drugEndings = [
        "マブ", "ニブ", "シン", "ミド", "チン", "ビル", "ゾール", "プリル", "サルタン", "ロール", "セル", "タン",
        "リン", "ピン", "ジン", "ゾン", "ロン", "ドン", "パム", "ラム", "アミン", "ナーゼ", "スタチン", "フェン",
        "ナム", "キサート", "シル", "ゾラム", "ニゾロン", "フロキサシン", "マイシン", "サイクリン", "フェロン",
        "ゲン", "ミン", "トール", "バン", "グリプチン", "ホルミン", "リスト", "ワクチン", "ステロイド",
    ].map { Array($0.unicodeScalars) }

    /// What follows a drug's name.
    static let drugFollowers = [
        "投与", "内服", "服用", "点滴", "静注", "療法", "を開始", "開始", "を使用", "使用", "mg", "錠", "併用",
        "による", "関連", "中止", "の投与", "の内服", "を投与", "を内服", "を中止", "を服用", "単剤", "製剤",
    ].map { Array($0.unicodeScalars) }

    /// Ends of words for drugs in Chinese characters.
    static let drugSuffixes = ["薬", "剤", "抗体", "ワクチン", "製剤", "散", "錠"].map {
        Array($0.unicodeScalars)
    }
}
