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
        let stage = try #require(classifier(t: 2, n: 1, m: 1).stage(of: analyzed(report)))
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
    func review() throws {
        let stage = try #require(classifier(t: 2, n: 3, m: 1).stage(of: analyzed(report)))
        #expect(stage.needsReview == [.n])
        #expect(stage.n == "N1")
        #expect(stage.nScore < 0.5 && stage.tScore > 0.5)
    }

    @Test("A report without a lung tumour has no stage but always a letter")
    func nothing() {
        let classifier = classifier(t: 0, n: 0, m: 0)
        let text = analyzed("肝に嚢胞を認めます。胆石あり。")
        #expect(classifier.stage(of: text) == nil)
        #expect(TNMAxis.allCases.map { classifier.letter(for: $0, text: text) } == ["A", "A", "A"])
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
