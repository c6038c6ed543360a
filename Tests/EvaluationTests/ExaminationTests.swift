// SPDX-License-Identifier: Apache-2.0
import Corpora
import Evaluation
import Foundation
import TestSupport
import Testing

@Suite("Examinations")
struct ExaminationTests {
    private static let lines = """
        {"problem_id":"112A1","problem_text":"熱の原因はどれか。","choices":["感染","転倒","散歩"],"text_only":true,"answer":["a"],"points":"1"}
        {"problem_id":"112A2","problem_text":"誤りを２つ選べ。","choices":["甲","乙","丙"],"text_only":false,"answer":["c","a"],"points":"3"}
        {"problem_id":"112B30","problem_text":"どれか。","choices":["甲","乙","丙","丁"],"answer":["a"],"points":"1"}
        {"problem_id":"116A71","problem_text":"どれか。","choices":["甲","乙"],"answer":["b"],"points":"1"}
        {"problem_id":"113E40","problem_text":"何歳か。","choices":[],"answer":["1,250"],"points":"1"}
        {"problem_id":"113E41","problem_text":"数えられなかった。","choices":["甲","乙"],"answer":["b"],"points":"0"}

        """

    private static func questions() throws -> [ExaminationQuestion] {
        let folder = try TemporaryFolder()
        let file = try folder.write(lines, to: "112-A.jsonl")
        return try ExaminationFile.read(file, group: "2018")
    }

    private static func predictions(
        _ questions: [ExaminationQuestion], _ answers: [WrittenAnswer.Content]
    ) -> [BenchmarkPrediction] {
        zip(questions, answers).enumerated().map { index, pair in
            pair.0.prediction(WrittenAnswer(pair.1), task: "igakuqa", row: index, .igakuQA)
        }
    }

    @Test("Rows of the public repository are read, with the benchmark's own rules")
    func reading() throws {
        let questions = try Self.questions()
        #expect(questions.map(\.right) == [[[0]], [[0, 2]], [[0], [3]], [[1]], [], [[1]]])
        #expect(questions.map(\.points) == [1, 3, 1, 1, 1, 0])
        #expect(questions.map(\.needsImage) == [false, true, false, false, false, false])
        #expect(questions[3].isGivenAway && questions[4].rightTexts == ["1,250"])
        #expect(questions.allSatisfy { $0.group == "2018" })
        let written = questions[1].written(.igakuQA)
        #expect(
            written.text
                == "問題: 誤りを２つ選べ。\na: 甲\nb: 乙\nc: 丙\n必ずa,b,cの中からちょうど2個選んでください。\n答え:")
        #expect(written.chosen == 2 && written.letters == ["a", "b", "c"])
        #expect(questions[4].written(.igakuQA).text == "問題: 何歳か。\n答え:")
    }

    @Test("Points are counted as the examination counts them")
    func points() throws {
        let questions = try Self.questions()
        let score = ExaminationScore(
            model: "m", task: "igakuqa", answers: .free, questions: questions,
            predictions: Self.predictions(
                questions,
                [
                    .options([0]), .options([0, 2]), .options([3]), .none(.unparsed),
                    .strings(["１２５０ mL"]), .options([1]),
                ]))
        let all = score.parts[0]
        #expect(all.points == 7 && all.of == 7 && all.percent == 100 && all.right == 6)
        #expect(all.unparsed == 1 && all.withImage == 1)
        #expect(score.parts.map(\.group) == ["all", "2018"])
        let worse = ExaminationScore(
            model: "m", task: "igakuqa", answers: .free, questions: questions,
            predictions: Self.predictions(
                questions,
                [
                    .options([1]), .options([0]), .options([1]), .options([0]), .strings(["125"]),
                    .none(.tooLong),
                ])
        ).parts[0]
        // One right choice of two is none, and 116A71 was given to everyone.
        #expect(worse.points == 1 && worse.right == 1 && worse.tooLong == 1)
        #expect(worse.textOnlyPercent == 25)
    }

    @Test(
        "A site's questions are read from lines and tables",
        arguments: [
            (
                "q.csv",
                "question,optionA,optionB,optionC,answer\nWhich are signs?,fever,walk,cough,\"A,C\"\n",
                [[0, 2]]
            ),
            ("q.csv", "question,choices,answer\nどれか。,\"[\"\"甲\"\", \"\"乙\"\"]\",b\n", [[1]]),
            ("q.csv", "question\tA\tB\tanswer\nどれか。\t甲\t乙\t乙\n", [[1]]),
            (
                "q.jsonl",
                #"{"question":"Which?","options":{"A":"x","B":"y"},"answer_idx":"B","answer":"y"}"#,
                [[1]]
            ),
            ("q.jsonl", #"{"question":"どれか。","choices":["甲","乙"],"answer":"a or b"}"#, [[0], [1]]),
        ])
    func forms(name: String, content: String, right: [[Int]]) throws {
        let folder = try TemporaryFolder()
        let questions = try ExaminationFile.read(folder.write(content, to: name))
        #expect(questions.map(\.right) == [right])
        #expect(questions.map(\.points) == [1])
    }

    @Test("Where several are right, the question says how many in its language")
    func wording() {
        func text(_ question: String) -> String {
            ExaminationQuestion(
                id: "1", group: "", question: question, choices: ["x", "y", "z"], right: [[0, 1]]
            ).written(.instruction).text
        }
        #expect(text("Which are signs?") == "Which are signs?\nA. x\nB. y\nC. z\nChoose exactly 2.")
        #expect(text("症状はどれか。").hasSuffix("\n2つ選んでください。"))
    }

    @Test(
        "A row that cannot be asked is named",
        arguments: [
            (#"{"question":"どれか。","choices":["甲","乙"],"answer":"c"}"#, "none of its options"),
            (#"{"question":"どれか。","choices":["甲","乙"]}"#, "none of its options"),
            (#"{"question":"","choices":["甲","乙"],"answer":"a"}"#, "row 1"),
            (#"{"question":"どれか。","choices":["甲"],"answer":"a"}"#, "row 1"),
            (#"{"question":"どれか。","choices":["甲","乙"],"answer":"a","points":"x"}"#, "row 1"),
        ])
    func refused(line: String, says: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(line, to: "q.jsonl")
        let error = #expect(throws: CorpusError.self) { try ExaminationFile.read(file) }
        #expect(error?.explanation.contains(says) == true)
    }
}
