// SPDX-License-Identifier: Apache-2.0

/// Tells lines that a system wrapped from lines that the author ended, and drops white space.
///
/// A line end within a sentence, a word or a number is no boundary. White space is one only between two
/// numbers (`S8 30mm`) and where it stands for a comma (`肺癌 22mm リンパ節腫大なし`); a comma takes its place.
struct LineJoining {
    /// A scalar that stays, with the index that it had.
    typealias Kept = (scalar: Unicode.Scalar, index: Int)

    private let scalars: [Unicode.Scalar]
    private var kept: [Kept] = []
    private var lineStart = 0

    /// The scalars that stay; `isKnown` says of a line break, by its index, that it is known to end nothing.
    static func kept(
        _ scalars: [Unicode.Scalar], where isKnown: (Int) -> Bool = { _ in false }
    ) -> [Kept] {
        var joining = LineJoining(scalars: scalars)
        joining.kept.reserveCapacity(scalars.count)
        for (index, scalar) in scalars.enumerated() {
            joining.read(scalar, at: index, isKnown: scalar == "\n" && isKnown(index))
        }
        return joining.kept
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func read(_ scalar: Unicode.Scalar, at index: Int, isKnown: Bool) {
        if scalar == "\n" {
            if !isWrapped(next: index + 1, isKnown: isKnown) {
                kept.append((scalar, index))
                lineStart = kept.count
            }
        } else if !Self.isBlank(scalar) {
            kept.append((scalar, index))
        } else if Self.isSpace(scalar), separates(at: index) {
            kept.append(("、", index))
        }
    }

    /// White space, as such or as the cleaning writes it.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{2581}" || scalar.properties.isWhitespace
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        isSpace(scalar) || scalar.value == 0x200b
            || scalar.value == 0xfeff
    }

    /// Whether the white space at an index stands between two numbers or two statements.
    private func separates(at index: Int) -> Bool {
        guard kept.count > lineStart, let last = kept.last?.scalar, last != "、",
            index + 1 < scalars.count
        else { return false }
        let next = scalars[index + 1]
        guard !Self.isBlank(next), next != "\n" else { return false }
        if Self.isDigit(last), Self.isDigit(next) { return !isSpacedNumber(next: index + 1) }
        if last.isASCII, last.properties.isAlphabetic || Self.isDigit(last),
            beginsCategory(index + 1)
        {
            return true
        }
        let head = index + 1..<min(scalars.count, index + 12)
        return Self.statementEnd.ends(tail(6), 0..<min(6, kept.count - lineStart))
            && ReportClause.topicStart.begins(scalars, head)
    }

    /// `S8 t2a`, `T N0`: a category of T, N or M begins behind the white space.
    private func beginsCategory(_ start: Int) -> Bool {
        var place = start
        while place < scalars.count, place < start + 2,
            "cpyrCP".unicodeScalars.contains(scalars[place])
        {
            place += 1
        }
        guard place + 1 < scalars.count, "TNMtnm".unicodeScalars.contains(scalars[place]) else {
            return false
        }
        let value = scalars[place + 1]
        return ("0"..."4").contains(value) || "xXi".unicodeScalars.contains(value)
    }

    /// `3 6 mm`: single digits with white space between them, and before the unit, are one number; not
    /// `S8 5 mm`. Without white space before the unit (`結節1 5mm`) the first may number an item.
    private func isSpacedNumber(next: Int) -> Bool {
        guard kept.count - lineStart > 1 else { return false }
        let before = kept[kept.count - 2].scalar
        guard !Self.isDigit(before), !before.isASCII || "(x:~=".unicodeScalars.contains(before),
            before != "、"
        else { return false }
        var place = next + 1
        while place < scalars.count, Self.isBlank(scalars[place]) { place += 1 }
        guard place < scalars.count else { return false }
        let isMeasure =
            Self.measures.contains(before) || before.value < 0x30a0 && before.value > 0x3040
        guard place > next + 1 || isMeasure else { return false }
        return Self.units.begins(scalars, place..<min(scalars.count, place + 4))
            || "x~".unicodeScalars.contains(scalars[place])
    }

    private static let measures = Set("径約大(x:~=さ".unicodeScalars)

    private static let statementEnd: WordList = [
        "なし", "無し", "あり", "有り", ")", "mm", "cm", "癌", "せず", "めず", "ます", "です", "せん", "ない", "疑い",
        "結節", "腫瘤", "腫大", "疑う", "考える", "める", "れる",
        "転移", "大",
    ]

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x30 && scalar.value <= 0x39
    }

    /// The last scalars of the line, at most so many.
    private func tail(_ count: Int) -> [Unicode.Scalar] {
        kept[max(lineStart, kept.count - count)...].map(\.scalar)
    }

    private static func isKatakana(_ scalar: Unicode.Scalar) -> Bool {
        (0x30A1...0x30FA).contains(scalar.value)
    }

    // MARK: - Wrapped lines

    /// Shortest line, in scalars, that a system may have wrapped at any place.
    private static let wrapWidth = 28

    private func isWrapped(next: Int, isKnown: Bool) -> Bool {
        guard kept.count > lineStart, let last = kept.last?.scalar else { return false }
        var first = next
        while first < scalars.count, scalars[first] != "\n", Self.isBlank(scalars[first]) {
            first += 1
        }
        guard first < scalars.count, scalars[first] != "\n" else { return false }
        if "。:!?】]>".unicodeScalars.contains(last) { return false }
        let head = Array(scalars[first..<min(scalars.count, first + 8)])
        // ポップコ/ーン: a long vowel, which cleaning takes for a dash at the line's beginning.
        if head.count > 1, "-ー".unicodeScalars.contains(head[0]), Self.isKatakana(head[1]),
            Self.isKatakana(last)
        {
            return true
        }
        if Self.itemStart.begins(head, 0..<head.count) { return false }
        let tail = tail(6)
        if isKnown || cutsWord(tail, head) || cutsNumber(tail, at: first) { return true }
        if cutsInflection(last, head) { return true }
        let ends = Self.statements.ends(tail, 0..<tail.count)
        let inside = Self.inside.begins(head, 0..<head.count)
        // A row of measures ends a line, however long it is.
        if Self.isDigit(last) || last == ")", ReportClause.topicStart.begins(head, 0..<head.count) {
            return false
        }
        if kept.count - lineStart >= Self.wrapWidth { return !ends || inside }
        if "、,".unicodeScalars.contains(last) { return true }
        return !ends && (inside || Self.openEnds.ends(tail, 0..<tail.count))
    }

    /// `リン/パ節`: a known word stands across the line end.
    private func cutsWord(_ tail: [Unicode.Scalar], _ head: [Unicode.Scalar]) -> Bool {
        let joined = tail + head.filter { !Self.isBlank($0) && $0 != "\n" }
        return Self.words.straddles(joined, at: tail.count)
    }

    /// Words in hiragana that a line of a report may begin with.
    private static let beginnings: WordList = [
        "また", "なお", "その", "それ", "これ", "この", "ただ", "しか", "やや", "ほか", "ごく", "わず", "いず", "すり", "びま",
        "はっ", "ある",
        "もと", "ともに", "とくに", "ほぼ", "ほと", "おそ", "すで", "さら", "まだ", "いま", "かつ", "つい", "ひき", "びらん",
        "のう胞", "がん",
        "むし", "よっ", "したが", "あわ", "ぶど", "めまい",
    ]

    /// `気管分岐部には達/しない`, `di/ameter`: the line end stands before an ending, or in a Latin word.
    private func cutsInflection(_ last: Unicode.Scalar, _ head: [Unicode.Scalar]) -> Bool {
        guard let first = head.first else { return false }
        if (0x4E00...0x9FFF).contains(last.value), (0x3041...0x309F).contains(first.value) {
            return !Self.beginnings.begins(head, 0..<head.count)
        }
        return last.isASCII && last.properties.isLowercase && first.isASCII
            && first.properties.isLowercase && kept.count - lineStart >= 12
    }

    /// `3/5mm`, `35x/22mm`, `35/mm`: a number and its unit go on in the next line.
    private func cutsNumber(_ tail: [Unicode.Scalar], at first: Int) -> Bool {
        guard let last = tail.last else { return false }
        let end = min(scalars.count, first + 12)
        let open =
            "x*~.".unicodeScalars.contains(last) && tail.count > 1
            && Self.isDigit(tail[tail.count - 2])
        if open { return Self.isDigit(scalars[first]) }
        if cutsCategory(tail, at: first) { return true }
        guard Self.isDigit(last) else { return false }
        if Self.units.begins(scalars, first..<end) { return true }
        // The number of a segment, station or category is not the beginning of a size.
        var start = tail.count - 1
        while start > 0, Self.isDigit(tail[start - 1]) || tail[start - 1] == "." { start -= 1 }
        if start == 0, kept.count - lineStart == tail.count { return false }
        if start > 0, "S#TNMsVhL/+".unicodeScalars.contains(tail[start - 1]) { return false }
        guard Self.isDigit(scalars[first]) || "x*.~".unicodeScalars.contains(scalars[first]) else {
            return false
        }
        var place = first
        while place < end,
            Self.isDigit(scalars[place]) || "x*.~".unicodeScalars.contains(scalars[place])
        {
            place += 1
        }
        while place < end, Self.isSpace(scalars[place]) { place += 1 }
        let next = place < scalars.count ? scalars[place] : "。"
        return Self.units.begins(scalars, place..<end) || "mcMC\n".unicodeScalars.contains(next)
    }

    /// `cT/2aN1M0`, `cT2/aN1M0`, `N1M/0`: a category goes on in the next line.
    private func cutsCategory(_ tail: [Unicode.Scalar], at first: Int) -> Bool {
        guard let last = tail.last else { return false }
        let second = first + 1 < scalars.count ? scalars[first + 1] : "。"
        if "TNM".unicodeScalars.contains(last), Self.isDigit(scalars[first]) {
            return "abc\nTNMcp。、,)(でとのはにが期」".unicodeScalars.contains(second)
                || Self.isSpace(second)
        }
        let isCategory =
            tail.count > 1 && Self.isDigit(last)
            && "TNM".unicodeScalars.contains(tail[tail.count - 2])
        return isCategory && "abc".unicodeScalars.contains(scalars[first])
            && ("NM\n。、)".unicodeScalars.contains(second) || Self.isSpace(second))
    }

    private static let units: WordList = ["mm", "cm", "MM", "CM", "ミリ", "センチ"]
    private static let itemStart: WordList = [
        "【", "■", "●", "◆", "・", "#", "＃", "*", "-", "<", "(1", "(2", "(3", "1.", "2.", "3.", "1)",
        "2)", "3)",
        "所見", "診断", "印象", "結論", "コメント", "T:", "N:", "M:", "T=", "N=", "M=",
    ]
    private static let statements: WordList = [
        "ます", "せん", "です", "した", "なし", "あり", "ない", "める", "疑う", "疑い", "考える", "(-)", "(+)", "無し", "有り",
        "れる",
        "いる", "ある",
    ]
    /// What no statement begins with.
    private static let inside: WordList = [
        "ます", "ません", "す。", "り、", "、", "。", "と考", "を疑", "を認", "が疑", "を", "の", "に", "は", "が", "も認",
        "と思", "大の",
        "して", "され", "られ", "れる", "れず", "れて", ")",
        "腫大", "貯留", "なし", "無し", "認めず", "認めない", "認めま", "みられ", "(-)", "(+)", "疑い", "転移は", "転移な",
        "浸潤な",
    ]
    /// What no statement ends with.
    private static let openEnds: WordList = [
        "に", "の", "を", "は", "が", "と", "や", "へ", "より", "および", "及び", "にて", "ており", "して", "による", "大",
        "x", "・", "約", "径", "→", "=", "今回", "前回", "最大", "直径", "長径",
    ]
    private static let words: WordList = [
        "リンパ節", "リンパ", "肺癌", "肺がん", "腺癌", "細胞癌", "上皮癌", "腫瘤", "腫瘍", "結節", "転移", "浸潤", "胸水", "遠隔",
        "縦隔",
        "肺門", "上葉", "中葉", "下葉", "舌区", "腫大", "副腎", "胸膜", "播種", "認め", "めず", "めない", "めま", "ません", "ありま",
        "です",
        "ます", "でした", "した", "なし", "あり", "所見", "原発", "考え", "疑い", "疑う", "疑わ", "可能性", "否定", "術後", "右肺",
        "左肺",
        "右上", "左上", "右下", "左下", "右中", "気管", "分岐", "分岐下", "分岐部", "分岐下リンパ", "縦隔リンパ", "肺門リンパ",
        "鎖骨上リンパ", "気管傍リンパ", "所属リンパ", "葉間リンパ", "腋窩リンパ", "多発骨", "多発肝", "多発肺", "多発脳", "多発リンパ", "多発転移",
        "神経麻痺", "反回神経", "横隔神経", "神経浸潤", "大きさ", "長径", "最大", "ミリ", "センチ", "増大", "縮小", "病変",
        "陰影",
        "充実", "すりガラス", "反回", "神経", "麻痺", "骨転", "肝転", "脳転", "mm", "cm", "強調", "声帯", "嗄声", "横隔", "胸壁",
        "肋骨", "椎体", "大動脈", "心膜", "主気管支", "鎖骨", "対側", "同側", "多発", "単発",
        "悪性", "良性", "癌性", "直径", "短径", "集積", "消失", "因子", "分類", "充実成分", "充実部",
        "成分径", "反応性", "病期",
    ]
}
