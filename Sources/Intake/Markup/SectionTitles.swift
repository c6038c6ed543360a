// SPDX-License-Identifier: Apache-2.0

/// What sections of clinical documents are called.
enum SectionTitles {
    /// The title that a code of LOINC, or of the document sections of Japan's FHIR guides, means; for sections
    /// that come without a title.
    static func title(ofCode code: String) -> String? { byCode[code] }

    /// Titles that head sections of reports, notes, summaries and letters everywhere, with white space
    /// between them; a line or a column of nothing else begins a section.
    static let headings = """
        所見 診断 印象 結論 結果 総合判定 判定 まとめ 考察 検査所見 画像所見 画像診断 読影所見 読影結果 診断結果 検査結果
        依頼目的 検査目的 目的 臨床情報 臨床診断 臨床所見 依頼内容 依頼コメント コメント 報告コメント 検査コメント 依頼理由
        主訴 現病歴 既往歴 家族歴 生活歴 社会歴 嗜好 アレルギー アレルギー歴 薬歴 内服薬 内服歴 常用薬 持参薬
        入院経過 経過 治療経過 臨床経過 治療内容 治療 処方 処方内容 退院時処方 現在の処方 退院時使用薬剤 退院時診断 入院時診断
        診断名 病名 傷病名 主病名 副病名 主診断 確定診断 退院時病名 入院時病名 身体所見 現症 入院時現症 入院時所見 退院時所見
        評価 計画 方針 治療方針 治療計画 今後の方針 退院後の方針 退院時状態 退院時の状態 紹介目的 症状 症状経過 症状経過及び検査結果
        紹介理由 主観的情報 客観的情報 主観的データ 客観的データ 主観 客観 アセスメント プラン フォーカス データ アクション
        レスポンス 看護問題 問題点 プロブレム 観察 看護計画 看護ケア 申し送り 備考 特記事項 注意事項 実施内容 処置 処置内容
        手術所見 術式 手術内容 病理所見 病理診断 肉眼所見 組織所見 組織診断 内視鏡所見 内視鏡診断 細胞診 肺野所見 有害事象
        副作用 検査 入院理由 入院目的 入院までの経過 追記 追記内容
        Findings Finding Impression Diagnosis Conclusion ClinicalInformation History Comment
        Subjective Objective Assessment Plan
        総合所見 比較 推奨 入院時検査 入院後経過 転帰 手術 超音波所見 看護経過
        """

    /// Whether a text is such a title, in any width of its characters.
    static func isHeading(_ text: String) -> Bool {
        let folded = TableWords.folded(text)
        return known.contains(folded) || folded == "検査方法" || folded == "撮影方法"
    }

    private static let known = Set(
        headings.split(whereSeparator: \.isWhitespace).map { TableWords.folded(String($0)) })

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
        "19005-8": "診断", "55752-0": "臨床情報", "18834-2": "比較", "18783-1": "推奨",
        "340": "傷病名・主訴", "342": "入院時診断", "344": "退院時診断", "352": "主訴", "360": "現病歴",
        "362": "現病歴", "370": "既往歴", "372": "既往歴", "330": "臨床経過", "333": "入院経過",
        "424": "診療方針", "430": "投薬指示", "432": "入院時使用薬剤", "444": "退院時使用薬剤", "510": "アレルギー・不耐性反応",
        "520": "感染症情報", "550": "家族歴", "552": "家族歴", "610": "身体所見", "612": "入院時身体所見",
        "614": "退院時身体所見", "620": "検査結果", "623": "入院中検査結果", "640": "社会歴・生活習慣",
        "642": "社会歴・生活習慣", "713": "入院中治療", "720": "処置", "730": "手術", "950": "紹介目的",
    ]
}
