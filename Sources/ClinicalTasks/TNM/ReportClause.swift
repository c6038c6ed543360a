// SPDX-License-Identifier: Apache-2.0

/// A piece of a report that says one thing, in folded coordinates.
struct ReportClause: Sendable {
    /// Its scalars in the folded report, without the closing mark.
    let range: Range<Int>
    /// Number of the sentence that it belongs to.
    let sentence: Int

    /// Longest clause, in scalars; a text without punctuation is cut there, which bounds the cost of
    /// looking for what follows each word.
    static let longest = 400

    /// Cuts a folded report into sentences and these into clauses.
    static func clauses(of report: FoldedReport) -> [ReportClause] {
        let scalars = report.scalars
        var clauses: [ReportClause] = []
        var start = 0
        var sentence = 0
        for index in scalars.indices {
            let range = start..<index
            switch mark(scalars, at: index, from: start) {
            case .none where range.count < longest: continue
            case .none:
                clauses.append(ReportClause(range: range, sentence: sentence))
                start = index
                continue
            case .clause:
                if !range.isEmpty { clauses.append(ReportClause(range: range, sentence: sentence)) }
            case .sentence:
                if !range.isEmpty { clauses.append(ReportClause(range: range, sentence: sentence)) }
                sentence += 1
            }
            start = index + 1
        }
        if start < scalars.count {
            clauses.append(ReportClause(range: start..<scalars.count, sentence: sentence))
        }
        return clauses
    }

    private enum Mark { case none, clause, sentence }

    private static let clauseEndings: WordList = [
        "が", "おり", "ず", "なく", "無く", "なし", "無し", "あり", "有り", "認め", "伴い", "(+)", "(-)", "ます", "です",
        "ません", "した", "疑い", "疑う", "考え", "消失し", "ないものの", "ものの", "ており", "みられ", "見られ",
    ]

    private static func mark(_ scalars: [Unicode.Scalar], at index: Int, from start: Int) -> Mark {
        switch scalars[index] {
        case "。", "\n", "!", "?", "】", "■", "●", "◆":
            return .sentence
        case "・", "*":
            // A bullet begins a line; elsewhere the dot joins words.
            return index == start ? .sentence : .none
        case ".":
            // A full stop as some typists set it, not a decimal point nor `a.b`.
            let next = index + 1 < scalars.count ? scalars[index + 1] : "\n"
            let before = index > 0 ? scalars[index - 1] : "\n"
            return next.isASCII && next != "\n" || before.isASCII ? .none : .sentence
        case "、", ",", ";":
            return clauseEndings.ends(scalars, start..<index) ? .clause : .none
        default:
            return .none
        }
    }
}

/// How a report stands to something that it mentions.
enum Assertion: Int, Comparable, Sendable {
    /// Said not to be there.
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
    ]
    private static let likely: WordList = ["可能性が高", "可能性を強く", "可能性大", "可能性は高"]
    private static let possibleWords: WordList = [
        "可能性", "鑑別", "かもしれ", "でしょうか", "除外", "ご留意", "留意", "r/o", "望まし", "困難ですが",
    ]
    private static let suspectedWords: WordList = [
        "疑", "考え", "思われ", "示唆", "s/o", "susp", "矛盾し", "推測", "推定",
    ]
    private static let negations: WordList = [
        "認めません", "認めませ", "認めず", "認めない", "認められず", "認められない", "認められません", "ありません", "ありませ", "なし", "無し",
        "(-)", "みられません", "見られません", "みられず", "見られず", "みられない", "見られない", "みられなく", "指摘できません", "指摘出来ません",
        "指摘できない", "指摘できず", "指摘し得", "指摘しえ", "指摘されません", "指摘されず", "指摘されない", "なく", "はない", "がない",
        "もない", "はなかった", "否定的", "陰性", "見当たら", "同定できません", "同定できない", "同定できず", "同定されません", "消失", "伴わ",
        "ではない", "達していません", "達していない", "達しておらず", "及んでいない", "及んでいません", "及ばず", "及ばない", "越えていません",
        "越えない",
        "保たれ", "認めなかった", "認めませんでした", "確認できません", "確認できない", "確認できず", "検出され", "言えません", "疑いません", "n.p.",
        "認めておりません", "認めていません", "指摘はでき", "不明瞭化", "正常大", "無く", "ないと", "negative", "乏し", "描出されません",
        "描出されない",
        "捉えられません", "とらえられません", "(一)", ":-", "有意ではな", "積極的に疑う所見ではな", "残存しない",
    ]

    /// How the clause stands to a word in it, from what follows the word up to the clause's end.
    static func of(
        _ scalars: [Unicode.Scalar], after index: Int, end: Int
    ) -> Assertion {
        let rest = index..<max(index, end)
        if notExcluded.occurs(in: scalars, rest) { return .possible }
        if let place = negations.first(in: scalars, rest) {
            let lung: WordList = ["含気"]
            let isAir = lung.occurs(in: scalars, rest.lowerBound..<place.lowerBound)
            if !isAir { return .negated }
        }
        if likely.occurs(in: scalars, rest) { return .suspected }
        if possibleWords.occurs(in: scalars, rest) { return .possible }
        if suspectedWords.occurs(in: scalars, rest) { return .suspected }
        return .stated
    }
}
