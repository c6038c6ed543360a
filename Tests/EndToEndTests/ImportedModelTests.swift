// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A daemon's instance whose models directory has the project's bundle and room for imported ones.
private struct ImportingInstance {
    let folder: TemporaryFolder
    let daemon: DaemonInstance

    init() throws {
        folder = try TemporaryFolder()
        let models = folder["models"]
        try FileManager.default.createDirectory(at: models, withIntermediateDirectories: false)
        if DaemonInstance.hasModel {
            try FileManager.default.createSymbolicLink(
                at: models.appending(path: "shoken-base"),
                withDestinationURL: DaemonInstance.models.appending(path: "shoken-base"))
        }
        daemon = try DaemonInstance(models: models.path)
    }

    func control(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
        try Programs.run("shokenctl", arguments + ["--config", daemon.config])
    }

    /// Imports a checkpoint; a map says what is ignored.
    func imported(
        _ checkpoint: FictionalCheckpoint, as name: String, _ more: String...,
        map: String = "pieces = \"first\"\n[labels]\na = \"ignore\"\n"
    ) throws -> (code: Int32, output: String, errors: String) {
        let source = folder["published-\(name)"]
        try checkpoint.write(to: source)
        try folder.write(map, to: "labels.toml")
        return try Programs.run(
            "shokenctl",
            [
                "model", "import", "--from", source.path, "--name", name, "--config", daemon.config,
            ] + (map.isEmpty ? [] : ["--labels", folder.path + "/labels.toml"]) + more)
    }

    func use(_ checkpoint: FictionalCheckpoint, as name: String) throws {
        let result = try imported(checkpoint, as: name)
        try #require(result.code == 0, "\(result.errors)")
        let activation = try control(
            "model", "activate", name, "--force", "--reason", "試験")
        try #require(activation.code == 0, "\(activation.errors)")
    }

    var models: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/models"))?.sorted()
            ?? []
    }
}

@Suite("A published tagger, imported", .timeLimit(.minutes(15)))
struct ImportedTaggerTests {
    /// A found entity in the words of the test.
    private struct Found: Hashable, Comparable {
        let start: Int
        let text: String

        static func < (left: Found, right: Found) -> Bool { left.start < right.start }
    }

    /// Where `surface` stands for the `count`-th time, in Unicode scalars.
    private static func place(_ surface: String, _ number: Int = 0, in text: String) throws -> Int {
        let (whole, part) = (Array(text.unicodeScalars), Array(surface.unicodeScalars))
        let starts = (0...(whole.count - part.count)).filter {
            Array(whole[$0..<$0 + part.count]) == part
        }
        return try #require(starts.indices.contains(number) ? starts[number] : nil)
    }

    private static func rows(_ instance: DaemonInstance, _ name: String) throws -> [Found] {
        try instance.rows(
            """
            SELECT e.type, e.start, e."end", e.surface, e.certainty, e.method, e.score,
              substr(d.text, e.start + 1, e."end" - e.start) = e.surface AS same
            FROM entities e JOIN documents d ON d.id = e.document_id
            WHERE d.source_name = '\(name)' ORDER BY e.start
            """
        ).map { row in
            #expect(row["same"] == "1" && row["method"] == "tagger")
            let score = try #require(row["score"].flatMap(Double.init))
            #expect(score > 0.5 && score <= 1)
            let fields = ["type", "certainty", "surface"].map { row[$0] ?? "" }
            return Found(
                start: try #require(row["start"].flatMap { Int($0) }),
                text: fields.joined(separator: " "))
        }
    }

    @Test(
        "gives exactly the entities that its head was set to find, at exact places",
        arguments: FictionalCheckpoint.Kind.allCases)
    func entities(kind: FictionalCheckpoint.Kind) throws {
        let instance = try ImportingInstance()
        try instance.use(FictionalCheckpoint(kind), as: "tagger")
        // Half-width kana, full-width digits, an indent and a Windows line end: offsets must not slip.
        let text = "　昨夜より発熱あり。咳嗽はなし。\r\nｱｽﾋﾟﾘﾝ１００ｍｇを内服した。右下葉に肺炎を認める。"
        try instance.daemon.drop(text, "nursing", "a.txt")
        try instance.daemon.drop("昨夜より[SEP]あり。", "nursing", "nothing.txt")
        // Longer than the model's positions: read in windows.
        let long = (0..<40).map { "昨夜より\($0 % 3 == 0 ? "発熱" : "咳嗽")あり、右下葉に肺炎を認める。" }.joined()
        try instance.daemon.drop(long, "nursing", "long.txt")
        try instance.daemon.once()
        var expected = [
            Found(start: try Self.place("発熱", in: text), text: "disease positive 発熱"),
            Found(start: try Self.place("咳嗽", in: text), text: "disease negative 咳嗽"),
            Found(start: try Self.place("ｱｽﾋﾟﾘﾝ", in: text), text: "drug positive ｱｽﾋﾟﾘﾝ"),
            Found(start: try Self.place("１００", in: text), text: "dose positive １００ｍｇ"),
            Found(start: try Self.place("肺炎", in: text), text: "disease positive 肺炎"),
        ]
        let short = try Self.rows(instance.daemon, "a.txt")
        #expect(short == expected, "\(short)")
        #expect(try Self.rows(instance.daemon, "nothing.txt").isEmpty)
        expected = []
        for number in 0..<40 {
            let sentence = "昨夜より発熱あり、右下葉に肺炎を認める。".unicodeScalars.count * number
            expected.append(
                // The head is set to deny every 咳嗽; あり says otherwise.
                Found(
                    start: sentence + 4,
                    text: "disease positive \(number % 3 == 0 ? "発熱" : "咳嗽")"))
            expected.append(Found(start: sentence + 13, text: "disease positive 肺炎"))
        }
        let windowed = try Self.rows(instance.daemon, "long.txt")
        #expect(windowed == expected, "\(windowed)")
        let reviewed = try instance.control(
            "query", "entities", "--review", "--containing", "咳嗽", "--json", "--limit", "100")
        #expect(reviewed.output.contains("咳嗽"), "\(reviewed.errors)")
        #expect(instance.daemon.names(in: "failed").isEmpty)
        let shown = try instance.control("model", "show", "tagger", "--verify")
        #expect(shown.code == 0 && shown.output.contains("tagger"), "\(shown.errors)")
        #expect(try instance.control("model", "verify", "tagger").code == 0)
    }

    @Test("gives a document the same entities alone and among others")
    func company() throws {
        let text = "昨夜より発熱あり。アスピリン100mgを内服した。"
        let query =
            """
            SELECT e.type, e.start, e.surface, round(e.score, 5) AS score FROM entities e
            JOIN documents d ON d.id = e.document_id WHERE d.source_name = 'x.txt' ORDER BY e.start
            """
        let alone = try ImportingInstance()
        try alone.use(FictionalCheckpoint(.modernbert), as: "tagger")
        try alone.daemon.drop(text, "nursing", "x.txt")
        try alone.daemon.once()
        for number in 0..<6 {
            try alone.daemon.drop(
                String(repeating: "咳嗽はなし。", count: number * 3 + 1), "nursing", "a\(number).txt")
        }
        let expected = try alone.daemon.rows(query)
        #expect(expected.count == 3)
        let among = try ImportingInstance()
        try among.use(FictionalCheckpoint(.modernbert), as: "tagger")
        for number in 0..<6 {
            try among.daemon.drop(
                String(repeating: "咳嗽はなし。", count: number * 3 + 1), "nursing", "a\(number).txt")
        }
        try among.daemon.drop(text, "nursing", "x.txt")
        try among.daemon.once()
        #expect(try among.daemon.rows(query) == expected)
    }

    @Test(
        "takes the place of the project's model and gives it back while documents arrive; none is lost",
        .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"))
    func exchange() throws {
        let instance = try ImportingInstance()
        let result = try instance.imported(FictionalCheckpoint(.bert), as: "tagger")
        try #require(result.code == 0, "\(result.errors)")
        let daemon = try instance.daemon.start()
        var dropped = 0
        func drop(_ count: Int) throws {
            for _ in 0..<count {
                try instance.daemon.drop(
                    "第\(dropped)病日、昨夜より発熱あり。アスピリン100mgを内服した。", "nursing",
                    "\(dropped).txt")
                dropped += 1
            }
        }
        func wait(for model: String) throws {
            let statement =
                "SELECT d.id FROM documents d JOIN models m ON m.id = d.model_id "
                + "WHERE m.name = '\(model)' LIMIT 1"
            for _ in 0..<4000 {
                // Fails as long as the daemon has not made its database.
                let found = try instance.control("sql", statement, "--json")
                if found.code == 0, found.output.contains("id") { return }
                usleep(50_000)
            }
            Issue.record("no document was read by \(model)")
        }
        try drop(12)
        try wait(for: "shoken-base")
        try drop(30)
        #expect(
            try instance.control("model", "activate", "tagger", "--force", "--reason", "試験").code
                == 0)
        try drop(12)
        try wait(for: "tagger")
        try drop(30)
        let back = try instance.control("model", "rollback", "--json")
        #expect(
            back.code == 0 && back.output.contains(#""active":"shoken-base""#), "\(back.errors)")
        try drop(12)
        daemon.terminate()
        daemon.waitUntilExit()
        try instance.daemon.once()
        let rows = try instance.daemon.rows(
            """
            SELECT d.source_name, m.name, (SELECT count(*) FROM entities e
              WHERE e.document_id = d.id AND e.surface = '発熱') AS found
            FROM documents d JOIN models m ON m.id = d.model_id
            """)
        #expect(
            rows.count == dropped && Set(rows.compactMap { $0["source_name"] }).count == dropped)
        #expect(Set(rows.compactMap { $0["name"] }) == ["shoken-base", "tagger"])
        #expect(rows.allSatisfy { $0["found"] == "1" })
        let last = rows.first { $0["source_name"] == "\(dropped - 1).txt" }
        #expect(last?["name"] == "shoken-base")
        #expect(instance.daemon.names(in: "failed").isEmpty)
        #expect(instance.daemon.names(in: "processing").isEmpty)
    }
}

@Suite("The ways a model may be published", .timeLimit(.minutes(15)))
struct PublishedFormsTests {
    @Test("A folder of links, as in a cache of Hugging Face's tools, is copied as files")
    func links() throws {
        let instance = try ImportingInstance()
        let blobs = instance.folder["blobs"]
        let snapshot = instance.folder["snapshot"]
        try FictionalCheckpoint(.roberta).write(to: blobs)
        try FileManager.default.createDirectory(at: snapshot, withIntermediateDirectories: false)
        for name in try FileManager.default.contentsOfDirectory(atPath: blobs.path) {
            try FileManager.default.createSymbolicLink(
                atPath: snapshot.path + "/" + name, withDestinationPath: "../blobs/" + name)
        }
        let result = try instance.control(
            "model", "import", "--from", snapshot.path, "--name", "linked", "--as", "trunk")
        #expect(result.code == 0, "\(result.errors)")
        try FileManager.default.removeItem(at: blobs)
        #expect(try instance.control("model", "verify", "linked").code == 0)
    }

    @Test("Labels that are named by number get their names from the map, begins before insides")
    func numberedLabels() throws {
        let instance = try ImportingInstance()
        var checkpoint = FictionalCheckpoint(.bert)
        let names = checkpoint.labels
        checkpoint.labels = names.indices.map { "LABEL_\($0)" }
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        let imported = try instance.imported(
            checkpoint, as: "numbered", "--json",
            map: "names = [\(list)]\npieces = \"each\"\n[labels]\n\"*\" = \"ignore\"\n")
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(imported.output.contains(#""d_negative":"disease negative""#))
        #expect(imported.output.contains(#""a":"ignore""#))
        #expect(
            try instance.control("model", "activate", "numbered", "--force", "--reason", "試験").code
                == 0)
        try instance.daemon.drop("右下葉に肺炎を認める。咳嗽はなし。", "radiology", "a.txt")
        try instance.daemon.once()
        let rows = try instance.daemon.rows(
            "SELECT surface, certainty, start FROM entities ORDER BY start")
        #expect(rows.map { $0["surface"] } == ["肺炎", "咳嗽"])
        #expect(rows.map { $0["certainty"] } == ["positive", "negative"])
        #expect(rows.map { $0["start"] } == ["4", "11"])
    }
}

@Suite("What cannot serve is refused at import", .timeLimit(.minutes(15)))
struct ImportRefusalTests {
    @Test("Labels without a meaning are listed, and nothing is left behind")
    func unmapped() throws {
        let instance = try ImportingInstance()
        let before = instance.models
        let result = try instance.imported(FictionalCheckpoint(.bert), as: "x", map: "")
        #expect(result.code == 65 && result.errors.contains("mean: a;"), "\(result.errors)")
        #expect(instance.models == before)
    }

    static let faults: [(change: Fault, code: Int32, says: String)] = [
        (.surplus, 65, "vocab_size is 37"), (.shortVocabulary, 65, "vocab_size is only 31"),
        (.pickle, 69, "PyTorch pickle"), (.noTokenizer, 66, "holds no tokenizer"),
        (.numberedLabels, 65, "by number only"), (.textLabels, 69, "--as trunk"),
        (.missingTensor, 65, "classifier.weight"),
    ]

    enum Fault: CaseIterable {
        case surplus, shortVocabulary, pickle, noTokenizer, numberedLabels, textLabels,
            missingTensor
    }

    @Test("A fault is named, with an exit code, and no bundle appears", arguments: faults)
    func fault(change: Fault, code: Int32, says: String) throws {
        let instance = try ImportingInstance()
        let before = instance.models
        var checkpoint = FictionalCheckpoint(.bert)
        switch change {
        case .surplus: checkpoint.surplus = 6
        case .numberedLabels: checkpoint.labels = checkpoint.labels.indices.map { "LABEL_\($0)" }
        case .textLabels: checkpoint.head = "SequenceClassification"
        default: break
        }
        let source = instance.folder["published"]
        try checkpoint.write(to: source)
        func path(_ name: String) -> URL { source.appending(path: name) }
        switch change {
        case .shortVocabulary:
            let pieces = checkpoint.pieces + ["一", "二"]
            try Data(pieces.map { $0 + "\n" }.joined().utf8).write(to: path("vocab.txt"))
        case .pickle:
            try FileManager.default.moveItem(
                at: path("model.safetensors"), to: path("pytorch_model.bin"))
        case .noTokenizer: try FileManager.default.removeItem(at: path("vocab.txt"))
        case .missingTensor:
            var json = checkpoint.configuration
            json["architectures"] = ["BertForTokenClassification"]
            checkpoint.head = "SequenceClassification"
            try checkpoint.write(to: source)
            json["id2label"] = [String: String](
                uniqueKeysWithValues: (checkpoint.labels + ["B-f"]).enumerated().map {
                    ("\($0.offset)", $0.element)
                })
            try JSONSerialization.data(withJSONObject: json).write(to: path("config.json"))
        default: break
        }
        let result = try instance.control("model", "import", "--from", source.path, "--name", "x")
        #expect(result.code == code && result.errors.contains(says), "\(result.errors)")
        #expect(instance.models == before)
    }

    @Test("A name that is taken stays what it was")
    func taken() throws {
        let instance = try ImportingInstance()
        #expect(try instance.imported(FictionalCheckpoint(.bert), as: "x").code == 0)
        let again = try instance.imported(FictionalCheckpoint(.roberta), as: "x")
        #expect(again.code == 69 && again.errors.contains("there is a model x already"))
        #expect(try instance.control("model", "verify", "x").code == 0)
    }

    @Test("A trunk without heads is imported but not activated")
    func trunk() throws {
        let instance = try ImportingInstance()
        let imported = try instance.imported(
            FictionalCheckpoint(.roberta), as: "trunk", "--as", "trunk", map: "")
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(try instance.control("model", "verify", "trunk").code == 0)
        let activation = try instance.control("model", "activate", "trunk")
        #expect(activation.code == 69 && activation.errors.contains("train heads --trunk trunk"))
    }

    @Test("A file that was changed after the import is named by verify")
    func changed() throws {
        let instance = try ImportingInstance()
        #expect(try instance.imported(FictionalCheckpoint(.bert), as: "x").code == 0)
        let file = instance.folder["models/x/vocab.txt"]
        var content = try Data(contentsOf: file)
        content[content.count - 2] ^= 1
        try content.write(to: file)
        let result = try instance.control("model", "verify", "x")
        #expect(result.code == 69 && result.errors.contains("vocab.txt"), "\(result.errors)")
    }
}
