// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JapaneseText

/// What one rule alone makes of a text, in the newest version.
struct RuleCase: CustomTestStringConvertible, Sendable {
    let rule: CleaningRule
    let profile: TextCleaner.Profile
    let before: String
    let after: String

    var testDescription: String {
        "\(rule.rawValue) (\(profile.rawValue)): \(before.debugDescription)"
    }

    /// Cases of a rule in one profile, which may stand for both.
    static func cases(
        _ rule: CleaningRule, _ profile: TextCleaner.Profile,
        _ pairs: KeyValuePairs<String, String>
    ) -> [RuleCase] {
        pairs.map { RuleCase(rule: rule, profile: profile, before: $0.key, after: $0.value) }
    }

    static let all =
        invisibleCharacters + lineBreaks + fullWidthStops + compatibilityFolding + numberBoundaries
        + strokes + ellipses + personalInformation + webNotation + symbols + allowedCharacters
        + repeats + whiteSpace
}

extension RuleCase {
    static let invisibleCharacters = cases(
        .invisibleCharacters, .documents,
        [
            "零幅\u{200B}空白": "零幅空白",
            "\u{FEFF}先頭のBOM": "先頭のBOM",
            "ハイ\u{AD}フン": "ハイフン",
            "葛\u{E0100}根湯": "葛根湯",
            "辻\u{FE00}": "辻",
            "右\u{200E}左\u{200F}": "右左",
            "\u{202A}埋め込み\u{202C}": "埋め込み",
            "\u{2067}隔離\u{2069}": "隔離",
            "3\u{200B}5mg": "35mg",
            "語\u{2060}結合": "語結合",
            "ストレッチャ\u{200B}ー": "ストレッチャー",
            "↑\u{FE0F}": "↑",
            "🏃\u{200D}♂\u{FE0F}走る": "🏃走る",
            "👩\u{200D}⚕\u{FE0F}が説明": "👩が説明",
            "👨\u{200D}👩\u{200D}👧家族": "👨家族",
            "男性\u{200D}♂": "男性♂",
            "\u{3164}空": "空",
            "旗🏴\u{E0067}\u{E0062}\u{E007F}": "旗🏴",
            "か\u{200B}\u{3099}": "か\u{3099}",
            "\u{0}制御\u{7}": "\u{0}制御\u{7}",
            "何もない": "何もない",
        ])

    static let lineBreaks = cases(
        .lineBreaks, .documents,
        [
            "主訴\r\n咳": "主訴\n咳",
            "主訴\r咳": "主訴\n咳",
            "主訴\n咳": "主訴\n咳",
            "\r\r\n\n": "\n\n\n",
            "\r\n\r\n": "\n\n",
            "\n\r": "\n\n",
            "頁\u{0C}次": "頁\n次",
            "行\u{0B}次": "行\n次",
            "次\u{85}行": "次\n行",
            "行\u{2028}次": "行\n次",
            "段\u{2029}次": "段\n次",
            "末尾\r": "末尾\n",
            "\r先頭": "\n先頭",
            "タブ\tと　空白": "タブ\tと　空白",
            "\u{2028}\u{301}": "\n\u{301}",
            "S)\r\nO)\r\nA)": "S)\nO)\nA)",
        ])

    static let fullWidthStops = cases(
        .fullWidthStops, .documents,
        [
            "異常なし．経過良好．": "異常なし。経過良好。",
            "発熱，咳": "発熱、咳",
            "３．５ｃｍ": "３.５ｃｍ",
            "3．5cm": "3.5cm",
            "１，２３４円": "１,２３４円",
            "腫瘤径は３０．増大": "腫瘤径は３０。増大",
            "Ｈ．ｐｙｌｏｒｉ": "Ｈ.ｐｙｌｏｒｉ",
            "E．coli": "E.coli",
            "１．既往歴\n１０．その他": "１.既往歴\n１０.その他",
            "　２．家族歴": "　２.家族歴",
            "１００．以上": "１００。以上",
            "ＷＢＣ　９，８００，ＣＲＰ　０．３．": "ＷＢＣ　９,８００、ＣＲＰ　０.３。",
            "ワルファリン　．５ｍｇ": "ワルファリン　.５ｍｇ",
            "（．５錠）": "（.５錠）",
            "終了．５日後に再診": "終了。５日後に再診",
            "様子を見る．．．": "様子を見る...",
            "以上．．": "以上。。",
            "。と、と.と,": "。と、と.と,",
            "１．\n２．": "１.\n２.",
            "ｍｇ，経口": "ｍｇ、経口",
        ])

    static let compatibilityFolding = cases(
        .compatibilityFolding, .documents,
        [
            "ｶﾞﾝ": "ガン",
            "ﾊﾟﾝｸﾚｱｽ": "パンクレアス",
            "ｳﾞｨｰﾝ": "ヴィーン",
            "か\u{3099}ん": "がん",
            "ハ\u{309A}": "パ",
            "５００㎎": "500mg",
            "㎏㎝㎜㏄㎖": "kgcmmmccml",
            "㍉㌘": "ミリグラム",
            "３７℃": "37℃",
            "①咳②痰": "(1)咳(2)痰",
            "⑴咳⒉痰": "(1)咳(2)痰",
            "❶⓵➀": "(1)(1)(1)",
            "1\u{20E3}咳": "(1)咳",
            "Ⅲ期、ⅳ": "III期、iv",
            "Ｇ１、ＳｐＯ₂": "G1、SpO2",
            "１２０／８０": "120/80",
            "㈱、㊤、㋿、㍻": "(株)、上、令和、平成",
            "⼤腸、⻑期、⻘": "大腸、長期、青",
            "髙﨑": "髙﨑",
            "№5、℡": "No5、TEL",
            "Å、µg、Ω": "Å、μg、Ω",
            "（±）〔〕": "(±)〔〕",
            "１\u{A0}２　３": "1 2 3",
            "ﾊﾝ\u{FF9E}": "ハン\u{3099}",
            "´¨゛": "'¨゛",
            "🅰型、🆎型": "A型、AB型",
            "\u{1112}\u{1161}\u{11AB}": "\u{D55C}",
            "ﾊﾟﾊﾟ": "パパ",
        ])

    static let numberBoundaries = cases(
        .compatibilityFolding, .documents,
        [
            "10³/μL": "10^3/μL",
            "１０⁵": "10^5",
            "10¹²": "10^12",
            "10⁻³": "10^\u{2212}3",
            "10⁺³": "10^+3",
            "2ⁿ": "2^n",
            "min⁻¹": "min^\u{2212}1",
            "m²、cm³": "m2、cm3",
            "1.5㎡5mg": "1.5m2 5mg",
            "体表面積1.5m²5回": "体表面積1.5m2 5回",
            "SpO₂98％": "SpO2 98%",
            "10₂": "10_2",
            "C₆H₁₂O₆": "C6H12O6",
            "Ca²⁺、Na⁺、3⁺": "Ca2+、Na+、3+",
            "¹³¹I、⁹⁹ᵐTc": "131I、99mTc",
            "½錠": "1\u{2044}2錠",
            "1½錠": "1 1\u{2044}2錠",
            "½2錠": "1\u{2044}2 2錠",
            "①2cm、3①": "(1)2cm、3(1)",
            "3㏠": "3 1日",
            "ⅡⅢaVF": "II IIIaVF",
            "ⅩⅢ因子": "XIII因子",
            "ⅢＡ期": "IIIA期",
            "37º": "37°",
            "１２３": "123",
            "文献¹⁾": "文献1)",
        ])

    static let strokes = cases(
        .strokes, .documents,
        [
            "腹痛（ー）": "腹痛（-）",
            "腹痛（−）": "腹痛（-）",
            "腹痛（‐）": "腹痛（-）",
            "腹痛（―）": "腹痛（-）",
            "腹痛（─）": "腹痛（-）",
            "１ー２日": "１-２日",
            "3–5mg": "3-5mg",
            "2023‑01‑15": "2023-01-15",
            "コントロ―ル": "コントロール",
            "コントロ─ル": "コントロール",
            "コントロール": "コントロール",
            "リンパ―": "リンパー",
            "らーめん": "らーめん",
            "チアノーゼ−": "チアノーゼ-",
            "痛み──夜間に強い": "痛み--夜間に強い",
            "カルテ――以下略": "カルテ--以下略",
            "あり―軽度": "あり-軽度",
            "３〜４日": "３~４日",
            "すごい〰": "すごい~",
            "約∼5": "約~5",
            "➖": "-",
            "CTー": "CT-",
            "スーーーパー": "スーーーパー",
        ])
}
