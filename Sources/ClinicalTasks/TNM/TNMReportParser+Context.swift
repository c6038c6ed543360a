// SPDX-License-Identifier: Apache-2.0

/// What was looked at, and which other diseases are named.
extension TNMReportParser {
    /// Places that were looked at without a finding: denials, and harmless findings of the organs.
    mutating func readSurvey(_ clause: ReportClause) {
        let range = clause.range
        let state = Assertion.of(scalars, after: range.lowerBound, end: range.upperBound)
        let unchanged = has(["著変", "変化な"], range) && !has(TNMWords.metastasis, range)
        let isNormal = has(["正常"], range) && state > .negated
        let isClean = state == .negated || isNormal || unchanged && !has(TNMWords.node, range)
        let nodes = has(TNMWords.node, range) || has(TNMWords.nodePlace, range)
        if isClean { readDenial(range, nodes: nodes) }
        let organ = TNMWords.organs.contains { has($0.1, range) }
        if organ, !nodes, !has(TNMWords.metastasis, range), has(TNMWords.harmlessOrgan, range) {
            update { $0.surveysSpread = true }
        }
        if let word = TNMWords.recurrence.first(in: scalars, range),
            Assertion.of(scalars, after: word.upperBound, end: range.upperBound) == .negated
        {
            update { $0.deniesRecurrence = true }
        }
    }

    private mutating func readDenial(_ range: Range<Int>, nodes: Bool) {
        if nodes { update { $0.surveysNodes = true } }
        if has(["縦隔", "肺門"], range), !has(["浸潤", "腫瘤"], range) {
            update { $0.surveysNodes = true }
        }
        let elsewhere = TNMWords.organs.contains { has($0.1, range) }
        let pleura = has(TNMWords.pleura, range) || has(TNMWords.effusion, range)
        if elsewhere || pleura || has(TNMWords.generalMetastasis, range) || has(["遠隔"], range) {
            update { $0.surveysSpread = true }
        }
        for place in TNMWords.metastasis.all(in: scalars, range) {
            let before = range.lowerBound..<place.lowerBound
            let ofNodes: WordList = ["リンパ節", "リンパ", "節", "LN"]
            let ofLung: WordList = ["肺内", "肺", "対側肺"]
            if ofNodes.ends(scalars, before) { update { $0.surveysNodes = true } }
            if !ofNodes.ends(scalars, before), !ofLung.ends(scalars, before) {
                update { $0.surveysSpread = true }
                // 転移なし, without a place, speaks of the nodes as well.
                if !elsewhere, !pleura, !has(["遠隔"], range) { update { $0.surveysNodes = true } }
            }
        }
        let rest = has(TNMWords.remainder, range) || has(["特記", "他臓器", "全身"], range)
        if rest, !has(["肺野", "肺内", "気管支"], range) {
            update {
                $0.surveysNodes = true
                $0.surveysSpread = true
            }
        }
    }

    /// Diseases that are no lung cancer, and what was done.
    mutating func readDiagnoses(_ clause: ReportClause) {
        guard !has(["家族歴", "父", "母", "兄", "姉"], clause.range) else { return }
        let lists: [(Diagnosis.Kind, WordList)] = [
            (.otherCancer, TNMWords.otherCancer), (.lymphoma, TNMWords.lymphoma),
            (.thymoma, TNMWords.thymoma), (.inflammation, TNMWords.inflammation),
            (.benign, TNMWords.benignTumour), (.lungMetastasis, TNMWords.lungMetastasis),
            (.surgery, TNMWords.surgery), (.recurrence, TNMWords.recurrence),
        ]
        for (kind, words) in lists {
            for place in words.all(in: scalars, clause.range) { read(kind, place, clause) }
        }
    }

    private mutating func read(_ kind: Diagnosis.Kind, _ place: Range<Int>, _ clause: ReportClause)
    {
        let start = max(clause.range.lowerBound, place.lowerBound - 2)
        let word = start..<min(clause.range.upperBound, place.upperBound + 2)
        if kind == .inflammation, has(TNMWords.inflammationOfTumour, word) { return }
        let organ = TNMWords.organs.contains { has($0.1, clause.range) }
        if kind == .benign || kind == .inflammation {
            // Cysts of the liver and reactive nodes explain no shadow of the lung.
            let isNode = has(TNMWords.node, clause.range) && !has(TNMWords.nodeOfLung, word)
            if organ || isNode { return }
        }
        let assertion = Assertion.of(scalars, after: place.upperBound, end: clause.range.upperBound)
        let sentence = sentenceStart(of: clause)..<place.lowerBound
        let (side, lobes) = (side(in: sentence), lobes(in: sentence))
        update {
            $0.diagnoses.append(
                Diagnosis(kind: kind, assertion: assertion, range: place, side: side, lobes: lobes))
        }
    }

    private func sentenceStart(of clause: ReportClause) -> Int {
        clauses.first { $0.sentence == clause.sentence }?.range.lowerBound
            ?? clause.range.lowerBound
    }

    /// Whether the clause speaks of the lungs, other than in the name of a cancer, or of another region.
    mutating func readRegion(_ clause: ReportClause) {
        let range = clause.range
        for place in TNMWords.otherRegion.all(in: scalars, range) {
            let rest = place.upperBound..<range.upperBound
            if rest.isEmpty || !TNMWords.namesPlace.begins(scalars, rest) {
                update { $0.showsOtherRegion = true }
            }
        }
        for place in TNMWords.chest.all(in: scalars, range) {
            let rest = place.upperBound..<range.upperBound
            if rest.isEmpty || !TNMWords.namesPlace.begins(scalars, rest) {
                update { $0.showsLung = true }
            }
        }
        for place in TNMWords.lungCancer.all(in: scalars, range) {
            let before = range.lowerBound..<place.lowerBound
            guard !has(TNMWords.screening, range),
                !(["転移性", "転移"] as WordList).ends(scalars, before)
            else { continue }
            let state = Assertion.of(scalars, after: place.upperBound, end: range.upperBound)
            update {
                $0.lungCancer = max($0.lungCancer ?? .asked, state)
                $0.isLungCancerDenied = state == .negated
            }
        }
        guard findings.bareSize == nil else { return }
        var scanner = LengthScanner(
            scalars: scalars, index: range.lowerBound, end: range.upperBound)
        while scanner.index < range.upperBound {
            if scanner.isNumberStart, let bare = scanner.bareProduct() {
                update { $0.bareSize = bare }
                return
            }
            scanner.index += 1
        }
    }
}
