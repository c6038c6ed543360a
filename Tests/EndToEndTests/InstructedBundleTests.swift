// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import TestSupport
import Testing
import Training
import WeightFiles

/// A small Llama of random weights with a byte-level tokenizer, in a GGUF file.
enum FictionalInstructModel {
    /// Writes `NAME.gguf` into a folder.
    static func write(_ name: String, in folder: TemporaryFolder) throws {
        let directory = folder["\(name)-folder"]
        let tokenizer = FictionalCheckpoint(.roberta)
        try tokenizer.write(to: directory)
        // Answers are followed byte by byte, as the decoder gives them.
        let pieces = directory.appending(path: "tokenizer.json")
        var parts = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: pieces)) as? [String: Any])
        parts["decoder"] = parts["pre_tokenizer"]
        try JSONSerialization.data(withJSONObject: parts).write(to: pieces)
        let fields: [String: Any] = [
            "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_act": "silu",
            "vocab_size": tokenizer.pieces.count, "hidden_size": 32, "intermediate_size": 48,
            "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
            "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "rope_theta": 10000,
            "tie_word_embeddings": false, "bos_token_id": 2, "eos_token_id": 3,
            "torch_dtype": "float32",
        ]
        let file = directory.appending(path: "config.json")
        try JSONSerialization.data(withJSONObject: fields).write(to: file)
        let configuration = try DecoderConfiguration(file: file)
        try SafetensorsWriter.write(
            ParameterSet(randomFor: configuration, seed: 4).named().mapValues { tensor in
                Tensor(shape: tensor.shape, values: tensor.values.map { $0 * 6 })
            }, storage: .float32, to: directory.appending(path: "model.safetensors"))
        let result = try Programs.run(
            "shokenctl",
            ["model", "convert", "--model", directory.path, "--output", "\(name).gguf"],
            in: folder.url)
        try #require(result.code == 0, "\(result.errors)")
    }
}

@Suite("A bundle with a model that follows instructions", .timeLimit(.minutes(15)))
struct InstructedBundleTests {
    /// A daemon on a tagger for entities, beside which such a model answers tnm.
    private struct Site {
        let folder: TemporaryFolder
        let daemon: DaemonInstance

        init(documentTokens: Int) throws {
            folder = try TemporaryFolder()
            daemon = try DaemonInstance(models: folder["models"].path)
            try FictionalCheckpoint(.bert).write(to: folder["published"])
            try folder.write("[labels]\na = \"ignore\"\n", to: "labels.toml")
            try FictionalInstructModel.write("ward", in: folder)
            try control(
                "model", "import", "--from", "published", "--labels", "labels.toml", "--name",
                "tagger")
            try control(
                "model", "instruct", "--from", "ward.gguf", "--beside", "tagger", "--name", "both",
                "--template", "llama-2", "--document-tokens", String(documentTokens),
                "--answer-tokens", "200", "--licence", "MIT")
            try control("model", "activate", "both", "--force", "--reason", "a trial")
        }

        @discardableResult
        func control(_ arguments: String..., code: Int32 = 0) throws -> String {
            let result = try Programs.run(
                "shokenctl", arguments + ["--config", daemon.config], in: folder.url)
            try #require(result.code == code, "\(arguments.prefix(2)): \(result.errors)")
            return code == 0 ? result.output : result.errors
        }
    }

    private static let report = "　右上葉に45mmの腫瘤を認め、肺癌です。\r\n昨夜より発熱あり。ｱｽﾋﾟﾘﾝ100mgを内服した。"

    @Test("answers tnm by it and entities by the tagger, and cites words at their exact places")
    func mixed() throws {
        let site = try Site(documentTokens: 2000)
        let shown = try site.control("model", "show", "both", "--verify")
        #expect(shown.contains("llama decoder in instruct.gguf, for tnm"), "\(shown)")
        for number in 0..<6 {
            try site.daemon.drop(
                Self.report.replacing("45", with: "\(40 + number)"), "radiology", "\(number).txt")
        }
        try site.daemon.once()
        let stages = try site.daemon.rows("SELECT method, t, n, m, reason FROM tnm_stages")
        #expect(stages.count == 6 && stages.allSatisfy { $0["method"] == "instruct" }, "\(stages)")
        #expect(stages.allSatisfy { $0["reason"] != "not-answered" })
        let cited = try site.daemon.rows(
            """
            SELECT e.axis, e.rule, substr(d.text, e.start + 1, e."end" - e.start) = e.surface AS same
            FROM tnm_evidence e JOIN documents d ON d.id = e.document_id WHERE e.start IS NOT NULL
            """)
        #expect(cited.allSatisfy { $0["same"] == "1" && $0["rule"] == "instructed" }, "\(cited)")
        #expect(!cited.isEmpty, "\(stages)")
        let entities = try site.daemon.rows(
            "SELECT DISTINCT surface, method FROM entities WHERE method = 'tagger'")
        #expect(entities.contains { $0["surface"] == "発熱" }, "\(entities)")
        // Once more, alone: the same answer.
        let before = try site.daemon.rows(
            "SELECT s.t, s.n, s.m FROM tnm_stages s JOIN documents d ON d.id = s.document_id WHERE d.text LIKE '%43mm%'"
        )
        let alone = try DaemonInstance(models: site.folder["models"].path)
        try alone.drop(Self.report.replacing("45", with: "43"), "radiology", "a.txt")
        try alone.once()
        #expect(try alone.rows("SELECT t, n, m FROM tnm_stages") == before)
    }

    @Test("marks what its budget does not hold for review, and loses no finding")
    func beyondBudget() throws {
        let site = try Site(documentTokens: 800)
        let long = String(repeating: "異常を認めない。", count: 60) + Self.report
        try site.daemon.drop(long, "radiology", "long.txt")
        try site.daemon.drop(long, "nursing", "long.txt")
        try site.daemon.once()
        let stages = try site.daemon.rows("SELECT reason, review, t FROM tnm_stages")
        #expect(stages.map { $0["reason"] } == ["not-answered", "not-answered"], "\(stages)")
        #expect(stages.allSatisfy { $0["review"] == "T,N,M" })
        let entities = try site.daemon.rows("SELECT surface FROM entities")
        #expect(entities.count { $0["surface"] == "発熱" } == 2, "\(entities)")
        #expect(try !site.daemon.saidText().contains("腫瘤"))
    }

    @Test("ends at SIGTERM with what is in hand, and goes on with the rest")
    func terminated() async throws {
        let site = try Site(documentTokens: 2000)
        for number in 0..<12 {
            try site.daemon.drop(Self.report + "\(number)", "radiology", "\(number).txt")
        }
        let process = try site.daemon.start()
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end, site.daemon.names(in: "done").isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        try site.daemon.once()
        let counts = try site.daemon.rows(
            "SELECT count(*) AS documents, (SELECT count(*) FROM tnm_stages) AS stages FROM documents"
        )
        #expect(counts == [["documents": "12", "stages": "12"]])
        #expect(site.daemon.names(in: "failed").isEmpty)
    }

    @Test("is not made of what cannot be asked so")
    func refused() throws {
        let site = try Site(documentTokens: 2000)
        func refused(_ more: String..., code: Int32) throws -> String {
            let result = try Programs.run(
                "shokenctl",
                ["model", "instruct", "--from", "ward.gguf", "--beside", "tagger", "--name", "x"]
                    + more
                    + ["--config", site.daemon.config], in: site.folder.url)
            #expect(result.code == code, "\(result.errors)")
            return result.errors
        }
        #expect(try refused("--template", "llama-2", code: 65).contains("2048"))
        #expect(try refused("--document-tokens", "2000", code: 65).contains("template"))
        try site.folder.write("TNM?", to: "prompt.txt")
        #expect(try refused("--prompt-file", "prompt.txt", code: 65).contains("{text}"))
        #expect(!FileManager.default.fileExists(atPath: site.folder["models/x"].path))
    }
}
