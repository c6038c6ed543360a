// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
import TestSupport
import Testing

@testable import ClinicalTasks

/// Which drug caused which reaction, where the mentions themselves are given.
@Suite("Pairs of drug and reaction")
struct DrugReactionTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }

    /// The pairs of a marked text, read as if a model had found each mention, with the labels of their mentions.
    private func pairs(
        _ marked: String
    ) throws -> [(names: String, pair: AdverseEventPair)] {
        let text = MarkedText(marked)
        let found = text.marks.map {
            Entity(type: $0.label.hasPrefix("m") ? .drug : .disease, span: $0.span, score: 0.9)
        }
        let analyzed = try Self.analyzer.get().analyze(text.text)
        let entities = MentionReader(terms: [:]).mentions(in: analyzed, found: found)
        func label(_ index: Int) -> String {
            let span = entities[index].span
            return text.marks.first { $0.span.range.overlaps(span.range) }?.label ?? span.surface
        }
        return DrugReactions.pairs(of: entities, in: analyzed).map {
            ("\(label($0.drug))>\(label($0.disease))", $0)
        }
    }

    /// How often pairs of a table are found, missed and made up, with the wrong ones in words.
    private func measure(
        _ cases: [CausalPairCase]
    ) throws -> (right: Int, f1: Double, report: String) {
        var (right, missed, wrong) = (0, 0, 0)
        var report: [String] = []
        for example in cases {
            let found = try pairs(example.text)
            let told = Set(found.filter { $0.pair.level >= .probable }.map(\.names))
            right += told.intersection(example.pairs).count
            missed += example.pairs.subtracting(told).count
            wrong += told.subtracting(example.pairs).count
            guard told != example.pairs else { continue }
            let list = found.map { "\($0.names) \($0.pair.rule) \($0.pair.level.rawValue)" }
            report.append("\(example.text)\n  \(example.pairs.sorted()) ≠ \(list)")
        }
        let f1 = Double(2 * right) / Double(2 * right + missed + wrong)
        return (right, f1, report.joined(separator: "\n"))
    }

    @Test("of the fragments written with the rules, F1 is at least 0.97")
    func written() throws {
        let result = try measure(CausalPairCases.written + CausalPairCases.later)
        #expect(result.right >= 48)
        #expect(result.f1 >= 0.97, "\(result)")
    }

    @Test("of the fragments that were kept apart, F1 is at least 0.97")
    func kept() throws {
        let result = try measure(CausalPairCases.kept)
        #expect(result.right >= 38)
        #expect(result.f1 >= 0.97, "\(result)")
    }

    @Test("of fragments that were written after the rules, F1 is at least 0.95")
    func unseen() throws {
        let result = try measure(CausalPairCases.unseen)
        #expect(result.right >= 26)
        #expect(result.f1 >= 0.95, "\(result)")
    }

    @Test(
        "culprits are found by class, by the name of the disease and the like",
        arguments: CausalPairCases.named)
    func named(example: CausalPairCase) throws {
        let told = try pairs(example.text).filter { $0.pair.level >= .probable }
        // アシクロビル脳症 holds a mention of a drug itself.
        #expect(Set(told.map(\.names).filter { $0 != "d1>d1" }) == example.pairs)
    }

    @Test(
        "each wording has its rule and its level",
        arguments: [
            ("⟦m1:甲薬⟧による⟦d1:肝障害⟧を認めた。", CausalRule.statedCause, 3),
            ("⟦m1:甲薬⟧による⟦d1:肝障害⟧と考えた。", .statedCause, 2),
            ("⟦d1:肝障害⟧は⟦m1:甲薬⟧によるものと診断した。", .namedCulprit, 3),
            ("⟦d1:肝障害⟧の被疑薬として⟦m1:甲薬⟧が疑われた。", .namedCulprit, 2),
            ("⟦m1:甲薬⟧開始3日後に⟦d1:肝障害⟧が出現した。", .afterStart, 2),
            ("⟦d1:肝障害⟧を認めたため⟦m1:甲薬⟧を中止した。", .withdrawal, 2),
            ("⟦m1:甲薬⟧再投与で⟦d1:肝障害⟧が再燃した。", .rechallenge, 3),
            ("⟦d1:肝障害⟧を認めた。⟦m1:甲薬⟧のDLSTが陽性であった。", .positiveTest, 2),
            ("⟦d1:肝障害⟧は⟦m1:甲薬⟧とは関連しないと判断した。", .excluded, 0),
            ("⟦d1:肝障害⟧と⟦m1:甲薬⟧との関連は乏しいと考えた。", .excluded, 1),
        ])
    func rules(text: String, rule: CausalRule, level: Int) throws {
        let found = try pairs(text)
        #expect(found.map(\.names) == ["m1>d1"])
        #expect(found.map(\.pair.rule) == [rule])
        #expect(found.map(\.pair.level.rawValue) == [level])
    }

    @Test("the cue is the words of the document at their place")
    func cues() throws {
        let marked = "⟦m1:甲薬⟧（１００㎎）に　よる⟦d1:肝障害⟧を認めた。"
        let scalars = Array(MarkedText(marked).text.unicodeScalars)
        let cue = try #require(try pairs(marked).first).pair.cue
        #expect(cue.surface == "に　よる")
        #expect(String(scalars: scalars[cue.range.start..<cue.range.end]) == cue.surface)
    }

    @Test(
        "what only nearness joins is for review",
        arguments: [
            ("⟦m1:甲薬⟧を開始した。その後⟦d1:肝障害⟧を認めた。", true),
            ("⟦m1:甲薬⟧を開始した。投与3日後に⟦d1:肝障害⟧を認めた。", false),
            ("⟦d1:発熱⟧を認めた。⟦d2:肝障害⟧も認めた。⟦m1:甲薬⟧を中止した。", true),
            ("⟦d1:肝障害⟧を認めた。⟦m1:甲薬⟧を中止し改善した。", false),
            ("被疑薬は⟦m1:甲薬⟧であった。⟦d1:肝障害⟧は遷延した。", true),
        ])
    func nearness(text: String, isNear: Bool) throws {
        let found = try pairs(text)
        #expect(!found.isEmpty && found.allSatisfy { $0.pair.needsReview == isNear })
    }

    @Test("a pair that is both stated and denied is stated, and for review")
    func contradiction() throws {
        let found = try pairs(
            "⟦m1:甲薬⟧による⟦d1:肝障害⟧と診断した。⟦d1:肝障害⟧は⟦m1:甲薬⟧とは関連しないとの意見もあった。")
        #expect(found.map(\.pair.level) == [.certain])
        #expect(found.map(\.pair.needsReview) == [true])
    }
}
