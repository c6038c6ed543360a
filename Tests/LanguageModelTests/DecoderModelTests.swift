// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import ModelTestSupport
import Testing
import WeightFiles

@Suite struct DecoderModelTests {
    static let fixtures = ["ncvc", "ncvc-scaled-embedding"]

    @Test("logits agree with the reference", arguments: fixtures)
    func logits(name: String) throws {
        let fixture = try Fixture(name)
        for (index, tokens) in fixture.inputs.enumerated() {
            let logits = try fixture.model.logits(tokens)
            let expected = try fixture.expected.tensor("logits_\(index)")
            #expect(logits.shape == expected.shape)
            #expect(largestDifference(logits, expected) < 1e-4)
        }
    }

    @Test("the residual stream agrees with the reference after every layer", arguments: fixtures)
    func states(name: String) throws {
        let fixture = try Fixture(name)
        var seen: [String: Tensor] = [:]
        try fixture.model.observe(fixture.inputs[1], bidirectional: false) { stage, state in
            switch stage {
            case .embedding: seen["hidden_embed"] = state
            case .layer(let index): seen["hidden_layer_\(index)"] = state
            case .finalNorm: seen["hidden_norm"] = state
            }
        }
        let names = fixture.expected.names.filter { $0.hasPrefix("hidden_") }
        #expect(Set(seen.keys) == Set(names))
        for name in names {
            let state = try #require(seen[name])
            #expect(largestDifference(state, try fixture.expected.tensor(name)) < 1e-4)
        }
    }

    @Test(
        "a sequence has the same states alone and among others, in both directions of sight",
        arguments: fixtures, [false, true])
    func company(name: String, bidirectional: Bool) throws {
        let fixture = try Fixture(name)
        let together = try fixture.model.hiddenStates(
            fixture.inputs + [[]], bidirectional: bidirectional)
        #expect(together.count == fixture.inputs.count + 1)
        #expect(together.last?.shape == [0, fixture.model.configuration.hiddenSize])
        for (tokens, state) in zip(fixture.inputs, together) {
            let alone = try fixture.model.hiddenStates([tokens], bidirectional: bidirectional)
            #expect(largestDifference(state, alone[0]) < 1e-5)
        }
    }

    @Test("many sequences, computed in several groups, keep their order and their states")
    func groups() throws {
        let fixture = try Fixture("ncvc")
        let sequences = (0..<200).map { fixture.inputs[$0 % fixture.inputs.count] }
        let alone = try fixture.inputs.map {
            try fixture.model.hiddenStates([$0], bidirectional: false)[0]
        }
        let states = try fixture.model.hiddenStates(sequences, bidirectional: false)
        #expect(states.count == sequences.count)
        for (index, state) in states.enumerated() {
            #expect(largestDifference(state, alone[index % alone.count]) < 1e-5)
        }
    }

    @Test("a causal token does not see what follows, a bidirectional one does")
    func sight() throws {
        let fixture = try Fixture("ncvc")
        let tokens = fixture.inputs[2]
        var changed = tokens
        changed[changed.count - 1] = (tokens[tokens.count - 1] + 1) % 500
        let causal = try fixture.model.hiddenStates([tokens, changed], bidirectional: false)
        let both = try fixture.model.hiddenStates([tokens, changed], bidirectional: true)
        let first = 0..<(tokens.count - 1)
        // Not the same to the bit: rows are summed in another order by their place in the batch.
        #expect(
            largestDifference(causal[0].rowSlice(first), causal[1].rowSlice(first)) < 1e-5)
        #expect(largestDifference(both[0].rowSlice(first), both[1].rowSlice(first)) > 1e-3)
    }

    @Test("an id outside the vocabulary is refused by sequence and position", arguments: [-1, 515])
    func vocabulary(id: Int32) throws {
        let fixture = try Fixture("ncvc")
        let expected = TrunkError.tokenOutOfVocabulary(
            sequence: 1, position: 2, id: id, vocabularySize: 515)
        #expect(throws: expected) {
            try fixture.model.hiddenStates([[1], [2, 3, id]], bidirectional: true)
        }
    }

    @Test("a sequence above the longest position is refused")
    func tooLong() throws {
        let fixture = try Fixture("ncvc")
        let tokens = [Int32](repeating: 5, count: 129)
        #expect(throws: TrunkError.sequenceTooLong(sequence: 0, tokens: 129, limit: 128)) {
            try fixture.model.logits(tokens)
        }
        #expect(try fixture.model.logits(Array(tokens.dropLast())).shape == [128, 515])
    }

    @Test("a tied model uses its embedding as head, and stores it once")
    func tied() throws {
        let fixture = try Fixture("ncvc")
        var configuration = fixture.model.configuration
        configuration.tieWordEmbeddings = true
        var weights = fixture.model.weights
        weights.head = nil
        let tied = DecoderModel(configuration: configuration, weights: weights)
        weights.head = weights.embedding
        let untied = DecoderModel(configuration: fixture.model.configuration, weights: weights)
        #expect(try tied.logits([1, 2, 3]) == untied.logits([1, 2, 3]))
        #expect(weights.named(configuration)["lm_head.weight"] == nil)
    }
}

/// A model of the fixtures with its inputs and what the reference makes of them.
struct Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")
    let directory: URL
    let model: DecoderModel
    let inputs: [[Int32]]
    let expected: SafetensorsFile

    init(_ name: String) throws {
        directory = Self.folder.appending(path: name)
        model = try DecoderModel(directory: directory)
        let json = try Data(contentsOf: directory.appending(path: "inputs.json"))
        inputs = try JSONDecoder().decode([[Int32]].self, from: json)
        expected = try SafetensorsFile(directory.appending(path: "expected.safetensors"))
    }
}
