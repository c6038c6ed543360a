// SPDX-License-Identifier: Apache-2.0

/// A line that says of a whole list whether its items are there: `下記の既往はいずれもなし` above it, `以上の症状はすべてなし`
/// below it.
enum ListStatements {
    private static let above: WordList = ["以下", "下記", "次", "次に挙げる", "以下に挙げる", "下記に挙げる"]
    private static let below: WordList = ["以上", "上記", "これら", "以上、"]
    private static let leads: WordList = [
        "現時点で", "現時点", "現在", "今回", "本日", "入院時", "これまで", "これまでに", "なお", "また", "問診上", "経過中", "問診で",
    ]
    private static let nouns: WordList = [
        "症状", "所見", "既往", "既往歴", "既往症", "病歴", "疾患", "病気", "基礎疾患", "合併症", "併存症", "項目", "訴え", "もの",
        "徴候",
        "兆候", "自覚症状", "他覚所見", "身体所見", "神経症状", "神経所見", "消化器症状", "呼吸器症状", "随伴症状", "副作用", "有害事象", "毒性",
        "危険因子", "リスク因子", "既往疾患", "症状や所見", "症状・所見", "陽性所見", "異常", "異常所見", "感染徴候", "アレルギー",
    ]
    private static let particles: WordList = [
        "は", "も", "を", "が", "に", "について", "については", "に関して", "とも", "のうち",
    ]
    private static let gatherings: WordList = [
        "いずれも", "すべて", "全て", "どれも", "ともに", "共に", "全項目", "何れも", "みな", "全部", "いずれの訴えも", "一切", "いずれにも",
        "特に",
        "現在", "今回", "本日", "現時点で", "▁",
    ]
    private static let denials: WordList = [
        "なし", "無し", "無", "ない", "認めず", "認めない", "認めなかった", "認められず", "認められない", "認めません", "みられず", "みられない",
        "みられなかった", "見られず", "見られない", "ありません", "該当なし", "該当せず", "該当しない", "該当は無し", "該当はなし", "訴えず",
        "訴えなし", "訴えない", "(-)", "-", "陰性", "否定", "否定的", "出ていない", "出現なし", "出現せず", "出現していない", "認めていない",
        "指摘なし", "経験なし", "既往なし", "既往はなし",
    ]
    private static let presences: WordList = [
        "あり", "有り", "有", "ある", "認める", "認めた", "みられる", "みられた", "見られる", "見られた", "該当あり", "該当する", "訴える",
        "訴えた",
        "訴えあり", "(+)", "陽性", "出現", "出現あり", "出現している", "出ている", "伴う",
    ]

    /// Whether a line heads the list below it, and its items are there.
    static func heading(
        in scalars: [Unicode.Scalar], _ line: Range<Int>
    ) -> (isPresent: Bool, end: Int)? {
        guard let statement = statement(above, in: scalars, line) else { return nil }
        var end = statement.end
        while end < line.upperBound, ":。▁)】》>".unicodeScalars.contains(scalars[end]) { end += 1 }
        return end == line.upperBound ? (statement.isPresent, statement.end) : nil
    }

    /// The words by which a line denies the list above it.
    static func closing(in scalars: [Unicode.Scalar], _ line: Range<Int>) -> Range<Int>? {
        guard let statement = statement(below, in: scalars, line), !statement.isPresent else {
            return nil
        }
        return line.lowerBound..<statement.end
    }

    private static func statement(
        _ heads: WordList, in scalars: [Unicode.Scalar], _ line: Range<Int>
    ) -> (isPresent: Bool, end: Int)? {
        func end(of words: WordList, at place: Int) -> Int? {
            words.match(in: scalars, at: place, end: line.upperBound)?.upperBound
        }
        var place = line.lowerBound
        while place < line.upperBound, "【[<《■●◆□*(※#▁".unicodeScalars.contains(scalars[place]) {
            place += 1
        }
        if let lead = end(of: leads, at: place) {
            place = end(of: ["は", "、", "に", "▁"], at: lead) ?? lead
        }
        guard let head = end(of: heads, at: place) else { return nil }
        place = end(of: ["の", "に挙げた", "、"], at: head) ?? head
        let noun = end(of: nouns, at: place)
        place = noun ?? place
        // 以上なし, 下記(-): without a noun only the plainest words, or a gathering.
        place = end(of: particles, at: place) ?? place
        while let next = end(of: gatherings, at: place) {
            place = end(of: ["の", "も", "に", "、"], at: next) ?? next
        }
        if let denial = end(of: denials, at: place) { return (false, denial) }
        guard noun != nil, let presence = end(of: presences, at: place) else { return nil }
        return (true, presence)
    }
}
