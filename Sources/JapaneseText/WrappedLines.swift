// SPDX-License-Identifier: Apache-2.0

/// Tells line breaks at which a system only wrapped a line from those that end a statement.
///
/// Records are written without 。 and their lines are items, so a break counts as an end unless
/// something speaks against it: a number or a word that goes on, or a line amid a sentence of a text
/// that does end its sentences with 。.
package struct WrappedLines {
    private let scalars: [Unicode.Scalar]
    /// Breaks in paragraphs of equally wide lines of which some must have been wrapped.
    package private(set) var ofParagraphs: Set<Int> = []

    /// Reads the paragraphs of a text.
    package init(_ text: CleanedText) {
        scalars = text.scalars
        guard scalars.contains("\n") else { return }
        for breaks in WrappedParagraphs(text).breaks {
            let count = breaks.count(where: isWrapped)
            if count > 0, count * 4 >= breaks.count { ofParagraphs.formUnion(breaks) }
        }
    }

    /// Fewest scalars of an unfinished sentence that a line can be wrapped in without other signs.
    private static let shortest = 8

    /// Whether the break at an index stands amid a sentence.
    func isWrapped(at lineBreak: Int) -> Bool {
        let before = line(endingAt: lineBreak)
        let after = line(startingAt: lineBreak + 1)
        if isMarkCut(before, after) { return true }
        guard let last = before.last, let first = after.first,
            !Self.closings.contains(scalars[last]), !Self.openings.contains(scalars[first])
        else { return false }
        if isNumberCut(before, after) || isAnswer(after) || cutsWord(before, after) { return true }
        if Self.isHeading(scalars[after]) { return false }
        if ofParagraphs.contains(lineBreak) { return true }
        let sentence = unfinishedSentence(before)
        if startsAmidWord(after, sentence: sentence) { return true }
        if Self.isHeading(scalars[before]) { return false }
        if endsWithParticle(sentence) { return true }
        if "、・".unicodeScalars.contains(scalars[last]),
            sentence.count >= 4 || before.count >= Self.shortest
        {
            return true
        }
        if cutsHiragana(sentence, after) { return true }
        guard
            sentence.count >= Self.shortest
                || before.count >= 2 * Self.shortest && sentence.count > 1,
            endsWithStop(after), holdsParticle(sentence),
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
    private static let openings = Set("▁【[「『<《■□☐✓●○◆◇★☆・*#-=※→①②③④⑤⑥⑦⑧⑨⑩(\n".unicodeScalars)

    // MARK: What goes on

    /// 腫脹(⏎-), 黄疸⏎(-), 1mg→⏎2mg: the line end stands within a mark, or before what it leads to.
    private func isMarkCut(_ before: Range<Int>, _ after: Range<Int>) -> Bool {
        guard let last = before.last, let first = after.first else { return false }
        if "([「→".unicodeScalars.contains(scalars[last]) { return before.count > 1 }
        if ")]」".unicodeScalars.contains(scalars[first]) { return true }
        let marks: [[Unicode.Scalar]] = ["(-)", "(+)", "(±)"].map { Array($0.unicodeScalars) }
        guard !Self.closings.contains(scalars[last]), scalars[last] != ")" else { return false }
        // (-)発熱 is an item with its mark in front.
        return marks.contains { mark in
            scalars[after].starts(with: mark)
                && (after.count == mark.count
                    || "、。,.;/▁".unicodeScalars.contains(scalars[after.lowerBound + mark.count]))
        }
    }

    private static let units: [[Unicode.Scalar]] = [
        "mm", "cm", "mg", "ml", "mL", "g", "μg", "ミリ", "センチ", "kg", "%", "℃", "度", "回", "日", "時間",
        "錠", "歳", "年", "月", "単位", "x", "×", "×",
    ].map { Array($0.unicodeScalars) }

    /// 右上葉に3⏎5mm: a number that a unit only follows in the next line.
    private func isNumberCut(_ before: Range<Int>, _ after: Range<Int>) -> Bool {
        var start = before.upperBound
        while start > before.lowerBound, isNumber(scalars[start - 1]) { start -= 1 }
        if start == before.upperBound { return isUnitCut(before, after) }
        guard start > before.lowerBound,
            CharacterClasses.isKana(scalars[start - 1].value)
                || CharacterClasses.isKanji(scalars[start - 1].value)
        else { return false }
        var end = after.lowerBound
        while end < after.upperBound, isNumber(scalars[end]) { end += 1 }
        return Self.units.contains { scalars[end..<after.upperBound].starts(with: $0) }
    }

    /// 500m⏎g: the line end stands within a unit.
    private func isUnitCut(_ before: Range<Int>, _ after: Range<Int>) -> Bool {
        guard before.count > 2, let last = before.last, isNumber(scalars[last - 1]),
            "mμkcMn".unicodeScalars.contains(scalars[last])
        else { return false }
        let rest = scalars[after]
        let units: [[Unicode.Scalar]] = ["g", "L", "l", "m", "Eq", "cg", "mol"].map {
            Array($0.unicodeScalars)
        }
        guard let unit = units.first(where: { rest.starts(with: $0) }) else { return false }
        return rest.dropFirst(unit.count).first.map { !CharacterClasses.isLatin($0.value) } ?? true
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
        "ならず", "はあり", "れま", "れな", "きま", "きな", "きず", "せん。", "ンを", "のため", "のた", "ことは", "ことな", "わけ",
        "でい", "であ", "でき", "てて", "てい", "てお", "ても", "てき", "てる", "てし", "ては", "みられ", "見られ",
    ].map { Array($0.unicodeScalars) }

    private func startsAmidWord(_ after: Range<Int>, sentence: Range<Int>) -> Bool {
        guard !sentence.isEmpty else { return false }
        if Self.tails.contains(where: { scalars[after].starts(with: $0) }) { return true }
        // 廃用症候⏎群が
        if after.count > 2, "群症炎感疹".unicodeScalars.contains(scalars[after.lowerBound]),
            "がはをもに".unicodeScalars.contains(scalars[after.lowerBound + 1]),
            let last = sentence.last, CharacterClasses.isKanji(scalars[last].value)
        {
            return true
        }
        // なければな⏎し
        if after.count == 1, CharacterClasses.isHiragana(scalars[after.lowerBound].value) {
            return true
        }
        guard !endsStatement(sentence) || "、。".unicodeScalars.contains(scalars[after.lowerBound])
        else { return false }
        if startsWithParticle(after) { return true }
        return Self.amid.contains { scalars[after].starts(with: $0) }
    }

    /// 呼吸困難感⏎が出現したら: a particle before a word in kanji.
    private func startsWithParticle(_ line: Range<Int>) -> Bool {
        line.count > 1 && "がとはにも".unicodeScalars.contains(scalars[line.lowerBound])
            && CharacterClasses.isKanji(scalars[line.lowerBound + 1].value)
    }

    /// Ends of words that no line begins with, whatever stood before: 訴えもな⏎し。
    private static let tails: [[Unicode.Scalar]] = [
        "でいな", "でいる", "されず", "されて", "された", "される", "せず", "していな", "しており", "していた", "ません", "っ", "ー",
        "ゃ", "ゅ", "ょ",
        "し。", "し、", "い。", "く、", "た。", "た、", "る。", "す。", "ず。", "ず、",
        "ん。", "せん。", "せん、", "した。", "く経過", "く過ご", "くなっ", "くなり", "く推移",
    ].map { Array($0.unicodeScalars) }

    private static let answers: Set<String> = [
        "なし", "あり", "無し", "有り", "ない", "無", "有", "(-)", "(+)", "認めず", "認めない", "認めません", "認める", "みられず",
        "みられない",
    ]

    /// 夜間せん妄⏎なし。: a line that only answers the one before.
    private func isAnswer(_ line: Range<Int>) -> Bool {
        let first = scalars[line].prefix(9).prefix { $0 != "。" && $0 != "、" }
        return first.count <= 6 && (first.count == line.count || first.endIndex < line.upperBound)
            && Self.answers.contains(String(String.UnicodeScalarView(first)))
    }

    /// Words that no line break ends within, those that records use most.
    private static let words: [[Unicode.Scalar]] = [
        "除外", "否定", "認め", "指摘", "休薬", "中止", "消失", "軽快", "改善", "出現", "疑い", "疑う", "疑われ", "可能性", "持続",
        "継続",
        "予防", "注意", "場合", "開始", "終了", "投与", "内服", "服用", "処方", "施行", "観察", "確認", "有無", "既往", "診断",
        "治療",
        "手術", "術後", "入院", "退院", "増悪", "悪化", "減量", "増量", "再開", "予定", "検討", "説明", "指示", "使用", "発症",
        "経過",
        "発熱", "高熱", "微熱", "解熱", "頭痛", "腹痛", "胸痛", "腰痛", "背部痛", "関節痛", "筋肉痛", "咽頭痛", "疼痛", "圧痛",
        "嘔気",
        "嘔吐", "悪心", "下痢", "便秘", "血便", "下血", "吐血", "血尿", "喀血", "咳嗽", "喀痰", "喘鳴", "呼吸困難", "呼吸苦",
        "倦怠感",
        "浮腫", "発赤", "腫脹", "熱感", "発疹", "皮疹", "紅斑", "掻痒感", "褥瘡", "黄疸", "貧血", "痙攣", "麻痺", "振戦", "意識障害",
        "失神", "動悸", "冷汗", "転倒", "転落", "不眠", "不穏", "食欲不振", "食欲低下", "体重減少", "糖尿病", "高血圧", "脂質異常症",
        "高脂血症", "心不全", "腎不全", "肝障害", "腎障害", "心筋梗塞", "脳梗塞", "脳出血", "狭心症", "心房細動", "不整脈", "肺炎", "喘息",
        "肺気腫", "胃潰瘍", "胃癌", "肺癌", "肝癌", "大腸癌", "乳癌", "膵癌", "食道癌", "前立腺癌", "肝細胞癌", "肝硬変", "腎盂腎炎",
        "虫垂炎", "胆嚢炎", "膵炎", "髄膜炎", "敗血症", "感染症", "関節リウマチ", "認知症", "白血病", "悪性リンパ腫", "骨折", "出血", "血腫",
        "結節", "腫瘤", "腫瘍", "転移", "胸水", "腹水", "無気肺", "浸潤影", "リンパ節", "石灰化", "狭窄", "閉塞", "梗塞", "嚢胞",
        "潰瘍",
        "穿孔", "炎症", "肥厚", "拡張", "貯留", "腫大", "病変", "所見", "異常", "アレルギー", "めまい", "ふらつき", "しびれ", "むくみ",
        "のため", "ために", "ように", "ところ", "について", "により", "において", "として", "とのこと", "ていた", "である", "であった",
        "ません", "ました", "でした", "なかった", "られる", "られた", "られず", "せん妄", "けいれん", "かゆみ", "チアノーゼ", "ショック",
        "ステロイド", "インスリン", "訴え", "るため", "消退", "陳旧", "施設", "圧迫", "症候群", "帯状疱疹", "骨粗鬆症", "骨粗しょう症",
        "低ナトリウム", "高カリウム", "低カリウム", "高カルシウム", "うっ血性", "閉塞性", "出血性", "感染性", "薬剤性", "糖尿病性", "肝性脳症",
        "尿路感染", "胃食道逆流", "蜂窩織炎", "蕁麻疹", "悪寒", "戦慄", "掻痒", "瘙痒", "頻尿", "血痰", "胸部不快", "静脈血栓", "誤嚥性",
        "間質性", "逆流性", "神経痛", "アナフィラキシー",
        "プレドニゾロン", "アセトアミノフェン", "アムロジピン", "メトホルミン", "フロセミド", "ワルファリン", "ロキソプロフェン", "ランソプラゾール",
        "センノシド", "マグミット", "カロナール", "ロキソニン", "プレガバリン", "デキサメタゾン", "ヘパリン", "シスプラチン", "カルボプラチン",
        "パクリタキセル", "レベチラセタム", "リスペリドン", "クエチアピン", "ゾルピデム", "ブロチゾラム", "トラマドール", "オキシコドン", "フェンタニル",
        "モルヒネ", "セフトリアキソン", "バンコマイシン", "メロペネム", "レボフロキサシン", "アンピシリン", "スルバクタム", "タゾバクタム", "ピペラシリン",
    ].map { Array($0.unicodeScalars) }

    /// 既往に糖尿⏎病がある: a known word stands across the line end.
    private func cutsWord(_ before: Range<Int>, _ after: Range<Int>) -> Bool {
        let tail = scalars[before].suffix(6)
        let joined = Array(tail + scalars[after].prefix(6))
        return Self.words.contains { word in
            (max(0, tail.count - word.count + 1)..<tail.count).contains { start in
                start + word.count <= joined.count
                    && joined[start..<start + word.count].elementsEqual(word)
            }
        }
    }

    /// もみら⏎れません: an inflected word is cut; not めまい⏎ふらつき.
    private func cutsHiragana(_ sentence: Range<Int>, _ after: Range<Int>) -> Bool {
        guard sentence.count >= 4, let last = sentence.last, let first = after.first,
            CharacterClasses.isHiragana(scalars[last].value),
            CharacterClasses.isHiragana(scalars[first].value),
            scalars[sentence].contains(where: { "をにはがで".unicodeScalars.contains($0) })
                || scalars[last - 2] == "も"
        else { return false }
        return !endsStatement(sentence) && !startsStatement(after)
            && !Self.itemsInHiragana.contains { scalars[after].starts(with: $0) }
    }

    private static let itemsInHiragana: [[Unicode.Scalar]] = [
        "めまい", "ふらつ", "しびれ", "むくみ", "かゆみ", "せん妄", "けいれん", "ほてり", "だるさ", "のど", "むせ", "うつ", "せき",
        "たん", "いびき", "こむら", "がん", "ばね", "とび", "へルニ", "やけど", "あざ", "ぜん息", "ぜんそく", "よう", "おう",
    ].map { Array($0.unicodeScalars) }

    // MARK: What ends

    /// What stands in a line after its last full stop.
    private func unfinishedSentence(_ line: Range<Int>) -> Range<Int> {
        let stop = line.last { scalars[$0] == "。" || scalars[$0] == "!" }
        return (stop.map { $0 + 1 } ?? line.lowerBound)..<line.upperBound
    }

    private func endsWithStop(_ line: Range<Int>) -> Bool {
        scalars[line].contains("。")
    }

    private static let particles = Set("をにはがでとのもや、".unicodeScalars)

    /// 胸水の貯留は⏎みられない: after a particle something must come.
    private func endsWithParticle(_ sentence: Range<Int>) -> Bool {
        guard sentence.count >= 4, let last = sentence.last else { return false }
        return "はがをにのとも".unicodeScalars.contains(scalars[last])
            && !CharacterClasses.isKana(scalars[last - 1].value)
    }

    private func holdsParticle(_ range: Range<Int>) -> Bool {
        scalars[range].contains { Self.particles.contains($0) }
            || String(String.UnicodeScalarView(scalars[range])).contains("より")
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
        // 前日から: since when, no reason.
        if range.count > 2, scalars[range].suffix(2).elementsEqual("から".unicodeScalars),
            CharacterClasses.isKanji(scalars[range.upperBound - 3].value)
        {
            return false
        }
        return Self.ends.contains {
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
