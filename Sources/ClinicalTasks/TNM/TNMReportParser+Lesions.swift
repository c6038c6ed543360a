// SPDX-License-Identifier: Apache-2.0

/// Lesions of the lung, their invasion, and what they do to the airways.
extension TNMReportParser {
    /// Reads a lesion with the clauses that follow it.
    mutating func readLesion(_ unit: Unit, next: Unit?) {
        let main = unit.clauses[0].range
        let noun =
            TNMWords.mass.first(in: scalars, main) ?? TNMWords.shadow.first(in: scalars, main)
        guard let noun else { return }
        if isDenied(after: noun.upperBound, end: scope(of: noun, in: main)) {
            if has(TNMWords.lungPlace, main) { update { $0.deniesLesions = true } }
            if has(["消失"], main), let side = side(in: main) {
                update { $0.namedSide = $0.namedSide ?? side }
            }
            return
        }
        var lesion = LungLesion(range: main)
        place(&lesion, main)
        lesion.isMass = has(["腫瘤", "腫瘍", "mass", "軟部", "原発巣", "癌", "tumor"], main)
        lesion.isGroundGlass =
            has(TNMWords.groundGlass, main) && !has(TNMWords.partlySolid, unit.range)
        readGroundGlass(&lesion, unit.range)
        lesion.isMultiple = has(TNMWords.multiple, main)
        lesion.isInMainBronchus = has(TNMWords.mainBronchus, main)
        lesion.isInMediastinum = liesInMediastinum(main)
        for clause in unit.clauses { describe(&lesion, clause.range) }
        if has(["一塊"], main), has(TNMWords.node, main) { readMerged(main) }
        if lesion.isInMediastinum, lesion.isMultiple, lesion.spread ?? .negated >= .suspected {
            // Masses from hilum to mediastinum with `その転移` are tumour and nodes in one.
            append(
                stations(in: main).map {
                    NodeFinding(
                        station: $0.station, side: $0.side, assertion: .suspected, range: main)
                })
            lesion.spread = nil
        }
        append(lesion)
    }

    /// Where a denial that speaks of a lesion must end: one that is measured is not denied by what is
    /// said after a comma (`22mmで、空洞を認めず`) or much later.
    private func scope(of noun: Range<Int>, in main: Range<Int>) -> Int {
        guard !LesionSize.sizes(in: scalars, main).isEmpty else { return main.upperBound }
        let end = min(main.upperBound, noun.upperBound + 12)
        return scalars[noun.upperBound..<end].firstIndex(of: "、") ?? end
    }

    /// Whether what stands behind a place denies it, notes in brackets aside: 腫瘍が突出(気管分岐部には及ばない).
    func isDenied(after place: Int, end: Int) -> Bool {
        let rest = place..<max(place, end)
        guard let open = scalars[rest].firstIndex(of: "("),
            let close = scalars[open..<rest.upperBound].firstIndex(of: ")"), close - open > 4
        else { return Assertion.of(scalars, after: place, end: end) == .negated }
        return Assertion.of(scalars, after: place, end: open) == .negated
            || Assertion.of(scalars, after: close + 1, end: end) == .negated
    }

    /// Whether ground glass has a solid part, has none, or nothing is said of one.
    private func readGroundGlass(_ lesion: inout LungLesion, _ range: Range<Int>) {
        guard has(TNMWords.groundGlass, range) || has(TNMWords.pureGroundGlass, range) else {
            return
        }
        let solid = TNMWords.solidPart.all(in: scalars, range).map { place in
            Assertion.of(scalars, after: place.upperBound, end: clauseEnd(of: place))
        }
        let denied = solid.contains(.negated) && !solid.contains { $0 > .negated }
        if has(TNMWords.pureGroundGlass, range) || denied {
            lesion.isPureGroundGlass = true
            lesion.isGroundGlass = true
        } else if has(TNMWords.partlySolid, range) {
            lesion.isPartSolid = true
        }
    }

    /// The end of the clause in which a place stands.
    func clauseEnd(of place: Range<Int>) -> Int {
        clauses.first { $0.range.contains(place.lowerBound) }?.range.upperBound ?? place.upperBound
    }

    private func describe(_ lesion: inout LungLesion, _ range: Range<Int>) {
        lesion.sizes += LesionSize.sizes(in: scalars, range)
        if has(TNMWords.benign, range), !has(["閉塞性肺炎", "気腫合併"], range),
            Assertion.of(scalars, after: range.lowerBound, end: range.upperBound) != .negated
                || has(["かもしれ", "良性", "炎症"], range)
        {
            lesion.isBenign = true
        }
        if has(["もしくは", "または", "ないし"], range), has(["閉塞性肺炎"], range) {
            lesion.isAlternative = true
        }
        // `転移性肺腫瘍と原発性肺癌の鑑別を要する`: of one nodule, not of two.
        if has(["転移性肺", "肺転移"], range), has(["原発"], range), has(["鑑別"], range) {
            lesion.isAlternative = true
        }
        if has(TNMWords.knownLesion, range) { lesion.isKnown = true }
        lesion.cancer = strongest(TNMWords.cancer, range, before: lesion.cancer)
        lesion.spread = strongest(TNMWords.spread, range, before: lesion.spread)
        if has(TNMWords.sameLobe, range) { lesion.wording = .sameLobe }
        if has(TNMWords.otherLobe, range) { lesion.wording = .otherLobe }
        if has(TNMWords.otherLung, range) { lesion.wording = .otherLung }
        if has(TNMWords.manyInLungs, range),
            strongest(TNMWords.manyInLungs, range, before: nil) != nil
        {
            lesion.wording = .otherLung
        }
    }

    /// The surer of an earlier statement and what a clause says of a word; denials do not count.
    func strongest(_ words: WordList, _ range: Range<Int>, before: Assertion?) -> Assertion? {
        var result = before
        for place in words.all(in: scalars, range) {
            let state = Assertion.of(scalars, after: place.upperBound, end: range.upperBound)
            if state > .negated { result = max(result ?? .negated, state) }
        }
        return result
    }

    private func place(_ lesion: inout LungLesion, _ range: Range<Int>) {
        lesion.side = side(in: range)
        lesion.lobes = lobes(in: range)
        if has(["舌区", "LUL", "LLL"], range), lesion.side == nil { lesion.side = .left }
        if has(["中葉", "RUL", "RML", "RLL"], range), lesion.side == nil { lesion.side = .right }
    }

    /// The first side that is named.
    func side(in range: Range<Int>) -> BodySide? {
        let words: [(BodySide, WordList)] = [
            (.both, ["両側", "両肺", "両上", "両下", "左右"]), (.right, ["右"]), (.left, ["左"]),
            (.same, ["同側", "患側"]), (.other, ["対側"]),
        ]
        var best: (place: Int, side: BodySide)?
        for (side, list) in words {
            guard let place = list.first(in: scalars, range)?.lowerBound else { continue }
            if place < best?.place ?? Int.max { best = (place, side) }
        }
        return best?.side
    }

    /// The lobes that are named in a range.
    func lobes(in range: Range<Int>) -> Set<Lobe> {
        var lobes: Set<Lobe> = []
        let upper: WordList = ["上葉", "肺尖", "舌区", "上区", "舌葉", "RUL", "LUL", "S1", "S2", "S3"]
        let middle: WordList = ["中葉", "RML"]
        let lower: WordList = ["下葉", "RLL", "LLL", "S6", "S7", "S8", "S9", "S10", "肺底"]
        let inner: WordList = ["葉気管支", "葉間"]
        for (lobe, list) in [(Lobe.upper, upper), (.middle, middle), (.lower, lower)] {
            for match in list.all(in: scalars, range) {
                let isTenth =
                    match.upperBound < range.upperBound && scalars[match.upperBound] == "0"
                let bronchus = inner.begins(scalars, (match.upperBound - 1)..<range.upperBound)
                if bronchus, !lobes.isEmpty { continue }
                lobes.insert(isTenth ? .lower : lobe)
            }
        }
        if lobes.isEmpty, has(["S4", "S5"], range) { lobes.insert(.middle) }
        return lobes
    }

    private func liesInMediastinum(_ range: Range<Int>) -> Bool {
        let elsewhere: WordList = ["縦隔側", "縦隔条件", "縦隔リンパ", "縦隔胸膜", "接し", "接する", "縦隔に近"]
        return has(["縦隔"], range) && has(["腫瘤", "腫瘍", "軟部"], range) && !has(elsewhere, range)
    }

    /// A further sentence about the tumour: sizes and certainty go to the last lesion.
    mutating func readPrimaryAgain(_ unit: Unit) {
        for clause in unit.clauses {
            if has(["一塊"], clause.range), has(TNMWords.node, clause.range) {
                readMerged(clause.range)
            }
        }
        guard !findings.lesions.isEmpty else {
            if !isDenied(unit.clauses[0].range) { readLesion(unit, next: nil) }
            return
        }
        var lesion = findings.lesions[findings.lesions.count - 1]
        for clause in unit.clauses {
            lesion.sizes += LesionSize.sizes(in: scalars, clause.range)
            lesion.cancer = strongest(TNMWords.cancer, clause.range, before: lesion.cancer)
            if has(TNMWords.knownLesion, clause.range) { lesion.isKnown = true }
        }
        if isDenied(unit.clauses[0].range), has(["消失"], unit.clauses[0].range) {
            update { _ = $0.lesions.popLast() }
            return
        }
        update { $0.lesions[$0.lesions.count - 1] = lesion }
    }

    /// `肺門リンパ節と一塊となった腫瘤`: the nodes are involved.
    private mutating func readMerged(_ range: Range<Int>) {
        let state = Assertion.of(scalars, after: range.lowerBound, end: range.upperBound)
        let excluded = has(["否定できません", "否定できない"], range)
        guard state > .negated, !excluded else { return }
        append(
            stations(in: range).map {
                NodeFinding(station: $0.station, side: $0.side, assertion: .suspected, range: range)
            })
    }

    /// `大きさ(mm):35x22` of a cancer that is only named.
    mutating func readLoneSize() {
        guard findings.cancerMention != nil, findings.lesions.allSatisfy(\.sizes.isEmpty) else {
            return
        }
        let starts: WordList = ["T:", "今回", "現在", "本日", "今日", "原発:", "原発巣:", "主病変:", "主病巣:", "腫瘍:"]
        for (index, clause) in clauses.enumerated()
        where !has(TNMWords.node, clause.range) && !isOrgan(clause.range) {
            let sizes = LesionSize.sizes(in: scalars, clause.range)
            guard let size = sizes.first else { continue }
            let isOfTumour =
                TNMWords.sizeRow.begins(scalars, clause.range)
                || starts.occurs(in: scalars, clause.range)
                || index > 0
                    && (isSizeOfNamed(clause, after: clauses[index - 1])
                        || isBelowHeading(size, clause, clauses[index - 1]))
            guard isOfTumour, findings.lesions.isEmpty else {
                // A size that nothing is known of is for a person to look at.
                update { $0.bareSize = $0.bareSize ?? size.range }
                continue
            }
            append(
                LungLesion(
                    range: clause.range, side: findings.namedSide, sizes: sizes, cancer: .stated))
        }
    }

    /// `サイズ(cm)` and, in the next line, `3.4x2.0`.
    private func isBelowHeading(
        _ size: LesionSize, _ clause: ReportClause, _ heading: ReportClause
    ) -> Bool {
        let mark: WordList = ["【", "[", "<", "■", "●", "・"]
        let start = mark.prefix(of: scalars, heading.range)?.upperBound ?? heading.range.lowerBound
        return TNMWords.sizeRow.begins(scalars, start..<heading.range.upperBound)
            && heading.range.count <= 10
            && size.range.lowerBound == clause.range.lowerBound
    }

    /// 左下葉肺癌。53mm大: the size that stands right behind a cancer's name.
    private func isSizeOfNamed(_ clause: ReportClause, after named: ReportClause) -> Bool {
        guard let cancer = findings.cancerMention, named.range.contains(cancer.lowerBound),
            !has(TNMWords.treated, named.range)
        else { return false }
        return LesionSize.sizes(in: scalars, clause.range).first.map {
            $0.range.lowerBound - clause.range.lowerBound <= 3
        } ?? false
    }

    // MARK: - Invasion and airways

    mutating func readInvasion(_ clause: ReportClause, previous: ReportClause?) {
        let range = clause.range
        guard let trigger = trigger(in: range), !has(TNMWords.node, range) else { return }
        if TNMWords.undone.begins(scalars, trigger.upperBound..<range.upperBound) { return }
        if let fat = TNMWords.pleuralFat.first(in: scalars, range) { readFat(fat, range) }
        let assertion = Assertion.of(scalars, after: trigger.upperBound, end: range.upperBound)
        guard assertion > .negated else { return }
        var found = structures(in: range)
        if found.isEmpty, let previous,
            previous.sentence == clause.sentence
                || TNMWords.continuation.begins(scalars, range)
        {
            if has(TNMWords.touching, previous.range) { found = structures(in: previous.range) }
        }
        let word = scalars[trigger.lowerBound]
        if word == "突" || word == "ま" { return }
        for (structure, place) in found {
            if word == "溶" || word == "骨", structure != .chestWall { continue }
            let start = min(place.lowerBound, range.lowerBound)
            append(
                InvasionFinding(
                    structure: level(of: structure, in: range), assertion: assertion,
                    range: start..<range.upperBound))
        }
    }

    /// Tumour in the fat outside the pleura has crossed the parietal pleura; what is said after the
    /// next comma speaks of something else.
    private mutating func readFat(_ fat: Range<Int>, _ range: Range<Int>) {
        let comma = scalars[fat.upperBound..<range.upperBound].firstIndex(of: "、")
        let end = comma ?? range.upperBound
        let assertion = Assertion.of(scalars, after: fat.upperBound, end: end)
        guard assertion > .negated, has(["突出", "浸潤", "及", "進展"], fat.upperBound..<end) else {
            return
        }
        append(
            InvasionFinding(
                structure: .chestWall, assertion: assertion, range: range.lowerBound..<end))
    }

    private func trigger(in range: Range<Int>) -> Range<Int>? {
        TNMWords.invasionTrigger.all(in: scalars, range).last {
            !TNMWords.noInvasion.begins(scalars, $0.lowerBound..<range.upperBound)
        }
    }

    /// Structures named in a range; the more particular name of a place counts.
    private func structures(in range: Range<Int>) -> [(InvadedStructure, Range<Int>)] {
        var found: [(InvadedStructure, Range<Int>)] = []
        for (structure, words) in TNMWords.structures {
            for place in words.all(in: scalars, range)
            where !found.contains(where: { $0.1.overlaps(place) }) {
                // 右横隔膜の挙上を認め横隔神経浸潤を疑う: raised, not invaded.
                let rest = place.upperBound..<range.upperBound
                if structure == .diaphragm, TNMWords.raised.begins(scalars, rest) { continue }
                found.append((structure, place))
            }
        }
        for place in (["縦隔"] as WordList).all(in: scalars, range) {
            let rest = place.upperBound..<range.upperBound
            let other: WordList = ["リンパ", "側", "条件", "胸膜"]
            if !other.begins(scalars, rest) || rest.isEmpty { found.append((.mediastinum, place)) }
        }
        return found
    }

    /// Palsies and syndromes that show growth into a structure.
    mutating func readSigns(_ clause: ReportClause) {
        let range = clause.range
        for (structure, words) in TNMWords.signs {
            guard let word = words.first(in: scalars, range), !has(TNMWords.node, range) else {
                continue
            }
            let assertion = Assertion.of(scalars, after: word.upperBound, end: range.upperBound)
            guard assertion > .negated else { continue }
            append(
                InvasionFinding(
                    structure: structure, assertion: assertion,
                    range: word.lowerBound..<range.upperBound))
        }
    }

    /// `腕神経叢(T1)`: the lower roots belong to the superior sulcus.
    private func level(of structure: InvadedStructure, in range: Range<Int>) -> InvadedStructure {
        guard structure == .brachialPlexus, has(TNMWords.lowerRoots, range),
            !has(TNMWords.upperRoots, range)
        else { return structure }
        return .superiorSulcus
    }

    mutating func readAirways(_ clause: ReportClause) {
        let range = clause.range
        if let place = TNMWords.obstruction.first(in: scalars, range),
            !has(TNMWords.otherCollapse, range)
        {
            let vanishedAir = has(["含気"], place)
            let state = Assertion.of(scalars, after: place.upperBound, end: range.upperBound)
            if state > .negated || vanishedAir {
                update { $0.obstruction = $0.obstruction ?? place }
            }
        }
        if let place = TNMWords.mainBronchus.first(in: scalars, range), !has(TNMWords.node, range),
            !isDenied(after: place.upperBound, end: range.upperBound),
            Assertion.of(scalars, after: place.upperBound, end: range.upperBound) != .asked
        {
            update { $0.mainBronchus = $0.mainBronchus ?? place }
        }
    }

    // MARK: - Primary

    /// The lesion that the report calls cancer or known; the largest if several are, or none is.
    mutating func choosePrimary() {
        var best: (index: Int, rank: Int, size: Double)?
        for (index, lesion) in findings.lesions.enumerated() {
            guard let rank = rank(lesion) else { continue }
            let size = lesion.size?.millimetres ?? 0
            if best == nil || (rank, size) > (best?.rank ?? 0, best?.size ?? 0) {
                best = (index, rank, size)
            }
        }
        let primary = best?.index
        update { $0.primary = primary }
    }

    private func rank(_ lesion: LungLesion) -> Int? {
        let isSeparate = (lesion.spread ?? .negated) > .negated
        if lesion.isKnown, !isSeparate || lesion.isMass { return 4 }
        if let cancer = lesion.cancer, !isSeparate || lesion.isMass {
            return cancer >= .suspected ? 3 : 2
        }
        if isSeparate, lesion.cancer == nil { return nil }
        if lesion.isBenign { return nil }
        if lesion.isMass, findings.isTreated {
            return findings.isResected || lesion.sizes.isEmpty ? nil : 1
        }
        if lesion.isMass { return 2 }
        if isSeparate { return 0 }
        let size = lesion.size?.millimetres ?? 0
        if size >= 8, !lesion.isGroundGlass || size >= 10, !findings.isTreated { return 1 }
        return nil
    }
}
