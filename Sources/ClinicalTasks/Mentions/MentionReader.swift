// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText

/// Makes of the entities that a model finds all mentions of a document, each with what is said of it.
///
/// A model that was fitted to what patients have overlooks what is denied; a list of terms, of
/// abbreviations and the form of doses find the rest. What the sentence says of each mention is read
/// by written rules; where only the list knows a mention and nothing states it, it is `general` and up
/// for review.
package struct MentionReader: Sendable {
    private let terms: [EntityType: [TermTable]]

    /// A reader with the dictionaries that a model carries; of their terms the longest counts.
    package init(terms: [EntityType: [TermTable]]) {
        self.terms = terms
    }

    /// All mentions of a document in the order of their places.
    ///
    /// `found` holds the entities that the model found.
    package func mentions(in text: AnalyzedText, found: [Entity]) -> [Entity] {
        mentions(in: text, found: found, headings: SectionHeadings(text))
    }

    /// The same of a document whose headings were read before.
    func mentions(
        in text: AnalyzedText, found: [Entity], headings: SectionHeadings
    ) -> [Entity] {
        var mentions: [Entity] = []
        let isOfMother = MentionSubjects.isOfMother(text.cleaned)
        var lastDrug: Int?
        var rest = found.sorted { $0.span.range < $1.span.range }[...]
        for (number, sentence) in text.sentences.enumerated() {
            var own: [PlacedEntity] = []
            while let entity = rest.first {
                let range = text.cleaned.cleanedRange(of: entity.span.range)
                guard range.start < sentence.range.end else { break }
                rest.removeFirst()
                own.append(PlacedEntity(entity: entity, range: range.start..<range.end))
            }
            let section = headings.sections[number]
            let read = read(
                sentence, in: text, own, section: section, isOfMother: isOfMother,
                before: mentions, drug: lastDrug)
            // A line of doses goes on with the drug of the line before it.
            lastDrug =
                read.lastIndex { $0.type == .drug }.map { $0 + mentions.count }
                ?? (read.contains { $0.type == .dose && $0.drug == lastDrug } ? lastDrug : nil)
            mentions += read
        }
        return mentions + rest
    }

    /// An entity with its place in the cleaned text.
    struct PlacedEntity {
        var entity: Entity
        var range: Range<Int>
    }

    /// The mentions of one sentence, behind those of the document `before` it, with the number of the drug that the
    /// sentence before told last.
    private func read(
        _ sentence: AnalyzedSentence, in text: AnalyzedText, _ found: [PlacedEntity],
        section: (section: SectionHeadings.Section, heading: Range<Int>)?, isOfMother: Bool,
        before: [Entity], drug lastDrug: Int?
    ) -> [Entity] {
        let finder = MentionFinder(sentence: sentence, text: text, terms: terms)
        var placed = finder.all(with: found)
        var statement = Self.statement(sentence, text, placed)
        let expression = DoseExpression(statement: statement)
        var doses = expression.doses()
        if lastDrug != nil, let dose = expression.continuation(),
            !(doses + statement.mentions.map(\.range)).contains(where: { $0.overlaps(dose) })
        {
            doses.append(dose)
        }
        for (number, mention) in statement.mentions.enumerated() where mention.type == .dose {
            let range = statement.cleaned(
                mention.range.lowerBound..<expression.end(of: mention.range))
            if range != placed[number].range,
                let whole = finder.entity(
                    .dose, range, by: .model, score: placed[number].entity.score)
            {
                placed[number] = whole
            }
        }
        if !doses.isEmpty {
            placed =
                (placed
                + doses.compactMap { finder.entity(.dose, statement.cleaned($0), by: .rules) })
                .sorted { $0.range.lowerBound < $1.range.lowerBound }
            statement = Self.statement(sentence, text, placed)
        }
        let oxygen = statement.mentions.indices.filter {
            statement.mentions[$0].type == .dose && expression.isFlow(statement.mentions[$0].range)
        }
        if !oxygen.isEmpty {
            placed = placed.indices.filter { !oxygen.contains($0) }.map { placed[$0] }
            statement = Self.statement(sentence, text, placed)
        }
        let reading = StatementReading(statement, section: section, isOfMother: isOfMother)
        var entities = placed.map(\.entity)
        for number in entities.indices where entities[number].type != .dose {
            reading.read(number, &entities[number], in: text)
        }
        for number in entities.indices where entities[number].type == .dose {
            if let drug = reading.drug(ofDose: number) {
                entities[number].drug = drug + before.count
                entities[number].status = entities[drug].status
            } else if let lastDrug,
                expression.continuation()?.lowerBound == statement.mentions[number].range.lowerBound
            {
                entities[number].drug = lastDrug
                entities[number].status = before[lastDrug].status
            }
        }
        return entities
    }

    private static func statement(
        _ sentence: AnalyzedSentence, _ text: AnalyzedText, _ placed: [PlacedEntity]
    ) -> Statement {
        Statement(
            sentence, in: text.cleaned,
            mentions: placed.map { Statement.Mention(type: $0.entity.type, range: $0.range) })
    }
}

/// What is said of each mention of one sentence.
struct StatementReading {
    private let statement: Statement
    private let findings: FindingAssertion
    private let drugs: DrugAssertion
    private let subjects: MentionSubjects
    /// The section of the whole line, its heading in the cleaned text.
    private let lineSection: (section: SectionHeadings.Section, heading: Range<Int>)?
    /// Headings within the line.
    private let headings: [InlineHeading]

    init(
        _ statement: Statement, section: (section: SectionHeadings.Section, heading: Range<Int>)?,
        isOfMother: Bool
    ) {
        self.statement = statement
        lineSection = section
        headings = InlineHeading.all(in: statement)
        findings = FindingAssertion(statement)
        drugs = DrugAssertion(statement: statement)
        subjects = MentionSubjects(statement, isOfMother: isOfMother)
    }

    /// Fills in what is said of the mention of that number; cues are cleaned ranges from here on.
    func read(_ number: Int, _ entity: inout Entity, in text: AnalyzedText) {
        let mention = statement.mentions[number]
        var cue: Range<Int>?
        let section = section(of: mention)
        switch entity.type {
        case .disease: cue = readFinding(number, &entity, section)
        case .drug: cue = readDrug(number, &entity, section)
        case .dose: return
        }
        if let person = subjects.subject(of: mention) {
            entity.status.subject = person.subject
            cue = cue ?? statement.cleaned(person.cue)
        } else if section?.section == .family {
            entity.status.subject = .family
            cue = cue ?? section?.heading
        } else if section?.section == .donor {
            entity.status.subject = .other
            cue = cue ?? section?.heading
        }
        if entity.status.subject != .patient, entity.status.certainty != .negative {
            entity.status.certainty = .general
        }
        entity.status.cue = cue.flatMap {
            text.textSpan(of: CleanedRange(start: $0.lowerBound, end: $0.upperBound)).trimmed
        }
    }

    private typealias Section = (section: SectionHeadings.Section, heading: Range<Int>)

    /// The section that a mention stands in: that of the last heading before it.
    private func section(of mention: Statement.Mention) -> Section? {
        guard
            let heading = headings.last(where: { $0.range.upperBound <= mention.range.lowerBound })
        else { return lineSection }
        return heading.section == .other
            ? nil : (heading.section, statement.cleaned(heading.range))
    }

    // MARK: Findings

    private func readFinding(
        _ number: Int, _ entity: inout Entity, _ section: Section?
    ) -> Range<Int>? {
        let decision = findings.decision(of: number)
        var cue = decision.cue.map(statement.cleaned)
        entity.status.temporality = decision.temporality
        // A model whose labels say that a mention is denied or suspected has read its sentence, too.
        let told = entity.status.certainty
        entity.status.certainty = decision.certainty
        if decision.cue == nil, told != .positive { entity.status.certainty = told }
        // The model's label and the words differ.
        if told != .positive, told != entity.status.certainty { entity.needsReview = true }
        if decision.isAmbiguous { entity.needsReview = true }
        if entity.status.certainty == .positive, entity.status.temporality == .current {
            if let section, section.section == .past, decision.cue == nil || isOwn(section) {
                entity.status.temporality = .past
                cue = cue ?? section.heading
            } else if let past = pastBefore(statement.mentions[number].range.lowerBound) {
                entity.status.temporality = .past
                cue = cue ?? statement.cleaned(past)
            }
        }
        if let section, entity.status.certainty == .positive,
            entity.status.temporality == .current,
            let mark = possible(statement.mentions[number].range, in: section.section)
        {
            entity.status.certainty = .general
            entity.status.temporality = .planned
            return statement.cleaned(mark)
        }
        // 依頼目的:肺癌 is what is asked, unless the sentence states it.
        if let section, section.section == .asked,
            decision.cue.map({ Self.asking.contains(statement.text($0)) }) ?? true,
            entity.status.certainty == .positive
        {
            entity.status.certainty = .general
            cue = section.heading
        }
        if let section, [.absent, .present].contains(section.section), decision.cue == nil,
            told == .positive || entity.foundBy == .dictionary
        {
            entity.status.certainty = section.section == .absent ? .negative : .positive
            cue = section.heading
            return cue
        }
        // 右不全麻痺の診断 is not: a term of a list that nothing states is not the patient's.
        if entity.foundBy == .dictionary, entity.status.certainty == .positive,
            entity.status.temporality == .current
        {
            entity.needsReview = true
            if decision.cue == nil { entity.status.certainty = .general }
        }
        return cue
    }

    /// What says that a finding is only possible, below a heading of orders or of explanations.
    private func possible(
        _ mention: Range<Int>, in section: SectionHeadings.Section
    ) -> Range<Int>? {
        switch section {
        case .orders:
            guard statement.mentions.contains(where: { $0.type == .drug }) else { return nil }
            return FindingAssertion.orderMark(after: mention, in: statement)
        case .explained: return findings.hypothesis(of: mention, isExplained: true)
        default: return nil
        }
    }

    /// Whether a heading stands in this very sentence. One of before does not say when something is that a
    /// later sentence states by itself: 既往歴:糖尿病。昨日から発熱あり。
    private func isOwn(_ section: Section) -> Bool {
        statement.cleaned(statement.range).contains(section.heading.lowerBound)
    }

    private static let asking: Set<String> = ["精査", "評価", "検索", "確認", "診断"]

    private static let past: WordList = [
        "既往に", "既往として", "既往は", "既往には", "以前", "過去に", "昔", "年前に", "歳時に", "歳時、", "歳時", "幼少期", "幼少時",
        "小児期", "学生時代", "かつて", "年前、",
        "歳の時", "歳のとき", "若い頃", "年前の",
    ]
    private static let still: WordList = ["から", "より", "以来"]

    /// Words before a mention that put it into the past: 5年前に脳梗塞.
    private func pastBefore(_ end: Int) -> Range<Int>? {
        let found = Self.past.all(in: statement.scalars, statement.range.lowerBound..<end).last
        guard let found, statement.end(of: Self.still, at: found.upperBound) == nil,
            !statement.scalars[found.upperBound..<end].contains(where: {
                $0 == "、" && end - found.upperBound > 12
            })
        else { return nil }
        return found
    }

    // MARK: Drugs

    private func readDrug(
        _ number: Int, _ entity: inout Entity, _ section: Section?
    ) -> Range<Int>? {
        let decision = drugs.decision(of: number)
        var (state, cue) = (decision.state, decision.cue.map(statement.cleaned))
        if section?.section == .allergy, state == .given {
            (state, cue) = (.allergy, section?.heading)
        }
        if section?.section == .orders, state == .given,
            let mark = orderMark(before: statement.mentions[number].range.lowerBound)
        {
            (state, cue) = (.planned, statement.cleaned(mark))
        }
        if cue == nil {
            switch section?.section {
            case .allergy: (state, cue) = (.allergy, section?.heading)
            case .stopped: (state, cue) = (.stopped, section?.heading)
            default: break
            }
        }
        entity.status.state = state
        entity.needsReview = entity.needsReview || decision.isAmbiguous
        switch state {
        case .given: entity.status.certainty = .positive
        case .planned:
            entity.status.certainty = .general
            entity.status.temporality = .planned
        case .stopped:
            entity.status.certainty = .negative
            entity.status.temporality = .past
        case .notGiven: entity.status.certainty = .negative
        case .allergy: entity.status.certainty = .general
        }
        return cue
    }

    /// The mark between a drug and the finding for which a list of orders has it.
    private func orderMark(before drug: Int) -> Range<Int>? {
        statement.mentions.lazy
            .filter { $0.type == .disease && $0.range.upperBound <= drug }
            .compactMap { FindingAssertion.orderMark(after: $0.range, in: statement) }.first
    }

    /// The drug that a dose belongs to: the last one before it, or the one right behind it.
    func drug(ofDose number: Int) -> Int? {
        let dose = statement.mentions[number].range
        if let particle = statement.end(of: ["の", "▁"], at: dose.upperBound),
            let next = statement.mentions.firstIndex(where: {
                $0.type == .drug && $0.range.lowerBound == particle
            }),
            statement.scalars[particle - 1] == "の"
        {
            return next
        }
        return statement.mentions.lastIndex {
            $0.type == .drug && $0.range.upperBound <= dose.lowerBound
        }
    }
}
