// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import JapaneseText

@Suite("Each rule of cleaning by itself")
struct CleaningRuleTests {
    @Test("a rule makes of a text what the table says", arguments: RuleCase.all)
    func alone(example: RuleCase) {
        let cleaner = TextCleaner(profile: example.profile, only: [example.rule])
        expectSameScalars(cleaner.clean(example.before).string, example.after)
    }

    @Test("a rule has at least 15 cases", arguments: CleaningRule.allCases)
    func enough(rule: CleaningRule) {
        #expect(RuleCase.all.filter { $0.rule == rule }.count >= 15)
    }

    @Test("a rule's result maps into the source in order", arguments: RuleCase.all)
    func mapped(example: RuleCase) {
        let text = TextCleaner(profile: example.profile, only: [example.rule]).clean(example.before)
        var last = SourceRange(start: 0, end: 0)
        for index in text.scalars.indices {
            let range = text.sourceRange(of: CleanedRange(start: index, end: index + 1))
            #expect(range.count > 0 && range.end <= text.source.count)
            #expect(range.start >= last.start && range.end >= last.end)
            last = range
        }
    }

    @Test("a rule that the table calls the same in both profiles is", arguments: RuleCase.all)
    func profiles(example: RuleCase) {
        guard !example.rule.dependsOnProfile else { return }
        for profile in TextCleaner.Profile.allCases {
            let cleaner = TextCleaner(profile: profile, only: [example.rule])
            expectSameScalars(cleaner.clean(example.before).string, example.after)
        }
    }

    @Test("a version's rules are each there once, and none before its time")
    func versions() {
        for version in CleaningVersion.allCases {
            let expected = Set(CleaningRule.allCases.filter { $0.since <= version })
            #expect(version.rules.count == expected.count)
            #expect(Set(version.rules) == expected)
        }
    }

    @Test("the newest version applies the paper's steps in the paper's order")
    func order() {
        // arXiv 2412.16423, section 2.2; the first two are ours.
        #expect(
            CleaningVersion.newest.rules.map(\.rawValue) == [
                "invisible-characters", "line-breaks",
                "full-width-stops", "compatibility-folding", "strokes", "ellipses",
                "personal-information", "web-notation", "symbols", "allowed-characters", "repeats",
                "white-space",
            ])
    }
}

/// Strings are equal in Swift where ハ and a mark stand for パ; cleaned text must not leave that open.
func expectSameScalars(
    _ text: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(
        Array(text.unicodeScalars) == Array(expected.unicodeScalars),
        "\(text.debugDescription) is not \(expected.debugDescription)",
        sourceLocation: sourceLocation)
}
