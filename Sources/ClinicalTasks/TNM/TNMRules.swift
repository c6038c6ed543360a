// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What the written rules make of the findings of a report.
struct TNMDecision: Sendable {
    /// Why a category was given, in folded coordinates.
    struct Reason: Sendable {
        let axis: TNMAxis
        /// The category that it speaks for, where it does by itself.
        var category: String?
        let rule: String
        let range: Range<Int>?
    }

    /// `TX`, `T0`, `Tis` … `T4`, with letter where size decides it.
    var t: String
    /// `NX`, `N0` … `N3`.
    var n: String
    /// `MX`, `M0`, `M1`, `M1a` ….
    var m: String
    var reasons: [Reason]
    /// The digits of the categories as benchmarks label them, which know no X and no Tis.
    var numbers: [TNMAxis: Int]
    /// Whether there is a lung cancer to stage.
    var gate: StagingGate.Verdict
    /// Axes on which the report hesitates, contradicts itself, or says what was not understood.
    var doubts: Set<TNMAxis>
    /// Axes whose category the report states.
    var stated: Set<TNMAxis>
    /// Prefix of the stated categories, that of T if they differ.
    var prefix: String?
    /// The edition that the report names, or whose sub-categories it uses.
    var edition: StageGroups.Edition

    /// The digit of a category.
    func number(of axis: TNMAxis) -> Int { numbers[axis] ?? 0 }
}

/// The eighth edition's descriptors, applied to the findings of a report.
///
/// Source: UICC/AJCC eighth edition, descriptors of T, N and M. What a report leaves open is settled
/// as Japanese radiologists' stages do: a suspected (疑う) finding counts, a possible (可能性) one counts
/// for invasion of the mediastinum, heart or great vessels, for the visceral pleura, for separate
/// nodules of the same lung and for enlarged nodes, but not for the chest wall nor for distant spread.
/// These choices were made after reading the RRTNM training reports, so agreement measured on
/// those is optimistic.
struct TNMRules {
    let findings: TNMFindings
    /// The nodes that count for N; distant ones are metastases.
    let regionalNodes: [NodeFinding]
    /// The tumour's side, and whether regional nodes lie on the right and on the left.
    private let primarySide: BodySide?
    private let nodeSides: Set<BodySide>

    /// The edition that counts where the report says nothing of it.
    private let usualEdition: StageGroups.Edition

    /// Rules over some findings; `edition` counts where the report says nothing of it.
    init(findings: TNMFindings, edition: StageGroups.Edition = .eighth) {
        self.findings = findings
        usualEdition = edition
        regionalNodes = findings.nodes.filter { $0.station != .distant }
        nodeSides = Set(regionalNodes.compactMap(\.side))
        primarySide = Self.side(in: findings)
    }

    /// Decides all three categories.
    func decide() -> TNMDecision {
        var reasons: [TNMDecision.Reason] = []
        let t = tumour(&reasons)
        let n = nodes(&reasons)
        let m = metastasis(&reasons)
        let stated = TNMAxis.allCases.compactMap { findings.explicit.chosen($0) }
        reasons += formerStatements(besides: stated)
        let gate = StagingGate(
            findings: findings, hasPrimary: primary != nil, hasSpread: hasSpread
        ).verdict
        return TNMDecision(
            t: t.category, n: n.category, m: m.category, reasons: reasons,
            numbers: [.t: t.number, .n: n.number, .m: m.number], gate: gate,
            doubts: gate.isDoubtful ? Set(TNMAxis.allCases) : doubts,
            stated: Set(stated.map(\.axis)),
            prefix: stated.first { !$0.prefix.isEmpty }?.prefix, edition: edition(stated))
    }

    /// Whether nodes or distant organs are involved, as far as the report suspects it.
    private var hasSpread: Bool {
        regionalNodes.contains { $0.assertion >= .suspected } || !distantSpread.isEmpty
            || !spreadInChest.isEmpty
    }

    /// N2a, N2b, M1c1 and M1c2 are of the ninth edition, whether it is named or not.
    private func edition(_ stated: [ExplicitCategory]) -> StageGroups.Edition {
        let newest: Set<String> = ["N2a", "N2b", "M1c1", "M1c2"]
        if stated.contains(where: { $0.edition == 8 }) { return .eighth }
        let isNinth = stated.contains { $0.edition == 9 || newest.contains($0.category) }
        if isNinth { return .ninth }
        return switch findings.namedEdition {
        case 8: .eighth
        case 9: .ninth
        default: usualEdition
        }
    }

    /// Whether the ninth edition's sub-categories are inferred.
    private var infersNinth: Bool {
        edition(TNMAxis.allCases.compactMap { findings.explicit.chosen($0) }) == .ninth
    }

    /// N2a with one station, N2b with several that are named; N2 where they are not.
    private func byStations(_ category: String) -> String {
        guard category == "N2", infersNinth else { return category }
        let involved = regionalNodes.filter { level(of: $0) == 2 }
        let names = Set(involved.compactMap(\.name))
        if names.count > 1 { return "N2b" }
        return names.count == 1 && involved.allSatisfy { $0.name != nil } ? "N2a" : "N2"
    }

    /// What the report states besides what counts: earlier, of another edition, or again.
    private func formerStatements(besides chosen: [ExplicitCategory]) -> [TNMDecision.Reason] {
        let counted = Set(chosen.map(\.range.lowerBound))
        return findings.explicit.filter { !counted.contains($0.range.lowerBound) }.map {
            TNMDecision.Reason(
                axis: $0.axis, category: $0.written, rule: "stated-besides", range: $0.range)
        }
            + findings.possibleCategories.map {
                TNMDecision.Reason(
                    axis: $0.axis, category: $0.written, rule: "stated-as-possible", range: $0.range
                )
            }
    }

    /// A category and its digit.
    struct Verdict {
        let category: String
        let number: Int

        /// A category whose digit stands in it.
        init(_ category: String) {
            self.init(category, number: category.dropFirst().first?.wholeNumberValue ?? 0)
        }

        /// A category that has another digit in a benchmark, or none of its own.
        init(_ category: String, number: Int) {
            (self.category, self.number) = (category, number)
        }
    }

    /// The tumour that the report calls primary.
    var primary: LungLesion? { findings.primary.map { findings.lesions[$0] } }

    /// The primary's side, that of a cancer which is only named, or that of the first lesion.
    private static func side(in findings: TNMFindings) -> BodySide? {
        if let primary = findings.primary.map({ findings.lesions[$0] }),
            primary.side == .left || primary.side == .right
        {
            return primary.side
        }
        if let named = findings.namedSide { return named }
        return findings.lesions.first {
            ($0.side == .left || $0.side == .right) && !$0.isBenign && !$0.isGroundGlass
        }?.side
    }

    private func explicit(
        _ axis: TNMAxis, _ reasons: inout [TNMDecision.Reason]
    ) -> ExplicitCategory? {
        guard let stated = findings.explicit.chosen(axis) else { return nil }
        reasons.append(
            .init(
                axis: axis, category: stated.written, rule: "stated-in-report", range: stated.range)
        )
        return stated
    }

    // MARK: - T

    private func tumour(_ reasons: inout [TNMDecision.Reason]) -> Verdict {
        if let stated = explicit(.t, &reasons) {
            let number = stated.category == "Tis" ? 1 : nil
            let verdict = Verdict(withLetter(stated.category))
            return Verdict(verdict.category, number: number ?? verdict.number)
        }
        return inferredTumour(&reasons)
    }

    /// T by the findings alone.
    func inferredTumour(_ reasons: inout [TNMDecision.Reason]) -> Verdict {
        let candidates = TNMRules.tumourCandidates(of: self)
        guard let top = candidates.max(by: { $0.level < $1.level }) else {
            let isGone = findings.deniesLesions || findings.deniesRecurrence
            reasons.append(
                .init(
                    axis: .t, rule: isGone ? "no-primary-tumour" : "tumour-not-described",
                    range: nil))
            return Verdict(isGone ? "T0" : "TX", number: 0)
        }
        let category = category(of: top)
        for candidate in candidates where candidate.level == top.level {
            reasons.append(
                .init(axis: .t, category: category, rule: candidate.rule, range: candidate.range))
        }
        return Verdict(category, number: top.level)
    }

    /// A tumour of unknown size is TX, but a descriptor of T2 without a size means T2a.
    private func category(of top: TumourCandidate) -> String {
        if let category = top.category { return category }
        if top.level == 2, primary?.size == nil { return "T2a" }
        return withLetter("T\(top.level)")
    }

    /// Adds the letter that the size decides, where size and category agree.
    private func withLetter(_ category: String) -> String {
        let size = primary?.size?.millimetres
        switch (category, size) {
        case ("T1", .some(let size)) where size <= 10: return "T1a"
        case ("T1", .some(let size)) where size <= 20: return "T1b"
        case ("T1", .some(let size)) where size <= 30: return "T1c"
        // Features of T2 with a size of at most 4 cm count as T2a.
        case ("T2", .some(let size)) where size <= 40: return "T2a"
        case ("T2", .some(let size)) where size <= 50: return "T2b"
        default: return category
        }
    }

    // MARK: - N

    private func nodes(_ reasons: inout [TNMDecision.Reason]) -> Verdict {
        if let stated = explicit(.n, &reasons) { return Verdict(stated.category) }
        return inferredNodes(&reasons)
    }

    /// N by the findings alone.
    func inferredNodes(_ reasons: inout [TNMDecision.Reason]) -> Verdict {
        var best = 0
        for node in regionalNodes where level(of: node) > best { best = level(of: node) }
        guard best > 0 else {
            let isKnown = findings.surveysNodes
            reasons.append(
                .init(
                    axis: .n, rule: isKnown ? "no-involved-node" : "nodes-not-described", range: nil
                ))
            return Verdict(isKnown ? "N0" : "NX", number: 0)
        }
        for node in regionalNodes where level(of: node) == best {
            reasons.append(
                .init(axis: .n, category: "N\(best)", rule: rule(of: node), range: node.range))
        }
        return Verdict(byStations("N\(best)"))
    }

    /// 1 to 3: the category that a node alone gives.
    func level(of node: NodeFinding) -> Int {
        if node.station == .supraclavicular || isContralateral(node) { return 3 }
        return node.station == .mediastinal ? 2 : 1
    }

    private func rule(of node: NodeFinding) -> String {
        switch level(of: node) {
        case 3: node.station == .supraclavicular ? "supraclavicular-node" : "contralateral-node"
        case 2: "mediastinal-node"
        default: node.station == .hilar ? "hilar-node" : "node-without-station"
        }
    }

    func isContralateral(_ node: NodeFinding) -> Bool {
        switch node.side {
        case .both, .other: return true
        case .left, .right:
            if let primarySide { return node.side != primarySide }
            // Without a known primary, nodes on both sides cannot all be on its side.
            return nodeSides.contains(.left) && nodeSides.contains(.right)
        case .same, nil: return false
        }
    }

    // MARK: - M

    private func metastasis(_ reasons: inout [TNMDecision.Reason]) -> Verdict {
        if let stated = explicit(.m, &reasons) { return Verdict(stated.category) }
        return inferredMetastasis(&reasons)
    }

    /// M by the findings alone.
    func inferredMetastasis(_ reasons: inout [TNMDecision.Reason]) -> Verdict {
        let distant = distantSpread
        let inChest = spreadInChest
        for place in distant {
            reasons.append(
                .init(axis: .m, rule: "metastasis-\(place.site.rawValue)", range: place.range))
        }
        for (rule, range) in inChest {
            reasons.append(.init(axis: .m, rule: rule, range: range))
        }
        if !distant.isEmpty {
            let sites = Set(distant.map(\.site))
            if sites.contains(.unspecified), sites.count == 1 {
                return Verdict(distant.contains(where: \.isMultiple) ? "M1c" : "M1")
            }
            let several = sites.count > 1 || distant.contains(where: \.isMultiple)
            guard several, infersNinth else { return Verdict(several ? "M1c" : "M1b") }
            return Verdict(sites.count > 1 ? "M1c2" : "M1c1")
        }
        if !inChest.isEmpty { return Verdict("M1a") }
        // In doubt the lower category counts, as the UICC's rules have it.
        for place in findings.metastases where place.assertion == .possible {
            reasons.append(
                .init(axis: .m, rule: "metastasis-only-possible", range: place.range))
        }
        let hasPossible = separateNodules.contains {
            $0.relation == .otherLung && $0.assertion == .possible
        }
        let isKnown = findings.surveysSpread || hasPossible
        reasons.append(
            .init(
                axis: .m, rule: isKnown ? "no-distant-metastasis" : "spread-not-described",
                range: nil))
        return Verdict(isKnown ? "M0" : "MX", number: 0)
    }

    /// Suspected spread outside the chest, distant nodes included.
    var distantSpread: [MetastasisFinding] {
        let organs = findings.metastases.filter { $0.site != .pleura && $0.assertion >= .suspected }
        let nodes = findings.nodes.filter { $0.station == .distant && $0.assertion >= .suspected }
        return organs
            + nodes.map {
                MetastasisFinding(
                    site: .distantNode, assertion: $0.assertion, isMultiple: false, range: $0.range)
            }
    }

    /// M1a: pleural dissemination, malignant effusion, nodules of the other lung.
    var spreadInChest: [(rule: String, range: Range<Int>)] {
        let pleura = findings.metastases.filter { $0.site == .pleura && $0.assertion >= .suspected }
        let lung = separateNodules.filter {
            $0.relation == .otherLung && $0.assertion >= .suspected
        }
        return pleura.map { ("pleural-dissemination", $0.range) }
            + lung.map { ("nodule-in-other-lung", $0.range) }
    }
}
