// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// A dose as a number: what the words of a dose, and those right beside it, say of amount and times.
///
/// What is not understood is left out, never guessed: a dose without a number that can be read has none.
struct StatedDose: Hashable {
    /// The amount; of a range its lower end.
    let amount: Double
    /// The upper end of a range; nil for one amount.
    let highest: Double?
    /// The unit in one spelling: mg, g, μg, mL, 単位, 錠, カプセル, 包 and others as written; `AUC`.
    let unit: String
    /// What the amount is for, as `/日`, `/回` or `/kg/分`; nil where nothing says it.
    let per: String?
    /// How often a day it is given; nil where nothing says it.
    let timesADay: Int?

    /// Reads a dose at its place; `before` and `after` are how far its neighbours let words belong to it.
    init?(_ dose: SourceRange, in text: CleanedText, before: Int, after: Int) {
        func words(_ start: Int, _ end: Int) -> String {
            guard start < end else { return "" }
            let range = text.cleanedRange(of: SourceRange(start: start, end: end))
            return text.slice(range).filter { $0 != "\u{2581}" && $0 != "\n" }
        }
        self.init(
            words(dose.start, dose.end),
            after: words(dose.end, min(after, dose.end + Self.reach)),
            before: words(max(before, dose.start - Self.reach), dose.start))
    }

    /// How far from a dose words belong to it, in scalars.
    private static let reach = 16

    /// Reads a dose in cleaned form, without white space.
    init?(_ written: String, after: String = "", before: String = "") {
        let words = written.replacing(/(?<digit>[0-9]),(?<next>[0-9]{3})/) {
            "\($0.digit)\($0.next)"
        }
        let rest: Substring
        if let area = words.prefixMatch(of: /AUC[=:(]?(?<amount>[0-9]+(?:\.[0-9]+)?)/),
            let amount = Double(area.amount)
        {
            (self.amount, highest, unit) = (amount, nil, "AUC")
            rest = words[area.range.upperBound...]
        } else {
            guard let read = Self.amount(in: words) else { return nil }
            (amount, highest, unit, rest) = read
        }
        let rates = rest.prefixMatch(of: /(?:\/[a-zA-Z]+2?|\/[回日時週月分食晩][間]?)+/)
        let rate = rates.map { Self.rate(String($0.output)) }
        let times = Self.times(in: rest + "、" + after) ?? Self.times(in: before[...])
        let isDaily =
            rest.contains(/分[1-6一二三]/) || words.hasPrefix("1日") || words.hasPrefix("一日")
            || ["1日", "一日", "1日量"].contains(where: before.hasSuffix)
        let isSingle =
            words.hasPrefix("1回") || words.hasPrefix("一回")
            || ["1回", "一回"].contains(where: before.hasSuffix)
        per = rate ?? (isDaily ? "/日" : isSingle ? "/回" : nil)
        timesADay = times
    }

    private typealias Amount = (Double, Double?, String, Substring)

    /// `60mg`, `0.5~1mg`, `1錠~2錠`, `2万単位`, `半錠`, with what stands behind; nil for any other form.
    private static func amount(in words: String) -> Amount? {
        var rest = words[...]
        for word in ["1回", "一回", "1日", "一日", "各", "約", "計"] where rest.hasPrefix(word) {
            rest.removeFirst(word.count)
        }
        guard let low = takeNumber(&rest) else { return nil }
        let factor = takeFactor(&rest)
        let unit = takeUnit(&rest)
        guard let sign = rest.first, "~-".contains(sign),
            rest.dropFirst().first?.isASCIIDigit == true
        else { return unit.map { (low * (factor ?? 1), nil, $0, rest) } }
        rest.removeFirst()
        guard let high = takeNumber(&rest) else { return nil }
        let upperFactor = takeFactor(&rest)
        guard let upperUnit = takeUnit(&rest), unit == nil || unit == upperUnit else { return nil }
        let range = (low * (factor ?? upperFactor ?? 1), high * (upperFactor ?? 1))
        return range.0 <= range.1 ? (range.0, range.1, upperUnit, rest) : nil
    }

    private static func takeNumber(_ rest: inout Substring) -> Double? {
        if let word = rest.first, let number = kanji[word] {
            rest.removeFirst()
            return number
        }
        let digits = rest.prefix { $0.isASCIIDigit || $0 == "." }
        rest.removeFirst(digits.count)
        return Double(digits)
    }

    private static let kanji: [Character: Double] = ["半": 0.5, "一": 1, "二": 2, "三": 3]

    private static func takeFactor(_ rest: inout Substring) -> Double? {
        let factors: [Character: Double] = ["万": 1e4, "億": 1e8]
        guard let sign = rest.first, let factor = factors[sign] else { return nil }
        rest.removeFirst()
        return factor
    }

    private static func takeUnit(_ rest: inout Substring) -> String? {
        guard let (unit, length) = unit(at: rest) else { return nil }
        rest.removeFirst(length)
        return unit
    }

    /// The unit that words begin with, in its one spelling, and how long it is as written; the longest
    /// counts.
    private static func unit(at words: Substring) -> (String, Int)? {
        for length in stride(from: min(7, words.count), to: 0, by: -1) {
            let written = String(words.prefix(length))
            if let unit = spellings[written] { return (unit, length) }
            if units.contains(written) { return (written, length) }
        }
        return nil
    }

    private static let units: Set<String> = [
        "mg", "g", "μg", "ng", "mL", "単位", "錠", "カプセル", "包", "枚", "本", "滴", "アンプル", "バイアル", "筒",
        "管",
        "mEq", "mmol", "γ", "吸入", "プッシュ", "噴霧", "個", "丸", "キット", "シリンジ", "袋", "瓶", "MU", "KU",
        "mgPE",
        "mgI",
    ]

    private static let spellings: [String: String] = [
        "MG": "mg", "Mg": "mg", "ミリグラム": "mg", "グラム": "g", "mcg": "μg", "ug": "μg", "マイクログラム": "μg",
        "gamma": "γ", "ml": "mL", "cc": "mL", "ML": "mL", "ミリリットル": "mL", "U": "単位", "IU": "単位",
        "国際単位": "単位", "T": "錠", "Tab": "錠", "tab": "錠", "Tb": "錠", "C": "カプセル", "Cap": "カプセル",
        "cap": "カプセル", "Cp": "カプセル", "cp": "カプセル", "P": "包", "A": "アンプル", "V": "バイアル", "gtt": "滴",
        "puff": "プッシュ",
    ]

    private static func rate(_ written: String) -> String {
        written.split(separator: "/").map { part in
            switch part {
            case "day", "d": "/日"
            case "h", "hr", "H", "hour", "時", "時間": "/時間"
            case "min", "分": "/分"
            case "week", "w", "週", "週間": "/週"
            case "dose", "回": "/回"
            case "kg", "Kg", "KG": "/kg"
            default: "/\(part)"
            }
        }.joined()
    }

    /// How often a day: 分3, 3x, ×3回/日, 1日3回, 毎食後, 朝夕, tid. What stands behind the next stop is of
    /// something else.
    private static func times(in words: Substring) -> Int? {
        let clause = words.prefix { !"。;\n".contains($0) }
        if let match = clause.firstMatch(of: /(?:1日|一日|日に)(?<count>[1-6一二三])回/) {
            return digit(match.count)
        }
        if let match = clause.firstMatch(of: /(?<count>[1-6])回\/(?:日|day)/) {
            return digit(match.count)
        }
        if let match = clause.firstMatch(of: /分(?<count>[1-6一二三])/) { return digit(match.count) }
        if let match = clause.firstMatch(of: /(?<count>[1-6])[x×](?![0-9])/) {
            return digit(match.count)
        }
        if clause.contains("毎食") { return 3 }
        if clause.contains(/朝・?夕/) { return 2 }
        if clause.contains(/\btid\b/) { return 3 }
        if clause.contains(/\bbid\b/) { return 2 }
        if clause.contains(/\b[qo]d\b/) { return 1 }
        return nil
    }

    private static func digit(_ word: Substring) -> Int? {
        Int(word) ?? word.first.flatMap { kanji[$0] }.map { Int($0) }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
