// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Corpora
import Evaluation
import Foundation
import JapaneseText
import LinearHeads
import Tensors
import Testing

@Suite("JMED-LLM benchmark")
struct JMEDBenchmarkTests {
    static let analyzer: TextAnalyzer? = (try? MorphologicalAnalyzer()).map {
        TextAnalyzer(analyzer: $0)
    }

    static func read(_ documents: [ClinicalDocument]) throws -> [DocumentReading] {
        let analyzer = try #require(analyzer)
        return documents.map { DocumentReading(document: $0, text: analyzer.analyze($0.text)) }
    }

    /// A detector that says yes to every question about fever and no to the others.
    static var detector: SymptomDetector {
        var settings = SymptomDetector.Settings()
        settings.buckets = 16
        let bias = settings.symptoms.map { Float($0 == .fever ? 9 : -9) }
        return SymptomDetector(
            settings: settings,
            head: LinearHead(
                weights: Tensor(zeros: [bias.count, 16]),
                bias: Tensor(shape: [bias.count], values: bias), link: .independent))
    }

    static func table(_ task: BenchmarkTask, _ rows: [[String]]) throws -> BenchmarkTable {
        try BenchmarkTable(
            task: task,
            records: [["question", "answer", "optionA", "optionB"]]
                + rows.map { $0 + ["はい", "いいえ"] },
            name: "made-up.csv")
    }

    @Test("Each row is answered for its own subtask, in the file's order.")
    func symptoms() throws {
        let demand = "SNSで以下の投稿をした本人または周囲の人間は、1日以内に"
        let table = try Self.table(
            .smdis,
            [
                [demand + "熱がありましたか？\n「だるい」", "A"], [demand + "頭痛がありましたか？\n「だるい」", "A"],
            ])
        let benchmark = JMEDBenchmark(
            tasks: TaskSet(symptoms: Self.detector), read: Self.read)
        guard case .answered(let answers) = try benchmark.answer(table) else {
            Issue.record("not answered")
            return
        }
        #expect(answers == [.letter("A"), .letter("B")])
        let score = BenchmarkScore(
            .smdis, gold: table.rows.map(\.answer), predictions: answers)
        #expect(score.accuracy == 0.5)
        #expect(score.rows == 2)
        #expect(score.exactF1 == nil)
    }

    @Test("A task that the model lacks is said to be missing, not answered.")
    func missing() throws {
        let benchmark = JMEDBenchmark(tasks: TaskSet(), read: Self.read)
        for task in BenchmarkTask.allCases {
            let table = try BenchmarkTable(
                task: task, records: [["question", "answer", "optionA", "optionB"]], name: "x")
            guard case .missing(let reason) = try benchmark.answer(table) else {
                Issue.record("\(task) was answered")
                continue
            }
            #expect(reason == (task == .examination ? .languageModel : .task))
        }
    }

    @Test("An examination question is answered by the likeliest option.")
    func examination() throws {
        let table = try Self.table(.examination, [["どれか。", "B"]])
        let benchmark = JMEDBenchmark(
            tasks: TaskSet(), read: Self.read,
            optionScores: { $0.map { $0.options.map { $0 == "いいえ" ? -1 : -2 } } })
        guard case .answered(let answers) = try benchmark.answer(table) else {
            Issue.record("not answered")
            return
        }
        #expect(answers == [.letter("B")])
    }

    @Test("Entity tasks are scored by their strings.")
    func strings() {
        let score = BenchmarkScore(
            .nursingEntities, gold: [.strings(["発熱", "咳"])],
            predictions: [.strings(["発熱"])])
        #expect(abs((score.exactF1 ?? 0) - 2.0 / 3) < 1e-12)
        #expect(score.kappa == nil)
    }

    @Test("A line of the predictions file holds a letter or a list.")
    func lines() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func line(_ prediction: BenchmarkPrediction) throws -> String {
            String(decoding: try encoder.encode(prediction), as: UTF8.self)
        }
        #expect(
            try line(BenchmarkPrediction(task: .crade, row: 3, prediction: .letter("C")))
                == #"{"prediction":"C","row":3,"task":"crade"}"#)
        #expect(
            try line(
                BenchmarkPrediction(task: .nursingEntities, row: 0, prediction: .strings(["熱"])))
                == #"{"prediction":["熱"],"row":0,"task":"nrner"}"#)
    }
}

@Suite("Task set")
struct TaskSetTests {
    @Test("A set written as parameters comes back with the same tasks.")
    func storage() throws {
        let set = TaskSet(symptoms: JMEDBenchmarkTests.detector)
        let parameters = try set.parameters()
        #expect(parameters.keys.sorted() == ["symptoms"])
        let back = try TaskSet(parameters: parameters)
        #expect(back.symptoms?.settings == set.symptoms?.settings)
        #expect(back.similarity == nil)
    }

    @Test("Tasks fitted to the states of another trunk are refused by name.")
    func stateWidth() throws {
        var settings = AdverseEventGrader.Settings()
        settings.buckets = 16
        settings.stateWidth = 8
        let grader = AdverseEventGrader(
            settings: settings,
            head: LinearHead(
                weights: Tensor(zeros: [4, settings.featureCount]), bias: Tensor(zeros: [4]),
                link: .exclusive))
        let set = TaskSet(adverseEvents: grader, symptoms: JMEDBenchmarkTests.detector)
        try set.check(stateWidth: 8)
        #expect(
            throws: TaskParameterError.settings(task: "adverse-events", field: "stateWidth")
        ) { try set.check(stateWidth: 16) }
    }
}
