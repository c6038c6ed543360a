// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import WeightFiles

@Suite("Heads on a published trunk", .timeLimit(.minutes(15)))
struct HeadsOnTrunkTests {
    /// Fictional records with their entities, as rows of the entity task.
    private static let records: [(text: String, entities: [(tag: String, text: String)])] = [
        ("朝から発熱あり、アスピリン200mgを内服した。", [("d", "発熱"), ("m-key", "アスピリン"), ("m-val", "200mg")]),
        ("夜間に咳嗽あり。ロキソニン60mgを内服した。", [("d", "咳嗽"), ("m-key", "ロキソニン"), ("m-val", "60mg")]),
        ("発熱はなし。食事は全量摂取。", []),
        ("昨夜より嘔気あり、プリンペラン10mgを内服した。", [("d", "嘔気"), ("m-key", "プリンペラン"), ("m-val", "10mg")]),
        ("右下葉に肺炎を認める。", [("d", "肺炎")]),
        ("歩行は安定している。咳嗽はなし。", []),
        ("昨夜より発熱あり。", [("d", "発熱")]),
        ("夜間に肺炎を認める。アスピリン100mgを内服した。", [("d", "肺炎"), ("m-key", "アスピリン"), ("m-val", "100mg")]),
    ]

    private static func rows() throws -> Data {
        var lines = Data()
        for (number, record) in (records + records).enumerated() {
            for tag in ["d", "m-key", "m-val"] {
                let found = record.entities.filter { $0.tag == tag }.map(\.text)
                let text = Array(record.text.unicodeScalars)
                let spans = found.map { surface -> [String: Any] in
                    let part = Array(surface.unicodeScalars)
                    let start = text.indices.first {
                        $0 + part.count <= text.count && Array(text[$0..<$0 + part.count]) == part
                    }
                    return ["text": surface, "offsets": [[start ?? 0, (start ?? 0) + part.count]]]
                }
                let row: [String: Any] = [
                    "id": "nrner-\(number)-\(tag)", "task": "nrner", "tag": tag, "question": "",
                    "answer": found, "doc": record.text, "doc_id": "d\(number)",
                    "corpus": "NursingRecord", "fold": number % 5, "spans": spans,
                ]
                lines += try JSONSerialization.data(withJSONObject: row) + Data("\n".utf8)
            }
        }
        return lines
    }

    /// Heads for entities, from these rows alone.
    static let recipe = """
        name = "fitted"
        [data]
        exclude_licences = ["CC BY 4.0", "MIT"]
        [heads]
        entities = true
        [trunk_states]
        entities = true
        """

    /// Writes the rows where a recipe looks for them below its data.
    static func writeRows(to data: URL) throws {
        let folder = data.appending(path: "jmed-llm/train")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try rows().write(to: folder.appending(path: "nrner.jsonl"))
    }

    @Test(
        "are fitted by the training command on the states of an imported model, and serve",
        arguments: [FictionalCheckpoint.Kind.bert, .modernbert])
    func journey(kind: FictionalCheckpoint.Kind) throws {
        let folder = try TemporaryFolder()
        let models = folder["models"]
        let daemon = try DaemonInstance(models: models.path)
        try FictionalCheckpoint(kind).write(to: folder["published"])
        func control(_ arguments: String...) throws {
            let result = try Programs.run(
                "shokenctl", arguments + ["--config", daemon.config], in: folder.url)
            try #require(result.code == 0, "\(arguments.prefix(2)): \(result.errors)")
        }
        try control(
            "model", "import", "--from", "published", "--name", "trunk", "--as", "trunk")
        try Self.writeRows(to: folder["data"])
        try folder.write(Self.recipe, to: "heads.toml")
        try control(
            "train", "heads", "--trunk", "trunk", "--recipe", "heads.toml", "--data", "data",
            "--output", "work", "--name", "our-heads")
        // The heads have a weight for each element of the trunk's states.
        let heads = try SafetensorsFile(folder["work/our-heads/heads.safetensors"])
        #expect(heads.shape(of: "entities.disease.dense")?.first == 32)
        try FileManager.default.copyItem(
            at: folder["work/our-heads"], to: models.appending(path: "our-heads"))
        try control("model", "activate", "our-heads")
        let text = "　昨夜より発熱あり。\r\nｱｽﾋﾟﾘﾝ１００ｍｇを内服した。"
        try daemon.drop(text, "nursing", "a.txt")
        try daemon.once()
        let rows = try daemon.rows(
            """
            SELECT e.type, e.surface, e.method,
              substr(d.text, e.start + 1, e."end" - e.start) = e.surface AS same
            FROM entities e JOIN documents d ON d.id = e.document_id ORDER BY e.start
            """)
        #expect(rows.map { $0["surface"] } == ["発熱", "ｱｽﾋﾟﾘﾝ", "１００ｍｇ"])
        #expect(rows.map { $0["type"] } == ["disease", "drug", "dose"])
        #expect(rows.allSatisfy { $0["same"] == "1" && $0["method"] == "heads" })
    }

    /// A tagger on the same rows, without fold 4.
    private static let tagger = """
        name = "tagger"
        kind = "encoder"
        seed = 1
        [trunk]
        directory = "published"
        start = "random"
        pieces = "each"
        [training]
        steps = 150
        batch_texts = 13
        learning_rate = 5e-3
        dropout = 0
        [validation]
        fold = 4
        every_steps = 1000
        [[heads]]
        name = "entities"
        kind = "tokens"
        labels = ["disease", "drug", "dose"]
        files = ["jmed-llm/train/nrner.jsonl"]
        form = "jmed-llm"
        """

    @Test("and a tagger of the trunk find entities together, and are cross-validated so")
    func withTagger() throws {
        let folder = try TemporaryFolder()
        let models = folder["models"]
        let daemon = try DaemonInstance(models: models.path)
        try FictionalCheckpoint(.bert).write(to: folder["data/published"])
        try Self.writeRows(to: folder["data"])
        try folder.write(Self.tagger, to: "tagger.toml")
        let recipe = Self.recipe.replacing("[trunk_states]\nentities = true", with: "")
        try folder.write(recipe + "[tagger]\nweight = 0.5\n", to: "heads.toml")
        @discardableResult
        func control(_ arguments: String..., code: Int32 = 0) throws -> String {
            let result = try Programs.run(
                "shokenctl", arguments + ["--config", daemon.config], in: folder.url)
            try #require(result.code == code, "\(arguments.prefix(2)): \(result.errors)")
            return code == 0 ? result.output : result.errors
        }
        try control(
            "train", "tune", "--recipe", "tagger.toml", "--data", "data", "--output", "run")
        for name in ["fold-4", "fold-3"] {
            try control("model", "import", "--from", "run/tagger", "--name", name)
        }
        let card = try String(
            contentsOf: models.appending(path: "fold-4/MODEL_CARD.md"), encoding: .utf8)
        #expect(card.contains("trained further by the recipe `tagger`"))
        #expect(card.contains("| jmed-llm/train/nrner.jsonl | not stated | entities | 13 |"))
        // Dictionaries are read whatever the rows.
        try folder.write("surface\ticd10\n発熱\tR509\n", to: "data/dictionaries/disease.tsv")
        try folder.write(
            "name\nアスピリン\n", to: "data/dictionaries/MedDic-CANCER-DRUG-JA_202306.csv")
        for task in ["mrner_disease", "mrner_medicine"] {
            try folder.write("", to: "data/jmed-llm/train/\(task).jsonl")
        }
        let folds = [
            "evaluate", "folds", "--task", "entities", "--data", "data", "--taggers", "models",
        ]
        let figures = try Programs.run(
            "shokenctl", folds + ["--folds", "4", "--tagger-weight", "0,0.5,1", "--json"],
            in: folder.url)
        #expect(figures.code == 0, "\(figures.errors)")
        for weight in ["0", "0.5", "1"] {
            #expect(figures.output.contains("\"taggerWeight\":\(weight)"), "\(figures.output)")
        }
        let answers = try Programs.run(
            "shokenctl", folds + ["--folds", "4", "--predictions", "held.jsonl"], in: folder.url)
        #expect(answers.code == 0, "\(answers.errors)")
        let lines = try String(contentsOf: folder["held.jsonl"], encoding: .utf8)
            .split(separator: "\n").map {
                try #require(
                    try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
        #expect(Set(lines.compactMap { $0["type"] as? String }) == ["disease", "drug", "dose"])
        #expect(lines.allSatisfy { $0["fold"] as? Int == 4 && $0["task"] as? String == "entities" })
        #expect(lines.contains { $0["right"] as? Bool == true })
        let unfit = try Programs.run("shokenctl", folds + ["--folds", "3"], in: folder.url)
        #expect(unfit.code == 65 && unfit.errors.contains("fold 3"), "\(unfit.errors)")
        // The maps of a trunk's own tagger are not those of heads beside it.
        let file = models.appending(path: "fold-4/shoken.json")
        var manifest = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        manifest["calibration"] = ["version": 1, "mentions": [String: String]()] as [String: Any]
        try JSONSerialization.data(withJSONObject: manifest).write(to: file)
        try control(
            "train", "heads", "--trunk", "fold-4", "--recipe", "heads.toml", "--data", "data",
            "--output", "work", "--name", "both")
        let made = try String(contentsOf: folder["work/both/shoken.json"], encoding: .utf8)
        #expect(made.contains("tasks") && !made.contains("calibration"))
        try FileManager.default.copyItem(
            at: folder["work/both"], to: models.appending(path: "both"))
        try control("model", "activate", "both")
        try daemon.drop("昨夜より発熱あり。アスピリン100mgを内服した。", "nursing", "a.txt")
        try daemon.once()
        let rows = try daemon.rows("SELECT surface, method FROM entities ORDER BY start")
        #expect(rows.map { $0["surface"] } == ["発熱", "アスピリン", "100mg"])
        #expect(rows.allSatisfy { $0["method"] == "heads+tagger" }, "\(rows)")
        try control("model", "import", "--from", "run/tagger", "--name", "bare", "--as", "trunk")
        let refused = try control(
            "train", "heads", "--trunk", "bare", "--recipe", "heads.toml", "--data", "data",
            "--output", "work", "--name", "other", code: 78)
        #expect(refused.contains("tagger.weight"))
    }
}
