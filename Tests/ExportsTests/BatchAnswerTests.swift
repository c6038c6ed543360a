// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import JSONFiles
import Testing

@testable import Exports

@Suite("Answers to a batch file")
struct BatchAnswerTests {
    private let identifier = BatchIdentifier(.entities, prompt: "何がありますか。", text: "発熱あり。")

    /// A line of a file of answers, as servers write it.
    private func line(
        _ content: String, reason: String = "stop", status: Int = 200, refusal: JSONValue = nil,
        error: JSONValue = nil
    ) -> [UInt8] {
        let value: JSONValue = [
            "id": "batch_1", "custom_id": .string(identifier.customID), "error": error,
            "response": [
                "status_code": .integer(status), "request_id": "r",
                "body": [
                    "model": "instruct-32b",
                    "choices": [
                        [
                            "index": 0, "finish_reason": .string(reason),
                            "message": [
                                "role": "assistant", "content": .string(content),
                                "refusal": refusal,
                            ],
                        ]
                    ],
                ],
            ],
        ]
        return Array(value.text.utf8)
    }

    private func mention(_ text: String, _ certainty: String = "positive", type: String = "disease")
        -> String
    {
        #"{"type":"\#(type)","text":"\#(text)","certainty":"\#(certainty)","subject":"patient","temporality":"current"}"#
    }

    private func findings(
        _ mentions: [String], in text: String
    ) throws -> (Findings, [BatchFault: Int]) {
        let content = #"{"mentions":[\#(mentions.joined(separator: ","))]}"#
        return try BatchAnswer(line(content), to: identifier).findings(in: text)
    }

    @Test("name what stands in the document, each place once")
    func places() throws {
        let text = "発熱あり。昨日も発熱。咳嗽なし。"
        let (found, faults) = try findings(
            [mention("発熱"), mention("咳嗽", "negative"), mention("発熱")], in: text)
        #expect(faults.isEmpty)
        #expect(found.entities.map(\.span.range.start) == [0, 8, 11])
        #expect(found.entities.map(\.certainty) == [.positive, .positive, .negative])
        #expect(found.entities.allSatisfy { !$0.needsReview })
    }

    @Test("whose words stand elsewhere, or more often, are not stored, and the rest is for review")
    func doubts() throws {
        let text = "発熱あり。昨日も発熱。咳嗽なし。"
        let (found, faults) = try findings(
            [mention("発熱"), mention("咳嗽", "negative"), mention("肺炎")], in: text)
        #expect(faults == [.ambiguous: 1, .notInDocument: 1])
        #expect(found.entities.map(\.span.surface) == ["咳嗽"])
        #expect(found.entities.map(\.needsReview) == [true])
        // Other scalars are other words, also where strings count as equal.
        let (_, composed) = try findings([mention("か\u{3099}ん")], in: "がんを認める。")
        #expect(composed == [.notInDocument: 1])
    }

    @Test(
        "of another form are faults",
        arguments: [
            "発熱です。", #"{"mentions":"発熱"}"#, #"{"mentions":[{"type":"disease","text":"発熱"}]}"#, "[]",
            "",
            #"{"mentions":[{"type":"lab","text":"発熱","certainty":"positive","subject":"patient","temporality":"current"}]}"#,
        ])
    func forms(_ content: String) throws {
        let answer = try BatchAnswer(line(content), to: identifier)
        #expect(throws: BatchFault.malformedAnswer) { try answer.findings(in: "発熱あり。") }
    }

    @Test("that a server or a model did not give are faults")
    func none() {
        func fault(_ bytes: [UInt8]) -> BatchFault? {
            do throws(BatchFault) {
                _ = try BatchAnswer(bytes, to: identifier)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault(line("{}")) == nil)
        #expect(fault(line("{}", status: 500)) == .failed)
        #expect(fault(line("{}", error: ["code": "x"])) == .failed)
        #expect(fault(line("{}", refusal: "no")) == .refused)
        #expect(fault(line("{}", reason: "content_filter")) == .refused)
        #expect(fault(line("{}", reason: "length")) == .cutOff)
        #expect(fault(Array("{".utf8)) == .malformedLine)
    }

    @Test("about stages name known categories and words that stand there")
    func stages() throws {
        let identifier = BatchIdentifier(.tnm, prompt: "病期は。", text: "")
        func stage(_ content: String) throws -> TNMStage? {
            try BatchAnswer(line(content), to: identifier).findings(in: "右上葉に38mmの腫瘤。").0.tnm
        }
        let fenced = try stage(
            "```json\n{\"t\":\"T2a\",\"n\":\"NX\",\"m\":null,\"evidence\":[\"38mmの腫瘤\"]}\n```")
        #expect(fenced?.t == "T2a" && fenced?.n == "NX" && fenced?.m == nil)
        #expect(fenced?.needsReview == TNMAxis.allCases)
        #expect(throws: BatchFault.malformedAnswer) {
            try stage(#"{"t":"T9","n":"N0","m":"M0","evidence":[]}"#)
        }
        #expect(throws: BatchFault.notInDocument) {
            try stage(#"{"t":"T2a","n":"N0","m":"M0","evidence":["左下葉"]}"#)
        }
    }

    @Test("are asked for once a text, by identifiers that name no patient")
    func requests() throws {
        var requests = BatchRequests(
            .entities, prompt: "何がありますか。", model: "instruct-32b", longestAnswer: 100)
        let lines = ["発熱あり。", "発熱あり。", " \n"].map { requests.line($0) }
        let line = try #require(lines[0])
        #expect(lines[1] == nil && lines[2] == nil)
        #expect(requests.count == 1)
        let value = try JSONValue(parsing: Array(line.utf8.dropLast()))
        #expect(value["custom_id"] == .string(identifier.customID))
        #expect(BatchIdentifier(identifier.customID) == identifier)
        #expect(value["method"] == "POST" && value["url"] == "/v1/chat/completions")
        #expect(value["body"]?["model"] == "instruct-32b")
        for foreign in [
            "", "request-1", identifier.customID + "0",
            "shoken-other-" + identifier.customID.dropFirst(16),
        ] {
            #expect(BatchIdentifier(foreign) == nil)
        }
    }
}
