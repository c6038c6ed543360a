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
        .fails("corpus", "manifest", "a.txt", code: 65, saying: "a.txt", "manifest"),
        .fails("corpus", "manifest", "absent", code: 66, saying: "absent"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
