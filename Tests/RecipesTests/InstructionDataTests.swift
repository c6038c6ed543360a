// SPDX-License-Identifier: Apache-2.0
import Foundation
import Recipes
import Testing

@Suite("Instruction data") struct InstructionDataTests {
    private func examples(
        _ text: String, _ format: InstructionFile.Format = .jsonLines, system: String? = nil
    ) throws -> [InstructionExample] {
        try InstructionFile(name: "rows", format: format, task: "ward", system: system)
            .examples(Data(text.utf8))
    }

    private func faults(
        _ text: String, _ format: InstructionFile.Format = .jsonLines
    ) throws -> [FaultyRow] {
        let error = #expect(throws: InstructionDataError.self) { try examples(text, format) }
        guard case .rows(let rows, let count) = error else {
            Issue.record("\(String(describing: error))")
            return []
        }
        #expect(count >= rows.count)
        return rows
    }

    @Test("is read from JSON lines of both kinds and from a table alike")
    func formats() throws {
        let lines = """
            {"instruction":"要約せよ","input":"微熱あり。","output":"発熱"}

            {"messages":[{"role":"user","content":"要約せよ\\n微熱あり。"},{"role":"assistant","content":"発熱"}]}
            """
        let table = "output,instruction,input\r\n発熱,要約せよ,\"微熱あり。\"\r\n"
        let rows = try examples(lines)
        #expect(rows.map(\.line) == [1, 3])
        #expect(rows[0].messages == rows[1].messages)
        let fromTable = try examples(table, .csv)
        #expect(fromTable.map(\.messages) == [rows[0].messages])
        #expect(fromTable[0].document == rows[0].document)
        #expect(rows[0].messages.map(\.content) == ["要約せよ\n微熱あり。", "発熱"])
    }

    @Test("of JMED-LLM becomes a lettered question, or a line for each string")
    func benchmark() throws {
        let rows = try examples(
            """
            {"question":"痛みはあるか","options":["ある","ない"],"answer":"B","doc_id":"x"}
            {"question":"症状は","answer":["頭痛","めまい"],"doc_id":"x","group":7}
            {"question":"症状は","answer":[],"doc_id":"y"}
            """, .jmed)
        #expect(
            rows.map { $0.messages[0].content } == [
                "痛みはあるか\nA. ある\nB. ない", "症状は", "症状は",
            ])
        #expect(rows.map { $0.messages[1].content } == ["B", "頭痛\nめまい", "なし"])
        #expect(Set(rows.map(\.document)).count == 3)
    }

    @Test("takes the file's system message where a row has none")
    func system() throws {
        let rows = try examples(
            """
            {"instruction":"a","output":"b"}
            {"instruction":"a","output":"b","system":"own"}
            """, system: "given")
        #expect(rows.map { $0.messages[0].content } == ["given", "own"])
    }

    @Test("at fault is named by file and line, all of it at once")
    func badRows() throws {
        let text = """
            {"instruction":"a","output":"b"}
            {"instruction":"a"}
            nothing
            {"instruction":3,"output":"b"}
            {"messages":[{"role":"doctor","content":"a"}]}
            {"messages":[{"role":"user","content":"a"}]}
            {"messages":[]}
            [1]
            {"instruction":"","output":"b"}
            """
        let rows = try faults(text)
        #expect(rows.map(\.line) == [2, 3, 4, 5, 6, 7, 8, 9])
        #expect(
            rows.map(\.fault) == [
                .missing("output"), .notJSON, .type("instruction"), .role, .noAnswer, .noAnswer,
                .notJSON, .missing("instruction"),
            ])
        #expect(rows.allSatisfy { $0.file == "rows" })
        let letters = try faults(
            "{\"question\":\"q\",\"options\":[\"x\",\"y\"],\"answer\":\"C\"}", .jmed)
        #expect(letters.map(\.fault) == [.answerOutOfOptions])
    }

    @Test("in a table is counted by lines of the file, blank and quoted ones too")
    func tableLines() throws {
        let rows = try faults("instruction,output\n\n\"a\nb\",c\nx,y,z\n\nlast\n", .csv)
        #expect(rows.map(\.line) == [5, 7])
        #expect(rows[0].fault == .fieldCount(expected: 2, found: 3))
        #expect(throws: InstructionDataError.column(file: "rows", column: "output")) {
            try examples("instruction,answer\na,b\n", .csv)
        }
        #expect(throws: InstructionDataError.table(file: "rows", line: 2)) {
            try examples("instruction,output\na,\"b", .csv)
        }
        #expect(throws: InstructionDataError.empty(file: "rows")) { try examples("\n \n") }
        #expect(throws: InstructionDataError.empty(file: "rows")) {
            try examples("instruction,output\n", .csv)
        }
    }

    @Test("never shows a row's text in an error")
    func noText() throws {
        let name = "架空野花子"
        for text in [
            "{\"instruction\":\"\(name)\"}", "\(name)",
            "{\"messages\":[{\"role\":\"\(name)\",\"content\":\"a\"}]}",
        ] {
            let error = #expect(throws: InstructionDataError.self) { try examples(text) }
            #expect(!"\(String(describing: error))".contains(name))
        }
    }
}

@Suite("Tasks that are mixed") struct TaskMixtureTests {
    private let tasks = [
        TaskMixture.Task(name: "large", count: 900), TaskMixture.Task(name: "small", count: 100),
    ]

    private func draws(_ weights: MixtureWeights, _ count: Int) throws -> [(task: Int, row: Int)] {
        var mixture = try #require(TaskMixture(tasks, weights: weights, seed: 4))
        return (0..<count).map { mixture.row($0) }
    }

    @Test(
        "are drawn by rows, evened out by temperature, or as is said",
        arguments: [
            (MixtureWeights.temperature(1), 0.1), (.temperature(2), 0.25),
            (.explicit(["large": 1, "small": 3]), 0.75), (.explicit(["small": 1]), 1),
        ])
    func shares(weights: MixtureWeights, small: Double) throws {
        let drawn = try draws(weights, 4000)
        let share = Double(drawn.count { $0.task == 1 }) / 4000
        #expect(abs(share - small) < 0.03)
        let mixture = try #require(TaskMixture(tasks, weights: weights, seed: 1))
        #expect(abs((mixture.shares["small"] ?? 0) - small) < 1e-12)
    }

    @Test("show each row once before any twice, in another order each time")
    func epochs() throws {
        let rows = try draws(.explicit(["small": 1]), 300).map(\.row)
        #expect(Set(rows[..<100]).count == 100)
        #expect(Set(rows[100..<200]).count == 100)
        #expect(Array(rows[..<100]) != Array(rows[100..<200]))
    }

    @Test("go on in the middle as if they had never stopped")
    func resumed() throws {
        let whole = try draws(.temperature(3), 500)
        var mixture = try #require(TaskMixture(tasks, weights: .temperature(3), seed: 4))
        let rest = (320..<500).map { mixture.row($0) }
        #expect(rest.map(\.task) == whole[320...].map(\.task))
        #expect(rest.map(\.row) == whole[320...].map(\.row))
    }

    @Test("that nobody may draw are nothing")
    func nothing() {
        #expect(TaskMixture([], weights: .temperature(1), seed: 1) == nil)
        #expect(TaskMixture(tasks, weights: .explicit(["other": 1]), seed: 1) == nil)
    }
}
