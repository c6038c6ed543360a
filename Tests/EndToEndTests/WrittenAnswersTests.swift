// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A tiny language model of random weights is measured; what it writes was worked out by another library
/// (`WrittenAnswers/answers.json`, made by `Scripts/make-written-answers`).
@Suite("Evaluation of a language model", .timeLimit(.minutes(10)))
struct WrittenAnswersTests {
    /// What `transformers` answers to a question.
    private struct Answer: Decodable {
        let task: String
        let row: Int
        let document: String
        let question: String
        let text: String
        let letter: String?
    }

    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "WrittenAnswers")
    private let folder: TemporaryFolder
    private let answers: [Answer]

    init() throws {
        folder = try TemporaryFolder()
        answers = try JSONDecoder().decode(
            [Answer].self, from: Data(contentsOf: Self.fixture.appending(path: "answers.json")))
        let records = answers.filter { $0.task == "smdis" }.map {
            "\"\($0.question)\",熱がある,熱がない,\($0.row % 2 == 0 ? "A" : "B")\n"
        }
        try folder.write(
            "question,optionA,optionB,answer\n" + records.joined(), to: "data/smdis.csv")
        let lines = try answers.filter { $0.task == "nrner" }.map { answer in
            let row: [String: Any] = [
                "id": "n\(answer.row)", "task": "nrner", "tag": "d", "question": answer.question,
                "answer": [String(answer.document.prefix(2))], "doc": answer.document,
                "doc_id": "d\(answer.row)", "fold": 0,
            ]
            return String(
                decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self)
        }
        try folder.write(lines.joined(separator: "\n") + "\n", to: "data/nrner.jsonl")
    }

    private func evaluate(_ more: String...) throws -> CommandResult {
        let ended = try Programs.run(
            "shokenctl",
            ["evaluate", "jmed-llm", "--data", "data", "--model", Self.fixture.path] + more,
            in: folder.url)
        return CommandResult(code: ended.code, output: ended.output, errors: ended.errors)
    }

    private func scores(_ result: CommandResult) throws -> [String: [String: Any]] {
        try #require(result.code == 0, "\(result.errors)")
        let scores = try #require(try result.object()["scores"] as? [[String: Any]])
        return Dictionary(
            uniqueKeysWithValues: scores.map { ($0["task"] as? String ?? "", $0) })
    }

    private func lines(_ file: String) throws -> [String: [String: Any]] {
        let text = try String(contentsOf: folder[file], encoding: .utf8)
        let lines = try text.split(separator: "\n").map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        return Dictionary(
            uniqueKeysWithValues: lines.map {
                ("\($0["task"] ?? "") \($0["row"] ?? "")", $0)
            })
    }

    @Test("Free answers are those of another library, word for word, and what is none is counted")
    func free() throws {
        let result = try evaluate(
            "--max-new", "12", "--predictions", "free.jsonl", "--json", "--html", "page.html")
        let scores = try scores(result)
        let lines = try lines("free.jsonl")
        #expect(lines.count == answers.count)
        for answer in answers {
            let line = try #require(lines["\(answer.task) \(answer.row)"])
            #expect(line["text"] as? String == answer.text)
        }
        #expect(scores["smdis"]?["answers"] as? String == "free")
        // A model of random weights writes no letter.
        #expect(scores["smdis"]?["unparsed"] as? Int == 4)
        #expect(scores["smdis"]?["accuracy"] as? Double == 0)
        #expect(scores["smdis"]?["cut"] as? Int == 4)
        #expect(scores["nrner"]?["exactF1"] as? Double == 0)
        #expect((scores["nrner"]?["notInDocument"] as? Int ?? 0) > 0)
        let page = try String(contentsOf: folder["page.html"], encoding: .utf8)
        #expect(page.contains("<h1>Evaluation of WrittenAnswers</h1>") && page.contains("smdis"))
        #expect(!page.contains("http"))
        #expect(!answers.contains { page.contains($0.document) })
    }

    @Test("The likeliest letters are those of another library")
    func choices() throws {
        let result = try evaluate(
            "--answers", "choices", "--predictions", "choices.jsonl", "--tasks", "smdis", "--json")
        let scores = try scores(result)
        let lines = try lines("choices.jsonl")
        for answer in answers where answer.task == "smdis" {
            #expect(lines["smdis \(answer.row)"]?["prediction"] as? String == answer.letter)
        }
        let right = answers.count {
            $0.task == "smdis" && $0.letter == ($0.row % 2 == 0 ? "A" : "B")
        }
        #expect(scores["smdis"]?["accuracy"] as? Double == Double(right) / 4)
        #expect(scores["smdis"]?["unparsed"] as? Int == 0)
        #expect(scores.keys.sorted() == ["smdis"])
    }

    @Test("Bound answers are letters and strings of the document")
    func bound() throws {
        let result = try evaluate(
            "--answers", "bound", "--max-new", "30", "--predictions", "bound.jsonl", "--json")
        let scores = try scores(result)
        for answer in answers {
            let line = try #require(try lines("bound.jsonl")["\(answer.task) \(answer.row)"])
            if answer.task == "smdis" {
                #expect(["A", "B"].contains(line["prediction"] as? String))
            } else {
                let strings = try #require(line["prediction"] as? [String])
                #expect(strings.allSatisfy { answer.document.contains($0) })
            }
        }
        #expect(scores["nrner"]?["notInDocument"] as? Int == 0)
        #expect(scores["nrner"]?["unparsed"] as? Int == 0)
    }

    @Test("A run goes on with the rows that its file lacks, and with no other model's")
    func resumed() throws {
        let trial = try scores(
            evaluate(
                "--answers", "choices", "--limit", "2", "--predictions", "parts.jsonl", "--json"))
        #expect(trial["smdis"]?["rows"] as? Int == 2)
        let before = try String(contentsOf: folder["parts.jsonl"], encoding: .utf8)
        let all = try scores(
            evaluate("--answers", "choices", "--predictions", "parts.jsonl", "--json"))
        let after = try String(contentsOf: folder["parts.jsonl"], encoding: .utf8)
        #expect(after.hasPrefix(before))
        #expect(after.split(separator: "\n").count == answers.count)
        #expect(all["smdis"]?["rows"] as? Int == 4)
        // Nothing is left to ask: the file stays as it is, and the figures are the same.
        let again = try scores(
            evaluate("--answers", "choices", "--predictions", "parts.jsonl", "--json"))
        #expect(try String(contentsOf: folder["parts.jsonl"], encoding: .utf8) == after)
        #expect(again["smdis"]?["kappa"] as? Double == all["smdis"]?["kappa"] as? Double)

        let other = try evaluate("--answers", "free", "--predictions", "parts.jsonl")
        #expect(other.code == 65)
        #expect(other.errors.contains("answers choices, not free"), "\(other.errors)")
    }

    @Test("What does not fit the context is counted, not cut")
    func tooLong() throws {
        let long = "「" + String(repeating: "熱がある。", count: 200) + "」"
        try folder.write(
            "question,optionA,optionB,answer\n\"次の投稿をした人は熱がありますか？\n\(long)\",はい,いいえ,A\n",
            to: "data/smdis.csv")
        for mode in ["free", "choices"] {
            let scores = try scores(evaluate("--answers", mode, "--tasks", "smdis", "--json"))
            #expect(scores["smdis"]?["tooLong"] as? Int == 1)
            #expect(scores["smdis"]?["accuracy"] as? Double == 0)
        }
    }
}
