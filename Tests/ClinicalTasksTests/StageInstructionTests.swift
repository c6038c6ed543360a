// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import JapaneseText
import Testing

@Suite("TNM by instruction")
struct StageInstructionTests {
    private static let source = "　右上葉に45mmの腫瘤。\r\nﾘﾝﾊﾟ節腫大なし。"

    private func stage(_ json: String) throws -> TNMStage {
        let text = TextAnalyzer(analyzer: try MorphologicalAnalyzer()).analyze(Self.source)
        return StageInstruction(settings: .init()).stage(.answered(json: json), of: text)
    }

    @Test(
        "reads categories with their words at their places in the source, and the group by the table"
    )
    func answer() throws {
        let stage = try stage(
            #"{"t":"T2b","t_evidence":"腫瘤","n":"N0","n_evidence":"リンパ節腫大なし","m":"M0","m_evidence":""}"#
        )
        #expect(stage.t == "T2b" && stage.n == "N0" && stage.m == "M0" && stage.stage == "IIA")
        let spans = stage.evidence.map(\.span)
        #expect(spans.map { $0?.surface } == ["腫瘤", "ﾘﾝﾊﾟ節腫大なし", nil])
        let scalars = Array(Self.source.unicodeScalars)
        for span in spans.compactMap(\.self) {
            #expect(
                scalars[span.range.start..<span.range.end].elementsEqual(
                    span.surface.unicodeScalars))
        }
        // What nothing in the text says is for a person to look at.
        #expect(stage.needsReview == [.m])
        #expect(stage.evidence.allSatisfy { $0.rule == "instructed" })
    }

    @Test("tells what is not staged from what was not answered")
    func none() throws {
        let none = try stage(
            #"{"t":null,"t_evidence":"","n":null,"n_evidence":"","m":null,"m_evidence":""}"#)
        #expect(none.t == nil && none.reason == .noLungCancer && none.needsReview.isEmpty)
        let text = TextAnalyzer(analyzer: try MorphologicalAnalyzer()).analyze(Self.source)
        let beyond = StageInstruction(settings: .init()).stage(.beyondBudget, of: text)
        #expect(beyond.reason == .notAnswered && beyond.needsReview == TNMAxis.allCases)
        let partly = try stage(
            #"{"t":"T1a","t_evidence":"腫瘤","n":null,"n_evidence":"","m":null,"m_evidence":""}"#)
        #expect(partly.n == "NX" && partly.m == "MX" && partly.stage == nil)
    }

    @Test("is asked with a text in one place, within a budget")
    func settings() {
        #expect(StageInstruction.Settings().firstFault == nil)
        #expect(StageInstruction.Settings(prompt: "?").firstFault == "prompt")
        #expect(StageInstruction.Settings(prompt: "{text}{text}").firstFault == "prompt")
        #expect(StageInstruction.Settings(documentTokens: 0).firstFault == "documentTokens")
        #expect(
            StageInstruction.Settings(documentTokens: 100, answerTokens: 100).firstFault
                == "answerTokens")
    }
}
