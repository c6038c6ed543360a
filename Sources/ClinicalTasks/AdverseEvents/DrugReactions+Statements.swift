// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Wordings that name a cause in so many words.
extension DrugReactions {
    /// Reads every statement of cause, and every one that denies it.
    mutating func readStatements() {
        readNames()
        readForm()
        readInteraction()
        readVerdicts()
        for number in text.groups.indices {
            switch text.groups[number].type {
            case .drug:
                if readCompound(of: number) || readCause(of: number) || readEffect(of: number) {
                    continue
                }
                if readChain(of: number) { continue }
                if readCulpritBefore(number) { continue }
                if readTest(of: number) { continue }
                readCulpritAfter(number)
            case .disease: readCulprits(ofDisease: number)
            case .dose: break
            }
        }
    }

    /// アシクロビル脳症: a disease whose name begins with the drug; an allergy is no event.
    private mutating func readNames() {
        for group in text.groups where group.type == .disease {
            for disease in group.members {
                let whole = text.entities[disease].span.range
                let surface = Array(text.entities[disease].span.surface.unicodeScalars)
                let drug = text.entities.firstIndex {
                    $0.type == .drug && whole.contains($0.span.range)
                        && whole.start == $0.span.range.start
                }
                guard let drug, !CausalWords.dispositions.occurs(in: surface, 0..<surface.count)
                else { continue }
                func part(_ type: EntityType, _ member: Int) -> CausalText.Group {
                    CausalText.Group(
                        type: type, members: [member], range: group.range, sentence: group.sentence)
                }
                add(
                    drugs: part(.drug, drug), diseases: part(.disease, disease), level: .certain,
                    rule: .statedCause, cue: group.range)
            }
        }
    }

    /// 被疑薬:X and 副作用:Y, as forms have them, each on a line of its own.
    private mutating func readForm() {
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

    /// リチウム中毒, ヘパリン起因性血小板減少症 without a word between, MTX-LPD.
    private mutating func readCompound(of number: Int) -> Bool {
        let drugs = text.groups[number]
        guard let disease = text.neighbour(number + 1, of: number), disease.type == .disease
        else { return false }
        let gap = drugs.range.upperBound..<disease.range.lowerBound
        let isJoined =
            gap.isEmpty
            || gap.count == 1 && "性-".unicodeScalars.contains(text.scalars[gap.lowerBound])
            || text.scalars[gap].elementsEqual("の".unicodeScalars)
                && CausalWords.poisonings.ends(text.scalars, disease.range)
        guard isJoined else { return false }
        state(
            drugs, disease, cue: drugs.range.lowerBound..<disease.range.upperBound,
            clause: text.clause(text.rest(after: number + 1)))
        return true
    }

    /// X による Y, X により Y をきたした.
    private mutating func readCause(of number: Int) -> Bool {
        let rest = text.rest(after: number)
        let start = text.pastAdministration(rest)
        let end = rest.upperBound
        if readRise(after: number, from: start) { return true }
        guard let target = reaction(after: number) else { return false }
        let isAttributive: Bool
        let wording: Range<Int>
        if let found = CausalWords.attributiveCauses.match(in: text.scalars, at: start, end: end) {
            (wording, isAttributive) = (found, true)
        } else if let found = CausalWords.adverbialCauses.match(
            in: text.scalars, at: start, end: end)
        {
            (wording, isAttributive) = (found, false)
        } else {
            return false
        }
        let disease = text.groups[target]
        let between = wording.upperBound..<max(wording.upperBound, disease.range.lowerBound)
        guard between.count <= 30, !text.has(CausalWords.breaks, between),
            !text.has(["。"], between)
        else { return false }
        let after = text.rest(after: target)
        if CausalWords.remedies.prefix(of: text.scalars, after) != nil { return false }
        if !isAttributive {
            // プレドニゾロンで皮疹は軽快した: a remedy.
            // ピリン系薬剤で蕁麻疹。
            let isShort = between.isEmpty && after.count <= 1
            guard text.comes(after: target), isShort || text.has(CausalWords.onsets, after),
                !text.has(["のため"], wording)
                    || !disease.members.contains(where: { disease in
                        text.groups[number].members.contains { isTreated($0, disease) }
                    })
            else { return false }
        }
        state(
            text.groups[number], disease, cue: wording,
            clause: text.clause(after, stopsAtComma: isAttributive),
            // A particle alone is less than a word of cause.
            atMost: text.has(["で"], wording) && wording.count <= 2 ? .probable : .certain)
        readConsequence(of: number, target, cue: wording)
        return true
    }

    /// X により Y を生じ、Z で搬送された: what came of the reaction.
    private mutating func readConsequence(of number: Int, _ target: Int, cue: Range<Int>) {
        let between = text.rest(after: target)
        guard let next = text.neighbour(target + 1, of: number), holdsReaction(next),
            between.count <= 8,
            CausalWords.attached.prefix(of: text.scalars, between) == between
                || CausalWords.continuing.ends(text.scalars, between)
                    && CausalWords.arrivals.prefix(
                        of: text.scalars, text.rest(after: target + 1)) != nil
        else { return }
        state(
            text.groups[number], next, cue: cue,
            clause: text.clause(text.rest(after: target + 1)), atMost: .probable)
    }

    /// X の追加により Y の血中濃度が上がり、Z に至った: one drug by way of another.
    private mutating func readRise(after number: Int, from start: Int) -> Bool {
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

    /// …内服中に貧血が進行したが、因果関係は否定的: a verdict on what its sentence tells.
    private mutating func readVerdicts() {
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

    /// A に B を併用。相互作用で C を来した: both drugs that were named last.
    private mutating func readInteraction() {
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
            let pair = own.flatMap(\.members).count > 1 ? own.suffix(2) : drugs.suffix(2)
            for group in pair {
                state(
                    group, disease, cue: place,
                    clause: text.clause(
                        disease.range.upperBound..<text.sentences[sentence].upperBound))
            }
        }
    }

    /// X の長期内服が Y を招いた: a drug that does it, by the verb behind the reaction.
    private mutating func readEffect(of number: Int) -> Bool {
        let rest = text.rest(after: number)
        let start = text.pastAdministration(rest)
        let subject: WordList = ["が", "は", "こそが", "自体が", "も"]
        guard let target = reaction(after: number),
            let particle = subject.match(in: text.scalars, at: start, end: rest.upperBound)
        else { return false }
        let disease = text.groups[target]
        let between = particle.upperBound..<max(particle.upperBound, disease.range.lowerBound)
        let after = text.rest(after: target)
        guard between.count <= 12, !text.has(["。"], between),
            let verb = CausalWords.effects.prefix(of: text.scalars, after)
        else { return false }
        state(
            text.groups[number], disease, cue: verb,
            clause: text.clause(after, stopsAtComma: false))
        return true
    }

    /// X の骨髄抑制による Y: a cause by way of another reaction.
    private mutating func readChain(of number: Int) -> Bool {
        let rest = text.rest(after: number)
        guard let first = text.neighbour(number + 1, of: number), holdsReaction(first),
            let second = text.neighbour(number + 2, of: number), holdsReaction(second),
            text.scalars[rest].elementsEqual("の".unicodeScalars)
        else { return false }
        let link = text.rest(after: number + 1)
        guard
            let wording = CausalWords.attributiveCauses.match(
                in: text.scalars, at: link.lowerBound, end: link.upperBound),
            second.range.lowerBound - wording.upperBound <= 8
        else { return false }
        let clause = text.clause(text.rest(after: number + 2))
        state(text.groups[number], first, cue: wording, clause: clause)
        state(text.groups[number], second, cue: wording, clause: clause)
        return true
    }

    /// The group of the reaction that a wording behind a drug speaks of: the next disease, past general names of
    /// events.
    private func reaction(after number: Int) -> Int? {
        var next = number + 1
        while let group = text.neighbour(next, of: number), group.type == .disease {
            if !group.members.allSatisfy({ Self.isGeneric(text.entities[$0]) }) { return next }
            next += 1
        }
        return nil
    }

    /// Adds a statement, or its denial if the clause behind it denies the cause.
    private mutating func state(
        _ drugs: CausalText.Group, _ diseases: CausalText.Group, cue: Range<Int>,
        clause: Range<Int>, rule: CausalRule = .statedCause,
        atMost highest: AdverseEventLevel = .certain
    ) {
        if let denial = denial(in: clause) {
            add(
                drugs: drugs, diseases: diseases, level: denial.level, rule: .excluded,
                cue: denial.cue)
        } else {
            add(
                drugs: drugs, diseases: diseases, level: min(level(of: clause), highest),
                rule: rule, cue: cue)
        }
    }

    // MARK: Culprits of what was told before

    /// 被疑薬として X, Y の原因は X.
    private mutating func readCulpritBefore(_ number: Int) -> Bool {
        let lead = text.lead(before: number)
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
            !text.has(["ではな", "否定"], wording.upperBound..<near.upperBound)
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

    /// Whether the report is a form, with a label before its event.
    private var isForm: Bool {
        text.groups.indices.contains {
            text.groups[$0].type == .disease
                && CausalWords.eventLabels.ends(text.scalars, text.lead(before: $0))
        }
    }

    /// 被疑薬は X であった。皮疹は全身に拡大した: the first reaction of the next sentence, for a person to look at.
    private func following(_ number: Int) -> (groups: [CausalText.Group], isNear: Bool)? {
        text.groups.indices.first {
            text.groups[$0].sentence == text.groups[number].sentence + 1
                && holdsReaction(text.groups[$0]) && !text.isBackground($0)
        }.map { ([text.groups[$0]], true) }
    }

    /// Y は X によるもの, X の関与を疑った, X との関連は否定的.
    private mutating func readCulpritAfter(_ number: Int) {
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
            $0 < number && text.groups[$0].sentence == sentence && holdsReaction(text.groups[$0])
                && !text.isBackground($0)
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
    private mutating func readCulprits(ofDisease number: Int) {
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

    // MARK: Tests

    /// X の DLST 陽性, of the reaction that was told before.
    private mutating func readTest(of number: Int) -> Bool {
        let rest = text.clause(text.rest(after: number), stopsAtComma: false)
        let lead = text.lead(before: number)
        let label = max(lead.lowerBound, lead.upperBound - 10)..<lead.upperBound
        // パッチテスト:X 陽性
        if let test = CausalWords.tests.first(in: text.scalars, label),
            (["陽性", "(+)", "で陽性", "が陽性", "のみ陽性"] as WordList).prefix(of: text.scalars, rest) != nil,
            let event = told(before: number) ?? antecedent(of: number)
        {
            let isNamed = text.has(["原因"], rest)
            for group in event.groups {
                add(
                    drugs: text.groups[number], diseases: group,
                    level: isNamed ? .certain : .probable,
                    rule: isNamed ? .namedCulprit : .positiveTest, cue: test, review: !isNamed)
            }
            return true
        }
        guard let test = CausalWords.tests.first(in: text.scalars, rest),
            test.lowerBound - rest.lowerBound <= 6,
            text.has(["陽性"], test.upperBound..<rest.upperBound),
            !text.has(["陰性", "ではな"], test.upperBound..<rest.upperBound),
            let event = antecedent(of: number)
        else { return false }
        for group in event.groups {
            add(
                drugs: text.groups[number], diseases: group, level: .probable,
                rule: .positiveTest, cue: test, review: true)
        }
        return true
    }
}

extension CausalWords {
    /// A suspicion that is taken back: X を疑ったが、….
    static let contrasts: WordList = [
        "疑ったが", "疑われたが", "疑っていたが", "考えたが", "考えられたが", "考えていたが", "疑うも", "疑ったものの", "考えたものの", "疑われたものの",
    ]
    /// What a form says where the drug caused the reaction.
    static let formAffirmations: WordList = [
        "因果関係:あり", "因果関係:有", "関連あり", "因果関係:確実", "因果関係:可能性あり", "因果関係:多分", "因果関係:否定できない", "関連性:あり",
    ]
    /// Verbs behind a reaction, of the drug that is their subject.
    static let effects: WordList = [
        "の原因薬", "の責任薬", "の被疑薬", "の起因薬", "の犯人",
        "を招", "をまね", "を引き起こ", "を引起", "をひき起こ", "を惹起", "をもたら", "を誘発", "を生じさせ", "を起こさせ", "を来させ",
        "の原因とな", "の原因と考", "の原因であ", "の誘因とな", "の一因", "の引き金", "を増悪させ", "を悪化させ", "を発症させ", "につなが",
    ]
    static let continuing: WordList = [
        "を生じ、", "を来し、", "をきたし、", "を呈し、", "となり、", "が生じ、", "から", "を発症し、",
    ]
    /// Between a reaction and what came of it: 十二指腸潰瘍からの吐血.
    static let attached: WordList = ["からの", "に伴う", "による", "に続発する", "に続く"]
    /// Ends of names that a drug stands before with の: エタンブトールの視神経毒性.
    static let poisonings: WordList = ["毒性", "中毒", "中毒症", "過量"]
    static let arrivals: WordList = [
        "で搬送", "にて搬送", "で受診", "にて受診", "で入院", "を来", "をきたし", "を呈し", "を併発", "を合併", "に至", "が出現", "を発症",
        "を認め",
    ]
    /// Behind a suspicion that was not proved, which is not taken back by that: 確証は得られていない.
    static let unproved: WordList = [
        "確証", "断定", "証明でき", "証明され", "確定には", "確定でき", "不明であ", "はっきりし", "明らかにでき", "特定には", "特定でき",
    ]
    static let verdicts: WordList = ["因果関係は", "因果関係:", "関連性は", "関連性:", "、関連は", "因果関係について"]
    static let interactions: WordList = [
        "相互作用が誘因", "相互作用と考え", "相互作用によるもの",
        "相互作用で", "相互作用により", "相互作用によって", "相互作用による", "相互作用のため", "相互作用から", "相互作用が原因",
    ]
    /// Tests of a drug.
    static let tests: WordList = [
        "DLST", "リンパ球刺激試験", "リンパ球幼若化", "パッチテスト", "プリックテスト", "皮内テスト", "皮内反応", "皮膚テスト", "貼付試験",
        "内服テスト",
    ]
    /// Diseases that a drug names because of what may come, not of what came.
    static let dispositions: WordList = ["アレルギー", "過敏", "喘息", "不耐", "抵抗", "耐性", "依存"]
    /// Ends of a clause that makes the disease behind it the object: X の関与が疑われる Y.
    static let attributes: WordList = [
        "疑われる", "疑われた", "疑った", "考えられる", "考えられた", "思われる", "思われた", "示唆される", "示唆された", "された", "とする",
        "とした", "強い",
    ]
}
