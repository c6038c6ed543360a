// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What the course tells: what came after a drug was begun, went when it was stopped, and came again.
extension DrugReactions {
    /// Reads what follows each drug.
    mutating func readCourse() {
        for number in text.groups.indices where text.groups[number].type == .drug {
            let rest = text.rest(after: number)
            if let again = CausalWords.rechallenges.first(in: text.scalars, rest),
                again.lowerBound - rest.lowerBound <= 12
            {
                readRechallenge(of: number, again)
            } else if let stop = stop(in: rest, of: number) {
                readWithdrawal(of: number, stop)
            } else {
                readSequence(after: number)
                readEventFirst(number)
                readReasonOfStop(number)
            }
        }
        readSequels()
        readDiscontinuation()
        readOmittedRechallenge()
    }

    /// 翌日、再投与したところ紅潮が再現した: the drug is that of the sentence before.
    private mutating func readOmittedRechallenge() {
        for (number, group) in text.groups.enumerated() where group.type == .disease {
            let lead = text.lead(before: number)
            let rest = text.rest(after: number)
            guard let again = CausalWords.rechallenges.first(in: text.scalars, lead),
                text.neighbour(number - 1, of: number) == nil,
                let back = CausalWords.returns.first(in: text.scalars, rest),
                !text.has(CausalWords.negatives, back.upperBound..<rest.upperBound),
                // アドレナリン筋注で軽快した。負荷試験でも再現: not what brought relief.
                let last = text.groups[..<number].indices.last(where: {
                    text.groups[$0].type == .drug && !text.broughtRelief($0)
                }),
                case let drug = text.groups[last], group.sentence - drug.sentence <= 2
            else { continue }
            add(
                drugs: drug, diseases: group, level: .certain, rule: .rechallenge, cue: again,
                review: group.sentence - drug.sentence > 1)
        }
    }

    // MARK: Start

    /// X 開始 5 日後に Y: every disease that comes behind, to the next drug.
    private mutating func readSequence(after number: Int) {
        let drugs = text.groups[number]
        let rest = text.rest(after: number)
        let start = drugs.range.upperBound
        var next = number + 1
        while let group = text.neighbour(next, of: number), group.type == .disease {
            defer { next += 1 }
            let between = start..<group.range.lowerBound
            let isOwn = CausalWords.attributiveTimes.ends(text.scalars, between)
            guard let cue = timing(in: between, rest: rest), isOwn || text.comes(after: next),
                isOwn || !isPurpose(next), !text.isBackground(next)
            else { continue }
            let after = text.tail(after: next)
            // 薬疹を疑ったが: a suspicion that is taken back.
            if let contrast = CausalWords.takenBack.prefix(of: text.scalars, text.rest(after: next))
            {
                add(
                    drugs: drugs, diseases: group, level: .unlikely, rule: .excluded, cue: contrast)
                continue
            }
            if let denial = CausalWords.noDrug.first(in: text.scalars, after) {
                add(
                    drugs: drugs, diseases: group, level: .unlikely, rule: .excluded, cue: denial)
                continue
            }
            // PSL を投与したが呼吸不全が増悪: it may as well have been of no use.
            let isUseless =
                text.has(["したが"], cue) && !text.has(CausalWords.stops, after)
                || text.has(CausalWords.noReturns, after)
            let isWeak =
                CausalWords.weakSequence.prefix(of: text.scalars, cue) == cue
                && !text.has(["したが"], cue)
            add(
                drugs: drugs, diseases: group, level: .probable, rule: .afterStart, cue: cue,
                review: isUseless || isWeak)
        }
    }

    /// Y は X 開始 3 週後に出現した: the disease before the drug comes after it.
    private mutating func readEventFirst(_ number: Int) {
        guard let event = text.neighbour(number - 1, of: number), holdsReaction(event) else {
            return
        }
        let drugs = text.groups[number]
        let between = event.range.upperBound..<drugs.range.lowerBound
        let clause = text.clause(text.rest(after: number), atMost: 40)
        guard (1...10).contains(between.count),
            "はが".unicodeScalars.contains(text.scalars[between.lowerBound]),
            let time = CausalWords.sequence.first(in: text.scalars, clause),
            text.has(CausalWords.given, clause.lowerBound..<time.upperBound),
            let onset = CausalWords.beginnings.first(
                in: text.scalars, time.upperBound..<clause.upperBound),
            onset.lowerBound - time.upperBound <= 12,
            !text.has(CausalWords.negatives, onset.upperBound..<clause.upperBound),
            !text.has(CausalWords.improvements, clause), !text.has(CausalWords.before, clause),
            !text.has(CausalWords.persistence, clause)
        else { return }
        add(
            drugs: drugs, diseases: event, level: .probable, rule: .afterStart, cue: time)
    }

    /// The words of time by which a disease comes after a drug was begun.
    private func timing(in between: Range<Int>, rest: Range<Int>) -> Range<Int>? {
        let cue =
            CausalWords.sequence.all(in: text.scalars, between).last
            ?? CausalWords.weakSequence.all(in: text.scalars, between).last
        guard let cue, text.has(CausalWords.given, between), !text.has(CausalWords.before, rest),
            !text.has(CausalWords.persistence, rest), !text.has(["予定", "検討"], rest)
        else { return nil }
        return cue
    }

    /// Whether what stands behind a disease makes it what a drug is given for, not what it did.
    private func isPurpose(_ number: Int) -> Bool {
        let rest = text.rest(after: number)
        // 関節リウマチ患者が憩室穿孔をきたした.
        return CausalWords.bearers.prefix(of: text.scalars, rest) != nil
            || text.isBackground(number)
            || CausalWords.remedies.prefix(of: text.scalars, rest) != nil
            // 皮疹は麻疹によるもの: a cause itself.
            || CausalWords.attributiveCauses.prefix(of: text.scalars, rest) != nil
    }

    /// X を開始した。3 週間後に Y を認めた: sentences that go on from the drug of the one before.
    private mutating func readSequels() {
        for sentence in text.sentences.indices.dropFirst() {
            let own = text.groups.indices.filter { text.groups[$0].sentence == sentence }
            guard let first = own.first, text.groups[first].type == .disease else { continue }
            let lead = text.lead(before: first)
            guard let cue = CausalWords.sequel.first(in: text.scalars, lead),
                !text.has(CausalWords.before, lead)
            else { continue }
            if let stopped = drugStopped(before: sentence), text.improves(after: first) {
                add(
                    drugs: stopped, diseases: text.groups[first], level: .probable,
                    rule: .withdrawal, cue: cue, review: true)
            }
            guard !text.has(CausalWords.stops, lead), let drugs = drugBefore(sentence) else {
                continue
            }
            let isOwn = text.has(CausalWords.ownSequel, lead)
            for number in own {
                let group = text.groups[number]
                guard group.type == .disease else { break }
                guard text.comes(after: number), !isPurpose(number) else { continue }
                add(
                    drugs: drugs, diseases: group, level: .probable, rule: .afterStart, cue: cue,
                    review: !isOwn)
            }
        }
    }

    /// The last drug that the sentence before, or the one before it, says was given.
    private func drugBefore(_ sentence: Int) -> CausalText.Group? {
        for back in 1...2 where sentence - back >= 0 {
            let number = text.groups.lastIndex {
                $0.type == .drug && $0.sentence == sentence - back
            }
            guard let number else { continue }
            let rest = text.rest(after: number)
            guard text.has(CausalWords.given, rest), stop(in: rest, of: number) == nil else {
                return nil
            }
            return text.groups[number]
        }
        return nil
    }

    /// The last drug of the sentence before, if that says that it was stopped.
    private func drugStopped(before sentence: Int) -> CausalText.Group? {
        let number = text.groups.lastIndex { $0.type == .drug && $0.sentence == sentence - 1 }
        guard let number, stop(in: text.rest(after: number), of: number) != nil else { return nil }
        return text.groups[number]
    }

    // MARK: Withdrawal

    /// The words that say that a drug was stopped.
    private func stop(in rest: Range<Int>, of number: Int) -> Range<Int>? {
        let near = text.clause(rest, atMost: 20, stopsAtComma: false)
        guard let stop = CausalWords.stops.first(in: text.scalars, near),
            !text.has(CausalWords.noStops, near)
        else { return nil }
        // 投与後に中止: no more than an order of time.
        return text.has(["後に", "したが", "ところ"], rest.lowerBound..<stop.lowerBound) ? nil : stop
    }

    /// Y を認め X を中止し改善, X 中止後 Y は消失.
    private mutating func readWithdrawal(of number: Int, _ stop: Range<Int>) {
        let drugs = text.groups[number]
        let tail = text.tail(after: number)
        let improves = text.has(
            CausalWords.improvements, stop.upperBound..<max(stop.upperBound, tail.upperBound))
        var next = number + 1
        // A drug that takes its place stands between.
        while let group = text.neighbour(next, of: number) {
            defer { next += 1 }
            guard group.type == .disease, text.improves(after: next) else { continue }
            add(drugs: drugs, diseases: group, level: .probable, rule: .withdrawal, cue: stop)
        }
        let own = text.groups[..<number].indices.last {
            text.groups[$0].sentence == drugs.sentence && holdsReaction(text.groups[$0])
        }
        if let own {
            // うつ病で X を自己中断した: for no reason that the text tells.
            let isOwnAccord = text.has(
                ["自己"], text.rest(after: number).lowerBound..<stop.lowerBound)
            guard !isIndication(own, of: number), !isOwnAccord || improves else { return }
            let between = text.groups[own].range.upperBound..<drugs.range.lowerBound
            let isLinked = improves || text.has(CausalWords.links, between)
            add(
                drugs: drugs, diseases: text.groups[own], level: .probable, rule: .withdrawal,
                cue: stop, review: !isLinked)
        } else if let event = told(before: number) {
            for group in event.groups {
                add(
                    drugs: drugs, diseases: group, level: .probable, rule: .withdrawal, cue: stop,
                    review: !improves
                        || event.isNear
                            && (event.groups.count > 3 || group.sentence < drugs.sentence - 1)
                )
            }
        }
    }

    /// Whether a drug is often stopped because of a disease that it did not cause: an infection, a fracture.
    private static func comesByItself(_ entity: Entity) -> Bool {
        let name = Array(entity.span.surface.unicodeScalars)
        return CausalWords.events.suffix(of: name, name.indices) != nil
            && CausalWords.ownEvents.suffix(of: name, name.indices) == nil
    }

    /// X は Y のため中止, X は Y が出現しやめた: what a drug was stopped for.
    private mutating func readReasonOfStop(_ number: Int) {
        let drugs = text.groups[number]
        var next = number + 1
        while let group = text.neighbour(next, of: number), group.type == .disease {
            defer { next += 1 }
            let near = text.clause(text.rest(after: next), stopsAtComma: false)
            guard holdsReaction(group), let stop = CausalWords.stops.first(in: text.scalars, near),
                !text.has(CausalWords.noStops, near)
            else { continue }
            let between = near.lowerBound..<stop.lowerBound
            guard
                text.has(CausalWords.reasonsOfStop, between)
                    || text.has(CausalWords.onsets, between),
                !text.has(CausalWords.given, between), !text.has(CausalWords.negatives, between),
                !text.has(CausalWords.improvements, between)
            else { continue }
            add(
                drugs: drugs, diseases: group, level: .probable, rule: .withdrawal, cue: stop,
                review: group.members.contains { Self.comesByItself(text.entities[$0]) })
        }
    }

    // MARK: Rechallenge

    /// X 再投与で Y 再燃; what did not come again speaks for nothing.
    private mutating func readRechallenge(of number: Int, _ again: Range<Int>) {
        let drugs = text.groups[number]
        let tail = text.tail(after: number)
        let rest = again.upperBound..<max(again.upperBound, tail.upperBound)
        guard
            !text.has(
                CausalWords.before, again.upperBound..<min(again.upperBound + 2, tail.upperBound))
        else { return }
        let back = CausalWords.returns.first(in: text.scalars, rest)
        if let back,
            text.has(
                CausalWords.negatives, back.upperBound..<min(back.upperBound + 8, rest.upperBound))
        {
            return
        }
        var next = number + 1
        var isNamed = false
        while let group = text.neighbour(next, of: number), group.type == .disease {
            defer { next += 1 }
            guard text.comes(after: next) else { continue }
            isNamed = true
            add(
                drugs: drugs, diseases: group, level: back == nil ? .probable : .certain,
                rule: back == nil ? .afterStart : .rechallenge, cue: again)
        }
        guard !isNamed, back != nil, let event = antecedent(of: number) else { return }
        for group in event.groups {
            add(
                drugs: drugs, diseases: group, level: .certain, rule: .rechallenge, cue: again,
                review: event.isNear || group.sentence < drugs.sentence)
        }
    }
}

extension CausalWords {
    /// Behind a disease that was only suspected.
    static let takenBack: WordList = [
        "を検討したが", "も検討したが", "も考えたが", "を鑑別に挙げたが", "も鑑別に挙げたが", "を念頭に置いたが", "も考慮したが", "を考慮したが",
        "が鑑別に挙がったが", "を想定したが",
        "を疑ったが", "を疑っていたが", "が疑われたが", "と考えたが", "と考えられたが", "を疑ったものの", "を考えたが", "も疑われたが", "も疑ったが",
    ]
    /// Behind a disease: no drug did it.
    static let noDrug: WordList = [
        "薬剤性ではなかった", "薬剤性ではなく", "薬剤の関与はな", "薬剤性ではないと", "処方薬の関与はな", "薬剤との因果関係はな",
        "薬剤性は否定", "薬剤性は考えにく", "薬剤性の可能性は低", "薬剤の関与は否定", "薬剤との関連は否定", "薬剤性肺障害は否定", "薬剤性でな", "薬剤性ではな",
        "薬剤の影響は否定", "薬剤性は除外", "薬剤との因果関係は否定",
    ]
    /// It did not come again with the drug.
    static let noReturns: WordList = [
        "再投与では再燃せ", "再投与でも再燃せ", "再投与後も再燃せ", "再投与では出現せ", "再投与でも出現せ", "再投与後も出現せ", "再投与でも再燃は",
        "再投与でも再燃な",
        "再投与後も再燃な", "再投与後も再燃は", "再開後も再燃せ", "再開後も再燃な", "再開後も再燃は", "再投与でも再発", "再投与後も再発",
    ]
    /// Between a disease and the stop of a drug before it.
    static let reasonsOfStop: WordList = [
        "のため", "により", "によって", "で", "にて", "ので", "から", "が強", "を理由", "がひど", "が辛", "がつら",
    ]
    /// Diseases that end a treatment without being its doing, and those that only sound so.
    static let events: WordList = [
        "肺炎", "感染", "感染症", "敗血症", "骨折", "癌", "がん", "腫瘍", "進行", "増悪", "再発", "手術", "妊娠", "結核", "帯状疱疹",
        "インフルエンザ", "外傷", "転倒", "腸閉塞",
    ]
    static let ownEvents: WordList = ["間質性肺炎", "器質化肺炎", "好酸球性肺炎", "薬剤性肺炎", "過敏性肺炎"]
    /// Words that put what is told before the drug.
    static let before: WordList = ["投与前", "開始前", "内服前", "服用前", "使用前", "接種前", "導入前", "前から", "前より"]
    /// Behind a disease that names the patient, not an event.
    static let bearers: WordList = [
        "患者", "合併患者", "の患者", "を有する", "の既往", "例に", "の経過中", "で通院", "で加療", "にて通院", "にて加療", "に対し",
        "の治療", "は改善", "の女性",
        "の男性",
    ]
}
