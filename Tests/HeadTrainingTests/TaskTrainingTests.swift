// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Corpora
import Foundation
import HeadTraining
import JapaneseText
import Testing

/// One analyzer for all tests here.
private let analyzer: TextAnalyzer? = (try? MorphologicalAnalyzer()).map {
    TextAnalyzer(analyzer: $0)
}

@Suite("Training of the classification tasks")
struct TaskTrainingTests {
    /// Made-up rows in the form of the corpus.
    static func rows(_ fields: [[String: Any]]) throws -> [BenchmarkRow] {
        try fields.enumerated().map { number, fields in
            var row: [String: Any] = [
                "id": "r\(number)", "task": "t", "tag": "", "question": "", "options": [],
                "doc": "", "doc_id": "\(number)", "fold": number % 2,
            ]
            row.merge(fields) { $1 }
            return try JSONDecoder().decode(
                BenchmarkRow.self, from: JSONSerialization.data(withJSONObject: row))
        }
    }

    @Test("A symptom detector learns which messages tell of a symptom.")
    func symptoms() throws {
        let analyzer = try #require(analyzer)
        let messages = [
            ("熱が三十九度ある", "A"), ("散歩は楽しい", "B"), ("高い熱でつらい", "A"), ("新しい靴を買った", "B"),
            ("今朝から熱がある", "A"), ("会議が長い", "B"), ("熱で休む", "A"), ("雨が続く", "B"),
        ]
        let rows = try Self.rows(
            messages.map { ["doc": $0.0, "answer": $0.1, "tag": "fever"] })
        var settings = SymptomDetector.Settings()
        settings.symptoms = [.fever]
        settings.buckets = 1 << 12
        let detector = try SymptomTraining.fit(
            rows: rows, analyze: analyzer.analyze, settings: settings)
        let ill = detector.symptoms(in: analyzer.analyze("子供に熱がある"))["fever"] ?? 0
        let well = detector.symptoms(in: analyzer.analyze("靴が長い"))["fever"] ?? 1
        #expect(ill > 0.5)
        #expect(well < 0.5)
    }

    @Test("An excluded fold does not change what is learnt.")
    func excluded() throws {
        let analyzer = try #require(analyzer)
        var settings = SymptomDetector.Settings()
        settings.symptoms = [.fever]
        settings.buckets = 1 << 10
        func fit(_ rows: [BenchmarkRow], _ fold: Int?) throws -> Double {
            try SymptomTraining.fit(
                rows: rows, analyze: analyzer.analyze, excludingFold: fold, settings: settings
            ).symptoms(in: analyzer.analyze("熱"))["fever"] ?? -1
        }
        let all = try Self.rows([
            ["doc": "熱がある", "answer": "A", "tag": "fever"],
            ["doc": "熱はない", "answer": "B", "tag": "fever"],
            ["doc": "熱い湯", "answer": "B", "tag": "fever"],
        ])
        #expect(try fit(all, 1) == fit(all.filter { $0.fold != 1 }, nil))
        #expect(try fit(all, 1) != fit(all, nil))
        #expect(throws: HeadTrainingError.noRows(task: "smdis")) { try fit([], nil) }
    }

    @Test("A similarity judge learns that near copies mean the same.")
    func similarity() throws {
        let analyzer = try #require(analyzer)
        let pairs = [
            ("頭痛を認めた。", "頭痛を認めた", "A"), ("血圧は安定している。", "手術を行った。", "F"),
            ("経過は良好である", "経過は良好である。", "A"), ("退院となった", "骨折はなかった", "F"),
            ("咳が続いている", "咳が続いている。", "A"), ("胃癌と診断した", "右足の浮腫がある", "F"),
        ]
        let rows = try Self.rows(
            pairs.map { ["s1": $0.0, "s2": $0.1, "doc": $0.0 + "\n" + $0.1, "answer": $0.2] })
        let judge = try SimilarityTraining.fit(rows: rows, analyze: analyzer.analyze)
        let same = judge.judge(
            analyzer.analyze("腹水を認めない。"), analyzer.analyze("腹水を認めない"))
        let different = judge.judge(
            analyzer.analyze("腹水を認めない。"), analyzer.analyze("点滴を開始した"))
        #expect(same.level == 5)
        #expect(different.level == 0)
        #expect((judge.settings.prior[5], judge.settings.prior[0]) == (0.5, 0.5))
    }

    @Test("An adverse-event grader learns from what stands around a name.")
    func adverseEvents() throws {
        let analyzer = try #require(analyzer)
        let reports = [
            ("薬剤の投与後に皮疹が出現し、薬剤性と診断した。", "皮疹", "D"),
            ("胃癌の手術を受けた既往がある。", "胃癌", "A"),
            ("内服を開始後に肝障害を認め、副作用と考えた。", "肝障害", "D"),
            ("検診で高血圧を指摘された。", "高血圧", "A"),
            ("点滴後に発疹が生じ、薬剤性と考えた。", "発疹", "D"), ("骨折で入院した。", "骨折", "A"),
        ]
        let rows = try Self.rows(
            reports.map {
                ["doc": $0.0, "entity": $0.1, "answer": $0.2, "tag": "disease", "spans": [[Int]]()]
            })
        let grader = try AdverseEventTraining.fit(
            rows: rows, analyze: analyzer.analyze, inversePenalty: 1)
        func level(_ text: String, _ name: String) -> Int {
            let report = AdverseEventFeatures.Report(analyzer.analyze(text))
            return grader.grade(
                surface: name, occurrences: report.occurrences(of: name), report: report,
                role: .disease
            ).level.rawValue
        }
        #expect(level("投与後に腎障害が出現し、薬剤性と診断した。", "腎障害") == 3)
        #expect(level("検診で胃潰瘍を指摘された。", "胃潰瘍") == 0)
    }

    @Test("A row without its answer is reported by its identifier.")
    func unusable() throws {
        let analyzer = try #require(analyzer)
        let rows = try Self.rows([["s1": "a", "doc": "a", "answer": "A"]])
        #expect(throws: HeadTrainingError.unusableRow(task: "jcsts", row: "r0")) {
            try SimilarityTraining.fit(rows: rows, analyze: analyzer.analyze)
        }
    }
}
