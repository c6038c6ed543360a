// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import JapaneseText
import TestSupport
import Testing

@testable import Terminology

@Suite("Standard names of entities")
struct TermNormalizerTests {
    private static let list = """
        surface,type,code,standard_name
        肺癌,disease,C349,肺癌
        肺腺癌,disease,C349,肺腺癌
        胸水,disease,J90,胸水
        右胸水,disease,J900,右胸水
        間質性肺炎,disease,J849,間質性肺炎
        呼吸苦,disease,R060,呼吸困難
        疼痛,disease,R529,疼痛
        痛,disease,R529,疼痛
        2型糖尿病,disease,E11,2型糖尿病
        カクウマブ,drug,,カクウマブ(遺伝子組換え)
        架空検査,test,X1,架空検査
        """

    private static let normalizer = Result { () throws -> (TermNormalizer, TemporaryFolder) in
        let folder = try TemporaryFolder()
        return (
            try TermNormalizer(userDictionary: FictionalLists.compiled([list], in: folder.url)),
            folder
        )
    }

    @Test(
        "an entity gets the name of its term, and how it was found",
        arguments: [
            ("肺癌", "肺癌", NormalizationMethod.exact), ("呼吸苦", "呼吸困難", .exact),
            ("２型糖尿病", "2型糖尿病", .exact),
            (" 肺癌\n", "肺癌", .exact), ("右胸水", "右胸水", .exact), ("左胸水", "胸水", .modifier),
            ("両側胸水", "胸水", .modifier), ("肺癌術後", "肺癌", .modifier), ("肺癌の疑い", "肺癌", .modifier),
            ("肺癌疑い", "肺癌", .modifier), ("肺癌術後の再発", "肺癌", .modifier), ("軽度の呼吸苦", "呼吸困難", .modifier),
            ("右胸水の増悪", "右胸水", .modifier), ("著明な左胸水の出現", "胸水", .modifier), ("右下葉肺癌", "肺癌", .head),
            ("右下葉肺癌術後", "肺癌", .head), ("右上葉の肺腺癌", "肺腺癌", .head), ("薬剤性間質性肺炎", "間質性肺炎", .head),
        ])
    func names(text: String, name: String, method: NormalizationMethod) throws {
        let match = try Self.normalizer.get().0.match(text, type: .disease)
        #expect(match?.term.standardName == name && match?.method == method)
    }

    @Test(
        "what only looks like a term gets no name",
        arguments: [
            "", " ", "術後", "の疑い", "右", "頭痛", "肺", "肺癌検診", "カクウマブ", "架空検査",
            String(repeating: "肺", count: 500),
        ])
    func nothing(text: String) throws {
        #expect(try Self.normalizer.get().0.match(text, type: .disease) == nil)
    }

    @Test("a drug is looked for among drugs, a dose nowhere")
    func types() throws {
        let normalizer = try Self.normalizer.get().0
        #expect(normalizer.match("ｶｸｳﾏﾌﾞ", type: .drug)?.term.standardName == "カクウマブ(遺伝子組換え)")
        #expect(normalizer.match("肺癌", type: .drug) == nil)
        #expect(normalizer.match("カクウマブ", type: .dose) == nil)
        #expect(normalizer.match("架空検査") { _ in true }?.term.type == .test)
    }

    @Test("the model's own code stays where the dictionary knows only the end of the text")
    func codes() throws {
        func entity(_ text: String, icd10: String?) -> Entity {
            Entity(
                type: .disease,
                span: TextSpan(
                    range: SourceRange(start: 0, end: text.unicodeScalars.count), surface: text),
                icd10: icd10, score: 0.5)
        }
        let normalizer = try Self.normalizer.get().0
        let head = normalizer.normalized(entity("右下葉肺癌", icd10: "C343"))
        #expect(head.icd10 == "C343" && head.normalized == nil && head.normalizedBy == nil)
        var drug = Entity(
            type: .drug,
            span: TextSpan(range: SourceRange(start: 0, end: 7), surface: "架空カクウマブ"), score: 1)
        #expect(normalizer.normalized(drug).normalizedBy == .head)
        drug.drugCode = "9999001"
        #expect(normalizer.normalized(drug) == drug)
        let exact = normalizer.normalized(entity("肺癌", icd10: "C343"))
        #expect(exact.icd10 == "C349" && exact.normalized == "肺癌" && exact.normalizedBy == .exact)
        let found = normalizer.normalized(entity("右下葉肺癌", icd10: nil))
        #expect(found.icd10 == "C349" && found.normalizedBy == .head)
        #expect(found.span.surface == "右下葉肺癌" && found.score == 0.5)
        #expect(normalizer.normalized(entity("架空", icd10: "A00")) == entity("架空", icd10: "A00"))
    }
}

@Suite("What a dictionary changes")
struct CuttingMeasureTests {
    @Test("frames and running text are counted")
    func counts() throws {
        let folder = try TemporaryFolder()
        let list = "surface,type\n架空腫瘍,disease\n発熱,disease\n左架空腫瘍,disease\n"
        let measure = try CuttingMeasure(
            userDictionary: FictionalLists.compiled([list], in: folder.url))
        let terms = measure.dividedTerms(limit: 10)
        #expect(terms == ["左架空腫瘍", "架空腫瘍"])
        #expect(measure.dividedTerms(limit: 1).count == 1)
        let frames = measure.frames(of: terms)
        #expect(frames.count == CuttingMeasure.frames.count)
        #expect(frames.allSatisfy { $0.terms == 2 && $0.wholeBefore == 0 })
        #expect(frames[0].frame == "%を認める。" && frames[0].whole == 2)
        #expect(frames.allSatisfy { $0.whole + $0.insideLonger <= 2 })
        // 右左架空腫瘍 and the like may be cut otherwise.
        #expect(frames.reduce(0) { $0 + $1.whole } >= 2 * frames.count - 4)
        var count = CuttingMeasure.TextCount()
        measure.add("発熱あり。架空腫瘍を認める。歩行は安定している。", to: &count)
        #expect(count.sentences == 3 && count.terms == 2 && count.joined == 1)
        #expect(count.added == 0 && count.lostOutside == 0 && count.disturbed == 0)
    }
}
