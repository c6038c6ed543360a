// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Drugs that are blamed, or cleared, for what the text tells elsewhere.
extension DrugReactions {
    /// …内服中に貧血が進行したが、因果関係は否定的: a verdict on what its sentence tells.
    mutating func readVerdicts() {
        for place in CausalWords.verdicts.all(in: text.scalars, text.scalars.indices) {
            guard
                let sentence = text.sentences.lastIndex(where: { $0.lowerBound <= place.lowerBound }
                ),
                let denial = denial(
                    in: text.clause(
                        place.upperBound..<text.sentences[sentence].upperBound, atMost: 16,
                        stopsAtComma: false))
            else { continue }
            let before = text.groups.filter {
                $0.sentence == sentence && $0.range.upperBound <= place.lowerBound
            }
            for drugs in before where drugs.type == .drug {
                for diseases in before where diseases.type == .disease {
                    add(
                        drugs: drugs, diseases: diseases, level: denial.level, rule: .excluded,
                        cue: denial.cue)
                }
            }
        }
    }

    /// 薬剤性ではなかった, 薬剤性膵炎は否定された: no drug did what was told before, but those that the text names as culprits.
    mutating func readNoDrug() {
        let negated = text.entities.indices.filter {
            let surface = Array(text.entities[$0].span.surface.unicodeScalars)
            return text.entities[$0].type == .disease && text.entities[$0].certainty == .negative
                && CausalWords.drugInduced.prefix(of: surface, surface.indices) != nil
        }
        let places =
            CausalWords.noDrug.all(in: text.scalars, text.scalars.indices)
            + text.groups.filter { $0.members.contains(where: negated.contains) }.map(\.range)
        for place in places {
            let told = candidates.filter {
                $0.cue.lowerBound < place.lowerBound && $0.rule != .excluded
                    && !($0.isStatement && $0.level == .certain)
            }
            for candidate in told {
                deny(candidate, cue: place)
            }
        }
    }

    /// 被疑薬として X, Y の原因は X.
    mutating func readCulpritBefore(_ number: Int) -> Bool {
        let lead = leadPastIndication(before: number)
        // Forms are read as a whole.
        if isForm, CausalWords.drugLabels.ends(text.scalars, lead) { return true }
        // 犯人は X ではなく Y: what was said of the first is said of the second.
        let instead: WordList = ["ではなく", "でなく", "ではなくて", "ではなくむしろ", "ではなく、"]
        let isInstead =
            number > 0 && text.groups[number - 1].type == .drug
            && instead.prefix(of: text.scalars, lead) == lead
        let sentence = text.sentences[text.groups[number].sentence].lowerBound
        let whole = isInstead ? sentence..<text.groups[number - 1].range.lowerBound : lead
        let near =
            max(whole.lowerBound, whole.upperBound - (isInstead ? 40 : 16))..<whole.upperBound
        guard let wording = CausalWords.culpritsBefore.all(in: text.scalars, near).last,
            // 被疑薬を中止し X を開始した.
            !text.has(["ではな", "否定", "中止", "休薬", "を"], wording.upperBound..<near.upperBound)
        else { return false }
        let clause = text.clause(text.tail(after: number), stopsAtComma: false)
        let event = antecedent(of: number) ?? following(number)
        guard isInstead else { return blame(number, cue: wording, clause: clause, event: event) }
        for group in event?.groups ?? [] {
            add(
                drugs: text.groups[number], diseases: group, level: level(of: clause),
                rule: .namedCulprit, cue: wording)
        }
        return event != nil
    }

    /// What stands before a drug, or before the disease that it is given for: 被疑薬として爪白癬に対する X.
    private func leadPastIndication(before number: Int) -> Range<Int> {
        let lead = text.lead(before: number)
        guard let disease = text.neighbour(number - 1, of: number), disease.type == .disease,
            CausalWords.indications.prefix(of: text.scalars, lead) != nil
                || text.has(CausalWords.usedFor, lead),
            lead.count <= 14
        else { return lead }
        return text.lead(before: number - 1)
    }

    /// 被疑薬は X であった。皮疹は全身に拡大した: the first reaction of the next sentence, for a person to look at.
    private func following(_ number: Int) -> (groups: [CausalText.Group], isNear: Bool)? {
        text.groups.indices.first {
            text.groups[$0].sentence == text.groups[number].sentence + 1
                && holdsReaction(text.groups[$0]) && !text.isBackground($0)
        }.map { ([text.groups[$0]], true) }
    }

    /// Y は X によるもの, X の関与を疑った, X との関連は否定的.
    mutating func readCulpritAfter(_ number: Int) {
        let rest = text.rest(after: number)
        let start = text.pastAdministration(rest)
        let clause = text.clause(start..<max(start, rest.upperBound), stopsAtComma: false)
        if let relation = CausalWords.relations.match(
            in: text.scalars, at: start, end: rest.upperBound),
            denial(in: relation.lowerBound..<clause.upperBound) != nil
        {
            _ = blame(
                number, cue: relation, clause: relation.lowerBound..<clause.upperBound,
                event: antecedent(of: number))
            return
        }
        guard
            let wording = CausalWords.culpritsAfter.match(
                in: text.scalars, at: start, end: rest.upperBound)
        else { return }
        let answer = wording.upperBound..<max(wording.upperBound, clause.upperBound)
        if CausalWords.questions.prefix(of: text.scalars, wording) != nil,
            denial(in: answer) == nil, !text.has(CausalWords.affirmations, answer)
        {
            return
        }
        _ = blame(number, cue: wording, clause: answer, event: antecedent(of: number))
    }

    /// Adds the statement that the drugs of a group caused an event, which the text tells elsewhere; false without one.
    private mutating func blame(
        _ number: Int, cue: Range<Int>, clause: Range<Int>,
        event: (groups: [CausalText.Group], isNear: Bool)?
    ) -> Bool {
        guard let event else { return false }
        let whole = cue.lowerBound..<max(cue.upperBound, clause.upperBound)
        let isOpen = text.has(CausalWords.unproved, text.tail(after: number))
        if !isOpen, let contrast = CausalWords.contrasts.first(in: text.scalars, whole) {
            for group in event.groups {
                add(
                    drugs: text.groups[number], diseases: group, level: .unlikely, rule: .excluded,
                    cue: contrast)
            }
            return true
        }
        let isWhole = text.has(CausalWords.hedges, cue.lowerBound..<clause.upperBound)
        let extended = isWhole ? cue.lowerBound..<clause.upperBound : clause
        // X の関与はない: the denial may begin with the wording.
        if let denial = denial(in: clause) ?? denial(in: whole) {
            for group in event.groups {
                add(
                    drugs: text.groups[number], diseases: group, level: denial.level,
                    rule: .excluded, cue: denial.cue)
            }
            return true
        }
        for group in event.groups {
            add(
                drugs: text.groups[number], diseases: group, level: level(of: extended),
                rule: .namedCulprit, cue: cue, review: event.isNear)
        }
        return true
    }

    /// What a drug is blamed for where the wording does not name it: the disease before it in its sentence, else
    /// that behind it, else those of the sentences before.
    func antecedent(of number: Int) -> (groups: [CausalText.Group], isNear: Bool)? {
        let sentence = text.groups[number].sentence
        let rest = text.rest(after: number)
        if let next = text.neighbour(number + 1, of: number), holdsReaction(next),
            let attribute = CausalWords.attributes.all(in: text.scalars, rest).last,
            !text.has(["、", "もの"], attribute.upperBound..<rest.upperBound),
            rest.upperBound - attribute.upperBound <= 8
        {
            return ([next], false)
        }
        let own = text.groups.indices.last {
            $0 < number && text.groups[$0].sentence == sentence
                && (holdsReaction(text.groups[$0]) || holdsUnstated(text.groups[$0]))
                && !text.isBackground($0) && !isIndication($0, of: number)
        }
        if let own { return ([text.groups[own]], false) }
        let following = text.groups.indices.first {
            $0 > number && text.groups[$0].sentence == sentence && holdsReaction(text.groups[$0])
                && !text.isBackground($0)
        }
        if let next = following.map({ text.groups[$0] }) {
            // 被疑薬:X 副作用名:Y
            return ([next], !text.has(CausalWords.generics, rest))
        }
        return told(before: number)
    }

    /// The reactions that the sentences before a drug's tell of.
    func told(before number: Int) -> (groups: [CausalText.Group], isNear: Bool)? {
        let sentence = text.groups[number].sentence
        for back in 1...2 where sentence - back >= 0 {
            let groups = text.groups.indices.filter {
                text.groups[$0].sentence == sentence - back && holdsReaction(text.groups[$0])
            }
            let coming = groups.filter {
                text.comes(after: $0) && !isIndication($0, of: number) && !text.isBackground($0)
            }
            guard !coming.isEmpty else { continue }
            // 2型糖尿病で X を内服中…に類天疱瘡を生じた: what another drug is given for is not what came.
            let untreated = coming.filter { number in
                !text.groups[number].members.allSatisfy { disease in
                    treated.contains { $0.disease == text.name(of: disease) }
                }
            }
            let events = untreated.isEmpty ? coming : untreated
            return (events.map { text.groups[$0] }, events.count > 1 || back > 1)
        }
        return nil
    }

    /// Whether a disease is what the drugs are given for: 関節リウマチに対し.
    func isIndication(_ number: Int, of drugs: Int) -> Bool {
        CausalWords.indications.prefix(of: text.scalars, text.rest(after: number)) != nil
            || text.groups[number].members.contains { disease in
                text.groups[drugs].members.contains { isTreated($0, disease) }
            }
    }

    /// Y の原因 (薬と考えた), Y との因果関係は否定された, of the drug before.
    mutating func readCulprits(ofDisease number: Int) {
        let rest = text.rest(after: number)
        let isCulprit = CausalWords.culpritsOfDisease.prefix(of: text.scalars, rest)
        let relation = CausalWords.relations.prefix(of: text.scalars, rest)
        guard let wording = isCulprit ?? relation else { return }
        // Y の原因薬として X: the drug behind it is meant.
        if let next = text.neighbour(number + 1, of: number), next.type == .drug, isCulprit != nil {
            return
        }
        let sentence = text.groups[number].sentence
        let drugs = text.groups[..<number].filter { $0.sentence == sentence && $0.type == .drug }
        let clause = text.clause(
            wording.lowerBound..<text.sentences[sentence].upperBound, stopsAtComma: false)
        guard let last = drugs.last else { return }
        if let denial = denial(in: clause) {
            for group in drugs {
                add(
                    drugs: group, diseases: text.groups[number], level: denial.level,
                    rule: .excluded, cue: denial.cue)
            }
            return
        }
        guard isCulprit != nil || text.has(CausalWords.affirmations, clause) else { return }
        state(last, text.groups[number], cue: wording, clause: clause, rule: .namedCulprit)
    }
}

extension CausalWords {
    /// Between a disease and a drug that is taken for it.
    static let usedFor: WordList = ["に処方", "に内服", "に使用", "に投与", "で内服中", "で服用中", "で投与中", "に服用"]
    static let verdicts: WordList = ["因果関係は", "因果関係:", "関連性は", "関連性:", "、関連は", "因果関係について"]
    /// A suspicion that is taken back: X を疑ったが、….
    static let contrasts: WordList = [
        "疑ったが", "疑われたが", "疑っていたが", "考えたが", "考えられたが", "考えていたが", "疑うも", "疑ったものの", "考えたものの", "疑われたものの",
    ]
    /// Behind a suspicion that was not proved, which is not taken back by that: 確証は得られていない.
    static let unproved: WordList = [
        "確証", "断定", "証明でき", "証明され", "確定には", "確定でき", "不明であ", "はっきりし", "明らかにでき", "特定には", "特定でき",
    ]
    /// Ends of a clause that makes the disease behind it the object: X の関与が疑われる Y.
    static let attributes: WordList = [
        "疑われる", "疑われた", "疑った", "考えられる", "考えられた", "思われる", "思われた", "示唆される", "示唆された", "された", "とする",
        "とした", "強い",
    ]
}
