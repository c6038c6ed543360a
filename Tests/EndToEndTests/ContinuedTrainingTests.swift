// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import Testing
import Training
import WeightFiles

@Suite("Training that goes on from a model", .timeLimit(.minutes(15)))
struct ContinuedTrainingTests {
    private static let recipe = """
        name = "continued"
        seed = 6
        threads = 2
        [[data.sources]]
        file = "records.txt"
        licence = "CC0"
        group = "records"
        [model]
        start = "START"
        [[pretraining.phases]]
        name = "more"
        objective = "causal"
        tokens = 20_480
        batch_tokens = 1024
        micro_batch_tokens = 256
        context = 32
        learning_rate = 1e-2
        [checkpoints]
        every_steps = 7
        """

    private func losses(_ run: TrainingRun, _ output: String) throws -> [Double] {
        try RunLog.read(RunDirectory.log(run.url(output))).compactMap {
            if case .step(let step) = $0 { step.loss } else { nil }
        }
    }

    @Test("of our own begins where that one ended, and makes a bundle")
    func own() throws {
        let run = try TrainingRun()
        let second = TrainingRun.recipe.range(of: "[[pretraining.phases]]\nname = \"second\"")
        let rest = TrainingRun.recipe.range(of: "[checkpoints]")
        var first = TrainingRun.recipe
        first.removeSubrange(try #require(second).lowerBound..<(try #require(rest).lowerBound))
        try run.folder.write(first, to: "recipe.toml")
        #expect(try run.run("first").code == 0)
        try run.folder.write(
            Self.recipe.replacingOccurrences(of: "START", with: "first/trunk"), to: "recipe.toml")
        let result = try Programs.run(
            "shokenctl",
            ["train", "--recipe", "recipe.toml", "--data", "data", "--output", "second"],
            in: run.folder.url)
        #expect(result.code == 0, "\(result.errors)")
        let (before, after) = (try losses(run, "first"), try losses(run, "second"))
        #expect(try #require(before.first) > 4)
        #expect(try #require(after.first) < #require(before.first) - 2)
        #expect(
            FileManager.default.fileExists(atPath: run.url("second/continued/shoken.json").path))
    }

    /// A Llama with random weights and a byte-level BPE.
    private func writeLlama(to folder: URL) throws -> DecoderConfiguration {
        let tokenizer = FictionalCheckpoint(.roberta)
        try tokenizer.write(to: folder)
        let fields: [String: Any] = [
            "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_act": "silu",
            "vocab_size": tokenizer.pieces.count + 3, "hidden_size": 32, "intermediate_size": 48,
            "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
            "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000,
            "tie_word_embeddings": true, "bos_token_id": 2, "eos_token_id": 3,
            "torch_dtype": "bfloat16",
        ]
        try JSONSerialization.data(withJSONObject: fields).write(
            to: folder.appending(path: "config.json"))
        let configuration = try DecoderConfiguration(file: folder.appending(path: "config.json"))
        try SafetensorsWriter.write(
            ParameterSet(randomFor: configuration, seed: 9).named(), storage: .bfloat16,
            to: folder.appending(path: "model.safetensors"))
        return configuration
    }

    @Test("that was published writes a folder of the same kind with other weights")
    func published() throws {
        let run = try TrainingRun()
        let configuration = try writeLlama(to: run.url("llama"))
        let recipe = Self.recipe.replacingOccurrences(of: "START", with: "llama")
        try run.folder.write(recipe + "\n[heads]\nentities = true\n", to: "recipe.toml")
        let refused = try run.run("out")
        #expect(refused.code != 0 && refused.errors.contains("model import"), "\(refused.errors)")
        try run.folder.write(recipe, to: "recipe.toml")
        let result = try Programs.run(
            "shokenctl",
            ["train", "--recipe", "recipe.toml", "--data", "data", "--output", "out", "--json"],
            in: run.folder.url)
        #expect(result.code == 0, "\(result.errors)")
        let losses = try losses(run, "out")
        #expect(losses.count == 20)
        #expect(try #require(losses.last) < #require(losses.first) - 0.5)
        let (before, after) = (run.url("llama"), run.url("out/trunk"))
        let source = try SafetensorsFolder(before)
        let made = try SafetensorsFolder(after)
        #expect(made.names == source.names)
        #expect(made.storage(of: made.names[0]) == .float32)
        #expect(try made.tensor(made.names[0]) != source.tensor(made.names[0]))
        #expect(
            try Data(contentsOf: after.appending(path: "tokenizer.json"))
                == Data(contentsOf: before.appending(path: "tokenizer.json")))
        var expected = configuration
        expected.dtype = .float32
        #expect(try DecoderModel(directory: after).configuration == expected)
    }
}
