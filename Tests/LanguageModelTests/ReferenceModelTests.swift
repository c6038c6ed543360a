// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import ModelTestSupport
import Testing
import WeightFiles

/// Every decoder architecture against the reference implementation; needs `../shared/fixtures`.
@Suite(.enabled(if: ReferenceModel.isAvailable, "needs ../shared/fixtures/models"))
struct ReferenceModelTests {
    static let decoders = [
        "gemma2", "llama-bf16", "llama-f16", "llama-sharded", "llama-tied", "llama3-scaling",
        "mistral", "mixtral", "ncvc", "ncvc-scaled-embedding", "phi3", "qwen2", "qwen3",
    ]

    @Test(
        "logits agree with the reference, whichever way the configuration is written",
        arguments: decoders, ["config.json", "config.v4.json"])
    func logits(name: String, file: String) throws {
        guard let model = try ReferenceModel(name, configuration: file) else { return }
        for (index, tokens) in model.inputs.enumerated() {
            let logits = try model.trunk.logits(tokens)
            let expected = try model.expected.tensor("logits_\(index)")
            #expect(largestDifference(logits, expected) < 1e-4, "input \(index)")
        }
    }

    @Test("prepared matrices give the reference's logits and tokens too", arguments: decoders)
    func prepared(name: String) throws {
        let model = try #require(try ReferenceModel(name, precision: .float32))
        for (index, tokens) in model.inputs.enumerated() {
            let expected = try model.expected.tensor("logits_\(index)")
            #expect(largestDifference(try model.trunk.logits(tokens), expected) < 1e-4)
        }
        let limit = model.generations[0].count
        #expect(
            try model.trunk.generateGreedily(model.prompts, limit: limit) == model.generations)
    }

    /// The reference's own arithmetic in bfloat16 is off by 0.24 at most and 0.0248 in the mean.
    @Test(
        "fewer bits change logits no more than they must",
        arguments: [(Precision.bfloat16, 0.24, 0.0248), (.int8, 1.5, 0.15)])
    func precision(precision: Precision, largest: Double, mean: Double) throws {
        let model = try #require(try ReferenceModel("llama-bf16", precision: precision))
        var (sum, count, most) = (0.0, 0, 0.0)
        for (index, tokens) in model.inputs.enumerated() {
            let expected = try model.expected.tensor("logits_\(index)")
            for (value, wanted) in zip(try model.trunk.logits(tokens).values, expected.values) {
                let difference = Double(abs(value - wanted))
                (sum, count, most) = (sum + difference, count + 1, max(most, difference))
            }
        }
        #expect(most <= largest)
        #expect(sum / Double(count) <= mean)
    }

    @Test("the residual stream agrees after every layer", arguments: decoders)
    func states(name: String) throws {
        let model = try #require(try ReferenceModel(name))
        var seen: [String: Tensor] = [:]
        try model.trunk.observe(model.inputs[1], bidirectional: false) { stage, state in
            switch stage {
            case .embedding: seen["hidden_embed"] = state
            case .layer(let index): seen["hidden_layer_\(index)"] = state
            case .finalNorm: seen["hidden_norm"] = state
            }
        }
        for name in model.expected.names where name.hasPrefix("hidden_") {
            let state = try #require(seen[name])
            #expect(largestDifference(state, try model.expected.tensor(name)) < 1e-4, "\(name)")
        }
    }

    @Test("a sequence has the same logits alone and among others", arguments: decoders)
    func company(name: String) throws {
        let model = try #require(try ReferenceModel(name))
        let together = try model.trunk.hiddenStates(model.inputs, bidirectional: false)
        for (index, states) in together.enumerated() {
            let alone = try model.trunk.hiddenStates([model.inputs[index]], bidirectional: false)
            #expect(largestDifference(states, alone[0]) < 1e-5)
        }
    }

    @Test("greedy tokens agree, in company and alone", arguments: decoders)
    func generation(name: String) throws {
        let model = try #require(try ReferenceModel(name))
        let limit = model.generations[0].count
        #expect(
            try model.trunk.generateGreedily(model.prompts, limit: limit) == model.generations)
        for (prompt, expected) in zip(model.prompts, model.generations) {
            #expect(try model.trunk.generateGreedily([prompt], limit: limit) == [expected])
        }
    }

    @Test("the names and shapes are those of the published file", arguments: decoders)
    func names(name: String) throws {
        let model = try #require(try ReferenceModel(name))
        let stored = model.trunk.configuration.storedTensors
        #expect(
            Dictionary(uniqueKeysWithValues: stored.map { ($0.name, $0.shape) }) == model.tensors)
        let named = model.trunk.weights.named(model.trunk.configuration)
        #expect(named.mapValues(\.shape) == model.tensors)
    }
}

/// A model of the fixtures with its inputs and what the reference makes of them.
struct ReferenceModel {
    static let folder = URL(filePath: #filePath)
        .appending(path: "../../../../shared/fixtures/models").standardized
    static var isAvailable: Bool {
        FileManager.default.fileExists(atPath: folder.path(percentEncoded: false))
    }

    let trunk: DecoderModel
    let inputs: [[Int32]]
    let prompts: [[Int32]]
    let generations: [[Int32]]
    let tensors: [String: [Int]]
    let expected: SafetensorsFile

    /// nil where the folder has no configuration of that name.
    init?(
        _ name: String, configuration: String = "config.json", precision: Precision? = nil
    ) throws {
        let directory = Self.folder.appending(path: name)
        let file = directory.appending(path: configuration)
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            return nil
        }
        let configuration = try DecoderConfiguration(file: file)
        trunk = DecoderModel(
            configuration: configuration,
            weights: try DecoderWeights(
                from: SafetensorsFolder(directory), configuration: configuration,
                precision: precision))
        func decode<Value: Decodable>(_ type: Value.Type, _ file: String) throws -> Value {
            try JSONDecoder().decode(
                type, from: Data(contentsOf: directory.appending(path: file)))
        }
        struct Generation: Decodable { var tokens: [Int32] }
        struct Expected: Decodable {
            var generations: [Generation]
            var tensors: [String: [Int]]
        }
        inputs = try decode([[Int32]].self, "inputs.json")
        prompts = try decode([[Int32]].self, "prompts.json")
        let facts = try decode(Expected.self, "expected.json")
        generations = facts.generations.map(\.tokens)
        tensors = facts.tensors
        expected = try SafetensorsFile(directory.appending(path: "expected.safetensors"))
    }
}
