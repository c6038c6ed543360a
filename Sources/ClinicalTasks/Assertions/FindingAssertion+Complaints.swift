// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// Findings that are sentences of their own: 頭が痛いが、吐き気はない.
extension FindingAssertion {
    private static let ends: WordList = [
        "。", "」", ")", "よ", "わ。", "ねん", "んや", "んです", "のです", "のよ", "ん。",
    ]
    private static let connectives: WordList = [
        "が、", "が,", "が▁", "けど", "けれど", "けども", "ものの", "ので", "のに", "から、", "し、", "ため、", "為、",
    ]
    private static let requests: WordList = ["よう", "より"]

    /// The decision for a mention whose own verb or adjective says that it is there; nil where what follows must say.
    func ownStatement(of mention: Statement.Mention) -> Decision? {
        guard mention.type == .disease, var number = predicate(in: mention.range) else {
            return nil
        }
        let core = statement.words[number]
        let start = core.range.start
        var isOpen = false
        // しびれ、 and むくみ、 are nouns.
        var isInflected = core.surface == core.baseForm
        number += 1
        while number < statement.words.count {
            let word = statement.words[number]
            if Predicate.isDenial(word), word.range.start >= mention.range.upperBound { return nil }
            if ["たら", "だら", "なら", "ば"].contains(word.surface) { return nil }
            let isAuxiliary =
                word.partOfSpeech == "助動詞"
                || word.partOfSpeech == "動詞" && word.subcategory != "自立"
            let joins = word.partOfSpeech == "助詞" && ["て", "で"].contains(word.surface)
            guard isAuxiliary || joins || word.range.end <= mention.range.upperBound else { break }
            isOpen = joins
            isInflected = isInflected || isAuxiliary || joins
            number += 1
        }
        guard isInflected else { return nil }
        let place = statement.skippingSpace(
            number < statement.words.count
                ? statement.words[number].range.start : statement.range.upperBound)
        let cue = Decision(cue: start..<max(start + 1, mention.range.upperBound))
        if place >= statement.range.upperBound { return cue }
        if statement.end(of: Self.requests, at: place) != nil { return nil }
        if !isOpen, statement.end(of: Self.ends, at: place) != nil { return cue }
        let isComma = statement[place] == "、" || statement[place] == ","
        let next: Int
        if let end = statement.end(of: Self.connectives, at: place) {
            next = end
        } else if statement.words[number].surface == "が",
            statement.words[number].subcategory == "接続助詞"
        {
            next = statement.words[number].range.end
        } else if isComma, isOpen || !isFollowedByComplaint(place + 1) {
            next = place + 1
        } else if isOpen {
            next = place
        } else {
            return nil
        }
        // 腰が痛かったが今はない: what follows is said of the same.
        guard let sign = signs.first(where: { $0.range.lowerBound >= next }) else { return cue }
        let isOfAnother = statement.mentions.contains {
            $0.type == .disease && next <= $0.range.lowerBound
                && $0.range.lowerBound < sign.range.lowerBound
        }
        return isOfAnother ? cue : nil
    }

    /// The verb or adjective that a mention ends with; its words may go on behind it.
    private func predicate(in range: Range<Int>) -> Int? {
        statement.words.lastIndex { word in
            range.contains(word.range.start)
                && (word.partOfSpeech == "形容詞" || word.partOfSpeech == "動詞")
                && word.subcategory == "自立"
        }
        .flatMap { last in
            // 吐き気, 息切れ: verbs in nouns.
            statement.words[(last + 1)...].contains {
                range.contains($0.range.start) && $0.partOfSpeech == "名詞"
            } ? nil : last
        }
    }

    /// 頭が痛い、だるいなどはない: the next item of a list of such.
    private func isFollowedByComplaint(_ place: Int) -> Bool {
        let start = statement.skippingSpace(place)
        guard let next = statement.mentions.first(where: { $0.range.lowerBound == start }) else {
            return false
        }
        return predicate(in: next.range) != nil
    }
}
