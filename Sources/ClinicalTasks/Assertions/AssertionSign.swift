// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// Something in a sentence that says how things stand with a finding before it.
struct AssertionSign {
    enum Kind: Equatable {
        /// It is there, or is not: 認める, あり, (+), なし.
        case existence
        /// It is suspected or thought: 疑う, 可能性.
        case hedge
        /// It is ruled out: 否定, 除外.
        case denial
        /// It went away: 消失, 軽快.
        case resolution
        /// It may come, or is to be kept off: リスク, 予防, 注意.
        case risk
        /// It is looked for: 有無, 検索.
        case search
        /// It was: 既往, 術後.
        case history
        /// It changes: 増悪, 変化. Without it the finding stays as it is.
        case change
        /// Hardly: 低い, 乏しい. Only beside a hedge.
        case little
        /// Something else happens.
        case other
    }

    var kind: Kind
    var isNegated: Bool
    /// Its place in the cleaned text.
    var range: Range<Int>
    /// The predicate that it is, with what follows it.
    var predicate: Predicate?

    var condition: Predicate.Condition? { predicate?.condition }
}

extension AssertionSign {
    /// The signs of a sentence from left to right; none lies within a mention.
    static func all(in statement: Statement) -> [AssertionSign] {
        var signs: [AssertionSign] = []
        var place = statement.range.lowerBound
        while place < statement.range.upperBound {
            if let mention = statement.mention(at: place) {
                place = mention.range.upperBound
                continue
            }
            let starts = statement.word(at: place).map {
                statement.words[$0].range.start == place
            }
            if let end = statement.end(of: adverbial, at: place) {
                place = end
            } else if let sign = AssertionCueWords.sign(at: place, in: statement) {
                signs.append(sign)
                place = sign.range.upperBound
            } else if starts == true, let number = statement.word(at: place),
                let sign = sign(ofWord: number, in: statement)
            {
                signs.append(sign)
                place = max(sign.range.upperBound, place + 1)
            } else {
                place += 1
            }
        }
        return signs
    }

    private static func sign(ofWord number: Int, in statement: Statement) -> AssertionSign? {
        guard let predicate = Predicate(at: number, in: statement.words) else { return nil }
        let words = statement.words
        var kind = kind(of: predicate)
        // 指摘を受けたことはない: what is received says that it is there.
        if ["受ける", "うける"].contains(predicate.core),
            statement.ends(with: received, at: words[number].range.start)
        {
            kind = .existence
        }
        // 帯状疱疹の部位に一致した痛み says where, not what is thought.
        if predicate.core == "一致",
            statement.ends(with: places, at: words[number].range.start)
        {
            kind = .other
        }
        // A hard one to deny is not denied; a hard one to think is not thought.
        let negated =
            (predicate.isNegated != predicate.isHard)
            != AssertionCueWords.lacking.contains(predicate.core)
        return AssertionSign(
            kind: kind, isNegated: negated,
            range: words[predicate.words.lowerBound].range
                .start..<words[
                    predicate.words.upperBound - 1
                ].range.end, predicate: predicate)
    }

    /// 一貫して陰性: verbs that only say how.
    private static let adverbial: WordList = ["一貫して", "総じて", "引き続き", "引続き", "継続して", "主として"]

    private static let places: WordList = [
        "部位に", "部に", "領域に", "皮節に", "分布に", "範囲に", "走行に", "支配域に", "局所に",
    ]

    private static let received: WordList = [
        "指摘を", "診断を", "告知を", "指摘は", "診断は", "指摘も", "指摘など", "宣告を", "指摘を▁",
    ]

    private static func kind(of predicate: Predicate) -> Kind {
        let core = predicate.core
        if AssertionCueWords.hedging.contains(core) { return .hedge }
        if AssertionCueWords.denying.contains(core) { return .denial }
        if AssertionCueWords.resolving.contains(core) { return .resolution }
        if AssertionCueWords.avoiding.contains(core) { return .risk }
        if AssertionCueWords.changing.contains(core) { return .change }
        if AssertionCueWords.being.contains(core) { return .existence }
        return .other
    }
}
