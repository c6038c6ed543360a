// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import TestSupport
import Testing
import WeightFiles

@Suite("A training run that is exported", .timeLimit(.minutes(15)))
struct ExportedTrainingTests {
    private static let recipe = """
        name = "elsewhere"
        seed = 5
        [data]
        [[data.sources]]
        file = "records.txt"
        licence = "CC BY-SA 4.0"
        group = "general"
        [tokenizer]
        vocabulary_size = 160
        [model]
        hidden_size = 16
        intermediate_size = 24
        num_hidden_layers = 2
        num_attention_heads = 2
        num_key_value_heads = 1
        head_dim = 8
        max_position_embeddings = 32
        [[pretraining.phases]]
        name = "language"
        objective = "causal"
        tokens = 1280
        batch_tokens = 128
        micro_batch_tokens = 64
        context = 32
        learning_rate = 0.001
        """

    /// Fictional records.
    private static var records: String {
        let parts = ["発熱", "咳嗽", "嘔気", "頭痛", "腹痛", "浮腫", "不眠"]
        let courses = ["を認める。", "は軽快した。", "が続いている。"]
        var documents: [String] = []
        for number in 0..<60 {
            var lines: [String] = []
            for line in 0...number % 3 {
                let (part, course) = (parts[(number + line) % 7], courses[(number * 2 + line) % 3])
                let dose = (number % 9 + 1) * 10
                lines.append("朝より\(part)\(course)アスピリン\(dose)mgを内服した。")
            }
            documents.append(lines.joined(separator: "\n"))
        }
        return documents.joined(separator: "\n\n") + "\n"
    }

    private let folder: TemporaryFolder
    private let models: URL
    private let daemon: DaemonInstance

    init() throws {
        folder = try TemporaryFolder()
        models = folder["models"]
        daemon = try DaemonInstance(models: models.path)
        try folder.write(Self.records, to: "data/records.txt")
        try folder.write(Self.recipe, to: "recipe.toml")
    }

    private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String)
    {
        try Programs.run("shokenctl", arguments + ["--config", daemon.config], in: folder.url)
    }

    private func control(_ arguments: String...) throws -> String {
        let result = try Programs.run(
            "shokenctl", arguments + ["--config", daemon.config], in: folder.url)
        try #require(result.code == 0, "\(arguments.prefix(2)): \(result.errors)")
        return result.output
    }

    private func export() throws {
        _ = try control(
            "train", "export", "--recipe", "recipe.toml", "--data", "data", "--output", "export",
            "--shard-size", "1")
    }

    private func content(_ path: String) throws -> Data {
        try Data(contentsOf: folder[path])
    }

    @Test("says beforehand what would be written, and writes nothing")
    func plan() throws {
        let text = try control(
            "train", "export", "--recipe", "recipe.toml", "--data", "data", "--output", "export",
            "--dry-run", "--json")
        let plan = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(plan["rows"] as? Int == 40 && plan["shards"] as? Int == 1)
        let there = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!there.contains { $0.hasPrefix("export") })
    }

    @Test("has the tokenizer and the first weights of a run of the same recipe")
    func sameStart() throws {
        _ = try control(
            "train", "pretrain", "--recipe", "recipe.toml", "--data", "data", "--output", "here")
        try export()
        #expect(
            try content("export/tokenizer.json") == content("here/work/tokenizer.json"))
        for name in ["train.py", "rows.py", "modeling_ncvc.py", "README.md", "deepspeed.json"] {
            #expect(try !content("export/\(name)").isEmpty)
        }
        let again = try run(
            "train", "export", "--recipe", "recipe.toml", "--data", "data", "--output", "export")
        #expect(again.code == 73 && again.errors.contains("is there already"), "\(again.errors)")
    }

    @Test("comes back as a trunk of words: same logits, weights untouched, fit for heads")
    func comesBack() throws {
        try export()
        // What the script leaves: here untrained, without what only the cluster needs.
        for name in ["data", "manifest.json", "train.py", "rows.py", "deepspeed.json"] {
            try FileManager.default.removeItem(at: folder["export/\(name)"])
        }
        _ = try control("model", "import", "--from", "export", "--name", "trunk")
        #expect(
            try content("models/trunk/model.safetensors") == content("export/model.safetensors"))
        let shown = try control("model", "show", "trunk", "--verify")
        #expect(shown.contains("MeCab, ipadic") && shown.contains("recipe elsewhere"))
        #expect(shown.contains("records.txt") && shown.contains("CC BY-SA 4.0"))
        #expect(try control("model", "verify", "trunk").contains("trunk"))
        try folder.write("[[0, 5, 9, 17], [3]]", to: "ids.json")
        for model in ["export", "models/trunk"] {
            _ = try control(
                "model", "logits", "--model", model, "--input", "ids.json", "--output",
                model + ".logits")
        }
        #expect(try content("export.logits") == content("models/trunk.logits"))

        try HeadsOnTrunkTests.writeRows(to: folder["data"])
        try folder.write(HeadsOnTrunkTests.recipe, to: "heads.toml")
        _ = try control(
            "train", "finetune", "--trunk", "trunk", "--recipe", "heads.toml", "--data", "data",
            "--output", "work", "--name", "our-heads")
        let heads = try SafetensorsFile(folder["work/our-heads/heads.safetensors"])
        #expect(heads.shape(of: "entities.disease.dense")?.first == 16)
        try FileManager.default.copyItem(
            at: folder["work/our-heads"], to: models.appending(path: "our-heads"))
        _ = try control("model", "activate", "our-heads")
        try daemon.drop("昨夜より発熱あり。", "nursing", "a.txt")
        try daemon.once()
        #expect(
            try daemon.rows("SELECT surface FROM entities").map { $0["surface"] } == ["発熱"])
    }

    @Test("without its origin is known by its tokenizer, and with a damaged one refused")
    func origins() throws {
        try export()
        let origin = folder["export/shoken-origin.json"]
        try Data("{\"format\": 1}".utf8).write(to: origin)
        let refused = try run("model", "import", "--from", "export", "--name", "trunk")
        #expect(refused.code == 65 && refused.errors.contains("shoken-origin.json"))
        try FileManager.default.removeItem(at: origin)
        let text = try control("model", "import", "--from", "export", "--name", "trunk")
        #expect(text.contains("no shoken-origin.json"))
        #expect(try control("model", "show", "trunk").contains("MeCab, ipadic"))
        let tagger = try run(
            "model", "import", "--from", "export", "--name", "tagger", "--as", "tagger")
        #expect(tagger.code == 65)
    }
}
