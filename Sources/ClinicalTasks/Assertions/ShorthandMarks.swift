// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

extension FindingAssertion {
    /// Marks behind a finding, with or without brackets or a colon: `(-)`, `-`, `:なし`, `(+)`, `±`, `?`.
    static func shorthand(after end: Int, in statement: Statement) -> Decision? {
        if let box = box(after: end, in: statement) { return box }
        var place = statement.skippingSpace(end)
        // せん妄の有無:無
        if let noun = statement.end(of: asked, at: place),
            let colon = statement[statement.skippingSpace(noun)],
            ":=→".unicodeScalars.contains(colon)
        {
            place = statement.skippingSpace(noun)
        }
        let hasGap = place > end
        var isMarked = false
        if statement[place] == ":" || statement[place] == "=" || statement[place] == "→" {
            isMarked = true
            place = statement.skippingSpace(place + 1)
        }
        let start = place
        var closing: Int?
        if let scalar = statement[place], "([【<〔".unicodeScalars.contains(scalar) {
            guard let found = statement.closing(of: place) else { return nil }
            closing = found
            place = statement.skippingSpace(place + 1)
        }
        guard let mark = mark(at: place, in: statement) else { return nil }
        // 「頭痛?ないですよ」: a question that is answered at once.
        if mark.certainty == .suspicious,
            statement.end(of: answers, at: statement.skippingSpace(mark.end)) != nil
        {
            return nil
        }
        let after = statement.skippingSpace(mark.end)
        if let closing {
            guard after == closing else { return nil }
            return Decision(certainty: mark.certainty, cue: start..<closing + 1)
        }
        // 発赤無 水疱無 びらん有
        let isSingle = mark.isWord && ["無", "有"].contains(statement.text(place..<mark.end))
        guard mark.isWord ? isMarked || hasGap || isSingle : true,
            mark.isWord ? endsItem(mark.end, in: statement) : endsMark(mark.end, in: statement)
        else { return nil }
        return Decision(certainty: mark.certainty, cue: start..<mark.end)
    }

    private static let asked: WordList = ["の有無", "の訴え", "の症状", "の所見", "の出現", "症状", "の徴候", "の既往"]

    /// Boxes that are ticked or empty, before each item (□発疹 ✓褥瘡) or behind it (発疹□ 褥瘡✓), as the
    /// sentence begins or ends with one.
    private static func box(after end: Int, in statement: Statement) -> Decision? {
        let scalars = statement.scalars
        let boxes =
            empty.all(in: scalars, statement.range) + ticked.all(in: scalars, statement.range)
        // □ is a bullet, too, and ■ a mark of headings; the ballot box is not.
        guard
            boxes.contains(where: { isBallot(statement.text($0)) })
                || scalars[statement.range].contains("□")
                    && boxes.contains(where: { !isEmpty(statement.text($0)) })
        else { return nil }
        guard
            let start = statement.mentions.last(where: { $0.range.upperBound <= end })?.range
                .lowerBound
        else { return nil }
        var before = start
        while before > statement.range.lowerBound, scalars[before - 1].isSpace { before -= 1 }
        let after = statement.skippingSpace(end)
        let isLast = boxes.contains { $0.upperBound == lastPlace(of: statement) }
        let own =
            if let box = boxes.first(where: { $0.upperBound == before }),
                !isLast || !boxes.contains(where: { $0.lowerBound == after })
            {
                Optional(box)
            } else {
                boxes.first { $0.lowerBound == after }
            }
        // ✓発熱なし ticks the denial.
        guard let own,
            isEmpty(statement.text(own)) || own.lowerBound == after
                || statement.end(of: denied, at: after) == nil
        else { return nil }
        return Decision(
            certainty: isEmpty(statement.text(own)) ? .negative : .positive, cue: own)
    }

    private static let denied: WordList = [
        "なし", "無し", "無", "ない", "はない", "はなし", "(-)", "-", ":なし", ":無", "を認めず", "認めず",
    ]
    private static let empty: WordList = ["□", "☐", "[▁]", "[]"]
    private static let ticked: WordList = ["✓", "■", "☒", "▣", "[x]", "[X]", "[✓]", "[レ]"]

    private static func isEmpty(_ box: String) -> Bool { ["□", "☐", "[▁]", "[]"].contains(box) }

    /// Whether a box is made to be ticked, and nothing else.
    private static func isBallot(_ box: String) -> Bool { !["□", "■", "▣"].contains(box) }

    /// Where the sentence ends but for white space and its stop.
    private static func lastPlace(of statement: Statement) -> Int {
        var end = statement.range.upperBound
        while end > statement.range.lowerBound,
            statement.scalars[end - 1].isSpace || statement.scalars[end - 1] == "。"
        {
            end -= 1
        }
        return end
    }

    private static let answers: WordList = [
        "ない", "なし", "いや", "いえ", "全然", "特に", "いいえ", "ありません", "あり", "はい", "ある",
    ]

    private typealias Mark = (certainty: Certainty, end: Int, isWord: Bool)

    private static let absent: WordList = [
        "なし", "無し", "無", "陰性", "ナシ", "neg", "Neg", "ない", "no", "No", "NO", "none", "not",
    ]
    private static let present: WordList = ["あり", "有り", "有", "陽性", "アリ", "yes", "Yes"]
    private static let doubtful: WordList = [
        "疑い", "疑", "?", "??", "susp", "suspected", "S/O", "s/o", "疑い?", "±", "+/-", "-/+", "+-",
    ]
    private static let unknown: WordList = ["不明", "不詳", "未確認", "未検", "未評価", "評価不能"]

    private static let never: WordList = ["0回", "0件", "ゼロ"]

    private static func mark(at place: Int, in statement: Statement) -> Mark? {
        if let end = statement.end(of: doubtful, at: place) {
            return (.suspicious, end, statement.text(place..<end).contains("疑"))
        }
        if let end = statement.end(of: unknown, at: place) { return (.general, end, true) }
        if let end = statement.end(of: absent, at: place) { return (.negative, end, true) }
        if let end = statement.end(of: present, at: place) { return (.positive, end, true) }
        var end = place
        if let digit = statement[end], (0x31...0x35).contains(digit.value),
            statement[end + 1] == "+"
        {
            end += 1
        }
        guard let sign = statement[end] else { return nil }
        // 嘔吐0回
        if let none = statement.end(of: never, at: place) { return (.negative, none, false) }
        switch sign {
        case "×", "✕", "○", "〇", "◯":
            guard endsItem(end + 1, in: statement) else { return nil }
            return ("×✕".unicodeScalars.contains(sign) ? .negative : .positive, end + 1, false)
        case "-", "ー", "一", "―", "−":
            while let next = statement[end], "-ー一―−".unicodeScalars.contains(next) { end += 1 }
            // (-/-): right and left.
            if statement[end] == "/", statement[end + 1] == "-" { end += 2 }
            return (.negative, end, false)
        case "+":
            while statement[end] == "+" { end += 1 }
            if statement[end] == "/", statement[end + 1] == "+" { end += 2 }
            return (.positive, end, false)
        default: return nil
        }
    }

    /// Whether a mark ends at a place where an item may end: not `COVID-19`, not 発熱-38度.
    private static func endsMark(_ place: Int, in statement: Statement) -> Bool {
        guard let next = statement[place] else { return true }
        return !(next.properties.numericType != nil || next.isASCII && next.properties.isAlphabetic)
            && next != "一"
    }

    private static func endsItem(_ place: Int, in statement: Statement) -> Bool {
        guard let next = statement[place] else { return true }
        return next.isSpace || "、。,.;/)]】・(".unicodeScalars.contains(next)
            || statement.mentions.contains { $0.range.lowerBound == place }
    }

    private static let doubts: WordList = [
        "r/o", "R/O", "r/o:", "s/o", "S/O", "ruleout", "Rule▁out", "rule▁out", "疑:", "疑い:", "疑)",
        "susp.", "susp", "suspected", "?",
        "suspicious▁for", "suspicion▁of", "鑑別:", "鑑別診断:", "鑑別として", "鑑別に", "疑い病名:", "probable",
        "possible", "疑い▁",
    ]
    private static let denials: WordList = [
        "no", "No", "NO", "denies", "without", "陰性所見:", "なし:", "(-):", "(-)", "陰性:", "無:", "以下なし:",
        "-:", "negative▁for", "w/o", "否定:",
        "除外:", "認めず:", "認めない:", "認めないもの:", "【陰性所見】",
    ]

    /// Marks in front of a finding: `r/o 肺炎`, `s/o 胃癌`, and what heads a list: `陰性所見:発熱、咳`.
    static func markBefore(_ start: Int, in statement: Statement) -> Decision? {
        var place = start
        while place > statement.range.lowerBound, statement.scalars[place - 1].isSpace {
            place -= 1
        }
        for (words, certainty) in [(doubts, Certainty.suspicious), (denials, .negative)] {
            if let end = statement.lastEnd(of: words, endingAt: place) {
                return Decision(certainty: certainty, cue: end..<place)
            }
        }
        // (-)嘔吐、(+)下痢
        if let end = statement.lastEnd(of: ["(+)"], endingAt: place) {
            return Decision(certainty: .positive, cue: end..<place)
        }
        // 有症状:倦怠感 無症状:発熱、咳嗽
        if let end = listHeading(before: place, in: statement) {
            return Decision(certainty: .negative, cue: end)
        }
        // A heading holds for every item of its line.
        if let first = statement.words.first?.range.start {
            for (words, certainty) in [
                (headDoubts, Certainty.suspicious), (headDenials, .negative),
            ] {
                if let end = statement.end(of: words, at: first), end <= start {
                    return Decision(certainty: certainty, cue: first..<end)
                }
            }
        }
        return nil
    }

    private static let listHeadings: WordList = ["無症状:", "陰性症状:", "ない症状:", "陰性所見:"]

    /// What heads the list that a place is in, where it denies all its items.
    private static func listHeading(before start: Int, in statement: Statement) -> Range<Int>? {
        var place = start
        while true {
            if let heading = listHeadings.start(
                endingAt: place, in: statement.scalars, from: statement.range.lowerBound)
            {
                return heading..<place
            }
            guard
                let comma = Statement.enumerators.start(
                    endingAt: place, in: statement.scalars, from: statement.range.lowerBound),
                let item = statement.mentions.last(where: { $0.range.upperBound <= comma }),
                item.range.upperBound == comma
            else { return nil }
            place = item.range.lowerBound
        }
    }

    private static let headDoubts: WordList = [
        "鑑別診断:", "鑑別:", "疑い病名:", "疑い:", "r/o", "R/O", "#▁r/o", "#r/o",
    ]
    private static let headDenials: WordList = [
        "陰性所見:", "なし:", "以下なし:", "陰性:", "(-):", "【陰性所見】", "認めないもの:", "否定:",
    ]
}

extension Statement {
    /// Where the longest of the words begins that ends at a place and is no part of a longer word.
    func lastEnd(of words: WordList, endingAt place: Int) -> Int? {
        guard let start = words.start(endingAt: place, in: scalars, from: range.lowerBound) else {
            return nil
        }
        if start > range.lowerBound {
            let before = scalars[start - 1]
            let first = scalars[start]
            if first.isASCII, first.properties.isAlphabetic, before.isASCII,
                before.properties.isAlphabetic
            {
                return nil
            }
            if first == "(", !before.isSpace, !"、。,:;】]>」".unicodeScalars.contains(before) {
                return nil
            }
            if first == "?" || first == "-" { return nil }
        }
        return start
    }
}
