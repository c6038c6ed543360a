// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl corpus", .timeLimit(.minutes(15)))
struct CorpusCommandTests: CommandSubject {
    static let place = prepared { folder in
        try folder.write("肺炎は肺の炎症である。抗菌薬で治療する。\n\n無料のエロ動画である。\n", to: "a.txt")
        try folder.write(
            "{\"text\":\"腹痛を訴えて受診した。\"}\n{\"text\":\"目次\"}\n", to: "b.jsonl")
        try folder.write("{\"text\":\"咳。\"}\n{}\n", to: "broken.jsonl")
        try folder.write(
            """
            name = "ours"
            [[sources]]
            name = "a"
            files = "a.txt"
            licence = "CC0-1.0"
            address = "https://example.org/"
            [unfinished]
            enabled = false
            """, to: "corpus.toml")
        try folder.write(
            "question,answer\n頭痛の患者に何をするか、次から選ぶ。,a\n「腹痛を訴えて、受診した」か。,b\n咳。,c\n", to: "rows.csv")
        try folder.write("name = \"x\"\nsource = 1\n", to: "wrong.toml")
        try need("corpus", "filter", "a.txt", "b.jsonl", "--output", "done", in: folder)
        try FictionalInstructModel.write("tiny", in: folder)
        let lines = (1...60).map { number in
            "{\"document\":\(number),\"file\":\"a\",\"label\":\"\(number % 3 == 0 ? "低" : "高")\","
                + "\"cut\":false,\"text\":\"肺炎は\(number % 3 == 0 ? "右葉" : "発熱")\"}\n"
        }
        try folder.write(lines.joined(), to: "annotated.jsonl")
        try folder.write(lines[0] + lines[1], to: "high.jsonl")
        try folder.write("脱水\n\n 脱水 \n発熱\n", to: "topics.txt")
        try folder.write(
            "出現形,出現形よみ,ICD10コード,標準病名,信頼度レベル,頻度レベル\nはいえん,はいえん,J189,肺炎,S,高\n"
                + "肺炎,はいえん,J189,肺炎,S,高\n", to: "diseases.csv")
        try folder.write("架空薬錠５ｍｇ\n", to: "drugs.txt")
        try folder.write(
            "[[prompts]]\nname = \"p\"\ntext = \"題は{topic}\"\nversions = 2\nkinds = [\"disease\", \"drug\"]\n"
                + "[[prompts]]\nname = \"q\"\ntext = \"{topic}とは\"\n", to: "prompts.toml")
        try folder.write("[[prompts]]\nname = \"p\"\ntext = \"題\"\n", to: "topicless.toml")
        try need(
            "corpus", "quality", "sample", "a.txt", "b.jsonl", "--output", "drawn.jsonl",
            in: folder)
        try need(
            "corpus", "quality", "train", "annotated.jsonl", "--model", "tiny.gguf", "--output",
            "forest", "--trees", "9", "--tokens", "64", in: folder)
    }

    static let cases: [CommandCase] = [
        .works("corpus", "show", "a.txt", "b.jsonl", "--json") { result in
            let files = try result.list()
            #expect(files.map { $0["documents"] as? Int } == [2, 2])
            #expect(files.map { $0["format"] as? String } == ["text", "jsonl"])
            #expect(files[1]["characters"] as? Int == 13)
        },
        .works("corpus", "show", "a.txt") { #expect($0.output.hasPrefix("FILE")) },
        .fails("corpus", "show", "absent.txt", code: 66, saying: "absent.txt"),
        .fails(
            "corpus", "show", "broken.jsonl", code: 65, saying: "broken.jsonl", "line 2", "text"),
        .fails("corpus", "show", "a.txt", "--format", "html", code: 64, saying: "oscar"),
        .works(
            "corpus", "filter", "--settings", "corpus.toml", "--output", "ours", "--samples",
            "samples.jsonl", "--json"
        ) { result in
            let manifest = try result.object()
            #expect(manifest["name"] as? String == "ours")
            let folder = try place.get()
            let lines = try String(
                contentsOf: folder["ours/corpus-000001.jsonl"], encoding: .utf8)
            #expect(lines == "{\"source\":\"a\",\"text\":\"肺炎は肺の炎症である。抗菌薬で治療する。\"}\n")
            let samples = try String(contentsOf: folder["samples.jsonl"], encoding: .utf8)
            #expect(samples.contains("エロ動画"))
            // Nothing of a document is said.
            #expect(!result.errors.contains("エロ") && !result.errors.contains("肺"))
        },
        .works(
            "corpus", "filter", "a.txt", "--output", "kept", "--without", "adult-words",
            "--without", "unfinished"
        ) {
            #expect($0.output.contains("undisclosed: a.txt has no address and no licence"))
            #expect($0.output.contains("MB/s") && !$0.output.contains("adult-words"))
        },
        .fails("corpus", "filter", "--output", "x", code: 64, saying: "--settings"),
        .fails(
            "corpus", "filter", "a.txt", "--output", "x", "--without", "adult", code: 64,
            saying: "near-duplicates"),
        .fails(
            "corpus", "filter", "--settings", "wrong.toml", "--output", "x", code: 78,
            saying: "wrong.toml", "sources"),
        .fails("corpus", "filter", "broken.jsonl", "--output", "y", code: 65, saying: "line 2"),
        .fails(
            "corpus", "filter", "a.txt", "--output", "done", code: 64, saying: "done", "differs"),
        .works(
            "corpus", "contamination", "a.txt", "b.jsonl", "--against", "rows.csv", "a.txt",
            "--run", "8", "--json"
        ) { result in
            let found = try result.object()
            #expect(found["rows"] as? Int == 5 && found["documents"] as? Int == 4)
            #expect(found["tooShort"] as? Int == 1)
            let rows = try #require(found["contaminated"] as? [[String: Any]])
            #expect(rows.map { $0["row"] as? Int } == [2, 1, 2])
            #expect(rows[0]["corpus"] as? String == "b.jsonl")
            #expect(rows[0]["document"] as? Int == 1)
            #expect(!result.output.contains("腹痛"))
        },
        .works("corpus", "contamination", "b.jsonl", "--against", "rows.csv", "--columns", "answer")
        { #expect($0.output.hasPrefix("0 of 3 rows")) },
        .fails(
            "corpus", "contamination", "a.txt", "--against", "rows.csv", "--columns", "text",
            code: 65, saying: "rows.csv", "text"),
        .fails(
            "corpus", "contamination", "a.txt", "--against", "rows.csv", "--threshold", "2",
            code: 64, saying: "--threshold"),
        .works("corpus", "manifest", "done", "--html", "page.html") { result in
            #expect(result.output.contains("adult-words") && result.output.contains("b.jsonl"))
            let page = try String(contentsOf: place.get()["page.html"], encoding: .utf8)
            #expect(page.contains("Characters by source"))
        },
        .works("corpus", "manifest", "done/manifest.json", "--json") { result in
            let sources = try #require(try result.object()["sources"] as? [[String: Any]])
            #expect(sources.count == 2)
        },
        .works(
            "corpus", "textbooks", "--topics", "topics.txt", "--diseases", "diseases.csv",
            "--drugs", "drugs.txt", "--drug-format", "drug-list", "--prompts", "prompts.toml",
            "--model", "tiny.gguf", "--temperature", "1", "--max-new", "8", "--output",
            "books.jsonl", "--json"
        ) { result in
            // Two topics and a disease and a drug: q of each, and p of the last two twice.
            let summary = try result.object()
            #expect(summary["topics"] as? Int == 4 && summary["texts"] as? Int == 8)
            let lines = try String(contentsOf: place.get()["books.jsonl"], encoding: .utf8)
                .split(separator: "\n").map {
                    try #require(
                        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
                }
            #expect(
                lines.map { $0["id"] as? String } == [
                    "q/脱水/1", "q/発熱/1", "p/肺炎/1", "p/肺炎/2", "q/肺炎/1", "p/架空薬錠５ｍｇ/1",
                    "p/架空薬錠５ｍｇ/2", "q/架空薬錠５ｍｇ/1",
                ])
            #expect(Set(lines.compactMap { $0["seed"] as? UInt64 }).count == 8)
            #expect(lines[2]["text"] as? String != lines[3]["text"] as? String)
            #expect(lines[2]["model"] as? String == "tiny.gguf")
            #expect((lines[2]["digest"] as? String)?.count == 64)
            let source = try #require(lines[2]["source"] as? String)
            #expect(source.hasPrefix("diseases.csv@"))
            #expect((lines[2]["sampling"] as? [String: Any])?["temperature"] as? Double == 1)
            // What was written is a source of a corpus.
            try need(
                "corpus", "filter", "books.jsonl", "--output", "of-books", "--without",
                "unfinished", in: place.get())
        },
        .works("corpus", "textbooks", "--show-prompts") { result in
            #expect(result.output.contains("{topic}") && result.output.contains("医師国家試験"))
        },
        .fails(
            "corpus", "textbooks", "--topics", "topics.txt", "--model", "tiny.gguf", "--output",
            "s", "--greedy", code: 64, saying: "versions", "--temperature"),
        .fails(
            "corpus", "textbooks", "--topics", "topics.txt", "--prompts", "topicless.toml",
            "--model", "tiny.gguf", "--output", "r", code: 78, saying: "topicless.toml", "{topic}"),
        .fails(
            "corpus", "textbooks", "--drugs", "drugs.txt", "--model", "tiny.gguf", "--output",
            "q", code: 65, saying: "drugs.txt"),
        .works(
            "corpus", "quality", "sample", "a.txt", "b.jsonl", "--count", "3", "--output",
            "three.jsonl", "--json"
        ) { result in
            let found = try result.object()
            #expect(found["documents"] as? Int == 4 && found["drawn"] as? Int == 3)
            let lines = try String(contentsOf: place.get()["three.jsonl"], encoding: .utf8)
            #expect(lines.split(separator: "\n").count == 3)
        },
        .fails(
            "corpus", "quality", "sample", "a.txt", "--output", "drawn.jsonl", code: 73,
            saying: "drawn.jsonl", "already"),
        .fails(
            "corpus", "quality", "sample", "a.txt", "--output", "x", "--count", "0", code: 64,
            saying: "--count"),
        .works(
            "corpus", "quality", "annotate", "drawn.jsonl", "--model", "tiny.gguf", "--free",
            "--output", "free.jsonl", "--json"
        ) { result in
            let found = try result.object()
            #expect(found["documents"] as? Int == 4)
            // Random weights write neither answer; that is counted, and never taken for one.
            #expect(found["neither"] as? Int == 4)
            let text = try String(contentsOf: place.get()["free.jsonl"], encoding: .utf8)
            #expect(text.contains("\"answer\":") && !text.contains("\"label\":"))
            #expect(!result.errors.contains("腹痛"))
        },
        .works(
            "corpus", "quality", "annotate", "drawn.jsonl", "--model", "tiny.gguf", "--output",
            "bound.jsonl"
        ) { #expect($0.output.contains("neither 0")) },
        .fails(
            "corpus", "quality", "annotate", "drawn.jsonl", "--model", "tiny.gguf", "--output",
            "y", "--tokens", "5000", code: 64, saying: "--tokens"),
        .fails(
            "corpus", "quality", "annotate", "broken.jsonl", "--model", "tiny.gguf", "--output",
            "z", code: 65, saying: "broken.jsonl", "line 1"),
        .works(
            "corpus", "quality", "train", "annotated.jsonl", "--model", "tiny.gguf", "--output",
            "other", "--trees", "5", "--json"
        ) { result in
            let report = try result.object()
            // Two texts, two labels: nothing is easier.
            #expect(report["accuracy"] as? Double == 1 && report["trees"] as? Int == 5)
            #expect(report["trained"] as? Int == 48 && report["heldOut"] as? Int == 12)
            #expect((report["outOfBag"] as? [String: Any])?["accuracy"] as? Double == 1)
        },
        .fails(
            "corpus", "quality", "train", "high.jsonl", "--model", "tiny.gguf", "--output", "w",
            "--hold-out", "0", code: 65, saying: "高"),
        .fails(
            "corpus", "quality", "train", "annotated.jsonl", "--output", "v", code: 64,
            saying: "--features"),
        .works(
            "corpus", "quality", "filter", "done", "--forest", "forest", "--model", "tiny.gguf",
            "--output", "good"
        ) { #expect($0.output.contains("quality")) },
        .works(
            "corpus", "quality", "filter", "done", "--forest", "forest", "--model", "tiny.gguf",
            "--output", "all", "--threshold", "1", "--json"
        ) { result in
            let manifest = try result.object()
            #expect((manifest["filters"] as? [String])?.last == "quality")
            // Nothing is above a probability of 1.
            let folder = try place.get()
            let both = try ["done", "all"].map {
                try Data(contentsOf: folder["\($0)/corpus-000001.jsonl"])
            }
            #expect(both[0] == both[1])
        },
        .fails(
            "corpus", "quality", "filter", "done", "--forest", "forest", "--model", "tiny-folder",
            "--output", "u", code: 64, saying: "forest", "digest"),
        .fails(
            "corpus", "quality", "filter", "done", "--forest", "tiny.gguf", "--model",
            "tiny.gguf", "--output", "t", code: 65, saying: "tiny.gguf"),
        .fails(
            "corpus", "filter", "a.txt", "--output", "x", "--without", "quality", code: 64,
            saying: "sentence-duplicates"),
        .fails("corpus", "manifest", "a.txt", code: 65, saying: "a.txt", "manifest"),
        .fails("corpus", "manifest", "absent", code: 66, saying: "absent"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
