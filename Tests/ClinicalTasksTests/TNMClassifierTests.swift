// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import JapaneseText
import LinearHeads
import Tensors
import Testing

@testable import ClinicalTasks

@Suite("TNM classifier")
struct TNMClassifierTests {
    /// A head that always prefers one class.
    private func head(_ classes: Int, favourite: Int) -> LinearHead {
        let features = TNMFeatures.bucketCount
        var bias = [Float](repeating: 0, count: classes)
        bias[favourite] = 2
        return LinearHead(
            featureMajor: [Float](repeating: 0, count: classes * features), bias: bias,
            featureCount: features, link: .exclusive)
    }

    private func classifier(t: Int, n: Int, m: Int) -> TNMClassifier {
        TNMClassifier(
            t: head(5, favourite: t), n: head(4, favourite: n), m: head(2, favourite: m))
    }

    private func analyzed(_ text: String) -> AnalyzedText {
        AnalyzedText(cleaned: TextCleaner(profile: .documents).clean(text), sentences: [])
    }

    private let report = "左下葉に⻑径　４．５㎝の腫瘤を認め、肺癌を疑います。\n左肺門リンパ節腫大あり、転移を疑います。\n肝に多発転移を認めます。"

    @Test("Evidence names the document's own characters")
    func evidence() throws {
        let stage = classifier(t: 2, n: 1, m: 1).stage(of: analyzed(report))
        #expect(stage.t == "T2b" && stage.n == "N1" && stage.m == "M1c")
        #expect(stage.stage == "IVB" && stage.edition == "UICC-8")
        let scalars = Array(report.unicodeScalars)
        for span in stage.evidence.compactMap(\.span) {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[span.range.start..<span.range.end])
            #expect(String(text) == span.surface)
        }
        let size = try #require(stage.evidence.first { $0.rule == "size-over-3cm" })
        #expect(size.span?.surface == "４．５㎝")
        #expect(Set(stage.evidence.map(\.axis)) == Set(TNMAxis.allCases))
    }

    @Test("An axis on which the second opinion differs is marked for review, with a low score")
    func review() {
        let stage = classifier(t: 2, n: 3, m: 1).stage(of: analyzed(report))
        #expect(stage.needsReview == [.n])
        #expect(stage.n == "N1")
        #expect(stage.nScore < 0.5 && stage.tScore > 0.5)
    }

    @Test("A report without a lung tumour has a reason instead of a stage, but always a letter")
    func nothing() {
        let classifier = classifier(t: 0, n: 0, m: 0)
        let text = analyzed("肝に嚢胞を認めます。胆石あり。")
        let stage = classifier.stage(of: text)
        #expect(stage.reason == .noLungCancer)
        #expect(stage.t == nil && stage.n == nil && stage.m == nil && stage.stage == nil)
        #expect(TNMAxis.allCases.map { classifier.letter(for: $0, text: text) } == ["A", "A", "A"])
    }

    @Test(
        "An axis that is not told is X, without a stage group; the second opinion may still object")
    func unknown() {
        let stage = classifier(t: 1, n: 0, m: 0).stage(of: analyzed("肺癌疑いにて精査。"))
        #expect(stage.t == "TX" && stage.n == "NX" && stage.m == "MX")
        #expect(stage.stage == nil && stage.reason == .unknownCategory)
        #expect(!stage.needsReview.contains(.n))
        let other = classifier(t: 1, n: 2, m: 0).stage(of: analyzed("肺癌疑いにて精査。"))
        #expect(other.needsReview.contains(.n))
    }

    @Test("the site's edition counts where a report names none")
    func usualEdition() {
        var ninth = classifier(t: 4, n: 3, m: 1)
        ninth.edition = .ninth
        for (text, edition, stage) in [
            ("右上葉肺癌 cT1cN2aM0", "UICC-9", "IIB"), ("右上葉肺癌 cT2aN1M0", "UICC-9", "IIB"),
            ("右上葉肺癌 cT1cN1M0", "UICC-9", "IIA"), ("右上葉肺癌 cT1cN1M0（UICC第8版）", "UICC-8", "IIB"),
            ("右上葉肺癌 cT1cN2M0", "UICC-9", nil),
        ] as [(String, String, String?)] {
            let found = ninth.stage(of: analyzed(text))
            #expect(found.edition == edition && found.stage == stage, "\(text)")
        }
        let found = classifier(t: 4, n: 3, m: 1).stage(of: analyzed("右上葉肺癌 cT1cN1M0"))
        #expect(found.edition == "UICC-8" && found.stage == "IIB")
    }

    @Test("What the report states is taken over with prefix and edition, and not for review")
    func stated() {
        let stage = classifier(t: 4, n: 3, m: 1).stage(of: analyzed("右上葉肺癌 cT3N2bM0（UICC第9版）"))
        #expect(stage.t == "T3" && stage.n == "N2b" && stage.m == "M0")
        #expect(stage.prefix == "c" && stage.edition == "UICC-9" && stage.stage == "IIIB")
        #expect(stage.needsReview.isEmpty && stage.tScore > 0.9)
        #expect(stage.evidence.first?.category == "cT3")
    }

    @Test("What the report states against its own findings is for review")
    func contradiction() {
        let stage = classifier(t: 1, n: 0, m: 0).stage(
            of: analyzed("右上葉に62mmの肺癌。cT1bN0M0。肝に多発転移を認める。"))
        #expect(stage.t == "T1b" && stage.m == "M0")
        #expect(stage.needsReview == [.t, .m])
    }

    @Test("A tumour that is stated to be TX may be occult; one that is not described is not")
    func occult() {
        let classifier = classifier(t: 0, n: 0, m: 0)
        #expect(classifier.stage(of: analyzed("肺癌、TXN0M0。")).stage == "occult")
        let named = classifier.stage(of: analyzed("肺癌の精査。リンパ節腫大なし。遠隔転移なし。"))
        #expect(named.t == "TX" && named.stage == nil && named.reason == .unknownCategory)
    }

    @Test("Parameters come back from storage")
    func storage() throws {
        let original = classifier(t: 1, n: 2, m: 0)
        let restored = try TNMClassifier(parameters: original.parameters())
        #expect(restored.stage(of: analyzed(report)) == original.stage(of: analyzed(report)))
    }

    @Test("Parameters of another feature version or shape are refused")
    func refusals() throws {
        let good = try classifier(t: 1, n: 2, m: 0).parameters()
        var other = good
        other.settings = Data(#"{"featureVersion":0,"edition":"UICC-8"}"#.utf8)
        #expect(throws: TaskParameterError.settings(task: "tnm", field: "featureVersion")) {
            try TNMClassifier(parameters: other)
        }
        other = good
        other.tensors["T.weights"] = nil
        #expect(throws: TaskParameterError.missingTensor(task: "tnm", tensor: "T.weights")) {
            try TNMClassifier(parameters: other)
        }
    }
}
