// SPDX-License-Identifier: Apache-2.0

/// What decides T.
extension TNMRules {
    /// One reason for a level of T.
    struct TumourCandidate: Sendable {
        /// 1 to 4.
        let level: Int
        let rule: String
        let range: Range<Int>?
        /// The category, where it is not that of the level (`Tis`, `T1mi`).
        var category: String?
    }

    /// A lesion that the report calls a separate tumour nodule or metastasis.
    struct SeparateNodule: Sendable {
        let relation: LungLesion.Wording
        let assertion: Assertion
        let range: Range<Int>
    }

    /// All reasons for a tumour; empty if the report shows none.
    static func tumourCandidates(of rules: TNMRules) -> [TumourCandidate] {
        let findings = rules.findings
        var candidates = rules.sizeCandidates
        let nodules = rules.separateNodules
        for nodule in nodules {
            switch nodule.relation {
            case .sameLobe:
                candidates.append(.init(level: 3, rule: "nodule-in-same-lobe", range: nodule.range))
            case .otherLobe where rules.primary != nil || !findings.namedLobes.isEmpty:
                candidates.append(
                    .init(level: 4, rule: "nodule-in-other-lobe", range: nodule.range))
            case .otherLobe, .otherLung: break
            }
        }
        let knowsTumour =
            rules.primary != nil || findings.cancerMention != nil && !findings.isTreated
        guard knowsTumour else { return candidates }
        candidates += findings.invasions.compactMap(candidate)
        if let range = findings.obstruction {
            candidates.append(.init(level: 2, rule: "atelectasis-or-pneumonitis", range: range))
        }
        if let range = findings.mainBronchus, rules.primary != nil {
            candidates.append(.init(level: 2, rule: "main-bronchus", range: range))
        }
        for lesion in findings.lesions where lesion.isInMediastinum && !lesion.isBenign {
            candidates.append(.init(level: 4, rule: "mass-in-mediastinum", range: lesion.range))
        }
        if candidates.isEmpty, !findings.isTreated, !findings.deniesLesions,
            let place = findings.placedCancer
        {
            candidates.append(
                .init(level: 1, rule: "tumour-without-size", range: place, category: "TX"))
        }
        return candidates
    }

    private var sizeCandidates: [TumourCandidate] {
        guard let primary else { return [] }
        if let early = earlyCandidate(primary) { return [early] }
        guard let size = primary.size else {
            return [
                .init(level: 1, rule: "size-not-stated", range: primary.range, category: "TX")
            ]
        }
        switch size.millimetres {
        case ...30: return [.init(level: 1, rule: "size-up-to-3cm", range: size.range)]
        case ...50: return [.init(level: 2, rule: "size-over-3cm", range: size.range)]
        case ...70: return [.init(level: 3, rule: "size-over-5cm", range: size.range)]
        default: return [.init(level: 4, rule: "size-over-7cm", range: size.range)]
        }
    }

    /// Ground glass with no solid part, or one of at most 5 mm: Tis and T1mi up to 3 cm, T1a above.
    private func earlyCandidate(_ lesion: LungLesion) -> TumourCandidate? {
        guard let size = lesion.largest else { return nil }
        let isSmall = size.millimetres <= 30
        if lesion.isGroundGlass, lesion.solidSize == nil {
            let rule = lesion.isPureGroundGlass ? "pure-ground-glass" : "ground-glass-only"
            return .init(level: 1, rule: rule, range: size.range, category: isSmall ? "Tis" : "T1a")
        }
        // 結節20mm(充実径4mm): the solid part is less than the whole.
        guard let solid = lesion.solidSize, solid.millimetres <= 5,
            lesion.isPartSolid || solid.millimetres < size.millimetres
        else { return nil }
        return .init(
            level: 1, rule: "solid-part-up-to-5mm", range: solid.range,
            category: isSmall ? "T1mi" : "T1a")
    }

    private static func candidate(_ invasion: InvasionFinding) -> TumourCandidate? {
        let name = "invasion-of-\(invasion.structure.rawValue)"
        switch invasion.structure {
        case .visceralPleura:
            return .init(level: 2, rule: name, range: invasion.range)
        case .chestWall, .pericardium, .phrenicNerve, .superiorSulcus:
            let level = invasion.assertion >= .suspected ? 3 : 2
            return .init(level: level, rule: name, range: invasion.range)
        case .pulmonaryVessel:
            // A branch inside the lung is no great vessel; only a plain statement counts.
            guard invasion.assertion == .stated else { return nil }
            return .init(level: 4, rule: name, range: invasion.range)
        case .mediastinum, .heart, .greatVessel, .trachea, .oesophagus, .vertebra, .diaphragm,
            .recurrentNerve, .brachialPlexus, .venaCavaSyndrome:
            return .init(level: 4, rule: name, range: invasion.range)
        }
    }

    /// The separate nodules, each with its place relative to the primary.
    var separateNodules: [SeparateNodule] {
        findings.lesions.enumerated().compactMap { index, lesion in
            guard let assertion = lesion.spread, assertion > .negated else { return nil }
            if lesion.isAlternative { return nil }
            if index == findings.primary { return ownSpread(lesion, assertion) }
            if assertion == .possible, lesion.isBenign || lesion.isGroundGlass { return nil }
            if lesion.isBenign, lesion.wording == nil { return nil }
            return SeparateNodule(
                relation: relation(of: lesion), assertion: assertion, range: lesion.range)
        }
    }

    /// The primary's own description may end with its satellites (`肺癌、肺内転移を疑います`).
    private func ownSpread(_ lesion: LungLesion, _ assertion: Assertion) -> SeparateNodule? {
        guard !lesion.isBenign || lesion.wording != nil else { return nil }
        // `両肺に多発結節、最大のものが原発、他は肺内転移`
        let inBoth = findings.lesions.contains { $0.side == .both && $0.isMultiple && !$0.isBenign }
        return SeparateNodule(
            relation: lesion.wording ?? (inBoth ? .otherLung : .sameLobe), assertion: assertion,
            range: lesion.range)
    }

    private func relation(of lesion: LungLesion) -> LungLesion.Wording {
        if lesion.wording == .otherLung || lesion.side == .other { return .otherLung }
        if lesion.wording == .otherLobe { return .otherLobe }
        if lesion.side == .both { return .otherLung }
        guard let primary else {
            let away = lesion.side == .left || lesion.side == .right
            let known = findings.namedSide != nil && away
            if known, lesion.side != findings.namedSide { return .otherLung }
            let isElsewhere =
                !lesion.lobes.isEmpty && !findings.namedLobes.isEmpty
                && lesion.lobes.isDisjoint(with: findings.namedLobes)
            return isElsewhere ? .otherLobe : .sameLobe
        }
        if let mine = lesion.side, let its = primary.side, mine != .same, its != .both, mine != its
        {
            return .otherLung
        }
        if !lesion.lobes.isEmpty, !primary.lobes.isEmpty,
            lesion.lobes.isDisjoint(with: primary.lobes)
        {
            return .otherLobe
        }
        return .sameLobe
    }
}
