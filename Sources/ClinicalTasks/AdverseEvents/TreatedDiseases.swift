// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Which drugs a report says are given for which diseases: such a drug did not cause what it treats.
struct TreatedDiseases {
    private let text: CausalText
    /// Drugs and diseases by name.
    private(set) var pairs: Set<DrugReactions.NamePair> = []

    init(_ text: CausalText) {
        self.text = text
        for number in text.groups.indices {
            switch text.groups[number].type {
            case .disease: readIndication(of: number)
            case .drug: readEffect(of: number)
            case .dose: break
            }
        }
    }

    private mutating func add(_ drugs: CausalText.Group, _ diseases: CausalText.Group) {
        for drug in drugs.members {
            for disease in diseases.members {
                pairs.insert(
                    DrugReactions.NamePair(
                        drug: text.name(of: drug), disease: text.name(of: disease)))
            }
        }
    }

    /// 高血圧に対しアムロジピン; 呼吸困難をきたしアドレナリンを筋注.
    private mutating func readIndication(of number: Int) {
        let disease = text.groups[number]
        let rest = text.rest(after: number)
        let isStrong = CausalWords.indications.prefix(of: text.scalars, rest) != nil
        let weak = CausalWords.weakIndications.prefix(of: text.scalars, rest)
        var next = number + 1
        while let group = text.neighbour(next, of: number) {
            defer { next += 1 }
            guard group.type == .drug else {
                // 発熱と呼吸困難に対し is of both; another clause is of its own disease.
                return
            }
            let after = text.rest(after: next)
            // 三叉神経痛に対するカルバマゼピンが原因.
            let isAdjacent = next == number + 1 && isStrong && rest.count <= 12
            if !isAdjacent, isCulprit(before: next) || isCulprit(after: after) { return }
            let isBegun = begins(after)
            if isStrong, !isStopped(after) || isBegun { return addDrugs(from: next, to: disease) }
            if isStopped(after) { return }
            if weak != nil, isBegun { return addDrugs(from: next, to: disease) }
            if isBegun, isToldOf(rest) { return addDrugs(from: next, to: disease) }
        }
    }

    /// Adds this group of drugs and those that follow in the same breath.
    private mutating func addDrugs(from number: Int, to disease: CausalText.Group) {
        var next = number
        while let group = text.neighbour(next, of: number), group.type == .drug {
            add(group, disease)
            next += 1
        }
    }

    /// プレドニゾロンで皮疹は軽快; 肺炎を認めた。抗菌薬を投与し改善した。
    private mutating func readEffect(of number: Int) {
        let rest = text.rest(after: number)
        guard !isStopped(rest), !isCulprit(before: number) else { return }
        let drug = text.groups[number]
        // 潰瘍性大腸炎はインフリキシマブによる寛解維持中.
        let keeping: WordList = [
            "による寛解", "による維持", "による治療", "で寛解維持", "で維持", "による加療", "による管理", "でコントロール",
        ]
        if keeping.prefix(of: text.scalars, rest) != nil,
            let before = text.neighbour(number - 1, of: number), before.type == .disease
        {
            return add(drug, before)
        }
        if let next = text.neighbour(number + 1, of: number) {
            guard next.type == .disease,
                CausalWords.causesStated.prefix(
                    of: text.scalars, text.pastAdministration(rest)..<rest.upperBound) == nil
            else { return }
            if text.improves(after: number + 1) { add(drug, next) }
            return
        }
        guard begins(rest), CausalWords.improvements.occurs(in: text.scalars, rest) else { return }
        for group in text.groups[..<number].reversed() {
            if group.sentence < drug.sentence - 1 { break }
            if group.type == .drug, group.sentence < drug.sentence { break }
            if group.type == .disease { add(drug, group) }
        }
    }

    private func begins(_ rest: Range<Int>) -> Bool {
        let near = text.clause(rest, atMost: 14, stopsAtComma: false)
        return CausalWords.begun.occurs(in: text.scalars, near)
            && !CausalWords.rechallenges.occurs(in: text.scalars, near)
    }

    /// Whether a disease is told of as it came (きたし、認め), so that what is begun next is for it.
    private func isToldOf(_ rest: Range<Int>) -> Bool {
        CausalWords.onsets.occurs(in: text.scalars, rest) && rest.count <= 20
    }

    private func isStopped(_ rest: Range<Int>) -> Bool {
        CausalWords.stops.occurs(
            in: text.scalars, text.clause(rest, atMost: 14, stopsAtComma: false))
    }

    private func isCulprit(before number: Int) -> Bool {
        CausalWords.culpritsBefore.occurs(in: text.scalars, text.lead(before: number))
    }

    private func isCulprit(after rest: Range<Int>) -> Bool {
        let start = text.pastAdministration(rest)
        return CausalWords.culpritsAfter.match(in: text.scalars, at: start, end: rest.upperBound)
            != nil
            || CausalWords.attributiveCauses.match(
                in: text.scalars, at: start, end: rest.upperBound) != nil
            || text.has(CausalWords.relations, text.clause(rest, atMost: 10))
    }
}

extension CausalText {
    /// Whether the words behind a disease say first that it became better.
    func improves(after number: Int) -> Bool {
        let rest = rest(after: number)
        guard let better = CausalWords.improvements.first(in: scalars, rest) else { return false }
        guard let came = CausalWords.onsets.first(in: scalars, rest) else { return true }
        return better.lowerBound <= came.lowerBound
    }

    /// Whether the words behind a drug say that something became better by it.
    func broughtRelief(_ number: Int) -> Bool {
        let rest = rest(after: number)
        return CausalWords.reliefs.prefix(of: scalars, rest) != nil
            && CausalWords.improvements.occurs(in: scalars, rest)
    }

    /// Whether a disease comes, as the words behind it say or as nothing there speaks against.
    func comes(after number: Int) -> Bool {
        let rest = clause(rest(after: number), atMost: 24, stopsAtComma: false)
        if CausalWords.remedies.prefix(of: scalars, rest) != nil { return false }
        if improves(after: number) { return false }
        return true
    }
}

extension CausalWords {
    /// Wordings that make the disease behind them the drug's doing even where it becomes better.
    static var causesStated: WordList { attributiveCauses }
}
