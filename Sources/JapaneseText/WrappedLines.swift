// SPDX-License-Identifier: Apache-2.0

/// Tells line breaks at which a system only wrapped a line from those that end a statement.
///
/// Records are written without 。 and their lines are items, so a break counts as an end unless
/// something speaks against it: a number or a word that goes on, or a line amid a sentence of a text
/// that does end its sentences with 。.
struct WrappedLines {
    private let scalars: [Unicode.Scalar]

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// Fewest scalars of an unfinished sentence that a line can be wrapped in without other signs.
    private static let shortest = 8

    /// Whether the break at an index stands amid a sentence.
    func isWrapped(at lineBreak: Int) -> Bool {
        let before = line(endingAt: lineBreak)
        let after = line(startingAt: lineBreak + 1)
        guard let last = before.last, let first = after.first,
            !Self.closings.contains(scalars[last]), !Self.openings.contains(scalars[first])
        else { return false }
        if isNumberCut(before, after) { return true }
        if Self.isHeading(scalars[after]) || Self.isHeading(scalars[before]) { return false }
        let sentence = unfinishedSentence(before)
        if startsAmidWord(after, sentence: sentence) || endsWithParticle(sentence) { return true }
        guard sentence.count >= Self.shortest, endsWithStop(after), holdsParticle(sentence),
            !endsStatement(sentence)
        else { return false }
        return !startsStatement(after)
    }

    private func line(endingAt end: Int) -> Range<Int> {
        var start = end
        while start > 0, scalars[start - 1] != "\n" { start -= 1 }
        return trimmed(start..<end)
    }

    private func line(startingAt start: Int) -> Range<Int> {
        var end = start
        while end < scalars.count, scalars[end] != "\n" { end += 1 }
        // A line that is set in begins a paragraph.
        return start..<end
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while let last = range.last, scalars[last].value == CharacterClasses.spaceMark {
            range = range.lowerBound..<last
        }
        return range
    }

    private static let closings = Set("。!?:;】]」』>》".unicodeScalars)
    private static let openings = Set("▁【[「『<《■□●○◆◇★☆・*#-=※→①②③④⑤⑥⑦⑧⑨⑩(\n".unicodeScalars)

    // MARK: What goes on

    private static let units: [[Unicode.Scalar]] = [
        "mm", "cm", "mg", "ml", "mL", "g", "μg", "ミリ", "センチ", "kg", "%", "℃", "度", "回", "日", "時間",
        "錠", "歳", "年", "月", "単位", "x", "×", "×",
    ].map { Array($0.unicodeScalars) }

    /// 右上葉に3⏎5mm: a number that a unit only follows in the next line.
    private func isNumberCut(_ before: Range<Int>, _ after: Range<Int>) -> Bool {
        var start = before.upperBound
        while start > before.lowerBound, isNumber(scalars[start - 1]) { start -= 1 }
        guard start < before.upperBound, start > before.lowerBound,
            CharacterClasses.isKana(scalars[start - 1].value)
                || CharacterClasses.isKanji(scalars[start - 1].value)
        else { return false }
        var end = after.lowerBound
        while end < after.upperBound, isNumber(scalars[end]) { end += 1 }
        return Self.units.contains { scalars[end..<after.upperBound].starts(with: $0) }
    }

    private func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        CharacterClasses.isDigit(scalar.value) || scalar == "."
    }

    /// Beginnings of a line with which no statement begins.
    private static let amid: [[Unicode.Scalar]] = [
        "を", "ない", "なく", "ません", "ず、", "ず。", "られ", "れて", "れた", "れず", "した", "して", "する", "され", "せず",
        "である", "であった", "ており", "ている", "ます", "です",
        "めない", "めず", "めた", "める", "められ", "は認め", "は指摘", "は見", "はみ", "はな", "が認", "がみ", "があ", "がな",
        "も認", "もみ", "もな", "と考", "と思", "が疑", "で、", "に、",
        "り、", "え、", "い、", "た。", "る。", "す。", "い。", "い、", "、", "。", "ら、", "て、", "っ", "ー", "ゃ", "ゅ",
        "ょ", "ん。", "ん、", "は、", "が、",
        "の疑", "の可能性", "の訴え", "の既往", "への", "により", "による", "にて", "には", "とは", "からは", "しな", "しま", "らず",
        "ならず", "はあり",
    ].map { Array($0.unicodeScalars) }

    private func startsAmidWord(_ after: Range<Int>, sentence: Range<Int>) -> Bool {
        guard !sentence.isEmpty,
            !endsStatement(sentence) || "、。".unicodeScalars.contains(scalars[after.lowerBound])
        else { return false }
        return Self.amid.contains { scalars[after].starts(with: $0) }
    }

    // MARK: What ends

    /// What stands in a line after its last full stop.
    private func unfinishedSentence(_ line: Range<Int>) -> Range<Int> {
        let stop = line.last { scalars[$0] == "。" || scalars[$0] == "!" }
        return (stop.map { $0 + 1 } ?? line.lowerBound)..<line.upperBound
    }

    private func endsWithStop(_ line: Range<Int>) -> Bool {
        scalars[line].contains("。")
    }

    private static let particles = Set("をにはがでと、".unicodeScalars)

    /// 胸水の貯留は⏎みられない: after a particle something must come.
    private func endsWithParticle(_ sentence: Range<Int>) -> Bool {
        guard sentence.count >= 4, let last = sentence.last else { return false }
        return "はがをにのとも".unicodeScalars.contains(scalars[last])
            && !CharacterClasses.isKana(scalars[last - 1].value)
    }

    private func holdsParticle(_ range: Range<Int>) -> Bool {
        scalars[range].contains { Self.particles.contains($0) }
    }

    private static let ends: [[Unicode.Scalar]] = [
        "あり", "なし", "無し", "有り", "ます", "せん", "です", "ない", "した", "った", "いた", "いる", "める", "れる", "れた",
        "する", "だ", "疑い", "疑う", "考える", "中", "済",
        "(-)", "(+)", "る", "た", "、▁", "予定", "施行", "実施", "開始", "終了", "中止", "継続", "依頼", "説明", "指示",
        "とのこと", "のみ", "様子", "著変", "良好", "可", "不可",
        "へ", "入院", "退院", "転院", "受診", "来院", "紹介", "投与", "内服", "処方", "必要", "こと", "から", "だく", "よ", "ね",
        "的", "可能性", "状態", "ため", "ように", "う", "べき", "ください", "方針", "~", "ん", "わ", "けど", "ので", "なぁ",
        "な",
    ].map { Array($0.unicodeScalars) }

    private func endsStatement(_ range: Range<Int>) -> Bool {
        Self.ends.contains {
            $0.count <= range.count && scalars[range].suffix($0.count).elementsEqual($0)
        }
    }

    private static let starts: [[Unicode.Scalar]] = [
        "また", "なお", "その他", "その後", "本日", "昨日", "以上", "次に", "今回", "前回", "しかし", "そのため", "患者", "本人",
    ].map { Array($0.unicodeScalars) }

    private func startsStatement(_ line: Range<Int>) -> Bool {
        if let first = line.first, CharacterClasses.isDigit(scalars[first].value) { return true }
        return Self.starts.contains { scalars[line].starts(with: $0) }
    }

    /// A line like `所見：…`, `主訴 …` or `S) …`: a short word with a colon or a bracket behind it.
    private static func isHeading(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        guard
            let colon = line.prefix(14).firstIndex(where: {
                $0 == ":" || $0 == ")" || $0 == "】" || $0 == ">"
            })
        else { return false }
        return !line[..<colon].contains { "をはがで、。(".unicodeScalars.contains($0) }
    }
}
