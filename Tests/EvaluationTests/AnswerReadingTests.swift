// SPDX-License-Identifier: Apache-2.0
import Evaluation
import Testing

@Suite("Reading of written answers")
struct AnswerReadingTests {
    private static func options(_ text: String, chosen: Int = 1) -> WrittenAnswer.Content {
        let question = WrittenQuestion(
            text: "どれか。", letters: ["A", "B", "C", "D"],
            options: ["無関係", "Ａの可能性", "可能性は高い", "Basal"], chosen: chosen)
        return AnswerReading(question).content(of: text, nil)
    }

    @Test(
        "A letter is an answer, however it stands there",
        arguments: [
            ("A", 0), (" B\n", 1), ("Ｃ", 2), ("c", 2), ("D. Basal", 3), ("「B」です。", 1), ("答え：C", 2),
            ("正解はDである", 3), ("**B**", 1), ("Answer: A", 0), ("可能性は高い", 2), ("無関係。", 0),
            ("Basal", 3),
            ("(B) Ａの可能性", 1),
        ])
    func letters(text: String, option: Int) {
        #expect(Self.options(text) == .options([option]))
    }

    @Test(
        "Anything else is none",
        arguments: ["", "E", "わからない", "Beta", "A1", "もしBなら", "関係", "12"])
    func none(text: String) {
        #expect(Self.options(text) == .none(.unparsed))
    }

    @Test(
        "Several letters are several answers",
        arguments: [
            ("A,C", [0, 2]), ("c, a", [0, 2]), ("BとD", [1, 3]), ("A・B", [0, 1]), ("D", [3]),
            ("a c", [0, 2]),
        ])
    func several(text: String, chosen: [Int]) {
        #expect(Self.options(text, chosen: 2) == .options(chosen))
    }

    private static let document = "３８．５℃の発熱あり。\nロキソプロフェン　６０ｍｇを内服し、悪心・嘔吐なし。"

    @Test(
        "Strings are a line each or a list, in the document's own characters",
        arguments: [
            ("発熱\n悪心・嘔吐", ["発熱", "悪心・嘔吐"]), ("・発熱\n・発熱", ["発熱"]), ("1. 発熱\n2) 悪心", ["発熱", "悪心"]),
            ("[\"発熱\", \"悪心\"]", ["発熱", "悪心"]), ("['発熱']", ["発熱"]), ("発熱、嘔吐", ["発熱", "嘔吐"]),
            ("「発熱」", ["発熱"]), ("60mg", ["６０ｍｇ"]), ("ロキソ プロフェン", ["ロキソプロフェン"]), ("咳嗽", ["咳嗽"]),
            ("なし", []), ("なし\n発熱", ["発熱"]),
        ])
    func strings(text: String, expected: [String]) {
        let reading = AnswerReading(WrittenQuestion(text: "所見は？", document: Self.document))
        let found = reading.content(of: text, DocumentSlices(Self.document))
        #expect(found == .strings(expected))
        #expect(reading.content(of: " \n", DocumentSlices(Self.document)) == .none(.unparsed))
    }

    @Test("What is cleaned differently is found again in the document")
    func slices() {
        let slices = DocumentSlices(Self.document)
        #expect(slices.slice(of: "38.5℃") == "３８．５℃")
        #expect(slices.slice(of: "ロキソプロフェン 60 mg") == "ロキソプロフェン　６０ｍｇ")
        #expect(slices.slice(of: "頭痛") == nil)
        #expect(slices.slice(of: "") == nil)
    }
}
