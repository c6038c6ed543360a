// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A tagger's rows: fictional sentences of the pieces that the fictional checkpoint knows.
private struct TaggerRows {
    /// Sentences with their entities: `[発熱|disease]`.
    static let marked: [String] = {
        var sentences: [String] = []
        for disease in ["発熱", "咳嗽", "肺炎"] {
            sentences += [
                "昨夜より[\(disease)|disease]あり。", "[\(disease)|disease]を認める。",
                "右下葉に[\(disease)|disease]を認める。", "[\(disease)|disease]はなし。",
                "昨夜より[\(disease)|disease]、[アスピリン|drug]を内服した。",
            ]
        }
        return sentences + [
            "[アスピリン|drug]を内服した。", "[アスピリン|drug][100mg|dose]を内服した。",
            "昨夜より[アスピリン|drug][100mg|dose]内服。", "右葉に[肺炎|disease]あり。", "昨夜は内服なし。",
        ]
    }()

    let text: String
    let spans: [(start: Int, end: Int, label: String)]

    init(_ marked: String) {
        var (text, count) = ("", 0)
        var spans: [(start: Int, end: Int, label: String)] = []
        for part in marked.split(separator: "[", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
            let entity = pieces[0].split(separator: "|")
            if pieces.count == 2 {
                let length = entity[0].unicodeScalars.count
                spans.append((count, count + length, String(entity[1])))
                (text, count) = (text + entity[0], count + length)
            }
            let rest = pieces.count == 2 ? pieces[1] : pieces[0]
            (text, count) = (text + rest, count + rest.unicodeScalars.count)
        }
        (self.text, self.spans) = (text, spans)
    }

    var json: String {
        let spans = spans.map {
            #"{"start":\#($0.start),"end":\#($0.end),"label":"\#($0.label)"}"#
        }
        return #"{"text":"\#(text)","spans":[\#(spans.joined(separator: ","))]}"#
    }
}

@Suite("A tagger trained on a site's own rows", .timeLimit(.minutes(15)))
struct TrainedTaggerTests {
    /// What is trained: a published kind of encoder from nothing, or a decoder of our own that reads words.
    private static let trunks = [
        "encoder": """
        directory = "model"
        start = "random"
        pieces = "each"
        """,
        "decoder": """
        directory = "base/trunk"
        words = true
        """,
    ]

    /// A small trunk of our own, trained on the rows' text.
    private static let pretraining = """
        name = "base"
        seed = 1
        [[data.sources]]
        file = "notes.txt"
        licence = "CC0"
        group = "records"
        [tokenizer]
        vocabulary_size = 70
        [model]
        hidden_size = 64
        intermediate_size = 128
        num_hidden_layers = 2
        num_attention_heads = 4
        num_key_value_heads = 2
        head_dim = 16
        max_position_embeddings = 64
        [[pretraining.phases]]
        name = "first"
        objective = "masked-next"
        tokens = 4096
        batch_tokens = 512
        micro_batch_tokens = 256
        context = 64
        learning_rate = 0.01
        """

    private static func recipe(_ chain: String, trunk: String = "encoder") -> String {
        """
        name = "ward-tagger"
        kind = "encoder"
        seed = 1
        [trunk]
        \(trunks[trunk] ?? "")
        [training]
        steps = 150
        batch_texts = 20
        learning_rate = 5e-3
        dropout = 0
        [[heads]]
        name = "entities"
        kind = "tokens"
        chain = "\(chain)"
        labels = ["disease", "drug", "dose"]
        files = ["rows.jsonl"]
        """
    }

    @Test(
        "is imported, and annotates what it was trained on at exact places",
        arguments: [("encoder", "constraints"), ("encoder", "crf"), ("decoder", "crf")])
    func journey(trunk: String, chain: String) throws {
        let folder = try TemporaryFolder()
        let rows = TaggerRows.marked.map(TaggerRows.init)
        if trunk == "encoder" {
            try FictionalCheckpoint(.bert).write(to: folder["model"])
        } else {
            let notes = (0..<40).flatMap { _ in rows.map(\.text) }.joined(separator: "\n\n")
            try folder.write(notes, to: "notes.txt")
            try folder.write(Self.pretraining, to: "base.toml")
            let base = try Programs.run(
                "shokenctl",
                [
                    "train", "pretrain", "--recipe", "base.toml", "--data", ".", "--output",
                    "base",
                ], in: folder.url)
            try #require(base.code == 0, "\(base.errors)")
        }
        try folder.write(rows.map(\.json).joined(separator: "\n"), to: "rows.jsonl")
        try folder.write(Self.recipe(chain, trunk: trunk), to: "tagger.toml")
        let models = folder["models"]
        try FileManager.default.createDirectory(at: models, withIntermediateDirectories: false)
        let daemon = try DaemonInstance(models: models.path)
        func control(_ arguments: String...) throws -> (code: Int32, output: String, errors: String)
        {
            try Programs.run("shokenctl", arguments + ["--config", daemon.config])
        }
        let options = [
            "train", "tune", "--recipe", folder.path + "/tagger.toml", "--data", folder.path,
            "--output", folder.path + "/run", "--json",
        ]
        let plan = try Programs.run("shokenctl", options + ["--dry-run"])
        #expect(plan.code == 0 && plan.output.contains("150"), "\(plan.errors)")
        let training = try Programs.run("shokenctl", options)
        try #require(training.code == 0, "\(training.errors)")
        #expect(training.output.contains("run/ward-tagger"))
        let tagger = folder.path + "/run/ward-tagger"
        let imported = try control(
            "model", "import", "--from", tagger, "--labels", tagger + "/labels.toml", "--name",
            "ward-tagger")
        try #require(imported.code == 0, "\(imported.errors)")
        #expect(try control("model", "activate", "ward-tagger").code == 0)
        for (number, row) in rows.enumerated() {
            try daemon.drop(row.text, "nursing", "\(number).txt")
        }
        try daemon.once()
        for (number, row) in rows.enumerated() {
            let found = try daemon.rows(
                """
                SELECT e.type, e.start, e."end" FROM entities e JOIN documents d
                ON d.id = e.document_id WHERE d.source_name = '\(number).txt' ORDER BY e.start
                """)
            #expect(
                found.map { "\($0["start"] ?? "") \($0["end"] ?? "") \($0["type"] ?? "")" }
                    == row.spans.map { "\($0.start) \($0.end) \($0.label)" }, "row \(number)")
        }
    }

    @Test("is not trained where a row is not right, which is named by its line")
    func badRow() throws {
        let folder = try TemporaryFolder()
        try FictionalCheckpoint(.bert).write(to: folder["model"])
        try folder.write(Self.recipe("none"), to: "tagger.toml")
        for (row, words) in [
            ("{", "rows.jsonl, line 2"), (#"{"text":"発熱"}"#, "spans"),
            (#"{"text":"発熱","spans":[{"start":0,"end":2,"label":"x"}]}"#, "disease, drug, dose"),
        ] {
            try folder.write(
                TaggerRows(TaggerRows.marked[0]).json + "\n" + row, to: "rows.jsonl")
            let result = try Programs.run(
                "shokenctl",
                [
                    "train", "tune", "--recipe", folder.path + "/tagger.toml", "--data",
                    folder.path, "--output", folder.path + "/run",
                ])
            #expect(result.code == 65 && result.errors.contains(words), "\(result.errors)")
            #expect(!result.errors.contains("発熱"))
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/run"))
        }
    }
}
