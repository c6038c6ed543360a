// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "shokenctl evaluate",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct EvaluateCommandTests: CommandSubject {
    private static let bundle = DaemonInstance.models.path + "/shoken-base"
    private static let messages = [
        ("昨日から熱があって一日寝ていた", true), ("38度の熱が出て会社を休んだ", true), ("熱もなく元気に過ごした", false),
        ("今日は散歩が楽しかった", false),
    ]

    /// The questions and rows of one task, of fictional messages.
    static let place = prepared { folder in
        let question = "次の投稿をした人は熱がありますか？"
        let records = messages.map { text, isIll in
            "\"\(question)\n「\(text)」\",はい,いいえ,\(isIll ? "A" : "B")\n"
        }
        try folder.write(
            "question,optionA,optionB,answer\n" + records.joined(), to: "official/smdis.csv")
        try folder.write("question,optionA,optionB\n", to: "damaged/smdis.csv")
        try folder.write("", to: "empty/readme.txt")
        var lines: [String] = []
        for (number, message) in (messages + messages + messages + messages).enumerated() {
            lines.append(
                """
                {"id":"r\(number)","task":"smdis","tag":"fever","question":"\(question)",\
                "options":["はい","いいえ"],"answer":"\(message.1 ? "A" : "B")",\
                "doc":"\(message.0)\(number)","doc_id":"d\(number)","fold":\(number / 4 % 2)}
                """)
        }
        try folder.write(
            lines.joined(separator: "\n"), to: "data/jmed-llm/train/smdis.jsonl")
    }

    static let cases: [CommandCase] = [
        .works(
            "evaluate", "jmed-llm", "--data", "official", "--model", bundle, "--predictions",
            "answers.jsonl", "--json"
        ) { result in
            let report = try result.object()
            let scores = try #require(report["scores"] as? [[String: Any]])
            #expect(scores.map { $0["task"] as? String } == ["smdis"])
            #expect(scores.first?["rows"] as? Int == 4)
            #expect((scores.first?["accuracy"] as? Double ?? -1) >= 0.5)
            #expect((report["missing"] as? [Any])?.count == 7)
            let answers = try String(
                contentsOf: place.get()["answers.jsonl"], encoding: .utf8)
            #expect(answers.split(separator: "\n").count == 4)
        },
        .fails(
            "evaluate", "jmed-llm", "--data", "damaged", "--model", bundle,
            code: 65, saying: "smdis.csv", "answer"),
        // No figures at all are no success.
        .fails(
            "evaluate", "jmed-llm", "--data", "empty", "--model", bundle,
            code: 66, saying: "empty"),
        .works(
            "evaluate", "folds", "--task", "smdis", "--data", "data", "--folds", "0,1", "--json"
        ) { result in
            let report = try result.object()
            #expect(report["task"] as? String == "smdis" && report["folds"] as? [Int] == [0, 1])
            let all = try #require(report["all"] as? [String: Any])
            #expect(all["count"] as? Int == 16 && (all["accuracy"] as? Double ?? 0) > 0.9)
        },
        .works("evaluate", "folds", "--task", "smdis", "--data", "data", "--folds", "1") {
            #expect($0.lines.count == 2 && $0.lines[1].hasPrefix("smdis  8 "))
        },
        .fails(
            "evaluate", "folds", "--task", "smdis", "--data", "absent", code: 66,
            saying: "absent", "smdis.jsonl"),
        .fails(
            "evaluate", "folds", "--task", "smdis", "--data", "data", "--folds", "0;1", code: 64,
            saying: "--folds"),
        .fails(
            "evaluate", "folds", "--task", "smdis", "--data", "data", "--folds", "5", code: 64,
            saying: "--folds"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
