// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl train instruct", .timeLimit(.minutes(15)))
struct InstructionTuningTests {
    private let folder: TemporaryFolder

    private static let documents = [
        "夜間に発熱あり。解熱剤を内服し、朝には解熱した。", "咳嗽はなく、呼吸は安定している。", "腹痛を訴えるが、圧痛は認めない。",
        "頭痛あり。嘔気なし。", "転倒なく経過した。", "右膝の疼痛が続く。湿布を貼付した。",
    ]
    private static let rows = [
        ("発熱はあるか。夜間に発熱あり。", "あり"), ("咳嗽はあるか。咳嗽はなく、安定している。", "なし"),
        ("頭痛はあるか。頭痛あり。嘔気なし。", "あり"), ("嘔気はあるか。頭痛あり。嘔気なし。", "なし"),
    ]

    init() throws {
        folder = try TemporaryFolder()
        let text = (0..<30).flatMap { _ in Self.documents }.joined(separator: "\n\n")
        try folder.write(text, to: "data/notes.txt")
        let table = Self.rows.map { "\"\($0)\",\($1)" }
        try folder.write(
            "instruction,output\n" + table.joined(separator: "\n") + "\n", to: "data/ward.csv")
        try folder.write(Self.pretraining, to: "base.toml")
        try folder.write(Self.tuning, to: "instruct.toml")
    }

    private static let pretraining = """
        name = "tiny"
        seed = 1
        threads = 1
        [[data.sources]]
        file = "notes.txt"
        licence = "CC0"
        group = "general"
        [tokenizer]
        vocabulary_size = 80
        \(TrainingRun.network)
        [[pretraining.phases]]
        name = "first"
        objective = "causal"
        tokens = 4096
        batch_tokens = 512
        micro_batch_tokens = 256
        context = 64
        learning_rate = 0.01
        [checkpoints]
        every_steps = 100
        """

    private static let tuning = """
        name = "ward"
        kind = "instruct"
        seed = 2
        threads = 1
        [base]
        model = "base/trunk"
        [data]
        [[data.sources]]
        file = "ward.csv"
        licence = "own"
        task = "ward"
        [training]
        steps = 300
        batch_rows = 4
        context = 64
        learning_rate = 0.01
        warmup_steps = 10
        neftune_alpha = 1
        [lora]
        rank = 8
        targets = "all"
        dropout = 0.05
        [checkpoints]
        every_steps = 7
        """

    @discardableResult
    private func shokenctl(_ arguments: [String]) throws -> String {
        let result = try Programs.run("shokenctl", arguments, in: folder.url)
        try #require(result.code == 0, "\(result.errors)")
        return result.output
    }

    private static func tuning(to output: String) -> [String] {
        ["train", "instruct", "--recipe", "instruct.toml", "--data", "data", "--output", output]
    }

    private func pretrain() throws {
        try shokenctl([
            "train", "pretrain", "--recipe", "base.toml", "--data", "data", "--output", "base",
        ])
    }

    /// Starts a tuning and ends it as a power cut would, once it is in the middle.
    ///
    /// On a busy machine it may be over before this process is asked again; then it is begun anew.
    private func tuneAndKill(_ output: String) throws {
        for _ in 0..<50 {
            try? FileManager.default.removeItem(at: folder[output])
            if try tuneUntilKilled(output) { return }
        }
        throw TrainingRun.RunsTooFast()
    }

    /// Whether the tuning was killed before it ended by itself.
    private func tuneUntilKilled(_ output: String) throws -> Bool {
        let process = try Programs.start("shokenctl", Self.tuning(to: output), in: folder.url)
        let log = folder["\(output)/log.jsonl"]
        while process.isRunning {
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            if text.contains("\"step\":20,") { break }
            usleep(2000)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
    }

    /// What a model says to the question of each row, in ids and in text.
    private struct Answers: Decodable {
        let generations: [[Int]]
        let texts: [String]

        var trimmed: [String] { texts.map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    private func answers(_ model: String, _ more: String...) throws -> Answers {
        let output = try shokenctl(
            ["model", "generate", "--model", model, "--chat", "--greedy", "--max-new", "8"]
                + ["--json"] + Self.rows.flatMap { ["--prompt", $0.0] } + more)
        return try JSONDecoder().decode(Answers.self, from: Data(output.utf8))
    }

    @Test("Tunes an adapter, is killed and goes on, merges it and answers")
    func journey() throws {
        try pretrain()
        let plan = try shokenctl(Self.tuning(to: "whole") + ["--dry-run"])
        #expect(plan.contains("steps: 300 of 4 rows") && plan.contains("ward"))
        try shokenctl(Self.tuning(to: "whole") + ["--json"])
        try tuneAndKill("parts")
        let printed = try shokenctl(Self.tuning(to: "parts") + ["--json"])
        #expect(printed.contains("ward"))
        let log = try String(contentsOf: folder["parts/log.jsonl"], encoding: .utf8)
        #expect(log.contains("\"event\":\"resume\""))
        let files = try ["whole", "parts"].map {
            try Data(contentsOf: folder["\($0)/ward/adapter_model.safetensors"])
        }
        #expect(files[0] == files[1])

        let merging = ["model", "merge", "--model", "parts/base", "--adapter", "parts/ward"]
        try shokenctl(merging + ["--output", "merged"])
        let merged = try answers("merged")
        #expect(merged.trimmed == Self.rows.map(\.1))
        let beside = try answers("parts/base", "--adapter", "ward=parts/ward").generations
        #expect(merged.generations == beside)
        let plain = try answers("parts/base").generations
        #expect(plain != beside)
        // Each prompt chooses for itself; the answers are those of the choice.
        let mixed = try answers(
            "parts/base", "--adapter", "ward=parts/ward", "--adapter", "other=whole/ward", "--use",
            "ward", "--use", "none", "--use", "other", "--use", "none"
        ).generations
        #expect(mixed == [beside[0], plain[1], beside[2], plain[3]])
        // Into a file of blocks, and from one.
        try shokenctl(merging + ["--output", "merged.gguf", "--type", "q8_0"])
        #expect(try answers("merged.gguf").texts.count == Self.rows.count)
    }

    static let faults: [(row: String, says: String)] = [
        ("only", "line 2: 1 fields instead of 2"), ("a,", "line 2: output is missing"),
        ("\"a,b", "line 2: a quotation mark is out of place"),
    ]

    @Test("Names a row that cannot be used, before anything is run", arguments: faults)
    func badRow(row: String, says: String) throws {
        try pretrain()
        try folder.write("instruction,output\n\(row)\n", to: "data/ward.csv")
        let result = try Programs.run("shokenctl", Self.tuning(to: "out"), in: folder.url)
        #expect(result.code == 65 && result.errors.contains(says), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/log.jsonl"))
    }
}
