// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// The headings of a record that say something of all that stands below them: 家族歴, 既往歴, アレルギー.
struct SectionHeadings {
    enum Section {
        case family, past, allergy, stopped
        /// A list of what is not there, and one of what is: 次の症状はなし.
        case absent, present
        /// What an order asks for: it is not found yet.
        case asked
        /// What is to be done if something comes.
        case orders
        /// What may come, as somebody explains it.
        case explained
        /// Whoever gives an organ.
        case donor
        case other
    }

    /// A section with its heading's place in the cleaned text.
    typealias Placed = (section: Section, heading: Range<Int>)

    /// The section of each sentence, by its number, with the heading's place.
    let sections: [Placed?]
    /// What the document tells of relatives and of earlier times under headings of their own.
    let histories: DocumentHistories

    /// Reads the headings of a text; where none stands, the sections count that its sender marked.
    init(_ text: AnalyzedText, declared: [DocumentSection] = []) {
        let scalars = text.cleaned.scalars
        let declared = DeclaredSections(declared, in: text.cleaned)
        var current: Placed?
        var isFirm = false
        var sections: [Placed?] = []
        var histories = DocumentHistories()
        var lastEnd = 0
        var lastOther = -1
        var linesBelow = 0
        var isAlone = false
        // Whether the first item of a list below a heading has a mark, so that its last one has.
        var isMarkedList = false
        for sentence in text.sentences {
            let range = sentence.range.start..<sentence.range.end
            let gap = scalars[lastEnd..<max(lastEnd, range.lowerBound)]
            let lineBreaks = gap.count { $0 == "\n" }
            let beginsLine = sections.isEmpty || lineBreaks > 0
            linesBelow += lineBreaks
            // An empty line ends a section, and so does a line that does not belong to a list below it.
            if lineBreaks > 1 { current = nil }
            let isMarked = scalars[range].first.map(Self.itemMarks.contains) == true
            if beginsLine, linesBelow == 1 { isMarkedList = isMarked }
            if beginsLine {
                if let list = Self.listHeading(in: scalars, range) {
                    current = list
                    linesBelow = 0
                    (isAlone, isFirm) = (true, false)
                } else if let found = Self.heading(in: scalars, range) {
                    current = found.section == .other ? nil : (found.section, found.range)
                    if found.section == .other, found.isKnown { lastOther = range.lowerBound }
                    linesBelow = 0
                    (isAlone, isFirm) = (found.isAlone, found.isFirm)
                } else if current != nil, !isAlone || linesBelow > 1,
                    !Self.isItem(scalars, range, marked: !isAlone)
                {
                    current = nil
                } else if let list = current?.section, Self.lists.contains(list), isAlone,
                    linesBelow > 1, isMarkedList, !isMarked
                {
                    current = nil
                }
            } else if current != nil, let found = Self.heading(in: scalars, range),
                found.section == .other, found.isKnown
            {
                // 禁忌:セフェム系。常用薬はニフェジピン。
                current = nil
            }
            var section = current
            var told = range
            if section == nil, let own = declared.section(at: range.lowerBound),
                own.range.lowerBound > lastOther
            {
                section = (own.section, own.range.lowerBound..<own.range.lowerBound)
                isFirm = true
                told = range.clamped(to: own.range)
            }
            sections.append(section)
            let inline = Self.mayHoldHeading(scalars[range]) ? Self.inline(sentence, text) : []
            histories.add(told, from: isFirm ? section?.section : nil, headings: inline)
            // 【既往歴】高血圧。【現病歴】昨日から発熱。咳もあり。
            if let last = inline.last {
                current = last.section == .other ? nil : (last.section, last.range)
                if last.section == .other { lastOther = last.range.lowerBound }
                isFirm = last.isBracketed || isAlone
            }
            lastEnd = range.upperBound
        }
        self.sections = Self.closed(sections, in: text)
        self.histories = histories
    }

    private static let itemMarks = Set(
        "-・*○●◦‣□☐✓☒0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫(※".unicodeScalars)
    private static let lists: [Section] = [.absent, .present, .orders, .explained]

    /// The heading of a list that a line is as a whole.
    private static func listHeading(
        in scalars: [Unicode.Scalar], _ line: Range<Int>
    ) -> Placed? {
        if let list = ListStatements.heading(in: scalars, line) {
            return (list.isPresent ? .present : .absent, line.lowerBound..<list.end)
        }
        var end = line.upperBound
        while end > line.lowerBound, ":】]>》)▁。".unicodeScalars.contains(scalars[end - 1]) {
            end -= 1
        }
        // 透析患者への退院前指導
        guard end - line.lowerBound <= 24, explanations.ends(scalars, line.lowerBound..<end),
            !scalars[line.lowerBound..<end].contains(where: {
                "、。をはが:".unicodeScalars.contains($0)
            })
        else { return nil }
        return (.explained, line.lowerBound..<end)
    }

    private static let explanations: WordList = [
        "説明", "説明内容", "説明の内容", "説明事項", "指導", "指導内容", "指導の内容", "指導事項", "IC内容", "ICの内容", "IC", "IC同席",
        "注意事項", "注意点", "起こりうる合併症", "予想される合併症", "副作用について", "合併症について",
    ]

    private static let closings: WordList = [
        "いずれもなし", "いずれも認めず", "いずれも認めない", "いずれも(-)", "すべてなし", "全てなし", "すべて(-)", "全て(-)",
        "いずれもみられず", "全項目なし", "どれもなし", "いずれもありません", "以上全項目なし", "以上の症状はみられず",
    ]

    /// The sections with the items of each list that the line below it denies: `・尿閉`, `以上すべてなし`.
    private static func closed(_ sections: [Placed?], in text: AnalyzedText) -> [Placed?] {
        let scalars = text.cleaned.scalars
        var sections = sections
        for (number, sentence) in text.sentences.enumerated() {
            let range = sentence.range.start..<sentence.range.end
            guard
                let closing = ListStatements.closing(in: scalars, range)
                    ?? closings.match(in: scalars, at: range.lowerBound, end: range.upperBound)
            else { continue }
            var item = number - 1
            while item >= 0, let mark = scalars[text.sentences[item].range.start...].first,
                Self.itemMarks.contains(mark)
            {
                sections[item] = (.absent, closing)
                item -= 1
            }
        }
        return sections
    }

    private static func mayHoldHeading(_ sentence: ArraySlice<Unicode.Scalar>) -> Bool {
        sentence.contains(":") || sentence.contains("【")
    }

    /// The headings within a sentence, in the cleaned text.
    private static func inline(
        _ sentence: AnalyzedSentence, _ text: AnalyzedText
    ) -> [InlineHeading] {
        let statement = Statement(sentence, in: text.cleaned, mentions: [])
        return InlineHeading.all(in: statement).map { heading in
            InlineHeading(
                section: heading.section, range: statement.cleaned(heading.range),
                isBracketed: heading.isBracketed)
        }
    }

    static let names: [(Section, WordList)] = [
        (.family, ["家族歴", "家族暦", "家族の病歴", "FH", "FHx", "Familyhistory", "遺伝歴"]),
        (.past, ["既往歴", "既往", "既往症", "PH", "PMH", "過去の病歴", "過去歴", "Pasthistory", "手術歴", "既往疾患"]),
        (
            .allergy,
            [
                "アレルギー", "アレルギー歴", "薬剤アレルギー", "薬物アレルギー", "禁忌薬", "禁忌", "禁忌薬剤", "副作用歴", "薬アレルギー",
                "過敏症歴", "食物アレルギー",
            ]
        ),
        (.stopped, ["中止薬", "休薬", "中止薬剤", "休薬中", "中止した薬", "休止薬"]),
        (
            .absent,
            [
                "次の症状はなし", "次の症状なし", "以下の症状はすべてなし", "以下の症状はいずれもなし", "以下すべてなし", "以下いずれもなし",
                "次の症状はすべてなし", "次の症状はいずれもなし", "下記すべてなし", "下記いずれもなし", "下記の症状はすべてなし", "以下の訴えはなし",
                "以下の症状はなし", "以下の症状なし", "以下なし", "以下はなし", "以下の所見なし", "以下の所見はなし",
                "下記なし", "下記はなし", "下記症状なし", "下記症状はなし", "下記の症状なし", "下記の症状はなし", "次の所見なし", "次の所見はなし",
                "以下は認めず", "以下を認めず", "以下は認めない", "以下を認めない", "下記は認めず", "下記を認めず", "次のものはなし", "認めないもの",
                "認めない症状", "みられない症状", "なかった症状", "陰性所見", "陰性症状", "認めない所見", "なし(以下)",
                "否定された症状",
                "次の症状は認めず", "次の症状を認めず", "以下の症状は認めず", "以下の症状を認めず", "以下の症状を認めない", "以下の症状は認めない",
                "訴えのない症状", "以下の訴えなし", "次の訴えなし", "下記の訴えなし",
            ]
        ),
        (
            .present,
            [
                "次の症状はあり", "次の症状あり", "以下の症状はあり", "以下の症状あり", "以下あり", "下記あり", "下記症状あり", "下記の症状あり",
                "次の所見あり", "以下の所見あり", "以下を認める", "以下を認めた", "以下の症状を認める", "以下の症状を認めた", "認めたもの", "認める症状",
                "みられる症状", "陽性所見", "陽性症状", "認める所見", "認めた所見", "訴えのある症状",
            ]
        ),
        (
            .donor,
            ["ドナー", "ドナー情報", "臓器提供者", "提供者", "生体ドナー", "移植ドナー", "Donor", "ドナー候補", "脳死ドナー"]
        ),
        (
            .orders,
            [
                "約束指示", "入院時約束指示", "入院約束指示", "病棟約束指示", "術後約束指示", "包括指示", "包括的指示", "必要時指示", "頓用指示",
                "頓服指示", "PRN指示", "PRN", "臨時指示", "症状時指示", "有症状時指示", "症状出現時指示", "条件付き指示", "条件付指示",
                "予測指示", "対症指示", "対症療法指示", "術後指示", "入院時指示", "夜間指示", "当直指示", "当直帯指示", "医師指示", "医師の指示",
                "指示", "指示簿", "指示書", "不穏時・不眠時指示", "発熱時・疼痛時指示", "疼痛時・発熱時指示", "時間外指示", "頓用", "頓服",
            ]
        ),
        (.asked, ["依頼目的", "検査目的", "検査依頼目的", "依頼内容", "臨床情報", "依頼コメント", "検査依頼"]),
        (
            .other,
            [
                "報告", "画像診断", "読影所見", "インプレッション", "比較", "撮影方法", "検査方法",
                "現病歴", "主訴", "所見", "診断", "経過", "現症", "身体所見", "内服薬", "処方", "生活歴", "社会歴", "評価", "計画",
                "S", "O", "A", "P",
                "入院時現症", "検査所見", "画像所見", "考察", "方針", "治療", "持参薬", "常用薬", "看護", "症状", "バイタル", "病名",
                "併存症", "併存疾患",
                "入院後経過", "血液検査", "印象", "結論", "検査", "臨床経過", "Impression", "現在の症状", "嗜好", "職業", "喫煙",
                "飲酒", "喫煙歴", "飲酒歴", "職歴", "渡航歴", "ADL", "入院経過", "本人",
            ]
        ),
    ]

    private struct Heading {
        let section: Section
        let range: Range<Int>
        /// Whether the lines below are its list.
        let isAlone: Bool
        /// Whether it is marked as a heading, and no clause of its own: not 既往に.
        let isFirm: Bool
        var isKnown = true
    }

    /// The heading that a line begins with: `【家族歴】`, `家族歴：`, `■家族歴`, or the bare word; and whether it
    /// stands alone, so that the lines below are its list.
    private static func heading(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> Heading? {
        var start = range.lowerBound
        var isMarked = false
        while start < range.upperBound,
            "【[<〈《■●◆○□◇★#・*(「『▁＜".unicodeScalars.contains(scalars[start])
        {
            // (1), as ① is read, marks an item and no heading.
            isMarked =
                isMarked
                || scalars[start] != "・" && scalars[start] != "▁"
                    && !(scalars[start] == "(" && start + 1 < range.upperBound
                        && ("0"..."9").contains(scalars[start + 1]))
            start += 1
        }
        var found: (Section, Int)?
        for (section, words) in names {
            if let match = words.match(in: scalars, at: start, end: range.upperBound),
                match.upperBound > found?.1 ?? start
            {
                found = (section, match.upperBound)
            }
        }
        guard let (section, wordEnd) = found else {
            // A marked line that is no known heading still ends the one before.
            return isMarked && start - range.lowerBound > 0
                ? Heading(
                    section: .other, range: range.lowerBound..<start, isAlone: false,
                    isFirm: false, isKnown: false) : nil
        }
        var end = wordEnd
        var isClosed = false
        var isFirm = isMarked
        while end < range.upperBound, "】]>〉》:：)」』▁＞はに、;/。".unicodeScalars.contains(scalars[end]) {
            if scalars[end] != "▁" { isClosed = true }
            if !"はに、▁".unicodeScalars.contains(scalars[end]) { isFirm = true }
            // 既往に肺炎がある is a heading of its own clause; 既往は is, too.
            end += 1
        }
        if end == range.upperBound { isClosed = true }
        guard isClosed || scalars[wordEnd..<end].contains("▁") && isMarked else { return nil }
        return Heading(
            section: section, range: start..<wordEnd, isAlone: end == range.upperBound,
            isFirm: isFirm || wordEnd == range.upperBound)
    }

    /// Whether a later line still belongs to the list below a heading: not a full sentence, and where the
    /// heading's own line had something to say, only with the mark of an item or a relative in front.
    private static func isItem(
        _ scalars: [Unicode.Scalar], _ line: Range<Int>, marked: Bool
    ) -> Bool {
        if let first = line.first,
            itemMarks.contains(scalars[first])
                || "父母兄弟姉妹祖叔伯#".unicodeScalars.contains(scalars[first])
        {
            return true
        }
        return !marked && line.count <= 30 && !scalars[line].contains("。")
    }
}

/// A heading within a line: `家族歴:特記事項なし▁既往歴:子宮筋腫`, `【既往】扁桃炎【現病】IgA腎症`.
struct InlineHeading {
    let section: SectionHeadings.Section
    let range: Range<Int>
    /// Whether it stands in 【】, so that it heads all that follows, not only its sentence.
    let isBracketed: Bool

    /// The headings of a statement from left to right.
    static func all(in statement: Statement) -> [InlineHeading] {
        var headings: [InlineHeading] = []
        var place = statement.range.lowerBound
        while place < statement.range.upperBound {
            if let heading = heading(at: place, in: statement) {
                headings.append(heading)
                place = heading.range.upperBound
            } else {
                place += 1
            }
        }
        return headings
    }

    /// Where the next heading begins after a place.
    static func next(after start: Int, in statement: Statement) -> Int? {
        guard start < statement.range.upperBound else { return nil }
        return (start..<statement.range.upperBound).first { heading(at: $0, in: statement) != nil }
    }

    private static func heading(at place: Int, in statement: Statement) -> InlineHeading? {
        let before = place > statement.range.lowerBound ? statement.scalars[place - 1] : "▁"
        let isBracketed = statement[place] == "【"
        guard isBracketed || before.isSpace || "、。;】".unicodeScalars.contains(before) else {
            return nil
        }
        let start = isBracketed ? place + 1 : place
        var best: (SectionHeadings.Section, Int)?
        for (section, words) in SectionHeadings.names {
            if let end = statement.end(of: words, at: start), end > best?.1 ?? start {
                best = (section, end)
            }
        }
        guard let (section, end) = best else {
            // An unknown word in such brackets ends the section before it.
            guard isBracketed, let closing = statement.closing(of: place), closing - place <= 12
            else { return nil }
            return InlineHeading(
                section: .other, range: place..<closing + 1, isBracketed: true)
        }
        let after = isBracketed ? statement.closing(of: place) : end
        guard let after, statement[after] == ":" || isBracketed && after - end <= 2 else {
            return nil
        }
        return InlineHeading(section: section, range: start..<end, isBracketed: isBracketed)
    }
}
