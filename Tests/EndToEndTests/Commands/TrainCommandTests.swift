// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl train", .timeLimit(.minutes(15)))
struct TrainCommandTests: CommandSubject {
    private static let recipe = """
        name = "tiny"
        seed = 1
        threads = 1
        [[data.sources]]
        file = "records.txt"
        licence = "CC0"
        group = "general"
        [tokenizer]
        vocabulary_size = 80
        \(TrainingRun.network)
        [[pretraining.phases]]
        name = "first"
        objective = "causal"
        tokens = 2048
        batch_tokens = 512
        micro_batch_tokens = 256
        context = 64
        learning_rate = 0.01
        """

    private static let tagger = """
        name = "tagger"
        kind = "encoder"
        seed = 1
        threads = 1
        [trunk]
        directory = "encoder"
        start = "random"
        pieces = "each"
        [training]
        steps = 2
        batch_texts = 2
        learning_rate = 1e-3
        [[heads]]
        name = "entities"
        kind = "tokens"
        chain = "none"
        labels = ["disease"]
        files = ["rows.jsonl"]
        """

    private static let instruction = """
        name = "ward"
        kind = "instruct"
        seed = 2
        threads = 1
        [base]
        model = "run/trunk"
        [data]
        [[data.sources]]
        file = "ward.csv"
        licence = "own"
        task = "ward"
        [training]
        steps = 2
        batch_rows = 2
        context = 64
        learning_rate = 0.01
        warmup_steps = 1
        [lora]
        rank = 2
        """

    /// Reference runs of small models, which Python computed.
    private static let references = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../TrainingTests/Fixtures").standardized

    /// A finished run in `run/`, its trunk as a bundle, and recipes of every kind.
    static let place = prepared { folder in
        try folder.write(TrainingRun.text(60), to: "data/records.txt")
        try folder.write(recipe, to: "recipe.toml")
        try folder.write(
            recipe.replacing("seed = 1", with: "sead = 1"), to: "misspelt.toml")
        try writeCorpora(in: folder)
        try folder.write(tagger, to: "tagger.toml")
        try folder.write(instruction, to: "instruct.toml")
        try folder.write(HeadsOnTrunkTests.recipe, to: "heads.toml")
        try HeadsOnTrunkTests.writeRows(to: folder["data"])
        let row = #"{"text":"昨夜より発熱あり。","spans":[{"start":4,"end":6,"label":"disease"}]}"#
        try folder.write([row, row, row].joined(separator: "\n"), to: "data/rows.jsonl")
        try folder.write("instruction,output\n発熱はあるか。,あり\n咳嗽はあるか。,なし\n", to: "data/ward.csv")
        try FictionalCheckpoint(.bert).write(to: folder["data/encoder"])
        try folder.write("[models]\ndirectory = \"models\"\n", to: "shoken.toml")
        try FileManager.default.createDirectory(
            at: folder["models"], withIntermediateDirectories: false)
        try need(
            "train", "pretrain", "--recipe", "recipe.toml", "--data", "data", "--output", "run",
            in: folder)
        try need(
            "model", "import", "--from", "run/trunk", "--name", "trunk", "--config", "shoken.toml",
            in: folder)
        try writeWrongReference(to: folder["wrong"])
    }

    /// A recipe for a corpus that `corpus filter` made, and one for such a corpus whose text was changed since.
    private static func writeCorpora(in folder: TemporaryFolder) throws {
        for name in ["corpus", "changed"] {
            try need(
                "corpus", "filter", "data/records.txt", "--output", "data/\(name)", "--without",
                "near-duplicates", "--without", "sentence-duplicates", in: folder)
            try folder.write(
                recipe.replacing(
                    "[[data.sources]]\nfile = \"records.txt\"",
                    with: """
                        [data]
                        manifest = "\(name)/manifest.json"
                        [[data.sources]]
                        file = "\(name)/corpus-000001.jsonl"
                        """), to: "\(name).toml")
        }
        try folder.write("{\"text\":\"発熱を認める。\"}\n", to: "data/changed/corpus-000001.jsonl")
    }

    /// A reference run of which one loss is another than what training gives.
    private static func writeWrongReference(to folder: URL) throws {
        try FileManager.default.copyItem(
            at: references.appending(path: "bert-token-classification"), to: folder)
        let file = folder.appending(path: "full/log.json")
        var log = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var steps = try #require(log["steps"] as? [[String: Any]])
        steps[0]["loss"] = try #require(steps[0]["loss"] as? Double) + 0.01
        log["steps"] = steps
        try JSONSerialization.data(withJSONObject: log).write(to: file)
    }

    private static func run(
        _ command: String?, _ recipe: String, _ output: String, _ more: String...,
        ending: CommandCase.Ending
    ) -> CommandCase {
        CommandCase(
            arguments: ["train"] + (command.map { [$0] } ?? []) + [
                "--recipe", recipe, "--data", "data", "--output", output, "--config", "shoken.toml",
            ] + more, input: "", ending: ending)
    }

    /// Whether each of these is there, in the folder of the subject.
    private static func expect(_ paths: String..., areThere: Bool = true) throws {
        let folder = try place.get().path
        for path in paths {
            #expect(
                FileManager.default.fileExists(atPath: folder + "/" + path) == areThere, "\(path)")
        }
    }

    /// The failure of a recipe that is not there.
    private static let absent = CommandCase.Ending.failure(
        code: 66, saying: ["absent.toml"], check: { _ in try expect("x", areThere: false) })

    private static let following: [CommandCase] = [
        run(
            "run", "recipe.toml", "whole", "--json",
            ending: .success { result in
                let report = try result.object()
                #expect(report["bundle"] is String)
                try expect("whole/trunk/model.safetensors", "whole/report.html")
            }),
        run(
            "run", "corpus.toml", "disclosed", "--json",
            ending: .success { result in
                let bundle = URL(filePath: try #require(try result.object()["bundle"] as? String))
                let card = try String(
                    contentsOf: bundle.appending(path: "MODEL_CARD.md"), encoding: .utf8)
                #expect(card.contains("**Not disclosed.**"), "\(card)")
                #expect(card.contains("records.txt (no address and no licence)"))
                #expect(card.contains("`corpus-manifest.json`"))
                let manifest = try Data(
                    contentsOf: bundle.appending(path: "corpus-manifest.json"))
                #expect(String(decoding: manifest, as: UTF8.self).contains("records.txt"))
            }),
        run(
            "run", "changed.toml", "x",
            ending: .failure(
                code: 78, saying: ["data.manifest", "changed/corpus-000001.jsonl"],
                check: { _ in try expect("x", areThere: false) })),
        // Without a name, a recipe is followed as a whole.
        run(
            nil, "recipe.toml", "x", "--dry-run", "--json",
            ending: .success { result in
                let plan = try result.object()
                #expect((plan["phases"] as? [Any])?.count == 1)
                try expect("x", areThere: false)
            }),
        run("run", "absent.toml", "x", ending: absent),
        run(
            "pretrain", "recipe.toml", "again", "--tokens", "512", "--json",
            ending: .success { result in
                let report = try result.object()
                #expect(report["trunk"] is String)
                try expect("again/trunk/model.safetensors")
            }),
        run(
            "pretrain", "misspelt.toml", "x",
            ending: .failure(
                code: 78, saying: ["misspelt.toml", "sead", "seed"],
                check: { _ in try expect("x", areThere: false) })),
        run(
            "heads", "heads.toml", "fitted", "--trunk", "trunk", "--json",
            ending: .success { result in
                let bundle = try #require(try result.object()["bundle"] as? String)
                #expect(FileManager.default.fileExists(atPath: bundle + "/heads.safetensors"))
            }),
        run(
            "finetune", "heads.toml", "x", "--trunk", "no-such-trunk",
            ending: .failure(code: 69, saying: ["no-such-trunk"], check: { _ in })),
        run(
            "tune", "tagger.toml", "tagged", "--json",
            ending: .success { result in
                let model = try #require((try result.object()["models"] as? [String])?.first)
                #expect(FileManager.default.fileExists(atPath: model + "/model.safetensors"))
            }),
        run("encoder", "absent.toml", "x", ending: absent),
        run(
            "instruct", "instruct.toml", "tuned", "--json",
            ending: .success { result in
                let adapter = try #require(try result.object()["adapter"] as? String)
                #expect(
                    FileManager.default.fileExists(atPath: adapter + "/adapter_model.safetensors"))
            }),
        run("instruct", "absent.toml", "x", ending: absent),
        run(
            "export", "recipe.toml", "export", "--json",
            ending: .success { result in
                let report = try result.object()
                #expect((report["rows"] as? Int ?? 0) > 0)
                try expect("export/train.py")
            }),
        run("export", "absent.toml", "x", ending: absent),
    ]

    private static let looking: [CommandCase] = [
        .works("train", "status", "run", "--json") { result in
            let status = try result.object()
            #expect(status["state"] as? String == "done" && status["stage"] as? String == "first")
            #expect(status["step"] as? Int == 4 && status["steps"] as? Int == 4)
            #expect((status["loss"] as? Double ?? 0) > 0)
        },
        .works("train", "status", "run") { #expect($0.output.contains("step 4 of 4")) },
        .fails("train", "status", "absent", code: 66, saying: "absent"),
        .works("train", "report", "run", "--output", "page.html", "--json") { result in
            let page = try #require(try result.object()["report"] as? String)
            let text = try String(contentsOfFile: page, encoding: .utf8)
            #expect(page.hasSuffix("page.html") && text.contains("first"))
        },
        .fails("train", "report", "absent", code: 66, saying: "absent"),
    ]

    private static let measuring: [CommandCase] = [
        .works(
            "train", "scaling", "--recipe", "recipe.toml", "--lengths", "16,32", "--widths", "64",
            "--context", "16", "--tokens", "32", "--steps", "1", "--threads", "1", "--output",
            "growth.html", "--json"
        ) { result in
            let found = try result.object()
            let lengths = try #require(found["lengths"] as? [[String: Any]])
            #expect(lengths.map { $0["context"] as? Int } == [16, 32])
            #expect((found["sizes"] as? [Any])?.count == 1)
            try expect("growth.html")
        },
        .fails(
            "train", "scaling", "--lengths", "7", "--tokens", "32", code: 64, saying: "7", "32"),
        .works(
            "train", "bench", "--layers", "1", "--hidden", "32", "--feed-forward", "32", "--heads",
            "1", "--groups", "1", "--vocabulary", "64", "--batch", "1", "--context", "16",
            "--steps", "1", "--warmup", "0", "--threads", "1", "--json"
        ) { result in
            let report = try result.object()
            #expect((report["tokensPerSecond"] as? Double ?? 0) > 0)
            // The loss of a model that knows nothing is the logarithm of its vocabulary.
            #expect(abs((report["loss"] as? Double ?? 0) - 4.16) < 0.5)
        },
        .fails(
            "train", "bench", "--heads", "3", "--groups", "2", code: 64, saying: "--heads"),
        .works(
            "train", "verify", "--reference", references.appending(path: "ncvc").path, "--json"
        ) { result in
            let found = try result.object()
            for run in ["full", "masked", "lora", "packing"] {
                #expect(found[run] is [String: Any], "\(run)")
            }
        },
        .fails("train", "verify", "--reference", "wrong", code: 70, saying: "reference"),
        .fails("train", "verify", "--reference", "absent", code: 66, saying: "absent"),
    ]

    static let cases = following + looking + measuring

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
