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
    /// A language model of random weights.
    private static let writer = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../WrittenAnswers").standardizedFileURL.path
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
        let line = #"{"task":"t","type":"a","fold":0,"document":"d","score":0.75,"right":"#
        try folder.write(
            String(repeating: line + "true}\n", count: 3) + line + "false}\n", to: "held.jsonl")
        try folder.write(line + "true}\n" + line + "\n", to: "broken.jsonl")
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
        func predictions(_ letters: [String]) -> String {
            zip(letters, messages.indices).map { letter, row in
                """
                {"task":"smdis","row":\(row),"prediction":"\(letter)","answer":"\(row < 2 ? "A" : "B")",\
                "question":"q\(row)","document":"d\(row)","setting":{"model":"m"}}

                """
            }.joined()
        }
        try folder.write(predictions(["A", "B", "B", "A"]), to: "first.jsonl")
        try folder.write(predictions(["A", "A", "B", "B"]), to: "second.jsonl")
        try folder.write(
            """
            {"text":"発熱あり。咳嗽なし。","spans":[{"start":0,"end":2,"label":"disease"},\
            {"start":5,"end":7,"label":"disease"}]}
            {"text":"ロキソプロフェンを内服した。","spans":[{"start":0,"end":8,"label":"drug"}]}

            """, to: "ward.jsonl")
        try folder.write(
            "text,label\n" + messages.map { "\($0),\($1 ? "yes" : "no")\n" }.joined(),
            to: "fever.csv")
        try folder.write(
            "text,second,label\n発熱あり。,発熱あり。,5\n発熱あり。,転倒した。,0\n", to: "pairs.csv")
        try folder.write(
            """
            {"question":"熱の原因はどれか。","choices":["感染","散歩","転倒"],"answer":"A","group":"内科"}
            {"question":"症状はどれか。","choices":["発熱","咳嗽","散歩"],"answer":["a","b"],"group":"内科"}
            {"question":"体温は何℃か。","answer":"38.5","group":"計算"}

            """, to: "qa.jsonl")
        try folder.write(
            "question,optionA,optionB,answer\nWhich is a symptom?,fever,walk,A\n", to: "qa.csv")
        try folder.write("question,optionA,optionB,answer\nWhich?,fever,walk,C\n", to: "bad.csv")
        try folder.write(
            """
            {"problem_id":"112A1","problem_text":"どれか。","choices":["甲","乙"],"text_only":true,"answer":["a"],"points":"1"}
            {"problem_id":"112A2","problem_text":"どれか。","choices":["甲","乙"],"text_only":false,"answer":["b"],"points":"3"}

            """, to: "igaku/2018/112-A.jsonl")
        try folder.write(
            """
            {"problem_id":"116A71","problem_text":"どれか。","choices":["甲","乙"],"text_only":true,"answer":["a"],"points":"1"}

            """, to: "igaku/2022/116-A.jsonl")
        try folder.write("{}", to: "igaku/2022/116-A_metadata.jsonl")
        try folder.write(
            """
            {"model":"one","missing":[],"scores":[{"task":"crade","rows":9,"documents":3,"unparsed":0,"tooLong":0,\
            "cut":0,"intervals":{},"kappa":0.614,"accuracy":0.666},{"task":"nrner","rows":9,"documents":3,\
            "unparsed":0,"tooLong":0,"cut":0,"intervals":{},"exactF1":0.66,"partialF1":0.92}]}
            """, to: "one.json")
        try folder.write(
            "{\"text\":\"発熱\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"sign\"}]}\n",
            to: "unknown.jsonl")
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
            "evaluate", "jmed-llm", "--data", "official", "--model", bundle, "--tasks", "smdis",
            "--limit", "3", "--html", "page.html"
        ) { result in
            #expect(result.lines.count == 2 && result.lines[1].hasPrefix("smdis  3 "))
            let page = try String(contentsOf: place.get()["page.html"], encoding: .utf8)
            #expect(page.contains("<h2>smdis</h2>"))
        },
        .fails(
            "evaluate", "jmed-llm", "--data", "official", "--model", bundle, "--answers", "free",
            code: 64, saying: "--answers", "bundle"),
        .fails(
            "evaluate", "jmed-llm", "--data", "official", "--model", bundle, "--tasks", "smdis,ner",
            code: 64, saying: "ner is none of crade, rrtnm, smdis"),
        .works("evaluate", "compare", "first.jsonl", "second.jsonl", "--html", "compared.html") {
            #expect($0.output.contains("McNemar p 0.5000"))
            #expect($0.output.contains("smdis: 2 rows with two answers"))
            let page = try String(contentsOf: place.get()["compared.html"], encoding: .utf8)
            #expect(page.contains("<h2>smdis</h2>"))
        },
        .works("evaluate", "compare", "first.jsonl", "second.jsonl", "--json") { result in
            let tasks = try #require(try result.object()["tasks"] as? [[String: Any]])
            let differences = try #require(tasks.first?["differences"] as? [[String: Any]])
            #expect(differences.map { $0["measure"] as? String } == ["kappa", "accuracy"])
            #expect(differences.map { $0["difference"] as? Double } == [1, 0.5])
        },
        .fails(
            "evaluate", "compare", "first.jsonl", "ward.jsonl", code: 65, saying: "ward.jsonl",
            "line 1"),
        .fails("evaluate", "compare", "first.jsonl", "absent.jsonl", code: 66, saying: "absent"),
        .works(
            "evaluate", "qa", "--data", "qa.jsonl", "--model", writer, "--answers", "choices",
            "--json", "--predictions", "qa-answers.jsonl"
        ) { result in
            let parts = try #require(try result.object()["parts"] as? [[String: Any]])
            #expect(parts.map { $0["group"] as? String } == ["all", "内科", "計算"])
            #expect(parts.map { $0["questions"] as? Int } == [3, 2, 1])
            let lines = try String(contentsOf: place.get()["qa-answers.jsonl"], encoding: .utf8)
            let second = try #require(
                lines.split(separator: "\n").first { $0.contains("\"row\":1,") })
            // As many letters as are right.
            #expect(second.contains(/"prediction":"[ABC],[ABC]"/))
        },
        .works("evaluate", "qa", "--data", "qa.csv", "--model", writer, "--answers", "bound") {
            #expect($0.lines.count == 2 && $0.lines[1].hasPrefix("all "), "\($0.output)")
        },
        .fails(
            "evaluate", "qa", "--data", "bad.csv", "--model", writer, code: 65, saying: "bad.csv",
            "row 2"),
        .fails(
            "evaluate", "qa", "--data", "qa.csv", "--model", "absent", code: 66, saying: "absent"),
        .works("evaluate", "igakuqa", "--data", "igaku", "--model", writer, "--json") { result in
            let parts = try #require(try result.object()["parts"] as? [[String: Any]])
            #expect(parts.map { $0["group"] as? String } == ["all", "2018", "2022"])
            #expect(parts.map { $0["of"] as? Int } == [5, 4, 1])
            // Everyone was given the points of 116A71.
            #expect(parts[2]["points"] as? Int == 1)
        },
        .works(
            "evaluate", "igakuqa", "--data", "igaku", "--model", writer, "--answers", "choices"
        ) { #expect($0.lines.count == 4, "\($0.output)") },
        .fails(
            "evaluate", "igakuqa", "--data", "empty", "--model", writer, code: 66, saying: "empty"),
        .works("evaluate", "table", "one.json", "--html", "table.html") {
            #expect($0.output.contains("one    -          0.61 (0.67)  -"), "\($0.output)")
            #expect($0.output.contains("0.92 (0.66)"))
        },
        .works("evaluate", "table", "one.json", "--json") { result in
            let tables = try result.list()
            #expect(tables.count == 2)
        },
        .fails("evaluate", "table", "qa.jsonl", code: 65, saying: "qa.jsonl"),
        .works(
            "evaluate", "rows", "--data", "ward.jsonl", "--model", bundle, "--json",
            "--predictions",
            "found.jsonl"
        ) { result in
            let spans = try #require(try result.object()["spans"] as? [String: Any])
            let figures = try #require(spans["figures"] as? [[String: Any]])
            #expect(figures.map { $0["label"] as? String } == ["all", "disease", "drug"])
            #expect(figures.first?["gold"] as? Int == 3)
            #expect((figures.first?["strictF1"] as? Double ?? 0) > 0.6)
            let lines = try String(contentsOf: place.get()["found.jsonl"], encoding: .utf8)
            #expect(lines.contains("disease 0-2 発熱"))
        },
        .works(
            "evaluate", "rows", "--data", "ward.jsonl", "--model", bundle, "--certainty",
            "negative", "--html", "rows.html"
        ) {
            // Only what is denied counts as found: 咳嗽.
            #expect($0.lines[1].hasPrefix("all      3      1"), "\($0.output)")
            let page = try String(contentsOf: place.get()["rows.html"], encoding: .utf8)
            #expect(!page.contains("発熱"))
        },
        .works(
            "evaluate", "rows", "--data", "fever.csv", "--model", bundle, "--asks", "fever",
            "--json"
        ) { result in
            let classes = try #require(try result.object()["classes"] as? [String: Any])
            #expect(classes["rows"] as? Int == 4)
            #expect((classes["accuracy"] as? Double ?? 0) >= 0.5)
        },
        .works(
            "evaluate", "rows", "--data", "pairs.csv", "--model", bundle, "--asks", "similarity"
        ) { #expect($0.lines[1].hasPrefix("2 "), "\($0.output)") },
        .fails(
            "evaluate", "rows", "--data", "unknown.jsonl", "--model", bundle, code: 65,
            saying: "unknown.jsonl, line 1", "sign", "disease"),
        .fails(
            "evaluate", "rows", "--data", "fever.csv", "--model", bundle, "--asks", "n", code: 65,
            saying: "line 2", "category"),
        .fails(
            "evaluate", "rows", "--data", "ward.jsonl", "--asks", "nodes", code: 64,
            saying: "nodes is none of spans"),
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
        .works(
            "evaluate", "folds", "--task", "smdis", "--data", "data", "--folds", "1",
            "--predictions", "unseen.jsonl"
        ) { _ in
            let text = try String(contentsOf: place.get()["unseen.jsonl"], encoding: .utf8)
            let lines = text.split(separator: "\n")
            #expect(lines.count == 8 && lines.allSatisfy { $0.contains(#""fold":1"#) })
            #expect(lines.contains { $0.contains(#""right":true"#) })
        },
        .fails(
            "evaluate", "folds", "--task", "smdis", "--data", "data", "--predictions",
            "absent/unseen.jsonl", code: 73, saying: "absent/unseen.jsonl"),
        .fails(
            "evaluate", "folds", "--task", "entities", "--data", "data", "--taggers", "none",
            "--tagger-weight", "0,1", "--predictions", "unseen.jsonl", code: 64,
            saying: "--predictions", "--tagger-weight"),
        .works(
            "evaluate", "reliability", "held.jsonl", "held.jsonl", "--bins", "2", "--html",
            "held.html", "--json"
        ) { result in
            let rows = try #require(try result.object()["rows"] as? [[String: Any]])
            let figures = try #require(rows.first?["reliability"] as? [String: Any])
            #expect(rows.count == 1 && figures["count"] as? Int == 8)
            #expect(figures["rightShare"] as? Double == 0.75)
            // In the order given, the first bin has one wrong of four, and so has the second.
            #expect(figures["errorByCount"] as? Double == 0)
            let page = try String(contentsOf: place.get()["held.html"], encoding: .utf8)
            #expect(page.contains("<svg") && page.contains("t, a (8)"))
        },
        .works("evaluate", "reliability", "held.jsonl") {
            #expect($0.lines.count == 2 && $0.lines[1].hasPrefix("t     a       4  "))
        },
        .fails(
            "evaluate", "reliability", "broken.jsonl", code: 65, saying: "broken.jsonl", "line 2"),
        .fails("evaluate", "reliability", "absent.jsonl", code: 66, saying: "absent.jsonl"),
        .fails(
            "evaluate", "reliability", "held.jsonl", "--bins", "1", code: 64, saying: "--bins"),
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
