// SPDX-License-Identifier: Apache-2.0
import Corpora
import Foundation
import Testing

@Suite("Python list literals")
struct PythonListLiteralTests {
    @Test(
        "Strings are read with either quote and all escapes.",
        arguments: [
            ("['発熱', '喀痰']", ["発熱", "喀痰"]), ("[]", []), (" [ 'a' , ] ", ["a"]),
            (#"["it's", 'a"b', 'c\'d']"#, ["it's", "a\"b", "c'd"]),
            (#"['a\u3000b\n\\', '\x41']"#, ["a\u{3000}b\n\\", "A"]),
        ])
    func lists(text: String, expected: [String]) {
        #expect(PythonListLiteral.strings(text) == expected)
    }

    @Test(
        "Anything else is refused.",
        arguments: ["", "[", "['a'", "['a' 'b']", "[1]", "['a'] x", #"['\q']"#, #"['\ud800']"#])
    func refused(text: String) {
        #expect(PythonListLiteral.strings(text) == nil)
    }
}

@Suite("Benchmark questions")
struct BenchmarkQuestionTests {
    @Test("The entity, the document and the subtask are taken out of a question.")
    func adverseEvent() throws {
        let question = try #require(
            BenchmarkQuestion(
                task: .crade,
                question: "以下の症例報告において、「薬剤Ａ」がADE（有害事象）を引き起こしている可能性は？\n「症例は「主訴」あり．\n終わり。」"))
        #expect(question.tag == "medicine")
        #expect(question.entity == "薬剤Ａ")
        #expect(question.document == "症例は「主訴」あり．\n終わり。")
    }

    @Test(
        "The question's words tell the subtask.",
        arguments: [
            (BenchmarkTask.rrtnm, "以下の読影レポートには遠隔転移がありますか？", "M"),
            (.smdis, "SNSで以下の投稿をした本人または周囲の人間は、1日以内に熱がありましたか？", "fever"),
            (.nursingEntities, "以下の看護記録において、処方量など薬品にかかわる値は？", "m-val"),
            (.caseReportDrugs, "以下の症例報告において、薬品名は？", "m-key"),
        ])
    func tags(task: BenchmarkTask, demand: String, tag: String) throws {
        let question = try #require(
            BenchmarkQuestion(task: task, question: demand + "\n「文」"))
        #expect(question.tag == tag)
        #expect(question.document == "文")
    }

    @Test("A question in other words is refused.")
    func refused() {
        #expect(BenchmarkQuestion(task: .rrtnm, question: "T分類は？\n「文」") == nil)
        #expect(BenchmarkQuestion(task: .jcsts, question: "S1: a") == nil)
        #expect(BenchmarkQuestion(task: .crade, question: "「」がADE") == nil)
    }

    /// The training rows beside the repository, where a developer has them.
    static let trainingRows = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/data/jmed-llm/train").standardizedFileURL

    @Test(
        "Every training question gives back its row's parts (needs the training rows).",
        .enabled(if: FileManager.default.fileExists(atPath: trainingRows.path)),
        arguments: BenchmarkTask.allCases)
    func trainingQuestion(task: BenchmarkTask) throws {
        let rows = try BenchmarkRow.read(
            Self.trainingRows.appending(path: task.rawValue + ".jsonl"))
        #expect(!rows.isEmpty)
        var wrong: [String] = []
        for row in rows {
            let question = BenchmarkQuestion(task: task, question: row.question)
            let same =
                question?.document == row.document && question?.entity == row.entity
                && question?.sentences?.first == row.firstSentence
                && question?.sentences?.second == row.secondSentence
                && (question?.tag == row.tag || task == .examination)
            if !same { wrong.append(row.id) }
        }
        #expect(wrong.isEmpty)
    }
}

@Suite("Benchmark tables")
struct BenchmarkTableTests {
    @Test("Columns are found by name, and rows counted from zero.")
    func columns() throws {
        let table = try BenchmarkTable(
            task: .jcsts,
            records: [
                ["id", "question", "optionA", "optionB", "optionC", "answer"],
                ["7", "似ている？\nS1: あ\nS2: い", "同じ", "違う", "", "B"],
            ], name: "jcsts.csv")
        let row = try #require(table.rows.first)
        #expect(row.number == 0)
        #expect(row.parsed.sentences == .init(first: "あ", second: "い"))
        #expect(row.options == ["同じ", "違う"])
        #expect(row.answer == .letter("B"))
    }

    @Test("What does not fit is reported by name.")
    func errors() {
        #expect(throws: CorpusError.missingColumn(file: "x", column: "answer")) {
            try BenchmarkTable(task: .nursingEntities, records: [["question"]], name: "x")
        }
        #expect(throws: CorpusError.malformedRow(file: "x", line: 2)) {
            try BenchmarkTable(
                task: .nursingEntities,
                records: [["question", "answer"], ["以下の看護記録において、薬品名は？\n「文」", "薬"]],
                name: "x")
        }
    }
}
