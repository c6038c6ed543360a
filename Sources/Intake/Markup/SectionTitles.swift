// SPDX-License-Identifier: Apache-2.0

/// What sections of clinical documents are called.
enum SectionTitles {
    /// The title that a code of LOINC, or of the document sections of Japan's FHIR guides, means; for sections
    /// that come without a title.
    static func title(ofCode code: String) -> String? { byCode[code] }

    /// Whether a section names persons and places that a letter goes to and comes from, and holds no findings.
    static func isOfAddresses(code: String) -> Bool { code == "910" || code == "920" }

    /// Whether a short text is the usual title of a section, with or without marks around it.
    static func knows(_ text: String) -> Bool {
        // Twenty characters and their marks have no more bytes.
        guard text.utf8.count <= 120 else { return false }
        let plain = text.unicodeScalars.filter { scalar in
            !scalar.isSpace && !marks.contains(scalar)
        }
        guard !plain.isEmpty, plain.count <= 20, !plain.contains("、"), !plain.contains("。") else {
            return false
        }
        let title = String(String.UnicodeScalarView(plain)).lowercased()
        return whole.contains(title)
            || endings.contains { title.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    private static let marks = Set("【】［］[]〔〕＜＞<>《》「」■□◆◇●○▼▽#＃*＊:：・()（）".unicodeScalars)

    private static let whole: Set<String> = [
        "s", "o", "a", "p", "a/p", "s/o", "主観", "客観", "評価", "計画", "結論", "印象", "要約", "考察",
        "主訴", "まとめ", "コメント", "備考", "subjective", "objective", "assessment", "plan", "findings",
        "impression", "conclusion", "diagnosis", "history", "comment", "technique", "comparison",
        "clinical information", "summary",
    ]

    private static let endings = [
        "所見", "診断", "診断名", "病名", "現病歴", "既往歴", "家族歴", "生活歴", "社会歴", "職業歴", "アレルギー", "アレルギー歴",
        "現症", "経過", "目的", "理由", "検査", "検査結果", "検査方法", "検査情報", "処方", "投薬", "薬剤", "治療", "手術",
        "方針", "予定", "指示", "臨床情報", "依頼内容", "感染症", "インプレッション", "サマリー", "身体所見", "impressions",
    ]

    private static let byCode: [String: String] = [
        "10154-3": "主訴", "10164-2": "現病歴", "11348-0": "既往歴", "10157-6": "家族歴",
        "8648-8": "入院経過", "11535-2": "退院時診断", "42349-1": "紹介目的", "18782-3": "所見",
        "19005-8": "診断", "55752-0": "臨床情報",
        "340": "傷病名・主訴", "342": "入院時診断", "344": "退院時診断", "352": "主訴", "360": "現病歴",
        "362": "現病歴", "370": "既往歴", "372": "既往歴", "330": "臨床経過", "333": "入院経過",
        "424": "診療方針", "430": "投薬指示", "432": "入院時使用薬剤", "444": "退院時使用薬剤", "510": "アレルギー・不耐性反応",
        "520": "感染症情報", "550": "家族歴", "552": "家族歴", "610": "身体所見", "612": "入院時身体所見",
        "614": "退院時身体所見", "620": "検査結果", "623": "入院中検査結果", "640": "社会歴・生活習慣",
        "642": "社会歴・生活習慣", "713": "入院中治療", "720": "処置", "730": "手術", "950": "紹介目的",
    ]
}
