// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Two drugs that did it together.
extension DrugReactions {
    /// A に B を併用。相互作用で C を来した: both drugs that were named last.
    mutating func readInteraction() {
        for place in CausalWords.interactions.all(in: text.scalars, text.scalars.indices) {
            guard
                let sentence = text.sentences.lastIndex(where: { $0.lowerBound <= place.lowerBound }
                ),
                let disease = text.groups.first(where: {
                    $0.sentence == sentence && $0.range.lowerBound >= place.upperBound
                        && holdsReaction($0)
                })
                    ?? text.groups.last(where: {
                        $0.sentence >= sentence - 1 && $0.range.upperBound <= place.lowerBound
                            && holdsReaction($0)
                    })
            else { continue }
            let drugs = text.groups.filter {
                $0.type == .drug && $0.range.upperBound <= place.lowerBound
                    && $0.sentence >= sentence - 1 && !$0.isReference
            }
            // A と B の相互作用: those of the sentence itself, if it names two.
            let own = drugs.filter { $0.sentence == sentence }
            // 両薬の相互作用
            let reference = text.groups.last {
                $0.isReference && $0.range.upperBound <= place.lowerBound
                    && place.lowerBound - $0.range.upperBound <= 4
            }
            if let reference {
                state(
                    reference, disease, cue: place,
                    clause: text.clause(
                        disease.range.upperBound..<text.sentences[disease.sentence].upperBound))
                continue
            }
            let pair = own.flatMap(\.members).count > 1 ? own.suffix(2) : drugs.suffix(2)
            for group in pair {
                state(
                    group, disease, cue: place,
                    clause: text.clause(
                        disease.range.upperBound..<text.sentences[sentence].upperBound))
            }
        }
    }

    /// ワルファリンの作用がミコナゾールで増強された, X が Y の代謝を阻害し Z を来した: two drugs of one sentence, of what it tells
    /// behind them or what came before it.
    mutating func readEnhancement() {
        for (number, first) in text.groups.enumerated()
        where first.type == .drug && !first.isReference {
            guard let second = text.neighbour(number + 1, of: number), second.type == .drug,
                text.has(CausalWords.effectsOfDrugs, text.rest(after: number))
                    || text.has(CausalWords.affectedDrugs, text.rest(after: number + 1)),
                let cue = CausalWords.enhancements.first(
                    in: text.scalars,
                    text.clause(text.rest(after: number + 1), atMost: 16, stopsAtComma: false)),
                let events = reaction(after: number + 1).map({ [text.groups[$0]] })
                    ?? told(before: number)?.groups
            else { continue }
            for group in events where holdsReaction(group) {
                for drugs in [first, second] {
                    add(
                        drugs: drugs, diseases: group, level: .probable, rule: .statedCause,
                        cue: cue)
                }
            }
        }
    }

    /// X の追加により Y の血中濃度が上がり、Z に至った: one drug by way of another.
    mutating func readRise(after number: Int, from start: Int) -> Bool {
        let rest = text.rest(after: number)
        guard let second = text.neighbour(number + 1, of: number), second.type == .drug,
            let wording = CausalWords.adverbialCauses.match(
                in: text.scalars, at: start, end: rest.upperBound),
            wording.upperBound == rest.upperBound,
            let target = reaction(after: number + 1),
            text.has(["濃度", "作用が増強", "作用増強", "効果が増強", "代謝"], text.rest(after: number + 1))
        else { return false }
        let clause = text.clause(text.rest(after: target))
        for drugs in [text.groups[number], second] {
            state(drugs, text.groups[target], cue: wording, clause: clause)
        }
        return true
    }
}

extension CausalWords {
    static let effectsOfDrugs: WordList = ["の作用が", "作用が", "の効果が", "の代謝が", "の排泄が", "の血中濃度が", "の濃度が"]
    /// Behind the drug that another acts upon.
    static let affectedDrugs: WordList = ["の作用を", "の効果を", "の代謝を", "の排泄を", "の血中濃度を", "の濃度を"]
    static let enhancements: WordList = ["増強", "阻害", "抑制", "遅延", "上昇", "亢進"]
    static let interactions: WordList = [
        "相互作用が誘因", "相互作用と考え", "相互作用によるもの",
        "相互作用で", "相互作用により", "相互作用によって", "相互作用による", "相互作用のため", "相互作用から", "相互作用が原因",
    ]
}
