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
            case .none, .topic:
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

    /// What ends at a scalar; at `topic` the scalar itself begins what follows.
    private enum Mark { case none, clause, topic, sentence }

    /// Words with which a statement begins that cannot be part of the description of a tumour.
    static let topicStart: WordList = [
        "リンパ節", "所属リンパ", "有意なリンパ", "明らかなリンパ", "病的リンパ", "病的なリンパ", "腫大リンパ", "LN", "縦隔リンパ", "肺門リンパ",
        "縦隔・肺門",
        "肺門・縦隔", "肺門縦隔", "縦隔肺門", "肺門や縦隔", "縦隔や肺門", "縦隔に", "肺門に", "縦隔は", "肺門は", "右肺門リンパ", "左肺門リンパ",
        "両側肺門", "同側肺門",
        "右縦隔リンパ",
        "左縦隔リンパ", "胸水", "両側胸水", "右胸水", "左胸水", "癌性胸水", "悪性胸水", "癌性胸膜炎", "心嚢水", "心嚢液", "遠隔転移",
        "明らかな遠隔", "明らかな転移", "肝転移", "肝に",
        "肝・", "肝、",
        "肝臓", "副腎", "両側副腎", "骨転移", "脳転移", "撮像範囲", "撮影範囲", "他臓器", "その他", "胸膜播種", "上腹部", "腹部", "骨に",
        "他に", "他、", "他は", "転移なし", "転移は", "転移を認", "脳に", "脳、", "骨、", "N:", "M:",
    ]
    private static let sides: WordList = ["右", "左", "両側", "両", "同側", "対側", "多発", "単発"]
    /// Places of nodes and organs that a side stands before: `左鎖骨上窩リンパ節腫大`, `右副腎に結節`.
    private static let sidedTopic: WordList = [
        "鎖骨上", "腋窩", "頸部リンパ", "頚部リンパ", "#1", "#2", "#3", "#4", "#5", "#6", "#7", "#8", "#9",
        "気管分岐下", "気管分岐部リンパ",
        "気管前リンパ", "縦隔リンパ", "縦隔LN", "縦隔・肺門リンパ", "肺門・縦隔リンパ", "肺門縦隔リンパ", "気管傍リンパ", "傍気管リンパ", "大動脈下リンパ",
        "葉間リンパ", "肺門リンパ", "副腎", "肝", "胸膜播種", "骨転移", "脳転移",
        "胸水",
    ]

    /// Whether something else than a tumour begins, with a side before it or without.
    private static func beginsTopic(
        _ scalars: [Unicode.Scalar], _ rest: Range<Int>, after left: Range<Int>
    ) -> Bool {
        if topicStart.begins(scalars, rest) { return true }
        // `#12l 10mm、#7 8mm、有意な腫大なし` goes on with nodes.
        if TNMWords.node.occurs(in: scalars, left), !TNMWords.metastasis.occurs(in: scalars, left) {
            return false
        }
        let start = sides.prefix(of: scalars, rest)?.upperBound ?? rest.lowerBound
        return sidedTopic.begins(scalars, start..<rest.upperBound)
    }

    private static let metastasisIn: WordList = [
        "に転移", "へ転移", "し転移", "て転移", "は転移、", "転移と考え", "転移を疑", "転移である", "転移です", "に多発転移", "に単発転移",
        "転移性結節", "転移性腫瘤", "に結節", "転移巣", "に腫瘤", "転移あり", "に病変",
    ]

    /// `右副腎に転移性結節、リンパ節腫大なし`: what is stated stays so beside a denial; and
    /// `鎖骨上リンパ節転移、副腎転移。`, where nothing is denied, tells of two things. `肝転移、副腎転移なし` is a
    /// list of what is denied.
    private static func isSpread(
        _ scalars: [Unicode.Scalar], _ left: Range<Int>, before rest: Range<Int>
    ) -> Bool {
        guard TNMWords.metastasis.occurs(in: scalars, left) else { return false }
        if metastasisIn.occurs(in: scalars, left) { return true }
        let near = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + 80)
        let end = scalars[near].firstIndex { "。\n".unicodeScalars.contains($0) }
        let sentence = near.lowerBound..<(end ?? near.upperBound)
        return TNMWords.metastasis.occurs(in: scalars, sentence)
            && Assertion.of(scalars, after: sentence.lowerBound, end: sentence.upperBound)
                == .stated
    }

    /// `28mmの肺癌、気管分岐部には及ばない`: what a measured tumour is followed by and is denied.
    private static func isDenial(_ scalars: [Unicode.Scalar], _ rest: Range<Int>) -> Bool {
        let near = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + 40)
        let end = scalars[near].firstIndex { "。、,;\n".unicodeScalars.contains($0) }
        return Assertion.of(scalars, after: near.lowerBound, end: end ?? near.upperBound)
            == .negated
    }

    private static let lengths: WordList = ["mm", "cm", "MM", "ミリ", "センチ"]
    private static let namedCancer: WordList = [
        "癌", "癌疑い", "がん", "癌)", "癌あり", "癌(疑い)", "癌の像", "癌像", "癌の所見", "癌相当", "癌相当の像", "癌と考える",
        "癌と診断",
        "癌を疑う",
    ]
    private static let sought: WordList = ["明らかな", "新たな", "有意な", "新規の", "粗大な"]

    /// `右上葉に22mm大の肺癌、リンパ節腫大なし`: what is denied after the comma is another thing.
    private static func isDescribed(_ scalars: [Unicode.Scalar], _ left: Range<Int>) -> Bool {
        if sought.begins(scalars, left) { return false }
        if lengths.occurs(in: scalars, left) { return true }
        return namedCancer.ends(scalars, left)
            && (TNMWords.sureLungPlace.occurs(in: scalars, left)
                || TNMWords.lungCancer.occurs(in: scalars, left))
    }

    private static let clauseEndings: WordList = [
        "が", "おり", "ず", "なく", "無く", "なし", "無し", "あり", "有り", "認め", "伴い", "(+)", "(-)", "ます", "です",
        "ません", "した", "疑い", "疑う", "考え", "に進展", "へ進展", "に浸潤", "へ浸潤", "に及び", "に達し", "まで達し", "進展し",
        "浸潤し", "消失し", "ないものの", "ものの", "ており", "みられ", "見られ", "一方", "一方で", "反面", "大-", "水-", "LN-",
        "移-", "節-",
    ]

    /// Endings after which another statement may begin without a comma.
    private static let statementEndings: WordList = [
        "なし", "無し", "あり", "有り", "(+)", "(-)", "ません", "ます", "です", "あるが", "ですが", "ますが", "認めず",
        "認めるが", "みられるが", "見られるが", "疑うが", "考えるが", "ものの", "認めたが", "だが",
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
            if clauseEndings.ends(scalars, start..<index) { return .clause }
            // 胸水を伴わない、27mmの左上葉肺癌
            if attributes.ends(scalars, start..<index),
                placeStart.begins(scalars, index + 1..<scalars.count)
            {
                return .clause
            }
            let rest = index + 1..<scalars.count
            if label.begins(scalars, rest) { return .clause }
            if isLesion(scalars, start..<index),
                otherPlace.begins(scalars, rest) || isDenial(scalars, rest)
            {
                return .clause
            }
            let left = start..<index
            if isNamed(scalars, left), tellsOfSpread(scalars, rest) { return .clause }
            guard beginsTopic(scalars, rest, after: left) else { return .none }
            return isDescribed(scalars, left) || isSpread(scalars, left, before: rest)
                ? .clause : .none
        case "/":
            if statementEndings.ends(scalars, start..<index) { return .clause }
            let isNext = topicStart.begins(scalars, index + 1..<scalars.count)
            return isNext && isDescribed(scalars, start..<index) ? .clause : .none
        default:
            return index > start && partsStatements(scalars, start..<index) ? .topic : .none
        }
    }

    /// Whether another statement begins behind a range without a comma: `胸水なしリンパ節腫大なし`, and
    /// `胸水を伴わない右上葉の腫瘤`, where a denial is said of what follows.
    private static func partsStatements(_ scalars: [Unicode.Scalar], _ left: Range<Int>) -> Bool {
        let rest = left.upperBound..<scalars.count
        if topicStart.begins(scalars, rest) { return statementEndings.ends(scalars, left) }
        // 42mmの扁平上皮癌で無気肺なし: the tumour is there, whatever it lacks.
        if described.ends(scalars, left) { return isDenial(scalars, rest) }
        return placeStart.begins(scalars, rest) && attributes.ends(scalars, left)
    }

    private static let label: WordList = ["T:", "N:", "M:"]
    private static let otherPlace: WordList = [
        "右上葉", "右中葉", "右下葉", "左上葉", "左下葉", "左舌区", "右肺", "左肺", "対側肺",
    ]

    /// `左上葉に30mmの肺癌、左下葉に10mmの結節`: the first of two is told with its size.
    private static func isLesion(_ scalars: [Unicode.Scalar], _ left: Range<Int>) -> Bool {
        lengths.occurs(in: scalars, left)
            && (TNMWords.mass.occurs(in: scalars, left)
                || TNMWords.nodule.occurs(in: scalars, left))
    }

    /// `右下葉肺癌、右上葉にも転移結節`: the primary is only named, and what follows lies elsewhere.
    private static func isNamed(_ scalars: [Unicode.Scalar], _ left: Range<Int>) -> Bool {
        namedCancer.ends(scalars, left) && left.count <= 20
            && TNMWords.lungCancer.occurs(in: scalars, left)
    }

    private static func tellsOfSpread(_ scalars: [Unicode.Scalar], _ rest: Range<Int>) -> Bool {
        guard otherPlace.begins(scalars, rest) else { return false }
        let near = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + 20)
        let end = scalars[near].firstIndex { "。、\n".unicodeScalars.contains($0) }
        return TNMWords.metastasis.occurs(
            in: scalars, near.lowerBound..<(end ?? near.upperBound))
    }

    private static let described: WordList = [
        "癌で", "がんで", "結節で", "腫瘤で", "腫瘍で", "大で", "mmで", "cmで", "病変で", "陰影で",
    ]
    private static let attributes: WordList = [
        "を伴わない", "のない", "を認めない", "を有さない", "を欠く", "の無い", "は伴わない", "も伴わない", "は認めない", "も認めない",
    ]
    private static let placeStart: WordList = [
        "右", "左", "両", "径", "長径", "最大径", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    ]
}
