// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// The headings of a record that say something of all that stands below them: 家族歴, 既往歴, アレルギー.
struct SectionHeadings {
    enum Section {
        case family, past, allergy, stopped
        /// What an order asks for: it is not found yet.
        case asked
        case other
    }

    /// The section of each sentence, by its number, with the heading's place.
    let sections: [(section: Section, heading: Range<Int>)?]

    init(_ text: AnalyzedText) {
        let scalars = text.cleaned.scalars
        var current: (section: Section, heading: Range<Int>)?
        var sections: [(section: Section, heading: Range<Int>)?] = []
        var lastEnd = 0
        var linesBelow = 0
        var isAlone = false
        for sentence in text.sentences {
            let range = sentence.range.start..<sentence.range.end
            let gap = scalars[lastEnd..<max(lastEnd, range.lowerBound)]
            let lineBreaks = gap.count { $0 == "\n" }
            let beginsLine = sections.isEmpty || lineBreaks > 0
            linesBelow += lineBreaks
            // An empty line ends a section, and so does a line that does not belong to a list below it.
            if lineBreaks > 1 { current = nil }
            if beginsLine {
                if let found = Self.heading(in: scalars, range) {
                    current = found.section == .other ? nil : (found.section, found.range)
                    linesBelow = 0
                    isAlone = found.isAlone
                } else if current != nil, !isAlone || linesBelow > 1,
                    !Self.isItem(scalars, range, marked: !isAlone)
                {
                    current = nil
                }
            }
            sections.append(current)
            lastEnd = range.upperBound
        }
        self.sections = sections
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

    private typealias Heading = (section: Section, range: Range<Int>, isAlone: Bool)

    /// The heading that a line begins with: `【家族歴】`, `家族歴：`, `■家族歴`, or the bare word; and whether it
    /// stands alone, so that the lines below are its list.
    private static func heading(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> Heading? {
        var start = range.lowerBound
        var isMarked = false
        while start < range.upperBound,
            "【[<〈《■●◆○□◇★#・*(「『▁＜".unicodeScalars.contains(scalars[start])
        {
            isMarked = isMarked || scalars[start] != "・" && scalars[start] != "▁"
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
                ? (.other, range.lowerBound..<start, false) : nil
        }
        var end = wordEnd
        var isClosed = false
        while end < range.upperBound, "】]>〉》:：)」』▁＞はに、;/".unicodeScalars.contains(scalars[end]) {
            if scalars[end] != "▁" { isClosed = true }
            // 既往に肺炎がある is a heading of its own clause; 既往は is, too.
            end += 1
        }
        if end == range.upperBound { isClosed = true }
        guard isClosed || scalars[wordEnd..<end].contains("▁") && isMarked else { return nil }
        return (section, start..<wordEnd, end == range.upperBound)
    }

    /// Whether a later line still belongs to the list below a heading: not a full sentence, and where the
    /// heading's own line had something to say, only with the mark of an item or a relative in front.
    private static func isItem(
        _ scalars: [Unicode.Scalar], _ line: Range<Int>, marked: Bool
    ) -> Bool {
        if let first = line.first,
            "-・*○●0123456789(父母兄弟姉妹祖叔伯#".unicodeScalars.contains(scalars[first])
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
            return InlineHeading(section: .other, range: place..<closing + 1)
        }
        let after = isBracketed ? statement.closing(of: place) : end
        guard let after, statement[after] == ":" || isBracketed && after - end <= 2 else {
            return nil
        }
        return InlineHeading(section: section, range: start..<end)
    }
}
