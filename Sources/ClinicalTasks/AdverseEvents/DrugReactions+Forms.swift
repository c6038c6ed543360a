// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Report forms: 被疑薬, 副作用名 and 因果関係, each behind its label.
extension DrugReactions {
    /// 被疑薬:X and 副作用:Y, as forms have them, each on a line of its own.
    mutating func readForm() {
        func labelled(_ type: EntityType, _ labels: WordList) -> [CausalText.Group] {
            text.groups.indices.filter {
                text.groups[$0].type == type && labels.ends(text.scalars, text.lead(before: $0))
            }.map { text.groups[$0] }
        }
        let drugs = labelled(.drug, CausalWords.drugLabels)
        let label = CausalWords.eventLabels
        for disease in labelled(.disease, label) {
            let start = label.start(
                endingAt: disease.range.lowerBound, in: text.scalars,
                from: text.sentences[disease.sentence].lowerBound)
            let cue = (start ?? disease.range.lowerBound)..<disease.range.upperBound
            for (number, drug) in drugs.enumerated() {
                // What the form says of a drug stands before the next; of one alone, anywhere.
                let next = number + 1 < drugs.count ? drugs[number + 1].range.lowerBound : nil
                let own =
                    drugs.count == 1
                    ? text.scalars.indices
                    : drug.range.upperBound..<(next ?? text.scalars.count)
                let denial = CausalWords.formVerdicts.first(in: text.scalars, own)
                let isAffirmed = text.has(CausalWords.formAffirmations, own)
                add(
                    drugs: drug, diseases: disease, level: denial == nil ? .probable : .unrelated,
                    rule: denial == nil ? .namedCulprit : .excluded, cue: denial ?? cue,
                    review: drugs.count > 1 && !isAffirmed && denial == nil)
            }
        }
    }

    /// Whether the report is a form, with a label before its event.
    var isForm: Bool {
        text.groups.indices.contains {
            text.groups[$0].type == .disease
                && CausalWords.eventLabels.ends(text.scalars, text.lead(before: $0))
        }
    }
}

extension CausalWords {
    /// What a form says where the drug caused the reaction.
    static let formAffirmations: WordList = [
        "因果関係:あり", "因果関係:有", "関連あり", "因果関係:確実", "因果関係:可能性あり", "因果関係:多分", "因果関係:否定できない", "関連性:あり",
    ]
}
