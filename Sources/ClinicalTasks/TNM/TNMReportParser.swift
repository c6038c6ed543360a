// SPDX-License-Identifier: Apache-2.0

/// Reads a folded report into findings.
///
/// Clauses are grouped into units: a clause that names a lesion, nodes, an organ or the pleura opens
/// one, clauses without a subject of their own (`転移を疑います`, `長径は30mmです`) belong to the one before.
/// A new sentence joins only if it begins like a continuation, so that an organ does not leak into
/// what follows. All words that decide anything are in `TNMWords`.
struct TNMReportParser {
    let report: FoldedReport
    /// The clauses that tell of today.
    let clauses: [ReportClause]
    /// Those that tell, under a heading, of what was before.
    private let formerClauses: [ReportClause]
    private(set) var findings = TNMFindings()

    var scalars: [Unicode.Scalar] { report.scalars }

    /// Parses a report; of what it tells under headings of former times, only diseases and operations are read.
    static func findings(
        in report: FoldedReport, histories: DocumentHistories = DocumentHistories()
    ) -> TNMFindings {
        let clauses = ReportClause.clauses(of: report).filter {
            !TNMWords.relatives.occurs(in: report.scalars, $0.range)
                && !histories.isOfFamily(report.cleanedRange($0.range).start)
        }
        var (former, current): ([ReportClause], [ReportClause]) = ([], [])
        for clause in clauses {
            if histories.contains(report.cleanedRange(clause.range).start) {
                former.append(clause)
            } else {
                current.append(clause)
            }
        }
        var parser = TNMReportParser(report: report, clauses: current, formerClauses: former)
        parser.parse()
        return parser.findings
    }

    private init(
        report: FoldedReport, clauses: [ReportClause], formerClauses: [ReportClause]
    ) {
        (self.report, self.clauses) = (report, clauses)
        self.formerClauses = formerClauses
    }

    /// What a clause speaks of.
    enum Topic: Hashable {
        case lesion, primaryAgain, node, organ, pleura
        case none, remainder
    }

    /// Clauses about one thing.
    struct Unit {
        var topic: Topic
        var clauses: [ReportClause]
        /// The clause before the unit in the same sentence, if it has no subject of its own.
        var lead: ReportClause?

        var range: Range<Int> {
            clauses[0].range.lowerBound..<(clauses.last?.range.upperBound ?? 0)
        }
    }

    private mutating func parse() {
        readGlobals()
        let units = self.units()
        for (index, unit) in units.enumerated() {
            let next = index + 1 < units.count ? units[index + 1] : nil
            switch unit.topic {
            case .lesion:
                if isExplainedByNodes(unit, next: next) { continue }
                readLesion(unit, next: next)
            case .primaryAgain: readPrimaryAgain(unit)
            case .node:
                let place = index > 0 ? placeBefore(units[index - 1]) : nil
                findings.nodes += nodes(in: unit, place: place)
            case .organ: findings.metastases += metastases(in: unit)
            // Dissemination is also told without effusion: `readPleuralSpread`.
            case .pleura, .none, .remainder: continue
            }
        }
        for (index, clause) in clauses.enumerated() {
            let next = index + 1 < clauses.count ? clauses[index + 1] : nil
            if !isBoneMetastasis(clause, next: next) {
                readInvasion(clause, previous: index > 0 ? clauses[index - 1] : nil)
            }
            readSigns(clause)
            readAirways(clause)
            readPleuralSpread(clause)
            readDissemination(clause)
            readNamedSpread(clause)
        }
        for clause in clauses {
            readSurvey(clause)
            readDiagnoses(clause)
            readRegion(clause)
        }
        for clause in formerClauses {
            readDiagnoses(clause)
            if has(TNMWords.lungCancer, clause.range) { readTreatment(clause) }
        }
        readCytology()
        if findings.metastases.contains(where: { $0.assertion == .possible }) {
            findings.surveysSpread = true
        }
        readLoneSize()
        choosePrimary()
    }

    /// `肋骨に溶骨性変化があり、骨転移を疑う`: destroyed by a metastasis, not by the tumour's growth.
    private func isBoneMetastasis(_ clause: ReportClause, next: ReportClause?) -> Bool {
        guard let next, next.sentence == clause.sentence else { return false }
        return has(TNMWords.boneDestruction, clause.range) && has(["転移"], next.range)
    }

    // MARK: - Grouping

    private func units() -> [Unit] {
        var units: [Unit] = []
        var lastSentence = -1
        var lead: ReportClause?
        var tableSize: ReportClause?
        for (index, clause) in clauses.enumerated() {
            let topic = topic(of: clause)
            let sameSentence = clause.sentence == lastSentence
            defer { lastSentence = clause.sentence }
            if topic == .none {
                let continues =
                    sameSentence
                    || isBareSize(clause.range) || TNMWords.parts.begins(scalars, clause.range)
                    || TNMWords.continuation.begins(scalars, clause.range)
                        && !TNMWords.vertebrae.begins(scalars, clause.range)
                        && !leadsToNodes(index)
                if continues, lead == nil || !sameSentence, !units.isEmpty {
                    units[units.count - 1].clauses.append(clause)
                } else {
                    lead = clause
                    if TNMWords.sizeRow.begins(scalars, clause.range) { tableSize = clause }
                }
                continue
            }
            let joins =
                topic == .node && units.last?.topic == .node && stations(in: clause.range).isEmpty
                && !has(["対側", "同側", "反対側"], clause.range)
            if joins, let last = units.indices.last {
                units[last].clauses.append(clause)
            } else {
                let before = lead?.sentence == clause.sentence ? lead : nil
                units.append(Unit(topic: topic, clauses: [clause], lead: before))
                if topic == .lesion, let size = tableSize {
                    // A table gives the size in a row above the lesion's kind.
                    units[units.count - 1].clauses.append(size)
                    tableSize = nil
                }
            }
            lead = nil
        }
        return units
    }

    /// `有意なサイズではありませんが、対側リンパ節も…`: speaks of the nodes that follow, not of those before.
    private func leadsToNodes(_ index: Int) -> Bool {
        guard has(TNMWords.reactive, clauses[index].range), index + 1 < clauses.count else {
            return false
        }
        let next = clauses[index + 1]
        return next.sentence == clauses[index].sentence && has(TNMWords.node, next.range)
    }

    /// `35x22mm。`: a sentence that is no more than a size.
    private func isBareSize(_ range: Range<Int>) -> Bool {
        guard let size = LesionSize.sizes(in: scalars, range).first else { return false }
        return size.range.lowerBound - range.lowerBound <= 3
            && range.upperBound - size.range.upperBound <= 2
    }

    func has(_ words: WordList, _ range: Range<Int>) -> Bool { words.occurs(in: scalars, range) }

    func topic(of clause: ReportClause) -> Topic {
        let range = clause.range
        if TNMWords.parts.begins(scalars, range) { return .none }
        if has(TNMWords.nodeOfLung, range), !has(TNMWords.metastasis, range),
            !has(TNMWords.swelling, range)
        {
            return .none
        }
        if has(TNMWords.nodePlace, range) { return .node }
        if has(TNMWords.node, range) {
            let merged = has(["一塊"], range) && has(["腫瘤", "腫瘍", "肺癌", "軟部"], range)
            return merged && !has(TNMWords.sureLungPlace, range)
                ? .primaryAgain : merged ? .lesion : .node
        }
        if has(TNMWords.pleura, range), !has(TNMWords.besideEffusion, range) { return .pleura }
        if isOrgan(range) { return .organ }
        if has(TNMWords.remainder, range), isDenied(range) { return .remainder }
        if speaksOfPrimary(range) { return .primaryAgain }
        let noun = has(TNMWords.mass, range) || has(TNMWords.shadow, range)
        if noun, has(TNMWords.lungPlace, range) || !LesionSize.sizes(in: scalars, range).isEmpty {
            return isOnlyCancerName(range) ? .none : .lesion
        }
        let names = (["副腫瘍結節"] as WordList).all(in: scalars, range).count
        let nouns = (["腫瘤", "結節", "nodule"] as WordList).all(in: scalars, range).count
        if nouns > names { return .lesion }
        return .none
    }

    private func speaksOfPrimary(_ range: Range<Int>) -> Bool {
        if has(TNMWords.sizeOfTumour, range) { return true }
        guard TNMWords.startsAtPrimary.begins(scalars, range), !has(TNMWords.spread, range) else {
            return false
        }
        return TNMWords.nodule.all(in: scalars, range).count < 2
    }

    /// `左上葉肺癌疑い`, `肺内転移を疑います`: names, not descriptions.
    private func isOnlyCancerName(_ range: Range<Int>) -> Bool {
        let described: WordList = [
            "腫瘤", "結節影", "陰影", "結節", "mass", "nodule", "GGN", "GGO", "軟部", "すりガラス", "影", "tumor",
            "空洞", "隆起",
            "腫瘍",
        ]
        if has(["原発巣", "病変"], range), has(TNMWords.sureLungPlace, range) { return false }
        let seen: WordList = ["あり", "認め", "みられ", "見られ", "ある", "存在"]
        let named = TNMWords.cancer.first(in: scalars, range)
        if let named, has(TNMWords.sureLungPlace, range), !has(TNMWords.treated, range),
            !has(["転移"], range), seen.occurs(in: scalars, named.upperBound..<range.upperBound)
        {
            return false
        }
        let pure =
            !has(described, range) || has(["副腫瘍結節", "肺内転移"], range) && !has(["葉", "S"], range)
        return pure && LesionSize.sizes(in: scalars, range).isEmpty
    }

    func isOrgan(_ range: Range<Int>) -> Bool {
        guard !has(TNMWords.notOrgan, range) else { return false }
        guard TNMWords.organs.contains(where: { has($0.1, range) }) else {
            return has(TNMWords.generalMetastasis, range)
        }
        let lung = has(TNMWords.sureLungPlace, range) && has(TNMWords.nodule, range)
        let onlyTouched = has(["浸潤"], range) && !has(TNMWords.metastasis, range)
        return !(lung && !has(TNMWords.metastasis, range)) && !onlyTouched
    }

    /// Whether the clause as a whole denies something.
    func isDenied(_ range: Range<Int>) -> Bool {
        isDenied(after: range.lowerBound, end: range.upperBound)
    }

    /// `肺門領域に球形の陰影。リンパ節転移を疑う`: a soft shadow that the next sentence explains as nodes.
    private func isExplainedByNodes(_ unit: Unit, next: Unit?) -> Bool {
        guard let next, next.topic == .node else { return false }
        let range = unit.range
        return has(TNMWords.softShadow, range) && !has(["腫瘤", "腫瘍", "結節", "癌"], range)
            && has(["肺門", "縦隔"], range) && !isDenied(next.clauses[0].range)
    }

    /// The unit before, if its place is the place of a node named without one.
    private func placeBefore(_ unit: Unit) -> Range<Int>? {
        guard unit.topic == .lesion || unit.topic == .node else { return nil }
        return has(TNMWords.hilar, unit.range) || has(TNMWords.mediastinal, unit.range)
            ? unit.range : nil
    }

    // MARK: - Whole report

    private mutating func readGlobals() {
        let statements = StatementScanner.read(report, clauses: clauses)
        findings.explicit = statements.categories
        findings.possibleCategories = statements.possible
        findings.statesOtherCancer = statements.statesOtherCancer
        findings.namedEdition = StatementScanner.lastEdition(in: scalars)
        for clause in clauses {
            readTreatment(clause)
            guard !has(TNMWords.screening, clause.range) else { continue }
            for place in TNMWords.cancer.all(in: scalars, clause.range) {
                let state = Assertion.of(
                    scalars, after: place.upperBound, end: clause.range.upperBound)
                let own = !has(TNMWords.otherCancer, clause.range)
                guard state != .negated || has(TNMWords.knownLesion, clause.range), own else {
                    continue
                }
                if findings.cancerMention == nil { findings.cancerMention = place }
                if findings.namedSide == nil, place.lowerBound > clause.range.lowerBound {
                    let side = side(in: clause.range.lowerBound..<place.lowerBound)
                    if side == .left || side == .right { findings.namedSide = side }
                    findings.namedLobes = lobes(in: clause.range.lowerBound..<place.lowerBound)
                }
                let placed = place.lowerBound > 0 && has(TNMWords.sureLungPlace, clause.range)
                if placed, !has(TNMWords.treated, clause.range), state > .negated {
                    findings.placedCancer = findings.placedCancer ?? place
                }
            }
        }
    }

    private mutating func readTreatment(_ clause: ReportClause) {
        guard has(TNMWords.treated, clause.range), has(TNMWords.cancer, clause.range) else {
            return
        }
        findings.isTreated = true
        if has(TNMWords.resection, clause.range) { findings.isResected = true }
    }

    // MARK: - Writing

    mutating func append(_ lesion: LungLesion) { findings.lesions.append(lesion) }
    mutating func append(_ invasion: InvasionFinding) { findings.invasions.append(invasion) }
    mutating func append(_ metastasis: MetastasisFinding) { findings.metastases.append(metastasis) }
    mutating func append(_ nodes: [NodeFinding]) { findings.nodes += nodes }
    mutating func update(_ change: (inout TNMFindings) -> Void) { change(&findings) }
}
