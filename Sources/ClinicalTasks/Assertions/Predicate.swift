// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// A verb, an adjective of being or a verbal noun, with all that is tied to it: 認められなかった, 否定はできない.
struct Predicate {
    /// Dictionary form of its core: 認める, 否定, ない.
    let core: String
    /// Its words, the core first.
    private(set) var words: Range<Int>
    /// Whether an odd number of denials is tied to it.
    var isNegated: Bool
    /// にくい, がたい, づらい: hard to do.
    var isHard = false
    /// 認められなくなった: it ended.
    var hasEnded = false
    /// あれば, たら, なら, 場合, 際, 時: only on a condition.
    var condition: Condition?
    /// か, かどうか: asked.
    var isAsked = false
    /// 出ることがある: it may.
    var isPossible = false
    /// ないよう: something to be avoided.
    var isAvoided = false
    /// ほど, くらい: only a measure of something else.
    var isMeasure = false
    /// The word tied to it on the right, where that is a noun: 疑う所見.
    var noun: Int?
    /// It stands in the past: た.
    var isPast = false

    enum Condition { case always, whenPast }
}

extension Predicate {
    private static let denials: Set<String> = ["ない", "無い", "ぬ", "ん", "ず", "まい"]
    private static let hard: Set<String> = ["にくい", "がたい", "づらい", "難い", "辛い"]
    private static let particles: Set<String> = ["て", "で", "は", "も", "が", "と", "を", "ば"]
    /// Nouns that make a statement of what stands before them: 感じることはない.
    private static let nominalizers: Set<String> = [
        "こと", "事", "様子", "わけ", "訳", "訴え", "気配", "感じ", "もの", "の", "ところ", "はず", "傾向",
    ]
    private static let conditions: Set<String> = ["場合", "なら", "ならば", "場合は", "とき", "折"]
    private static let times: Set<String> = ["時", "際", "とき", "ごと", "度"]
    private static let measures: Set<String> = ["ほど", "くらい", "ぐらい", "程"]

    /// Whether a word denies what it is tied to.
    static func isDenial(_ word: Morpheme) -> Bool {
        denials.contains(word.baseForm) && word.partOfSpeech != "名詞"
            || word.surface == "なし" || word.surface == "無し" || word.surface == "ナシ"
    }

    /// The predicate whose core is the word at `index`; nil where no predicate begins.
    init?(at index: Int, in words: [Morpheme]) {
        let word = words[index]
        var next = index + 1
        switch word.partOfSpeech {
        case "動詞" where word.subcategory == "自立":
            core = word.baseForm
            // 取れん, わからん: MeCab has them as one word; 飲ん before だ and で is no denial.
            isNegated =
                word.surface.count > 1 && word.surface.hasSuffix("ん")
                && !["む", "ぶ", "ぬ"].contains { word.baseForm.hasSuffix($0) }
        case "名詞"
        where word.subcategory == "サ変接続" || AssertionCueWords.resolving.contains(word.surface)
            || AssertionCueWords.denying.contains(word.surface):
            guard let start = Self.verbEnd(after: index, in: words) else { return nil }
            core = word.surface
            isNegated = false
            next = start
        default:
            if word.surface == "あり" || word.surface == "有り" || word.surface == "アリ"
                || word.surface == "有" && Self.endsClause(index + 1, in: words)
            {
                core = "ある"
                isNegated = false
            } else if Self.isDenial(word)
                || word.surface == "無" && Self.endsClause(index + 1, in: words)
            {
                core = "ない"
                isNegated = true
            } else {
                return nil
            }
        }
        while next < words.count {
            let word = words[next]
            if Self.isDenial(word) {
                isNegated.toggle()
            } else if Self.hard.contains(word.baseForm) && word.partOfSpeech == "形容詞" {
                isHard = true
            } else if word.surface == "たら" || word.surface == "だら" {
                condition = .always
            } else if word.partOfSpeech == "助動詞" {
                if word.baseForm == "た" || word.baseForm == "だ" && word.surface == "だ" {
                    isPast = true
                }
                if word.surface == "なら" || word.surface == "ならば" { condition = .always }
            } else if word.partOfSpeech == "動詞", word.baseForm == "なる", isNegated {
                hasEnded = true
            } else if word.partOfSpeech == "動詞", ["非自立", "接尾"].contains(word.subcategory) {
            } else if word.partOfSpeech == "動詞", word.baseForm == "する", index > 0,
                next == index + 1,
                ["お", "ご", "御"].contains(words[index - 1].surface)
            {
            } else if word.partOfSpeech == "動詞",
                ["できる", "出来る", "得る", "える", "いる"].contains(word.baseForm),
                word.subcategory != "自立" || next == index + 1
            {
            } else if word.partOfSpeech == "動詞", ["おる", "いらっしゃる"].contains(word.baseForm),
                words[next - 1].surface == "て" || words[next - 1].surface == "で"
            {
            } else if word.partOfSpeech == "助詞", Self.particles.contains(word.surface),
                Self.continues(next + 1, in: words)
            {
                if word.surface == "ば" { condition = .always }
            } else {
                break
            }
            next += 1
        }
        self.words = index..<next
        readWhatFollows(next, in: words)
    }

    /// The word after a verbal noun's する, できる or される, or the noun itself where it ends a clause.
    private static func verbEnd(after index: Int, in words: [Morpheme]) -> Int? {
        var next = index + 1
        // 否定はできない, 否定的, 除外まではできない
        while next < words.count, next <= index + 2,
            words[next].partOfSpeech == "助詞"
                && ["は", "も", "が", "まで", "を"].contains(words[next].surface)
                || words[next].surface == "的"
        {
            next += 1
        }
        if next < words.count {
            let word = words[next]
            if word.partOfSpeech == "動詞",
                ["する", "できる", "出来る", "しきれる", "し得る", "いたす", "致す", "なさる"].contains(word.baseForm)
            {
                return next + 1
            }
            if ["困難", "不能", "不可", "難"].contains(word.surface) { return next }
        }
        return endsClause(index + 1, in: words)
            || next > index + 1 && words[next - 1].surface == "的"
            ? index + 1 : nil
    }

    /// Whether a clause ends before the word: at a stop, a comma, a bracket or the sentence's end.
    static func endsClause(_ index: Int, in words: [Morpheme]) -> Bool {
        guard index < words.count else { return true }
        return words[index].partOfSpeech == "記号" || "、。,)]」』;".contains(words[index].surface)
    }

    /// Whether the word goes on with a predicate after a particle: て + いる, は + ない.
    private static func continues(_ index: Int, in words: [Morpheme]) -> Bool {
        guard index < words.count else { return false }
        let word = words[index]
        if isDenial(word) { return true }
        if word.partOfSpeech == "動詞" {
            return word.subcategory == "非自立"
                // 起こしておられません
                || ["おる", "いらっしゃる"].contains(word.baseForm)
                || ["ある", "する", "いる", "できる"].contains(word.baseForm) && index + 1 < words.count
                    && (isDenial(words[index + 1]) || words[index + 1].surface == "ませ")
        }
        return word.partOfSpeech == "助詞" && ["は", "も"].contains(word.surface)
            && index + 1 < words.count
            && (isDenial(words[index + 1]) || words[index + 1].subcategory == "非自立")
    }

    /// 創が開いたり、膿が出たりしたら: what is told of one of several holds for each.
    private static func endsInCondition(_ start: Int, in words: [Morpheme]) -> Bool {
        for number in start..<min(words.count, start + 16) where number + 2 < words.count {
            guard ["たり", "だり"].contains(words[number].surface),
                words[number + 1].baseForm == "する"
            else { continue }
            let end = words[number + 2]
            return ["たら", "ば"].contains(end.surface) || conditions.contains(end.surface)
                || times.contains(end.surface)
        }
        return false
    }

    private mutating func readWhatFollows(_ start: Int, in words: [Morpheme]) {
        guard start < words.count else { return }
        // ないというわけではない
        let isQuoted = words[start].surface == "という" && start + 1 < words.count
        let start = isQuoted ? start + 1 : start
        var next = start
        let word = words[next]
        if word.partOfSpeech == "助詞", word.surface == "ば" { condition = .always }
        if word.surface == "なら" || word.surface == "ならば" { condition = .always }
        if word.surface == "か" || word.surface == "かどうか" { isAsked = true }
        if Self.measures.contains(word.surface) { isMeasure = true }
        if ["たり", "だり"].contains(word.surface), Self.endsInCondition(next, in: words) {
            condition = .always
        }
        // 転倒しないように is to be avoided; ないようです only seems so.
        if isNegated, ["よう", "様", "ように"].contains(word.surface) {
            let after = next + 1 < words.count ? words[next + 1].surface : ""
            isAvoided = !["です", "だ", "で", "である", "だっ", "でし", "な"].contains(after)
        }
        if word.surface == "よう", next + 1 < words.count,
            ["なら", "であれ", "で"].contains(words[next + 1].surface)
                || next + 2 < words.count && words[next + 1].surface == "でし"
                    && words[next + 2].surface == "たら"
        {
            condition = .always
            isAvoided = false
        }
        if Self.conditions.contains(word.surface) { condition = .always }
        if Self.times.contains(word.surface) {
            condition =
                next + 1 < words.count && words[next + 1].surface == "に" ? .whenPast : .always
        }
        // ないとは言えない, ないとは限らない
        if word.surface == "と", next + 2 < words.count,
            ["は", "も"].contains(words[next + 1].surface),
            let saying = Predicate(at: next + 2, in: words), saying.isNegated,
            ["言える", "いえる", "言う", "いう", "限る", "思える", "考える"].contains(saying.core)
        {
            isNegated.toggle()
            isPossible = true
            self.words = self.words.lowerBound..<saying.words.upperBound
            return
        }
        guard word.partOfSpeech == "名詞" else { return }
        noun = next
        // 感じることはない, 食べられないわけではない
        guard Self.nominalizers.contains(word.surface) else { return }
        next += 1
        while next < words.count, next <= start + 3,
            ["は", "も", "が", "の", "で", "さえ"].contains(words[next].surface)
        {
            next += 1
        }
        guard next < words.count else { return }
        guard let being = Predicate(at: next, in: words),
            ["ない", "ある", "認める", "みる", "見る", "みられる", "見られる"].contains(being.core)
        else { return }
        guard being.isNegated else {
            isPossible = word.surface == "こと" && being.core == "ある" && !isPast
            return
        }
        isNegated.toggle()
        noun = nil
        self.words = self.words.lowerBound..<being.words.upperBound
    }
}
