// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Wordings that name a cause in so many words.
extension DrugReactions {
    /// Reads every statement of cause, and every one that denies it.
    mutating func readStatements() {
        readNames()
        readForm()
        readInteraction()
        readEnhancement()
        readImmuneReactions()
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
                && (CausalWords.poisonings.ends(text.scalars, disease.range)
                    // X の錐体外路系副作用(急性ジストニア)
                    || disease.members.count > 1
                        && disease.members.first.map { Self.isGeneric(text.entities[$0]) } == true)
        guard isJoined else { return false }
        state(
            drugs, disease, cue: drugs.range.lowerBound..<disease.range.upperBound,
            clause: text.clause(text.rest(after: number + 1)))
        // テオフィリン中毒のため痙攣をきたした
        readConsequence(
            of: drugs, number + 1, cue: drugs.range.lowerBound..<disease.range.upperBound)
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
        if let found = CausalWords.attributiveCauses.match(in: text.scalars, at: start, end: end)
            ?? effectNoun(at: start, before: text.groups[target])
        {
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
            // A particle or an arrow alone is less than a word of cause.
            atMost: text.has(["で", "→"], wording) && wording.count <= 2 ? .probable : .certain)
        readConsequence(of: text.groups[number], target, cue: wording)
        return true
    }

    /// X の錐体外路系副作用(急性ジストニア), X に対するアナフィラキシー: a kind of reaction, or a reaction of defence.
    private func effectNoun(at start: Int, before disease: CausalText.Group) -> Range<Int>? {
        let gap = start..<max(start, disease.range.lowerBound)
        if text.scalars[gap].elementsEqual("に対する".unicodeScalars) {
            return text.has(["アナフィラキシー", "アレルギー", "過敏"], disease.range) ? gap : nil
        }
        guard gap.count <= 16, let first = gap.first, text.scalars[first] == "の",
            let noun = CausalWords.eventNames.first(in: text.scalars, gap),
            !text.scalars[(first + 1)..<noun.lowerBound]
                .contains(where: { (0x3041...0x3096).contains($0.value) }),
            CausalWords.joinsOfEvents.prefix(of: text.scalars, noun.upperBound..<gap.upperBound)?
                .upperBound == gap.upperBound
        else { return nil }
        return gap
    }

    /// X により Y を生じ、Z で搬送された: what came of the reaction.
    mutating func readConsequence(of drugs: CausalText.Group, _ target: Int, cue: Range<Int>) {
        let between = text.rest(after: target)
        guard let next = text.neighbour(target + 1, of: target), holdsReaction(next),
            between.count <= 8,
            CausalWords.attached.prefix(of: text.scalars, between) == between
                || CausalWords.continuing.ends(text.scalars, between)
                    && CausalWords.arrivals.prefix(
                        of: text.scalars, text.rest(after: target + 1)) != nil
        else { return }
        state(
            drugs, next, cue: cue, clause: text.clause(text.rest(after: target + 1)),
            atMost: .probable)
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
        let adverbial = CausalWords.adverbialCauses.match(
            in: text.scalars, at: link.lowerBound, end: link.upperBound)
        let isAdverb = adverbial != nil && text.comes(after: number + 2)
        guard
            let wording = CausalWords.attributiveCauses.match(
                in: text.scalars, at: link.lowerBound, end: link.upperBound)
                ?? (isAdverb ? adverbial : nil),
            second.range.lowerBound - wording.upperBound <= 8
        else { return false }
        let clause = text.clause(text.rest(after: number + 2))
        state(text.groups[number], first, cue: wording, clause: clause)
        state(text.groups[number], second, cue: wording, clause: clause)
        return true
    }

    /// The group of the reaction that a wording behind a drug speaks of: the next disease, past general names of
    /// events.
    func reaction(after number: Int) -> Int? {
        var next = number + 1
        while let group = text.neighbour(next, of: number), group.type == .disease {
            if !group.members.allSatisfy({ Self.isGeneric(text.entities[$0]) }) { return next }
            next += 1
        }
        return nil
    }

    /// Adds a statement, or its denial if the clause behind it denies the cause.
    mutating func state(
        _ drugs: CausalText.Group, _ diseases: CausalText.Group, cue: Range<Int>,
        clause: Range<Int>, rule: CausalRule = .statedCause,
        atMost highest: AdverseEventLevel = .certain
    ) {
        let behind = diseases.range.upperBound..<clause.upperBound
        if let denial = denial(in: clause) {
            add(
                drugs: drugs, diseases: diseases, level: denial.level, rule: .excluded,
                cue: denial.cue)
        } else if !behind.isEmpty,
            let contrast = CausalWords.takenBack.prefix(of: text.scalars, behind)
        {
            // X による肺臓炎も検討したが.
            add(
                drugs: drugs, diseases: diseases, level: .unlikely, rule: .excluded, cue: contrast)
        } else {
            add(
                drugs: drugs, diseases: diseases, level: min(level(of: clause), highest),
                rule: rule, cue: cue)
        }
    }
}

extension CausalWords {
    /// Between the name of a kind of reactions and the reaction.
    static let joinsOfEvents: WordList = ["(", "である", "としての", "として", "による", "の", ":"]
    /// Verbs behind a reaction, of the drug that is their subject.
    static let effects: WordList = [
        "を起こ", "をおこ",
        "の原因薬", "の責任薬", "の被疑薬", "の起因薬", "の犯人",
        "を招", "をまね", "を引き起こ", "を引起", "をひき起こ", "を惹起", "をもたら", "を誘発", "を生じさせ", "を起こさせ", "を来させ",
        "の原因とな", "の原因と考", "の原因であ", "の誘因とな", "の一因", "の引き金", "を増悪させ", "を悪化させ", "を発症させ", "につなが",
    ]
    static let continuing: WordList = [
        "を生じ、", "を来し、", "をきたし、", "を呈し、", "となり、", "が生じ、", "から", "を発症し、",
    ]
    /// Between a reaction and what came of it: 十二指腸潰瘍からの吐血.
    static let attached: WordList = [
        "からの", "に伴う", "による", "に続発する", "に続く", "により", "によって", "のため", "に伴い", "が原因で", "に続発し", "に続いて",
    ]
    /// Ends of names that a drug stands before with の: エタンブトールの視神経毒性.
    static let poisonings: WordList = ["毒性", "中毒", "中毒症", "過量"]
    static let arrivals: WordList = [
        "で搬送", "にて搬送", "で受診", "にて受診", "で入院", "を来", "をきたし", "を呈し", "を併発", "を合併", "に至", "が出現", "を発症",
        "を認め",
    ]
}
