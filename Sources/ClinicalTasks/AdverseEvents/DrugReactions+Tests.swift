// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Tests of a drug, in the skin or in a glass.
extension DrugReactions {
    /// X の DLST 陽性, of the reaction that was told before.
    mutating func readTest(of number: Int) -> Bool {
        let rest = text.clause(text.rest(after: number), stopsAtComma: false)
        let drugs = text.groups[number]
        let before = text.sentences[drugs.sentence].lowerBound..<drugs.range.lowerBound
        // A label before the drug, or before others of the same test.
        let label = CausalWords.tests.first(in: text.scalars, before)
        // パッチテスト:X 陽性
        if let test = label,
            CausalWords.positiveTests.prefix(of: text.scalars, rest) != nil,
            let event = told(before: number) ?? antecedent(of: number)
        {
            let isNamed = text.has(["原因"], rest)
            for group in event.groups {
                add(
                    drugs: text.groups[number], diseases: group,
                    level: isNamed ? .certain : .probable,
                    rule: isNamed ? .namedCulprit : .positiveTest, cue: test, review: !isNamed)
            }
            return true
        }
        // パッチテストで X と Y は陰性: of what was told before.
        if let test = label,
            let negative = CausalWords.negativeTests.prefix(of: text.scalars, rest),
            let event = told(before: number) ?? antecedent(of: number)
        {
            for group in event.groups {
                add(
                    drugs: text.groups[number], diseases: group, level: .unlikely, rule: .excluded,
                    cue: test.lowerBound..<negative.upperBound)
            }
            return true
        }
        guard let test = CausalWords.tests.first(in: text.scalars, rest),
            test.lowerBound - rest.lowerBound <= 6,
            text.has(["陽性"], test.upperBound..<rest.upperBound),
            !text.has(["陰性", "ではな"], test.upperBound..<rest.upperBound),
            let event = antecedent(of: number)
        else { return false }
        for group in event.groups {
            add(
                drugs: text.groups[number], diseases: group, level: .probable,
                rule: .positiveTest, cue: test, review: true)
        }
        return true
    }
}

extension CausalWords {
    /// Behind a drug, of a test.
    static let positiveTests: WordList = [
        "陽性", "(+)", "で陽性", "が陽性", "のみ陽性", "は陽性", "に陽性", "のみが陽性", "にのみ陽性",
    ]
    static let negativeTests: WordList = [
        "には陰性", "については陰性", "にはいずれも陰性",
        "は陰性", "陰性", "(-)", "は(-)", "とも陰性", "はいずれも陰性", "で陰性", "が陰性",
    ]
    /// Tests of a drug.
    static let tests: WordList = [
        "DLST", "リンパ球刺激試験", "リンパ球幼若化", "パッチテスト", "プリックテスト", "皮内テスト", "皮内反応", "皮膚テスト", "貼付試験",
        "内服テスト",
    ]
}
