// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Tensors
import Testing
import Training

/// A small pre-training run by the command: fictional text, a recipe, and ways to end it.
struct TrainingRun {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(Self.text(300), to: "data/records.txt")
        try folder.write(Self.recipe, to: "recipe.toml")
    }

    /// Fictional records, each of some sentences.
    static func text(_ count: Int) -> String {
        let times = ["朝から", "昨夜より", "夕方から", "三日前より"]
        let signs = ["発熱", "咳嗽", "嘔気", "頭痛", "倦怠感", "腹痛"]
        let courses = ["を認める。", "が続いている。", "は軽快した。", "はみられない。"]
        let meals = ["食事は全量摂取。", "食事は半量摂取。", "歩行は安定している。", "睡眠は良好。"]
        var generator = SplitMix64(seed: 11)
        func one(_ words: [String]) -> String { words[generator.below(words.count)] }
        return (0..<count).map { _ in
            (0..<2 + generator.below(4)).map { _ in
                generator.below(3) == 0 ? one(meals) : one(times) + one(signs) + one(courses)
            }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// A network of two narrow layers.
    static let network = """
        [model]
        hidden_size = 32
        intermediate_size = 64
        num_hidden_layers = 2
        num_attention_heads = 2
        num_key_value_heads = 1
        head_dim = 16
        max_position_embeddings = 64
        """

    static let recipe = """
        name = "trial"
        seed = 5
        threads = 2
        [[data.sources]]
        file = "records.txt"
        licence = "CC0"
        group = "records"
        [tokenizer]
        vocabulary_size = 100
        \(network)
        [[pretraining.phases]]
        name = "first"
        objective = "causal"
        tokens = 122_880
        batch_tokens = 1024
        micro_batch_tokens = 256
        context = 64
        learning_rate = 5e-3
        dropout = 0.1
        [[pretraining.phases]]
        name = "second"
        objective = "masked-next"
        tokens = 122_880
        batch_tokens = 1024
        micro_batch_tokens = 256
        context = 64
        learning_rate = 5e-3
        [checkpoints]
        every_steps = 7
        keep = 2
        [validation]
        share = 0.1
        every_steps = 10
        patience = 6
        """

    func arguments(_ output: String, _ more: [String] = []) -> [String] {
        ["train", "pretrain", "--recipe", "recipe.toml", "--data", "data", "--output", output]
            + more
    }

    /// Runs to the end.
    func run(_ output: String, _ more: [String] = []) throws -> (
        code: Int32, output: String, errors: String
    ) {
        try Programs.run("shokenctl", arguments(output, more), in: folder.url)
    }

    func start(_ output: String) throws -> Process {
        try Programs.start("shokenctl", arguments(output), in: folder.url)
    }

    /// Steps of both phases.
    static let steps = 240

    /// Starts the run and holds it (SIGSTOP) after its first checkpoint, with half of its steps still to do.
    ///
    /// On a busy machine it may be over before this process is asked again; then it is begun anew.
    func startHeld(_ output: String) throws -> Process {
        for _ in 0..<50 {
            try? FileManager.default.removeItem(at: url(output))
            let process = try start(output)
            while checkpoints(output).isEmpty, process.isRunning { usleep(2000) }
            kill(process.processIdentifier, SIGSTOP)
            while process.isRunning, !Self.isHeld(process.processIdentifier) { usleep(1000) }
            if process.isRunning, try course(output).count < Self.steps / 2 { return process }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        throw RunsTooFast()
    }

    /// No run could be held before its end.
    struct RunsTooFast: Error {}

    /// Whether a process is stopped, by the letter after its name in parentheses (proc(5)).
    private static func isHeld(_ process: Int32) -> Bool {
        let facts = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return facts.split(separator: ")").last?.split(separator: " ").first == "T"
    }

    func url(_ path: String) -> URL { folder[path] }

    func weights(_ output: String) throws -> Data {
        try Data(contentsOf: url("\(output)/trunk/model.safetensors"))
    }

    func checkpoints(_ output: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: url("\(output)/work/checkpoints").path)
        return (names ?? []).filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }.sorted()
    }

    /// What the log says of steps and validations, without times.
    func course(_ output: String) throws -> [String] {
        try RunLog.read(RunDirectory.log(url(output))).compactMap { line in
            switch line {
            case .step(let step):
                "\(step.phase) \(step.step) \(step.loss) \(step.learningRate) \(step.gradientNorm)"
            case .validation(let found):
                "\(found.phase) \(found.step) \(found.metrics["loss"] ?? -1) \(found.isBest)"
            case .notice: nil
            }
        }
    }
}
