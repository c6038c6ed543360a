// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Reactions to checkpoint inhibitors, which reports know by a name of their own.
extension DrugReactions {
    /// irAE としての下垂体炎, 大腸炎は irAE と診断: the checkpoint inhibitors that were named before did it.
    mutating func readImmuneReactions() {
        for place in CausalWords.immuneReactions.all(in: text.scalars, text.scalars.indices) {
            guard
                let sentence = text.sentences.lastIndex(where: { $0.lowerBound <= place.lowerBound }
                )
            else { continue }
            let earlier = text.groups.filter {
                $0.type == .drug && !$0.isReference && $0.range.upperBound <= place.lowerBound
            }
            let inhibitors = earlier.filter { group in
                group.members.contains {
                    DrugClass.checkpointInhibitors.holds($0, of: text.entities)
                }
            }
            guard !inhibitors.isEmpty else { continue }
            let rest = place.upperBound..<text.sentences[sentence].upperBound
            let next = text.groups.first {
                $0.sentence == sentence && holdsReaction($0)
                    && $0.range.lowerBound >= place.upperBound
            }
            let isNamed =
                next.map { next in
                    next.range.lowerBound - place.upperBound <= 8
                        && CausalWords.ofImmuneReactions.prefix(of: text.scalars, rest) != nil
                } ?? false
            var events = isNamed ? [next].compactMap { $0 } : toldBefore(place, in: sentence)
            // 下垂体炎に続発した副腎不全
            if isNamed, let next,
                let second = text.groups.first(where: {
                    $0.sentence == sentence && holdsReaction($0)
                        && $0.range.lowerBound >= next.range.upperBound
                }),
                CausalWords.attached.prefix(
                    of: text.scalars, next.range.upperBound..<second.range.lowerBound) != nil
                    || CausalWords.attributiveCauses.match(
                        in: text.scalars, at: next.range.upperBound,
                        end: second.range.lowerBound) != nil
            {
                events.append(second)
            }
            let clause = text.clause(rest, stopsAtComma: false)
            for drugs in inhibitors {
                for group in events { state(drugs, group, cue: place, clause: clause) }
            }
        }
    }

    /// The reactions of the sentence before a place, else of the sentence before it.
    private func toldBefore(_ place: Range<Int>, in sentence: Int) -> [CausalText.Group] {
        for back in 0...1 where sentence - back >= 0 {
            let events = text.groups.indices.filter {
                text.groups[$0].sentence == sentence - back
                    && text.groups[$0].range.upperBound <= place.lowerBound
                    && holdsReaction(text.groups[$0]) && !text.isBackground($0)
                    && CausalWords.indications.prefix(of: text.scalars, text.rest(after: $0)) == nil
            }
            if !events.isEmpty { return events.map { text.groups[$0] } }
        }
        return []
    }
}

extension CausalWords {
    static let immuneReactions: WordList = [
        "irAE", "免疫関連有害事象", "免疫関連副作用", "免疫介在性有害反応", "免疫関連の有害事象",
    ]
    /// Between that name and the reaction.
    static let ofImmuneReactions: WordList = [
        "としての", "として", "の", "である", "による", "と考えられる", "(", ":", "に伴う", "関連", "で",
    ]
}
