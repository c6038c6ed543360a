// SPDX-License-Identifier: Apache-2.0
import Corpora
import Evaluation
import Foundation
import JSONFiles
import TestSupport
import Testing

@Suite("Figures of predictions")
struct ScoredPredictionsTests {
    private static let scorer = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Scripts/score-predictions").standardizedFileURL
    private static let python: URL? = ["/usr/bin/python3", "/usr/local/bin/python3"]
        .map { URL(filePath: $0) }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    private static let words = ["発熱", "咳嗽", "熱", "右膝の疼痛", "疼痛", "嘔気", "腹痛", "下痢", "ＳｐＯ２低下"]

    /// Wordings by which each task tells its subtask.
    private static func demand(_ task: BenchmarkTask, _ number: Int) -> String {
        switch task {
        case .crade: "以下の症例報告において、「発熱」がADE（有害事象）である可能性は？"
        case .rrtnm: ["以下の読影レポートには原発腫瘍がありますか？", "以下の読影レポートには遠隔転移がありますか？"][number % 2]
        case .smdis: "以下の投稿をした人は熱がありましたか？"
        case .jcsts, .examination: "どれか。"
        case .caseReportDiseases, .nursingEntities: "以下の記録において、所見を表す表現は？"
        case .caseReportDrugs: "以下の症例報告において、薬品名は？"
        }
    }

    /// A task's rows, several of a document, and an answer to most of them.
    private static func rows(
        _ task: BenchmarkTask, _ random: inout SeededNumbers
    ) -> (lines: [String], predictions: [BenchmarkPrediction.Answer?]) {
        var lines: [String] = []
        var predictions: [BenchmarkPrediction.Answer?] = []
        func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var (found, document): ([String], String) = ([], "")
        for number in 0..<60 {
            // Two rows in a row are about one document.
            if number % 2 == 0 {
                found = (0..<draw(4)).map { _ in words[draw(words.count)] }
                document =
                    (found + [words[draw(words.count)]]).joined(separator: "、") + "\(number)。"
            }
            var question = demand(task, number) + "\n「\(document)」"
            if task == .jcsts {
                question = demand(task, number) + "\nS1: \(document)\nS2: \(document)"
            }
            let answer: Any
            if task.isChoice {
                answer = BenchmarkChoice.letters[draw(task.classCount)]
                predictions.append(
                    draw(9) == 0 ? nil : .letter(BenchmarkChoice.letters[draw(task.classCount)]))
            } else {
                answer = found
                // Some are right, some overlap, some stand nowhere.
                let given =
                    found.filter { _ in draw(3) > 0 }
                    + (0..<draw(3)).map { _ in words[draw(words.count)] }
                predictions.append(draw(9) == 0 ? nil : .strings(given))
            }
            let row: [String: Any] = [
                "id": "r\(number)", "task": task.rawValue, "question": question,
                "options": (0..<task.classCount).map { "選択肢\($0)" }, "answer": answer,
                "doc": document, "doc_id": "d\(number / 2)", "fold": 0,
            ]
            let json = (try? JSONSerialization.data(withJSONObject: row)) ?? Data()
            lines.append(String(decoding: json, as: UTF8.self))
        }
        return (lines, predictions)
    }

    @Test(
        "All eight tasks have the figures that a script of its own works out",
        .enabled(if: python != nil, "there is no python3"))
    func independentScript() throws {
        let folder = try TemporaryFolder()
        var random = SeededNumbers(seed: 8)
        let file = folder.path + "/answers.jsonl"
        let setting = ["model": "fictional"]
        let writing = try PredictionFile(file, setting: setting)
        for task in BenchmarkTask.allCases {
            let (lines, predictions) = Self.rows(task, &random)
            try folder.write(lines.joined(separator: "\n"), to: "data/\(task.rawValue).jsonl")
            let table = try #require(try BenchmarkTable.read(task, in: folder["data"]))
            for (row, answer) in zip(table.rows, predictions) {
                var prediction = BenchmarkPrediction(
                    task: task, row: row.number, prediction: answer)
                prediction.answer = .init(row.answer)
                prediction.question = BenchmarkTable.digest(of: row)
                try writing.append(prediction)
            }
        }
        let process = Process()
        process.executableURL = Self.python
        process.arguments = [Self.scorer.path, file, folder.path + "/data"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let theirs = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: [String: Double]])

        let read = try PredictionFile.read(file)
        for task in BenchmarkTask.allCases {
            let table = try #require(try BenchmarkTable.read(task, in: folder["data"]))
            let own = read.filter { $0.task == task.rawValue }
            let score = table.score(Dictionary(uniqueKeysWithValues: own.map { ($0.row, $0) }))
            let ours: [String: Double?] = [
                "rows": Double(score.rows), "kappa": score.kappa, "accuracy": score.accuracy,
                "balancedKappa": score.balancedKappa, "exactF1": score.exactF1,
                "partialF1": score.partialF1, "strictF1": score.strictF1,
                "overlapF1": score.overlapF1,
            ]
            let figures = try #require(theirs[task.rawValue])
            #expect(figures.count == (task.isChoice ? 4 : 5))
            for (name, value) in figures {
                let mine = try #require(ours[name] ?? nil, "\(task) \(name)")
                #expect(abs(mine - value) < 1e-12, "\(task) \(name): \(mine) and \(value)")
                guard name != "rows" else { continue }
                // No figure is one that every answer would have.
                #expect(value > -1 && value < 1.2 && value != 0 && value != 1)
                if let interval = score.intervals[name] {
                    #expect(interval.low < mine && mine < interval.high)
                }
            }
            #expect(score.documents == 30)
        }
    }

    @Test("A row without an answer is wrong, by the whole scale where there is one")
    func unanswered() throws {
        func kappa(_ answer: Int?) -> Double {
            ClassificationMetrics(
                gold: [0, 1, 2, 3], predicted: [0, 1, 2, answer], classCount: 6,
                weighting: .linear, farthest: 3
            ).kappa
        }
        #expect(kappa(3) == 1)
        #expect(kappa(nil) < kappa(2))
        let metrics = ClassificationMetrics(
            gold: [0, 0, 1], predicted: [0, nil, nil], classCount: 2, weighting: .none)
        #expect(metrics.accuracy == 1.0 / 3)
        #expect(metrics.unanswered == [1, 1])
        var strings = EntityStringScore()
        strings.add(gold: [], predicted: nil)
        #expect(strings.exactF1 == 0)
        strings.add(gold: [], predicted: [])
        #expect(strings.exactF1 == 0.5)
    }

    @Test("Classes, what was taken for what, and subtasks are given")
    func details() {
        func row(_ gold: String, _ answer: String?, _ tag: String) -> BenchmarkScore.Row {
            var row = BenchmarkScore.Row(
                gold: .letter(gold), prediction: answer.map { .letter($0) }, group: gold + tag)
            row.tag = tag
            row.fault = answer == nil ? .unparsed : nil
            return row
        }
        let score = BenchmarkScore(
            .rrtnm,
            rows: [row("B", "B", "T"), row("B", "C", "T"), row("C", nil, "N"), row("C", "C", "N")])
        #expect(score.unparsed == 1 && score.tooLong == 0)
        #expect(
            score.confusion
                == BenchmarkScore.Confusion(
                    classes: ["B", "C"], rows: [[1, 1], [0, 1]], unanswered: [0, 1]))
        #expect(score.classes?.map(\.precision) == [1, 0.5])
        #expect(score.classes?.map(\.recall) == [0.5, 0.5])
        #expect(score.tags?.map(\.tag) == ["N", "T"])
        #expect(score.tags?.map(\.accuracy) == [0.5, 0.5])
    }

    @Test("The rows of a document are drawn together")
    func groups() {
        // Rows that repeat one document say no more than it.
        let rows = (0..<40).map { index in
            (group: index < 20 ? "a" : "b", parts: [(sum: 0, value: index < 20 ? 1.0 : 0), (1, 1)])
        }
        let interval = Bootstrap(width: 2, rows: rows).intervals(
            of: ["mean": { $0[0] / $0[1] }])["mean"]
        #expect(interval == Bootstrap.Interval(low: 0, high: 1))
        let one = Bootstrap(width: 1, rows: [("a", [(0, 1)])])
        #expect(one.intervals(of: ["sum": { $0[0] }]).isEmpty)
    }
}
