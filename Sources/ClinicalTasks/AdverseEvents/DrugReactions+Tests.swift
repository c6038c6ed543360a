// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Tests of a drug, in the skin or in a glass.
extension DrugReactions {
    /// X の DLST 陽性, of the reaction that was told before.
    mutating func readTest(of number: Int) -> Bool {
        let rest = text.clause(text.rest(after: number), stopsAtComma: false)
        let lead = text.lead(before: number)
        let label = max(lead.lowerBound, lead.upperBound - 10)..<lead.upperBound
        // パッチテスト:X 陽性
        if let test = CausalWords.tests.first(in: text.scalars, label),
            (["陽性", "(+)", "で陽性", "が陽性", "のみ陽性"] as WordList).prefix(of: text.scalars, rest) != nil,
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
    /// Tests of a drug.
    static let tests: WordList = [
        "DLST", "リンパ球刺激試験", "リンパ球幼若化", "パッチテスト", "プリックテスト", "皮内テスト", "皮内反応", "皮膚テスト", "貼付試験",
        "内服テスト",
    ]
}
