// SPDX-License-Identifier: Apache-2.0
import Corpora
import Foundation
import Recipes
import TestSupport
import Testing

@Suite(
    "shokenctl review",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct ReviewCommandTests: CommandSubject {
    /// A database of one fictional record, all of whose mentions a reviewer has judged on the page.
    static let place = Result<TemporaryFolder, any Error> {
        let instance = try DaemonInstance()
        try instance.drop(
            "夜間に右膝の疼痛あり。ロキソプロフェン６０ｍｇを内服した。\r\n発熱なし。", "nursing", "a.txt")
        try instance.once()
        let page = try ReviewedPage(in: instance.folder, reviewer: "甲")
        let document = try page.document(1)
        for mention in document.mentions {
            #expect(
                try page.post(#"{"action":"accept","entity":\#(mention.entity)}"#, to: 1) == 200)
        }
        #expect(try page.post(#"{"action":"done"}"#, to: 1) == 200)
        page.stop()
        // And one that nobody has looked at.
        try instance.folder.write(
            try String(contentsOfFile: instance.config, encoding: .utf8)
                .replacing("shoken.db", with: "other.db"), to: "other.toml")
        try FileManager.default.copyItem(
            at: instance.folder["shoken.db"], to: instance.folder["other.db"])
        try instance.folder.write("[database]\nfile = \"absent.db\"\n", to: "absent.toml")
        return instance.folder
    }

    static let cases: [CommandCase] = [
        .works(
            "review", "serve", "--idle-minutes", "0.01", "--reviewer", "乙", "--queue", "random",
            "--seed", "3", "--limit", "5", "--kind", "nursing", "--config", "shoken.toml", "--json"
        ) { result in
            #expect(result.lines.count == 1)
            let said = try result.object()
            #expect((said["address"] as? String)?.hasPrefix("http://127.0.0.1:") == true)
            #expect(said["reviewer"] as? String == "乙")
        },
        .works("review", "--idle-minutes", "0.01", "--config", "shoken.toml") {
            #expect($0.output.contains(/^http:\/\/127\.0\.0\.1:[0-9]+\/[0-9a-f]{32}\/\n$/))
            #expect($0.errors.isEmpty)
        },
        .fails(
            "review", "serve", "--limit", "0", "--config", "shoken.toml", code: 64,
            saying: "--limit"),
        .fails(
            "review", "serve", "--queue", "best", "--config", "shoken.toml", code: 64,
            saying: "uncertainty"),
        .fails(
            "review", "serve", "--idle-minutes", "0", "--config", "shoken.toml", code: 64,
            saying: "--idle-minutes"),
        .fails(
            "review", "serve", "--reviewer", "", "--config", "shoken.toml", code: 64,
            saying: "--reviewer"),
        .fails("review", "serve", "--config", "absent.toml", code: 66, saying: "absent.db"),
        .works("review", "agreement", "--config", "shoken.toml") {
            #expect($0.output.contains("甲") && $0.output.contains("1.000"))
        },
        .works("review", "agreement", "--config", "shoken.toml", "--json") { result in
            let found = try result.object()
            let reviewers = try #require(found["reviewers"] as? [[String: Any]])
            #expect(reviewers.map { $0["documents"] as? Int } == [1])
            #expect((found["pairs"] as? [Any])?.isEmpty == true)
            let rows = try #require(found["precision"] as? [[String: Any]])
            #expect(!rows.isEmpty && rows.allSatisfy { $0["precision"] as? Double == 1 })
        },
        .fails("review", "agreement", "--config", "absent.toml", code: 66, saying: "absent.db"),
        .works("review", "export", "--training", "rows.jsonl", "--config", "shoken.toml") {
            #expect($0.output.contains("1 documents, 3 mentions"))
        },
        .works(
            "review", "export", "--training", "all.jsonl", "--all", "--config", "shoken.toml",
            "--json"
        ) { result in
            let said = try result.object()
            // 発熱 is denied.
            #expect(said["mentions"] as? Int == 4 && said["documents"] as? Int == 1)
        },
        .works(
            "review", "export", "--training", "jmed.jsonl", "--form", "jmed-llm", "--config",
            "shoken.toml", "--json"
        ) { result in
            let said = try result.object()
            #expect(said["mentions"] as? Int == 3)
        },
        .fails(
            "review", "export", "--training", "none.jsonl", "--form", "jmed-llm", "--all",
            "--config", "shoken.toml", code: 64, saying: "--all"),
        .fails(
            "review", "export", "--training", "none.jsonl", "--config", "absent.toml", code: 66,
            saying: "absent.db"),
        .fails(
            "review", "export", "--training", "shoken.toml", "--config", "shoken.toml", code: 73,
            saying: "shoken.toml"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }

    @Test("exported rows are such as train takes, and their spans cut mentions out of the text")
    func rows() throws {
        let folder = try Self.place.get()
        let result = try Programs.run(
            "shokenctl",
            ["review", "export", "--training", "spans.jsonl", "--config", "shoken.toml"],
            in: folder.url)
        try #require(result.code == 0, "\(result.errors)")
        let line = try String(contentsOf: folder["spans.jsonl"], encoding: .utf8)
        let row = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let scalars = Array(try #require(row["text"] as? String).unicodeScalars)
        let spans = try #require(row["spans"] as? [[String: Any]])
        let surfaces = spans.compactMap { span -> String? in
            guard let start = span["start"] as? Int, let end = span["end"] as? Int else {
                return nil
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[start..<end])
            return String(view)
        }
        #expect(surfaces == ["疼痛", "ロキソプロフェン", "６０ｍｇ"])
        #expect(spans.map { $0["label"] as? String } == ["disease", "drug", "dose"])
        let read = try LabelledTextFile(.spans).read(folder["spans.jsonl"], name: "spans.jsonl")
        #expect(read.count == 1 && read.first?.fold == row["fold"] as? Int)
        #expect((0..<5).contains(row["fold"] as? Int ?? -1) && row["reviewed"] as? Bool == true)
        let own = try OwnRowsFile(file: "spans.jsonl", licence: "our own").read(below: folder.url)
        #expect(own.map { $0.mentions?.count } == [3] && own.allSatisfy { $0.serves(.entities) })
        #expect(own.first?.kind.rawValue == row["kind"] as? String)
    }

    @Test("rows in the form of the benchmark say what there is of each type, nothing included")
    func questions() throws {
        let folder = try Self.place.get()
        let result = try Programs.run(
            "shokenctl",
            [
                "review", "export", "--training", "nrner.jsonl", "--form", "jmed-llm", "--config",
                "shoken.toml",
            ], in: folder.url)
        try #require(result.code == 0, "\(result.errors)")
        let rows = try BenchmarkRow.read(folder["nrner.jsonl"])
        #expect(rows.map(\.tag) == ["d", "m-key", "m-val"])
        #expect(
            rows.map(\.answer) == [
                .strings(["疼痛"]), .strings(["ロキソプロフェン"]), .strings(["６０ｍｇ"]),
            ])
        #expect(rows.map { $0.answerSpans.flatMap(\.offsets).count } == [1, 1, 1])
        #expect(Set(rows.map(\.documentIdentifier)).count == 1)
        for row in rows {
            let question = BenchmarkQuestion(task: .nursingEntities, question: row.question)
            #expect(question?.document == row.document && question?.tag == row.tag)
        }
    }

    @Test(
        "the page takes and undoes actions, refuses who does not know the key, and leaves a trail")
    func page() throws {
        let instance = try Self.place.get()
        let page = try ReviewedPage(in: instance, reviewer: "丙", config: "other.toml")
        #expect(try page.status("queue", host: "evil.example") == 421)
        #expect(try page.status("queue", key: String(repeating: "0", count: 32)) == 404)
        #expect(try page.status("queue") == 200)
        let first = try #require(try page.document(1).mentions.first)
        #expect(try page.post(#"{"action":"reject","entity":\#(first.entity)}"#, to: 1) == 200)
        #expect(try page.document(1).mentions.first?.verdict == "reject")
        #expect(try page.post(#"{"action":"undo"}"#, to: 1) == 200)
        #expect(try page.document(1).mentions.first?.verdict == "none")
        #expect(try page.post(String(repeating: " ", count: 100_000), to: 1) == 413)
        let addresses = try page.addresses()
        #expect(addresses.contains("127.0.0.1"))
        #expect(addresses.allSatisfy { ["127.0.0.1", "::1"].contains($0) }, "\(addresses)")
        #expect(page.stop() == 0)
        let trail = try Programs.run(
            "shokenctl", ["audit", "list", "--json", "--config", "other.toml"], in: instance.url)
        let events = try #require(
            try JSONSerialization.jsonObject(with: Data(trail.output.utf8)) as? [[String: Any]]
        ).suffix(2)
        #expect(events.map { $0["action"] as? String } == ["review started", "review ended"])
        #expect((events.last?["details"] as? String)?.contains(#""actions":"2""#) == true)
    }

    @Test("a rebuild takes over what reviewers said")
    func rebuild() throws {
        let instance = try DaemonInstance()
        try instance.drop("夜間に疼痛あり。発熱なし。", "nursing", "a.txt")
        try instance.once()
        let page = try ReviewedPage(in: instance.folder, reviewer: "甲")
        let first = try #require(try page.document(1).mentions.first)
        #expect(try page.post(#"{"action":"reject","entity":\#(first.entity)}"#, to: 1) == 200)
        page.stop()
        let shown = "SELECT verdict, surface, reviewer FROM findings_reviewed ORDER BY start"
        let before = try instance.rows(shown)
        let result = try Programs.run(
            "shokenctl", ["database", "rebuild", "--json", "--config", instance.config])
        try #require(result.code == 0, "\(result.errors)")
        let said = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(said["reviews"] as? [String: Int] == ["kept": 1, "lost": 0])
        #expect(try instance.rows(shown) == before)
        #expect(try instance.rows("SELECT reviewer FROM reviews") == [["reviewer": "甲"]])
    }
}
