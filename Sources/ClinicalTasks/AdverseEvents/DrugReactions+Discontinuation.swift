// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What comes of stopping a drug.
extension DrugReactions {
    /// X を自己中断した3日後からめまい。離脱症候群と診断: the drug whose want it was.
    mutating func readDiscontinuation() {
        for place in CausalWords.discontinuations.all(in: text.scalars, text.scalars.indices) {
            guard
                let sentence = text.sentences.lastIndex(where: { $0.lowerBound <= place.lowerBound }
                ),
                !text.has(
                    CausalWords.negatives,
                    place
                        .upperBound..<min(
                            place.upperBound + 6, text.sentences[sentence].upperBound)),
                let number = drugStopped(before: place, in: sentence)
            else { continue }
            let drugs = text.groups[number]
            let end = text.sentences[sentence].upperBound
            for (other, group) in text.groups.enumerated()
            where group.type == .disease && group.sentence >= sentence - 1
                && group.range.lowerBound >= drugs.range.upperBound
                && group.range.upperBound <= end
            {
                guard holdsReaction(group), !text.isBackground(other), text.comes(after: other)
                else { continue }
                add(
                    drugs: drugs, diseases: group, level: .probable, rule: .statedCause, cue: place)
            }
        }
    }

    /// The drug that was stopped: the last one of which the text says so, else the one named with the wording.
    private func drugStopped(before place: Range<Int>, in sentence: Int) -> Int? {
        let earlier = text.groups.indices.filter {
            text.groups[$0].type == .drug && text.groups[$0].sentence >= sentence - 2
                && text.groups[$0].range.upperBound <= place.lowerBound
        }
        let stopped = earlier.last {
            !text.groups[$0].isReference
                && text.has(
                    CausalWords.discontinued,
                    text.clause(text.rest(after: $0), stopsAtComma: false))
        }
        return stopped
            ?? earlier.last { place.lowerBound - text.groups[$0].range.upperBound <= 2 }
    }
}

extension CausalWords {
    /// Names of what comes of stopping a drug.
    static let discontinuations: WordList = ["離脱", "中止後症候群", "中断症候群", "退薬", "反跳", "リバウンド"]
    /// Behind a drug: it was stopped, whoever did it.
    static let discontinued: WordList = [
        "やめ", "中止", "中断", "切られ", "切れ", "切らし", "減量", "途絶", "飲み忘れ", "飲んでいな", "飲めなく", "内服でき", "止め",
        "休薬",
        "オフ", "抜い", "漸減",
    ]
}
