// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText

/// Joins drugs of a case report to the reactions that the text says they caused.
///
/// Written rules over mentions and what is said of them: denied and relatives' findings and drugs that were not
/// given take no part, and a drug that treats a disease is no culprit of it unless the text names it as one.
package struct DrugReactions {
    let text: CausalText
    /// Drugs and the diseases that they are given for, by name.
    let treated: Set<NamePair>
    /// Entities that stand where the document tells of relatives or of earlier times.
    private let former: Set<Int>
    private(set) var candidates: [Candidate] = []

    /// A drug and a disease by name.
    struct NamePair: Hashable {
        let drug: String
        let disease: String
    }

    /// What one wording says of one drug and one disease.
    struct Candidate {
        let drug: Int
        let disease: Int
        let level: AdverseEventLevel
        let rule: CausalRule
        let cue: Range<Int>
        let review: Bool

        /// Whether the wording names a cause, not only a sequence.
        var isStatement: Bool { [.statedCause, .namedCulprit, .rechallenge].contains(rule) }
    }

    private init(
        _ entities: [Entity], in text: AnalyzedText, _ histories: DocumentHistories
    ) {
        self.text = CausalText(entities, in: text)
        treated = TreatedDiseases(self.text).pairs
        former = histories.numbers(of: entities, in: text.cleaned)
        readStatements()
        readCourse()
        readDiagnoses()
        readNoDrug()
    }

    /// Adds that a drug did not do what a candidate says.
    mutating func deny(_ candidate: Candidate, cue: Range<Int>) {
        candidates.append(
            Candidate(
                drug: candidate.drug, disease: candidate.disease, level: .unrelated,
                rule: .excluded, cue: cue, review: false))
    }

    /// The pairs of a document, by drug, then by reaction; of the same names once, as the surest wording has it.
    ///
    /// A reaction that stands in one of `histories` is one of earlier times and has no pair.
    package static func pairs(
        of entities: [Entity], in text: AnalyzedText,
        histories: DocumentHistories = DocumentHistories()
    ) -> [AdverseEventPair] {
        guard entities.contains(where: { $0.type == .drug }),
            entities.contains(where: { $0.type == .disease })
        else { return [] }
        return DrugReactions(entities, in: text, histories).resolved
    }

    // MARK: Results

    /// One pair for each two names.
    private var resolved: [AdverseEventPair] {
        let byName = Dictionary(grouping: candidates) {
            NamePair(drug: text.name(of: $0.drug), disease: text.name(of: $0.disease))
        }
        let denials = candidates.filter { $0.rule == .excluded }
        let culprits = candidates.filter { $0.isStatement && $0.level == .certain }
        return byName.values.compactMap(Self.decided)
            .compactMap { candidate in
                guard !candidate.isStatement, candidate.rule != .excluded else { return candidate }
                return Self.overruled(
                    candidate, denials.last { isLater($0, of: candidate) },
                    isElsewhere: candidate.rule == .afterStart
                        && hasOtherCulprit(candidate, culprits))
            }
            .map { candidate in
                // What came after a drug that the text names as a culprit needs no second look.
                let isConfirmed =
                    candidate.rule == .afterStart
                    && culprits.contains {
                        text.name(of: $0.drug) == text.name(of: candidate.drug)
                    }
                return AdverseEventPair(
                    drug: candidate.drug, disease: candidate.disease, level: candidate.level,
                    rule: candidate.rule, cue: text.span(of: candidate.cue),
                    needsReview: candidate.review && !isConfirmed)
            }
            .sorted { ($0.drug, $0.disease) < ($1.drug, $1.disease) }
    }

    /// What counts of all that is said of one drug and one disease: a denial before mere sequence, a statement
    /// before a denial, though a person should look then.
    private static func decided(_ all: [Candidate]) -> Candidate? {
        let denial = all.first { $0.rule == .excluded }
        let told = all.filter { candidate in
            candidate.rule != .excluded
                && (denial.map { denial in
                    // 当初は X による薬疹を疑った. …関与は否定された: a suspicion ends with a later denial.
                    candidate.isStatement
                        && (candidate.level == .certain
                            || candidate.cue.lowerBound > denial.cue.lowerBound)
                } ?? true)
        }
        let surest = told.min { left, right in
            (-left.level.rawValue, left.isStatement ? 0 : 1, left.cue.lowerBound)
                < (-right.level.rawValue, right.isStatement ? 0 : 1, right.cue.lowerBound)
        }
        guard let surest else { return denial }
        return Candidate(
            drug: surest.drug, disease: surest.disease, level: surest.level, rule: surest.rule,
            cue: surest.cue,
            review: told.allSatisfy { $0.level < surest.level || $0.review } || denial != nil)
    }

    /// Whether a drug is cleared after its sequence was told: …中に呼吸困難. …同薬は無関係と判断.
    private func isLater(_ denial: Candidate, of candidate: Candidate) -> Bool {
        text.name(of: denial.drug) == text.name(of: candidate.drug)
            && denial.cue.lowerBound > candidate.cue.lowerBound
    }

    /// Whether what came after a drug is said, in so many words, to come from another that it came after, too.
    private func hasOtherCulprit(_ candidate: Candidate, _ culprits: [Candidate]) -> Bool {
        // 併用したところ血中濃度が上昇し: it did it by way of the other.
        if let start = text.groups.last(where: {
            $0.type == .drug && $0.range.upperBound <= candidate.cue.lowerBound
        })?.range.upperBound,
            text.has(["併用", "追加", "濃度", "増強"], start..<candidate.cue.upperBound)
        {
            return false
        }
        let (drug, disease) = (text.name(of: candidate.drug), text.name(of: candidate.disease))
        let others = Set(culprits.map { text.name(of: $0.drug) })
        return !others.contains(drug)
            && candidates.contains {
                text.name(of: $0.disease) == disease && $0.rule != .excluded
                    && others.contains(text.name(of: $0.drug))
            }
    }

    /// What becomes of mere sequence where a later denial or another culprit speaks against it.
    private static func overruled(
        _ candidate: Candidate, _ denial: Candidate?, isElsewhere: Bool
    ) -> Candidate? {
        if let denial {
            return Candidate(
                drug: candidate.drug, disease: candidate.disease, level: denial.level,
                rule: .excluded, cue: denial.cue, review: denial.review)
        }
        return isElsewhere ? nil : candidate
    }

    // MARK: Candidates

    /// Adds the pairs of all members of two groups that the wording can mean.
    ///
    /// `hedged` lowers what is otherwise certain; an unstated disease, which only a list knows, counts where the
    /// wording itself states it.
    mutating func add(
        drugs: CausalText.Group, diseases: CausalText.Group, level: AdverseEventLevel,
        rule: CausalRule, cue: Range<Int>, review: Bool = false
    ) {
        let isStatement = [.statedCause, .namedCulprit, .rechallenge, .excluded].contains(rule)
        for drug in drugs.members
        where
            isGiven(text.entities[drug]) || isStatement && isNamed(text.entities[drug])
            || rule == .afterStart && isPlanned(text.entities[drug])
        {
            for disease in diseases.members where !former.contains(disease) {
                let entity = text.entities[disease]
                let isUnstated = (isStatement || rule == .afterStart) && Self.isUnstated(entity)
                guard isReaction(entity) || isUnstated else { continue }
                guard isStatement || rule == .positiveTest || !isTreated(drug, disease) else {
                    continue
                }
                candidates.append(
                    Candidate(
                        drug: drug, disease: disease,
                        level: entity.certainty == .suspicious ? min(level, .probable) : level,
                        rule: rule, cue: cue,
                        review: review || isUnstated || drugs.isReference))
            }
        }
    }

    /// Whether the drug is given for the disease.
    func isTreated(_ drug: Int, _ disease: Int) -> Bool {
        treated.contains(NamePair(drug: text.name(of: drug), disease: text.name(of: disease)))
    }

    /// Whether a finding can be a reaction: the patient's, not denied, no general name of events.
    func isReaction(_ entity: Entity) -> Bool {
        entity.type == .disease && entity.status.subject == .patient
            && entity.status.temporality != .planned
            && [.positive, .suspicious].contains(entity.certainty) && !Self.isGeneric(entity)
    }

    /// Whether a group holds a possible reaction.
    func holdsReaction(_ group: CausalText.Group) -> Bool {
        group.type == .disease && group.members.contains { isReaction(text.entities[$0]) }
    }

    /// Whether a group holds a disease of which only a list and the wording itself speak: 乳酸アシドーシスは X によるもの.
    func holdsUnstated(_ group: CausalText.Group) -> Bool {
        group.type == .disease && group.members.contains { Self.isUnstated(text.entities[$0]) }
    }

    /// 有害事象, 副作用: it stands for what is named beside it.
    static func isGeneric(_ entity: Entity) -> Bool {
        let name = Array(entity.span.surface.unicodeScalars)
        if CausalWords.properEvents.suffix(of: name, name.indices) != nil { return false }
        if CausalWords.courses.prefix(of: name, name.indices)?.count == name.count { return true }
        return CausalWords.generics.suffix(of: name, name.indices) != nil
            && name.count <= 10
    }

    private static func isUnstated(_ entity: Entity) -> Bool {
        entity.certainty == .general && entity.status.cue == nil && entity.foundBy == .dictionary
            && entity.status.subject == .patient && !isGeneric(entity)
    }

    private func isGiven(_ entity: Entity) -> Bool {
        guard entity.status.subject == .patient else { return false }
        return [nil, .given, .stopped].contains(entity.status.state)
    }

    /// 検査時に X を静注した直後: what came after a drug says that it was given.
    private func isPlanned(_ entity: Entity) -> Bool {
        entity.status.subject == .patient && entity.status.state == .planned
    }

    /// Whether a drug that a wording names as the cause was given: what the text says behind it (以後の投与を控えた)
    /// follows from the reaction.
    private func isNamed(_ entity: Entity) -> Bool {
        if isGiven(entity) { return true }
        guard entity.status.subject == .patient, let cue = entity.status.cue else { return false }
        return cue.range.start >= entity.span.range.end
    }

    /// The level of a statement by what its clause adds: a hedge makes it probable.
    func level(of clause: Range<Int>) -> AdverseEventLevel {
        text.has(CausalWords.hedges, clause) ? .probable : .certain
    }

    /// What a clause says against the cause: unrelated, unlikely, or nil.
    func denial(in clause: Range<Int>) -> (level: AdverseEventLevel, cue: Range<Int>)? {
        if text.has(CausalWords.noDenials, clause) { return nil }
        if let doubt = CausalWords.doubts.first(in: text.scalars, clause) {
            return (.unlikely, doubt)
        }
        return CausalWords.denials.first(in: text.scalars, clause).map { (.unrelated, $0) }
    }
}

extension CausalWords {
    /// Names that end like a general one and are events of their own.
    static let properEvents: WordList = ["光線過敏症", "過敏症症候群", "過敏性肺炎", "過敏性血管炎"]
    /// Behind a disease that the patient had before.
    static let backgrounds: WordList = [
        "に対するもの", "に対する手術", "の加療は", "の治療は", "は治癒して", "に対しては", "の治療を継続", "の治療継続", "の手術は", "で当科通院",
        "で通院",
        "に用いて", "に用いた", "に対して用い", "に投与され", "に投与して", "に投与した", "に処方され", "に使用して", "に使用した",
        "で近医通院", "術前化学療法", "術後化学療法", "術前治療", "術前", "術後補助",
        "で通院中", "にて通院中", "で加療中", "にて加療中", "で治療中", "にて治療中", "で外来通院", "で外来", "にて外来", "の既往", "で長期",
        "で内服中", "にて内服中", "に投与", "に処方", "に使用", "に対し処方", "で処方", "を基礎疾患", "の基礎疾患", "を背景", "を合併してい",
        "でフォロー", "で経過観察中", "で維持", "術後で", "の術後で", "で透析", "のため通院中", "のため加療中", "のため治療中", "で当院通院",
    ]
    /// Behind a disease: whoever has it is the patient.
    static let patients: WordList = [
        "例に", "例へ", "例で",
        "患者", "の患者", "のある", "を有する", "の高齢", "の女児", "の男児", "の女性", "の男性", "の小児", "を基礎に", "の乳児", "合併例",
        "の透析患者",
    ]
    static let cases: WordList = [
        "の1例", "の一例", "の症例", "の1症例", "の小児例", "の2例", "の3例", "術後の1例", "術後の一例", "術後の症例", "術後例",
        "術後の1症例", "治療後の1例",
        "治療後の症例",
    ]
    /// Before such a disease.
    static let backgroundLabels: WordList = [
        "使用理由:", "投与理由:", "適応症:", "原病は", "原疾患の", "原疾患は", "基礎疾患の", "合併症:", "(使用理由:",
        "背景:", "背景>", "背景】", "原疾患:", "原疾患>", "基礎疾患:", "基礎疾患>", "併存症:", "併存疾患:", "既往歴:", "既往:",
        "原病:",
        "基礎疾患に", "基礎疾患として", "併存疾患として", "背景に", "背景疾患:", "主病名:",
    ]
}

extension CausalText {
    /// Whether a disease is only what the patient had or was treated for: 肺炎に投与された, 原疾患:肺癌, うつ病の68歳女性,
    /// …を発症した胆管癌の1例.
    func isBackground(_ number: Int) -> Bool {
        let (rest, lead) = (rest(after: number), lead(before: number))
        // 薬剤性過敏症症候群の1例 is the event itself.
        let induced: WordList = ["薬剤性", "薬物性", "薬剤誘発性"]
        if induced.prefix(of: scalars, groups[number].range) != nil { return false }
        if CausalWords.backgrounds.prefix(of: scalars, rest) != nil
            // 腎機能低下を背景に: the disease before it is the background.
            || CausalWords.backgroundLabels.ends(scalars, lead)
                && !(["を背景に", "を基礎疾患に", "を背景として"] as WordList).ends(scalars, lead)
            || CausalWords.patients.prefix(of: scalars, rest) != nil
        {
            return true
        }
        // X投与後に発症したYの1例 is the event; what it was that came stands before the patient's own disease.
        if CausalWords.cases.prefix(of: scalars, rest) != nil {
            return neighbour(number - 1, of: number)?.type == .disease
                && (["た", "る", "た、", "る、"] as WordList).ends(scalars, lead)
        }
        guard rest.count > 3, scalars[rest.lowerBound] == "の" else { return false }
        var place = rest.lowerBound + 1
        while place < rest.upperBound, ("0"..."9").contains(scalars[place]) { place += 1 }
        return place > rest.lowerBound + 1 && place < rest.upperBound
            && "歳代".unicodeScalars.contains(scalars[place])
    }

    /// The beginning of a range, to its first full stop or comma, at most `count` characters.
    func clause(_ range: Range<Int>, atMost count: Int = 30, stopsAtComma: Bool = true)
        -> Range<Int>
    {
        let end = min(range.upperBound, range.lowerBound + count)
        let stop = (range.lowerBound..<max(range.lowerBound, end)).first {
            scalars[$0] == "。" || stopsAtComma && scalars[$0] == "、" && $0 > range.lowerBound
        }
        return range.lowerBound..<(stop ?? max(range.lowerBound, end))
    }

    /// Where what is said of a drug begins, behind words of taking it: の急速投与, 併用療法.
    func pastAdministration(_ range: Range<Int>) -> Int {
        var place = range.lowerBound
        for _ in 0..<3 {
            guard let end = administration(place..<range.upperBound) else { break }
            place = end
        }
        return place
    }

    /// The end of a word of taking a drug, with kanji before it that say how.
    private func administration(_ range: Range<Int>) -> Int? {
        let words = CausalWords.administrations
        if let word = words.prefix(of: scalars, range) { return word.upperBound }
        var start = range.lowerBound
        if start < range.upperBound, scalars[start] == "の" { start += 1 }
        for place in start..<max(start, min(range.upperBound, start + 5)) {
            guard (0x4E00...0x9FFF).contains(scalars[place].value) else { return nil }
            if place > start, let word = words.prefix(of: scalars, place..<range.upperBound) {
                return word.upperBound
            }
        }
        return nil
    }
}
