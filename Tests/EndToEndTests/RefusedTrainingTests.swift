// SPDX-License-Identifier: Apache-2.0
import Foundation
import Recipes
import Testing
import Training

@Suite("A recipe that cannot run", .timeLimit(.minutes(15)))
struct RefusedTrainingTests {
    private func changed(_ run: TrainingRun, _ old: String, _ new: String) throws {
        let text = TrainingRun.recipe
        let range = try #require(text.range(of: old))
        try run.folder.write(text.replacingCharacters(in: range, with: new), to: "recipe.toml")
    }

    @Test(
        "is refused before it starts, and says where the fault is",
        arguments: [
            ("every_steps = 7", "evry_steps = 7", 78, ["checkpoints.evry_steps", "every_steps?"]),
            ("dropout = 0.1", "dropout = 1.5", 78, ["pretraining.phases[0].dropout", "0.9"]),
            ("patience = 6", "metric = \"f1\"", 78, ["validation.metric", "perplexity"]),
            ("file = \"records.txt\"", "file = \"record.txt\"", 66, ["data/record.txt", "ENOENT"]),
            (
                "name = \"trial\"", "name = \"trial\"\nkind = \"finetune\"", 78,
                ["kind", "pretrain"]
            ),
            ("name = \"second\"", "name = \"first\"", 78, ["pretraining.phases"]),
            ("share = 0.1", "share = 0.0005", 78, ["validation.share", "300 documents"]),
            ("seed = 5", "seed = = 5", 78, ["line 2"]),
            ("[model]\n", "[model]\nstart = \"nowhere\"\n", 78, ["model.head_dim"]),
        ])
    func refused(_ old: String, _ new: String, _ code: Int, _ words: [String]) throws {
        let run = try TrainingRun()
        try changed(run, old, new)
        let result = try run.run("out")
        #expect(Int(result.code) == code, "\(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
        // Nothing was begun.
        #expect(!FileManager.default.fileExists(atPath: run.url("out/work").path))
    }

    @Test("names every fault of its data at once, by file and line or byte")
    func data() throws {
        let run = try TrainingRun()
        try changed(
            run, "[tokenizer]",
            """
            [[data.sources]]
            file = "latin.txt"
            licence = "CC0"
            group = "records"
            [[data.sources]]
            file = "empty.txt"
            licence = "CC0"
            group = "records"
            [heads]
            symptoms = true
            [tokenizer]
            """)
        try Data("発熱".utf8 + [0x63, 0xE9, 0x0A]).write(to: run.url("data/latin.txt"))
        try Data("\n\n".utf8).write(to: run.url("data/empty.txt"))
        let rows = run.url("data/jmed-llm/train")
        try FileManager.default.createDirectory(at: rows, withIntermediateDirectories: true)
        let row = """
            {"id":"a","task":"smdis","question":"","options":["はい","いいえ"],"answer":"A",\
            "doc":"発熱","doc_id":"d","fold":0}
            """
        let file = rows.appending(path: "smdis.jsonl")
        try Data("\(row)\n\n{\"id\":\n".utf8).write(to: file)
        var result = try run.run("out", ["--dry-run"])
        #expect(result.code != 0)
        for words in [
            "latin.txt is not UTF-8 at byte 7", "empty.txt: too little text",
            "smdis.jsonl: row 3 is not what",
        ] {
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        let other = row.replacingOccurrences(of: "\"answer\":\"A\"", with: "\"answer\":\"C\"")
        try Data("\(row)\n\(other)\n".utf8).write(to: file)
        result = try run.run("out", ["--dry-run"])
        #expect(
            result.errors.contains("smdis.jsonl: the answer of row 2 is none of its options"),
            "\(result.errors)")
        #expect(!result.errors.contains("発熱"))
    }

    @Test("because an earlier run in its directory was another says what differs")
    func otherRun() throws {
        let run = try TrainingRun()
        #expect(try run.run("out").code == 0)
        for (old, new, field) in [
            ("dropout = 0.1", "dropout = 0.2", "pretraining.first.dropout"),
            ("intermediate_size = 64", "intermediate_size = 96", "model.intermediateSize"),
            ("vocabulary_size = 100", "vocabulary_size = 110", "tokenizer.vocabularySize"),
        ] {
            try changed(run, old, new)
            for more in [["--dry-run"], []] {
                let result = try run.run("out", more)
                #expect(result.code == 65, "\(result.errors)")
                #expect(result.errors.contains(field), "\(result.errors)")
            }
        }
        try run.folder.write(TrainingRun.recipe, to: "recipe.toml")
        let handle = try FileHandle(forWritingTo: run.url("data/records.txt"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("\n\n朝から発熱を認める。\n".utf8))
        let result = try run.run("out")
        #expect(result.code == 65)
        #expect(result.errors.contains("data.records.txt"), "\(result.errors)")
    }

    @Test("is told from one that can, whose cost the dry run says")
    func dryRun() throws {
        let run = try TrainingRun()
        let result = try run.run("out", ["--dry-run", "--json"])
        #expect(result.code == 0, "\(result.errors)")
        struct Plan: Decodable {
            struct Phase: Decodable {
                let steps: Int
                let tokensPerSecond: Double
                let seconds: Double
            }
            let parameters: Int
            let memoryBytes: Int
            let checkpointBytes: Int
            let phases: [Phase]
            let seconds: Double
            let problems: [String]
            let sources: [RecipeCheck.Source]
        }
        let plan = try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
        #expect(plan.phases.map(\.steps) == [120, 120])
        #expect(plan.parameters == 20_896)
        #expect(plan.checkpointBytes >= 3 * 12 * plan.parameters)
        #expect(plan.sources.map(\.documents) == [300])
        #expect(plan.problems.isEmpty)
        #expect(plan.seconds > 0.01 && plan.seconds < 1000)
        #expect(!FileManager.default.fileExists(atPath: run.url("out").path))
    }
}
