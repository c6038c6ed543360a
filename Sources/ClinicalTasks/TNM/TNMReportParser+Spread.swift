// SPDX-License-Identifier: Apache-2.0

/// Lymph nodes, pleura and distant organs.
extension TNMReportParser {
    /// A station with the side told beside it.
    struct Place {
        let station: NodeStation
        let side: BodySide?
        let range: Range<Int>
    }

    /// The stations named in a range, from left to right, each with its side.
    func stations(in range: Range<Int>) -> [Place] {
        let lists: [(NodeStation, WordList)] = [
            (.distant, TNMWords.distantNode), (.supraclavicular, TNMWords.supraclavicular),
            (.hilar, TNMWords.hilar), (.mediastinal, TNMWords.mediastinal),
        ]
        var found: [(NodeStation, Range<Int>)] = []
        for (station, words) in lists {
            for place in words.all(in: scalars, range)
            where !found.contains(where: { $0.1.overlaps(place) }) {
                let rest = place.upperBound..<range.upperBound
                let isSide = (["側", "条件"] as WordList).begins(scalars, rest) && !rest.isEmpty
                if isSide, !has(["気管右", "気管左"], place) { continue }
                found.append((station, place))
            }
        }
        found.sort { $0.1.lowerBound < $1.1.lowerBound }
        var places: [Place] = []
        var start = range.lowerBound
        for (station, place) in found {
            let own =
                nearestSide(start..<place.lowerBound) ?? sideAfter(place, end: range.upperBound)
            places.append(Place(station: station, side: own ?? places.last?.side, range: place))
            start = place.upperBound
        }
        return places
    }

    private func nearestSide(_ range: Range<Int>) -> BodySide? {
        let words: [(BodySide, WordList)] = [
            (.both, ["両側", "両肺", "左右"]), (.same, ["同側", "患側"]), (.other, ["対側", "反対側"]),
            (.right, ["右"]),
            (.left, ["左"]),
        ]
        var best: (place: Int, side: BodySide)?
        for (side, list) in words {
            guard let place = list.all(in: scalars, range).last?.lowerBound else { continue }
            if place > best?.place ?? -1 { best = (place, side) }
        }
        return best?.side
    }

    private func sideAfter(_ place: Range<Int>, end: Int) -> BodySide? {
        let tail = place.upperBound..<min(end, place.upperBound + 3)
        let shape = (place.upperBound - 1)..<min(end, place.upperBound + 2)
        if has(["右側"], tail) || (["R"] as WordList).begins(scalars, tail)
            || (["右側"] as WordList).begins(scalars, shape)
        {
            return .right
        }
        if has(["左側"], tail) || (["L"] as WordList).begins(scalars, tail)
            || (["左側"] as WordList).begins(scalars, shape)
        {
            return .left
        }
        if has(["気管右", "気管の右", "R"], place) { return .right }
        return has(["気管左", "気管の左", "L"], place) ? .left : nil
    }

    /// What a unit says of nodes; empty if it denies them or thinks them harmless.
    mutating func nodes(in unit: Unit, place: Range<Int>?) -> [NodeFinding] {
        let reading = NodeReading(unit: unit, parser: self)
        if reading.isDenied { update { $0.deniesNodes = true } }
        if reading.isUnsettled { update { $0.hasUnsettledNodes = true } }
        if reading.isExamined { update { $0.surveysNodes = true } }
        guard let assertion = reading.assertion else { return [] }
        var places = unit.clauses.flatMap { clause in
            isDenied(clause.range) ? [] : stations(in: clause.range)
        }
        if places.isEmpty, let place { places = stations(in: place) }
        let range = unit.clauses[0].range
        if places.isEmpty {
            // A side behind the nodes is that of an organ.
            let node = TNMWords.node.first(in: scalars, range)?.upperBound ?? range.upperBound
            let side = side(in: range.lowerBound..<node)
            return [
                NodeFinding(station: .unplaced, side: side, assertion: assertion, range: range)
            ]
        }
        let regional = places.contains { $0.station == .hilar || $0.station == .mediastinal }
        return places.map { place in
            let aortic = place.station == .distant && regional && has(["傍大動脈"], place.range)
            return NodeFinding(
                station: aortic ? .mediastinal : place.station, side: place.side,
                assertion: assertion, range: range, name: name(of: place.range))
        }
    }

    /// The name of one station; nil for a region.
    private func name(of place: Range<Int>) -> String? {
        guard !has(["縦隔", "ediastinal"], place) else { return nil }
        return String(String.UnicodeScalarView(scalars[place]))
    }

    /// How a unit's clauses together judge the nodes they name.
    private struct NodeReading {
        var assertion: Assertion?
        var isDenied = false
        /// Whether nodes were looked at and none of them counts.
        var isExamined = false
        /// Whether a metastasis is left open without being suspected; in doubt the lower category counts.
        var isUnsettled = false

        init(unit: Unit, parser: TNMReportParser) {
            let scalars = parser.scalars
            var metastasis: Assertion?
            var swelling: Assertion?
            var isHarmless = unit.lead.map { parser.has(TNMWords.reactive, $0.range) } ?? false
            var isSlight = false
            for clause in unit.clauses {
                let range = clause.range
                if parser.has(TNMWords.reactive, range) { isHarmless = true }
                if parser.has(TNMWords.slight, range) { isSlight = true }
                let recurrence = TNMWords.recurrence.first(in: scalars, range)
                let sampled = TNMWords.sampled.first(in: scalars, range)
                if let word = TNMWords.metastasis.first(in: scalars, range) ?? recurrence ?? sampled
                {
                    let state = Assertion.of(scalars, after: word.upperBound, end: range.upperBound)
                    metastasis = max(metastasis ?? .negated, state)
                } else if let state = Self.swelling(range, parser) {
                    swelling = max(swelling ?? .negated, state)
                }
                if let word = TNMWords.swelling.first(in: scalars, range) {
                    var state = Assertion.of(scalars, after: word.upperBound, end: range.upperBound)
                    // not enlarged
                    if (["not", "Not", "non"] as WordList).ends(
                        scalars, range.lowerBound..<word.lowerBound)
                    {
                        state = .negated
                    }
                    let merged = parser.has(["一塊"], range) && !parser.has(["否定"], range)
                    if state == .possible, merged { state = .suspected }
                    swelling = max(swelling ?? .negated, state)
                }
            }
            let enlarged = (swelling ?? .negated) > .negated
            isDenied = metastasis == .negated || (metastasis == nil && swelling == .negated)
            switch metastasis {
            case .suspected, .stated: assertion = metastasis
            case .possible where unit.clauses.contains { parser.has(TNMWords.unsettled, $0.range) }:
                isUnsettled = true
            case .possible:
                assertion =
                    isHarmless || !enlarged && parser.isOnlyProminent(unit) ? nil : .possible
            case .negated, .asked: assertion = nil
            case nil:
                let sure = (swelling ?? .negated) >= .suspected
                assertion = sure && !isHarmless && !isSlight ? .suspected : nil
            }
            isExamined =
                isDenied || isUnsettled || assertion == nil && (isHarmless || isSlight || enlarged)
        }

        /// Enlargement by size alone: a node of 10 mm or more.
        private static func swelling(_ range: Range<Int>, _ parser: TNMReportParser) -> Assertion? {
            let isNode = parser.has(TNMWords.node, range) || parser.has(TNMWords.nodePlace, range)
            guard isNode else { return nil }
            let large = LesionSize.sizes(in: parser.scalars, range).contains {
                $0.millimetres >= 10
            }
            if large {
                return Assertion.of(parser.scalars, after: range.lowerBound, end: range.upperBound)
            }
            return parser.has(["目立", "結節"], range) && !parser.has(TNMWords.prominent, range)
                ? .suspected : nil
        }
    }

    /// `サイズが目立ち`: prominent, but not called enlarged.
    private func isOnlyProminent(_ unit: Unit) -> Bool {
        has(TNMWords.prominent, unit.clauses[0].range)
    }

    // MARK: - Organs

    func metastases(in unit: Unit) -> [MetastasisFinding] {
        var found: [MetastasisFinding] = []
        var sites = sites(in: unit.clauses[0].range)
        let multiple = has(TNMWords.multiple, unit.range)
        for clause in unit.clauses {
            let own = self.sites(in: clause.range)
            if !own.isEmpty { sites = own }
            guard let state = metastasisState(clause.range, sites: sites), state > .negated else {
                continue
            }
            for site in sites {
                found.append(
                    MetastasisFinding(
                        site: site, assertion: state, isMultiple: multiple,
                        range: unit.clauses[0].range))
            }
        }
        return found
    }

    private func metastasisState(_ range: Range<Int>, sites: [MetastasisSite]) -> Assertion? {
        if let word = TNMWords.metastasis.first(in: scalars, range) {
            return Assertion.of(scalars, after: word.upperBound, end: range.upperBound)
        }
        guard sites.contains(.bone), let word = TNMWords.boneDestruction.first(in: scalars, range),
            !has(["浸潤", "肋骨"], range)
        else { return nil }
        return Assertion.of(scalars, after: word.upperBound, end: range.upperBound) > .negated
            ? .suspected : .negated
    }

    private func sites(in range: Range<Int>) -> [MetastasisSite] {
        var found: [(MetastasisSite, Range<Int>)] = []
        for (site, words) in TNMWords.organs {
            for place in words.all(in: scalars, range)
            where !found.contains(where: { $0.1.overlaps(place) }) {
                found.append((site, place))
            }
        }
        var sites: [MetastasisSite] = []
        for (site, _) in found where !sites.contains(site) { sites.append(site) }
        if sites.isEmpty, has(TNMWords.generalMetastasis, range) { sites = [.unspecified] }
        return sites
    }

    // MARK: - Pleura

    mutating func readPleuralSpread(_ clause: ReportClause) {
        let range = clause.range
        guard let word = TNMWords.malignantPleura.first(in: scalars, range),
            !has(TNMWords.farther, range)
        else { return }
        let state = Assertion.of(scalars, after: word.upperBound, end: range.upperBound)
        guard state > .negated else { return }
        append(MetastasisFinding(site: .pleura, assertion: state, isMultiple: false, range: range))
    }

    /// Dissemination to meninges and peritoneum: several foci, outside the chest.
    mutating func readDissemination(_ clause: ReportClause) {
        let lists: [(MetastasisSite, WordList)] = [
            (.meninges, TNMWords.meninges), (.peritoneum, TNMWords.peritoneum),
        ]
        for (site, words) in lists {
            guard let word = words.first(in: scalars, clause.range) else { continue }
            let state = Assertion.of(scalars, after: word.upperBound, end: clause.range.upperBound)
            guard state > .negated else { continue }
            append(
                MetastasisFinding(
                    site: site, assertion: state, isMultiple: true, range: clause.range))
        }
    }

    /// `胸水中に癌細胞を認める`
    private mutating func readCells(in clause: ReportClause) {
        guard has(TNMWords.effusion, clause.range), !has(TNMWords.cytology, clause.range),
            let cells = TNMWords.foundCells.first(in: scalars, clause.range)
        else { return }
        let state = Assertion.of(scalars, after: cells.upperBound, end: clause.range.upperBound)
        guard state > .negated else { return }
        append(
            MetastasisFinding(
                site: .pleura, assertion: state, isMultiple: false, range: clause.range))
    }

    /// `右中葉に肺内転移あり`, `対側肺転移`: spread within the lungs that is named, not described.
    mutating func readNamedSpread(_ clause: ReportClause) {
        let range = clause.range
        guard topic(of: clause) == .none, let word = TNMWords.metastasis.first(in: scalars, range),
            has(TNMWords.placeOfSpread, range), !has(TNMWords.otherCancer, range)
        else { return }
        let state = Assertion.of(scalars, after: word.upperBound, end: range.upperBound)
        guard state >= .suspected else { return }
        var lesion = LungLesion(
            range: range, side: side(in: range), lobes: lobes(in: range), spread: state)
        if has(TNMWords.otherLung, range) { lesion.wording = .otherLung }
        append(lesion)
    }

    /// `胸水あり、細胞診陽性`: the cytology of an effusion, in its sentence or in the next.
    mutating func readCytology() {
        var lastEffusion = -2
        for clause in clauses {
            if has(TNMWords.effusion, clause.range) { lastEffusion = clause.sentence }
            readCells(in: clause)
            guard clause.sentence - lastEffusion <= 1,
                let word = TNMWords.cytology.first(in: scalars, clause.range),
                // 気管支鏡下生検で肺腺癌と診断し、胸水細胞診でも…: of what stands right before it.
                !has(
                    ["喀痰", "擦過", "気管支", "リンパ節", "EBUS"],
                    max(clause.range.lowerBound, word.lowerBound - 8)..<word.lowerBound)
            else { continue }
            let rest = word.upperBound..<clause.range.upperBound
            guard let positive = TNMWords.positiveCytology.first(in: scalars, rest) else {
                continue
            }
            let state = Assertion.of(scalars, after: positive.upperBound, end: rest.upperBound)
            guard state > .negated else { continue }
            append(
                MetastasisFinding(
                    site: .pleura, assertion: state, isMultiple: false, range: clause.range))
        }
    }
}
