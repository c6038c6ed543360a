// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What a reaction was called in the end, how it showed itself, and what else explains it.
extension DrugReactions {
    /// Reads the diagnoses, symptoms and other causes of reactions that pairs were found for.
    mutating func readDiagnoses() {
        readOtherCauses()
        readDiagnosesOfEvents()
        readSymptomsOfEvents()
        readConsequences()
    }

    /// X 誘発性血管炎により肺胞出血を来した: what came of a reaction.
    private mutating func readConsequences() {
        for candidate in candidates where candidate.isStatement && candidate.level >= .probable {
            guard
                let event = text.groups.indices.first(where: {
                    text.groups[$0].members.contains(candidate.disease)
                }),
                let drugs = text.groups.first(where: { $0.members.contains(candidate.drug) }),
                let next = text.neighbour(event + 1, of: event), holdsReaction(next),
                !isPaired(next)
            else { continue }
            let between = text.rest(after: event)
            guard CausalWords.consequences.prefix(of: text.scalars, between) == between else {
                continue
            }
            add(
                drugs: drugs, diseases: next, level: .probable, rule: .statedCause,
                cue: candidate.cue)
        }
    }

    /// 皮疹は麻疹によるものと確定した: a reaction that a disease explains is none of the drugs before it.
    private mutating func readOtherCauses() {
        for (number, group) in text.groups.enumerated() where group.type == .disease {
            guard let cause = text.neighbour(number + 1, of: number), cause.type == .disease,
                let topic = text.scalars[text.rest(after: number)].first,
                "はも".unicodeScalars.contains(topic), text.rest(after: number).count <= 8
            else { continue }
            let rest = text.rest(after: number + 1)
            guard let wording = CausalWords.explanations.prefix(of: text.scalars, rest),
                denial(in: text.clause(rest)) == nil,
                !text.has(CausalWords.hedges, text.clause(rest))
            else { continue }
            for drugs in text.groups
            where drugs.type == .drug && drugs.range.upperBound <= group.range.lowerBound
                && drugs.sentence >= group.sentence - 2
            {
                add(
                    drugs: drugs, diseases: group, level: .unlikely, rule: .excluded, cue: wording)
            }
        }
    }

    /// X 開始後に紅斑と血圧低下。アナフィラキシーと診断: the name that what came after a drug was given.
    private mutating func readDiagnosesOfEvents() {
        for (number, group) in text.groups.enumerated() where group.type == .disease {
            guard holdsReaction(group), !text.isBackground(number), !isPaired(group),
                CausalWords.diagnoses.prefix(of: text.scalars, text.rest(after: number)) != nil
            else { continue }
            let events = candidates.filter { candidate in
                let event = text.groups.first { $0.members.contains(candidate.disease) }
                return candidate.rule != .excluded && candidate.level >= .probable
                    && !candidate.review
                    && event.map {
                        $0.range.upperBound <= group.range.lowerBound
                            && $0.sentence >= group.sentence - 1
                    } == true
            }
            guard Set(events.map { text.name(of: $0.drug) }).count == 1, let event = events.last,
                let drugs = text.groups.first(where: { $0.members.contains(event.drug) })
            else { continue }
            add(
                drugs: drugs, diseases: group, level: .probable, rule: .afterStart, cue: event.cue)
        }
    }

    /// 視力低下で受診し、X による視神経症と診断: what the patient came with.
    private mutating func readSymptomsOfEvents() {
        let stated = candidates.filter { $0.isStatement && $0.level >= .probable }
        for candidate in stated {
            guard
                let event = text.groups.first(where: { $0.members.contains(candidate.disease) }),
                let drugs = text.groups.first(where: { $0.members.contains(candidate.drug) })
            else { continue }
            let sentence = text.sentences[event.sentence]
            let isDiagnosis = text.has(
                CausalWords.diagnoses, event.range.upperBound..<sentence.upperBound)
            for (number, group) in text.groups.enumerated()
            where group.type == .disease && group.range.upperBound <= event.range.lowerBound {
                let rest = text.rest(after: number)
                let isNear =
                    group.sentence == event.sentence
                    && CausalWords.showings.prefix(of: text.scalars, rest) != nil
                let isComplaint =
                    isDiagnosis && group.sentence >= event.sentence - 1
                    && (CausalWords.complaints.prefix(of: text.scalars, rest) != nil
                        || CausalWords.showings.prefix(of: text.scalars, rest) != nil)
                guard isNear || isComplaint, holdsReaction(group), !text.isBackground(number),
                    !isPaired(group)
                else { continue }
                add(
                    drugs: drugs, diseases: group, level: .probable, rule: .afterStart,
                    cue: candidate.cue)
            }
        }
    }

    private func isPaired(_ group: CausalText.Group) -> Bool {
        candidates.contains {
            group.members.contains($0.disease) && $0.rule != .excluded && !$0.review
        }
    }
}

extension CausalWords {
    /// Between a reaction and what came of it.
    static let consequences: WordList = [
        "により", "によって", "から", "に伴い", "に伴う", "による", "に続発した", "からの", "を来し", "をきたし", "となり、",
    ]
    /// Behind a disease that explains another.
    static let explanations: WordList = [
        "によるもの", "に伴うもの", "に起因するもの", "の症状", "によると判断", "によると診断", "が原因と判断", "が原因であ", "が原因だ", "の一症状",
    ]
    /// Behind a disease that a reaction was found to be.
    static let diagnoses: WordList = [
        "と診断", "と判断", "と考え", "と結論", "の診断で", "と判明", "の診断とな", "と確定", "と評価", "として",
    ]
    /// Behind what was seen of a reaction.
    static let showings: WordList = [
        "が出現", "を認め", "あり、", "があり、", "を来し", "をきたし", "を呈し", "を生じ", "が生じ", "が強", "が続", "を訴え", "がみられ",
        "が現れ", "を自覚",
    ]
    /// Behind what the patient came with.
    static let complaints: WordList = [
        "を主訴", "で紹介", "で受診", "で来院", "で搬送", "で入院", "で救急", "にて受診", "にて来院", "にて搬送", "にて入院", "のため受診",
        "のため来院", "のため搬送", "のため入院", "で眼科", "で皮膚科", "で当科", "で当院", "にて紹介",
    ]
}
