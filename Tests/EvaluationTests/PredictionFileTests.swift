// SPDX-License-Identifier: Apache-2.0
import Evaluation
import Foundation
import TestSupport
import Testing

@Suite("Files of predictions")
struct PredictionFileTests {
    private static func prediction(
        _ row: Int, _ answer: BenchmarkPrediction.Answer?, gold: BenchmarkPrediction.Answer? = nil,
        task: String = "smdis"
    ) -> BenchmarkPrediction {
        var prediction = BenchmarkPrediction(task: task, row: row, prediction: answer)
        prediction.answer = gold
        prediction.question = "q\(row)"
        prediction.document = "d\(row)"
        return prediction
    }

    @Test("A file is gone on with where it was left, without the line that was not whole")
    func resumed() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/answers.jsonl"
        do {
            let file = try PredictionFile(path, setting: ["model": "a"])
            try file.append(Self.prediction(0, .letter("A")))
            try file.append(Self.prediction(1, nil))
        }
        let whole = try Data(contentsOf: folder["answers.jsonl"])
        try (whole + Data(#"{"task":"smdis","ro"#.utf8)).write(to: folder["answers.jsonl"])
        let file = try PredictionFile(path, setting: ["model": "a"])
        let first = try file.prediction(task: "smdis", row: 0, question: "q0")
        #expect(first?.prediction == .letter("A"))
        let second = try file.prediction(task: "smdis", row: 1, question: "q1")
        #expect(second != nil && second?.prediction == nil)
        let third = try file.prediction(task: "smdis", row: 2, question: "q2")
        #expect(third == nil)
        try file.append(Self.prediction(2, .letter("B")))
        let read = try PredictionFile.read(path)
        #expect(read.map(\.row) == [0, 1, 2])
        #expect(throws: PredictionError.otherQuestion(file: path, task: "smdis", row: 0)) {
            try file.prediction(task: "smdis", row: 0, question: "another")
        }
    }

    @Test("Another setting, and anything but predictions, is refused and left as it is")
    func refused() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/answers.jsonl"
        try PredictionFile(path, setting: ["model": "a", "answers": "free"])
            .append(Self.prediction(0, .letter("A")))
        #expect(
            throws: PredictionError.otherSetting(
                file: path, name: "answers", found: "free", wanted: "bound")
        ) { try PredictionFile(path, setting: ["model": "a", "answers": "bound"]) }
        for content in ["notes of the ward", "notes\nof the ward", "{\"task\":\"smdis\"}\n"] {
            try folder.write(content, to: "other")
            #expect(throws: PredictionError.malformed(file: folder.path + "/other", line: 1)) {
                try PredictionFile(folder.path + "/other", setting: [:])
            }
            let left = try String(contentsOf: folder["other"], encoding: .utf8)
            #expect(left == content)
        }
        let line = "{\"task\":\"smdis\",\"row\":0,\"prediction\":\"A\"}\n"
        try folder.write(line + line, to: "twice")
        #expect(throws: PredictionError.repeated(file: folder.path + "/twice", line: 2)) {
            try PredictionFile.read(folder.path + "/twice")
        }
    }

    @Test("Errors say the file and what to do")
    func explanations() {
        expectSentence(
            of: PredictionError.malformed(file: "a.jsonl", line: 3), naming: ["a.jsonl", "3"])
        expectSentence(
            of: PredictionError.repeated(file: "a.jsonl", line: 3), naming: ["a.jsonl", "3"])
        expectSentence(of: PredictionError.empty(file: "a.jsonl"), naming: ["a.jsonl"])
        expectSentence(
            of: PredictionError.otherSetting(file: "a", name: "answers", found: "x", wanted: "y"),
            naming: ["a", "answers", "x", "y"])
        expectSentence(
            of: PredictionError.otherQuestion(file: "a", task: "smdis", row: 2),
            naming: ["a", "smdis", "2"])
        expectSentence(
            of: PredictionError.noRightAnswer(file: "a", task: "smdis", row: 2),
            naming: ["a", "smdis", "2"])
        expectSentence(
            of: PredictionError.nothingInCommon(first: "a", second: "b"), naming: ["a", "b"])
    }

    @Test("Two files are compared row by row")
    func comparison() throws {
        // The second is right where the first is, and in six rows more.
        let gold = (0..<20).map { $0 % 2 == 0 ? "A" : "B" }
        func other(_ letter: String) -> String { letter == "A" ? "B" : "A" }
        let first = gold.indices.map {
            Self.prediction(
                $0, .letter($0 < 10 ? gold[$0] : other(gold[$0])), gold: .letter(gold[$0]))
        }
        var second = gold.indices.dropLast().map {
            Self.prediction(
                $0, .letter($0 < 16 ? gold[$0] : other(gold[$0])), gold: .letter(gold[$0]))
        }
        let found = try PredictionComparison(first, second, names: ("a", "b"))
        let task = try #require(found.tasks.first)
        #expect(task.rows == 19 && task.onlyInFirst == 1 && task.onlyInSecond == 0)
        #expect(task.mcNemar == McNemar(onlyFirst: 0, onlySecond: 6))
        // Twice one of 64 ways to throw six coins.
        #expect(abs((task.mcNemar?.p ?? 0) - 2.0 / 64) < 1e-9)
        let accuracy = try #require(task.differences.first { $0.measure == "accuracy" })
        #expect(abs(accuracy.difference - 6.0 / 19) < 1e-12)
        let interval = try #require(accuracy.interval)
        #expect(interval.low > 0 && interval.high < 0.6 && (accuracy.p ?? 1) < 0.05)
        #expect(task.differing.map(\.row) == Array(10..<16))
        // Answers that are the same differ by nothing.
        let same = try PredictionComparison(first, first, names: ("a", "a"))
        #expect(same.tasks[0].differences.allSatisfy { $0.difference == 0 && $0.p == 1 })
        #expect(same.tasks[0].mcNemar?.p == 1)
        second[3].question = "changed"
        #expect(throws: PredictionError.otherQuestion(file: "b", task: "smdis", row: 3)) {
            try PredictionComparison(first, second, names: ("a", "b"))
        }
        #expect(throws: PredictionError.nothingInCommon(first: "a", second: "b")) {
            try PredictionComparison(
                first, [Self.prediction(0, .letter("A"), task: "crade")], names: ("a", "b"))
        }
    }

    @Test("Strings are compared as sets")
    func strings() throws {
        func rows(_ answers: [[String]]) -> [BenchmarkPrediction] {
            answers.enumerated().map {
                Self.prediction(
                    $0, .strings($1), gold: .strings(["発熱", "咳"]), task: "nrner")
            }
        }
        let found = try PredictionComparison(
            rows([["発熱", "咳"], ["発熱"]]), rows([["咳", "発熱"], ["腹痛"]]), names: ("a", "b"))
        #expect(found.tasks[0].differing.map(\.row) == [1])
        #expect(found.tasks[0].mcNemar == nil)
        let exact = try #require(found.tasks[0].differences.first { $0.measure == "exactF1" })
        #expect(abs(exact.difference + 1.0 / 3) < 1e-12)
    }
}
