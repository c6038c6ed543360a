// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What a reaction was called in the end, how it showed itself, and what else explains it.
extension DrugReactions {
    /// Reads the diagnoses, symptoms and other causes of reactions that pairs were found for.
    mutating func readDiagnoses() {
        readOtherCauses()
        readUnnamedCulprits()
        readDiagnosesOfEvents()
        readSymptomsOfEvents()
        readConsequences()
    }

    /// The group of a candidate's drug, or of another place of it where the name of the disease holds it.
    private func drugs(of candidate: Candidate) -> CausalText.Group {
        let name = text.name(of: candidate.drug)
        return text.groups.first { $0.members.contains(candidate.drug) }
            ?? text.groups.first {
                $0.type == .drug && $0.members.contains { text.name(of: $0) == name }
            }
            ?? CausalText.Group(
                type: .drug, members: [candidate.drug], range: candidate.cue, sentence: 0)
    }

    /// X を3年間投与…薬剤性顎骨壊死と診断: a reaction to drugs, where only one drug can be meant.
    private mutating func readUnnamedCulprits() {
        for (number, disease) in text.groups.enumerated() where disease.type == .disease {
            guard holdsReaction(disease), !isPaired(disease), !text.isBackground(number),
                CausalWords.drugInduced.prefix(of: text.scalars, disease.range) != nil
                    || CausalWords.drugInduced.ends(text.scalars, text.lead(before: number))
                    || isFoundDrugInduced(number)
            else { continue }
            let earlier = text.groups.filter {
                $0.type == .drug && $0.range.upperBound <= disease.range.lowerBound
            }
            let suspects = candidates.filter { candidate in
                candidate.rule != .excluded && candidate.level >= .probable
                    && earlier.contains { $0.members.contains(candidate.drug) }
            }
            let names = Set(suspects.map { text.name(of: $0.drug) })
            let all = Set(earlier.flatMap(\.members).map(text.name(of:)))
            guard let name = names.count == 1 ? names.first : all.count == 1 ? all.first : nil,
                let drugs = earlier.last(where: {
                    $0.members.contains { text.name(of: $0) == name }
                })
            else { continue }
            add(
                drugs: drugs, diseases: disease, level: .probable, rule: .afterStart,
                cue: disease.range)
        }
    }

    /// 歯肉増殖が著明であった。薬剤性と診断した: a verdict that names no disease, on the last one that was told.
    private func isFoundDrugInduced(_ number: Int) -> Bool {
        let group = text.groups[number]
        let end = text.sentences[min(group.sentence + 1, text.sentences.count - 1)].upperBound
        let next = text.groups[(number + 1)...].first { $0.type == .disease }
        let rest =
            group.range
            .upperBound..<max(
                group.range.upperBound, min(end, next?.range.lowerBound ?? end))
        return text.has(CausalWords.drugInducedVerdicts, rest)
            && !text.has(CausalWords.noDrug, rest)
    }

    /// X 誘発性血管炎により肺胞出血を来した: what came of a reaction.
    private mutating func readConsequences() {
        for candidate in candidates where candidate.isStatement && candidate.level >= .probable {
            guard
                let event = text.groups.indices.first(where: {
                    text.groups[$0].members.contains(candidate.disease)
                }),
                let next = text.neighbour(event + 1, of: event), holdsReaction(next),
                !isPaired(next)
            else { continue }
            let between = text.rest(after: event)
            guard CausalWords.consequences.prefix(of: text.scalars, between) == between else {
                continue
            }
            add(
                drugs: drugs(of: candidate), diseases: next, level: .probable, rule: .statedCause,
                cue: candidate.cue)
        }
    }

    /// 皮疹は麻疹によるものと確定した: a reaction that a disease explains is none of the drugs before it.
    private mutating func readOtherCauses() {
        for (number, group) in text.groups.enumerated() where group.type == .disease {
            guard let cause = text.neighbour(number + 1, of: number), cause.type == .disease,
                let topic = text.scalars[text.rest(after: number)].first
            else { continue }
            let between = text.rest(after: number)
            let isOrigin = ["の原因は", "の原因疾患は", "の本態は"].contains {
                text.scalars[between].elementsEqual($0.unicodeScalars)
            }
            guard isOrigin || "はも".unicodeScalars.contains(topic) && between.count <= 8 else {
                continue
            }
            let rest = text.rest(after: number + 1)
            let words = isOrigin ? CausalWords.origins : CausalWords.explanations
            guard let wording = words.prefix(of: text.scalars, rest),
                denial(in: text.clause(rest)) == nil,
                !text.has(CausalWords.hedges, text.clause(rest))
            else { continue }
            // 徐脈の原因はジギタリス中毒: what a drug did, it did by way of that.
            let causes = candidates.filter {
                cause.members.contains($0.disease) && $0.rule != .excluded && $0.level >= .probable
                    && $0.isStatement
            }
            for candidate in causes {
                add(
                    drugs: self.drugs(of: candidate), diseases: group, level: candidate.level,
                    rule: .statedCause, cue: wording, review: candidate.review)
            }
            for drugs in text.groups
            where causes.isEmpty && drugs.type == .drug
                && drugs.range.upperBound <= group.range.lowerBound
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
            if events.isEmpty, let start = startBefore(number) {
                add(
                    drugs: start.drugs, diseases: group, level: .probable, rule: .afterStart,
                    cue: start.cue)
            }
            guard Set(events.map { text.name(of: $0.drug) }).count == 1, let event = events.last
            else { continue }
            add(
                drugs: drugs(of: event), diseases: group, level: .probable, rule: .afterStart,
                cue: event.cue)
        }
    }

    /// X 導入40分後に体温は41℃。悪性高熱症と判断: a drug of the sentence before, after which that tells only of
    /// signs.
    private func startBefore(_ number: Int) -> (drugs: CausalText.Group, cue: Range<Int>)? {
        let sentence = text.groups[number].sentence
        guard sentence > 0, text.lead(before: number).count <= 4,
            text.neighbour(number - 1, of: number) == nil,
            let drug = text.groups.lastIndex(where: { $0.sentence == sentence - 1 }),
            text.groups[drug].type == .drug
        else { return nil }
        let rest = text.rest(after: drug)
        guard let cue = CausalWords.sequence.first(in: text.scalars, rest),
            text.has(CausalWords.given, rest.lowerBound..<cue.upperBound),
            !text.has(CausalWords.improvements, rest), !text.has(CausalWords.persistence, rest)
        else { return nil }
        return (text.groups[drug], cue)
    }

    /// 視力低下で受診し、X による視神経症と診断: what the patient came with.
    private mutating func readSymptomsOfEvents() {
        let stated = candidates.filter { $0.isStatement && $0.level >= .probable }
        for candidate in stated {
            guard
                let event = text.groups.first(where: { $0.members.contains(candidate.disease) })
            else { continue }
            let sentence = text.sentences[event.sentence]
            let isDiagnosis =
                text.has(CausalWords.diagnoses, event.range.upperBound..<sentence.upperBound)
                // X による末梢神経障害 Grade 3。
                || sentence.upperBound - event.range.upperBound <= 8
                    && !text.scalars[event.range.upperBound..<sentence.upperBound]
                        .contains { (0x3041...0x3096).contains($0.value) }
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
                    drugs: drugs(of: candidate), diseases: group, level: .probable,
                    rule: .afterStart, cue: candidate.cue)
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
    /// Behind the disease that is the origin of another.
    static let origins: WordList = ["であ", "だ", "と診断", "と判断", "と判明", "と確定", "と考え", "であっ", "と結論"]
    /// Beginnings of the names of reactions to drugs.
    static let drugInduced: WordList = ["薬剤性", "薬物性", "薬剤誘発性", "薬剤起因性", "薬剤関連", "薬剤惹起性", "薬疹"]
    /// That what was told is a reaction to a drug.
    static let drugInducedVerdicts: WordList = [
        "薬剤性と診断", "薬剤性と判断", "薬剤性と考え", "薬剤性と結論", "薬剤性を疑", "薬剤性が疑", "薬剤性の可能性", "薬剤性であ", "薬剤性と思われ",
        "薬剤性と確定",
        "薬剤性と推", "薬剤の影響と考え", "薬剤の副作用と考え", "薬剤の副作用と判断",
    ]
    /// Between a reaction and what came of it.
    static let consequences: WordList = [
        "を契機に", "をきっかけに", "を契機として",
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
        "となった", "となっ",
        "が出", "から", "を伴",
        "あり。", "を認めた。", "が出た",
        "が出現", "を認め", "あり、", "があり、", "を来し", "をきたし", "を呈し", "を生じ", "が生じ", "が強", "が続", "を訴え", "がみられ",
        "が現れ", "を自覚",
    ]
    /// Behind what the patient came with.
    static let complaints: WordList = [
        "を主訴", "で紹介", "で受診", "で来院", "で搬送", "で入院", "で救急", "にて受診", "にて来院", "にて搬送", "にて入院", "のため受診",
        "のため来院", "のため搬送", "のため入院", "で眼科", "で皮膚科", "で当科", "で当院", "にて紹介",
    ]
}
