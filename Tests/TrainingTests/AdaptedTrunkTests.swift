// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import Testing

@testable import Training

@Suite("Heads over frozen weights with a change of low rank")
struct AdaptedTrunkTests {
    static let trunks = SmallEncoders.names + ["decoder", "decoder, causal"]

    private static func trunk(_ name: String) throws -> TrainedTrunk {
        guard name.hasPrefix("decoder") else {
            return .encoder(EncoderNetwork(try SmallEncoders.configuration(name), longestRow: 8))
        }
        var configuration = DecoderConfiguration(
            vocabSize: 11, hiddenSize: 8, intermediateSize: 12, numHiddenLayers: 2,
            numAttentionHeads: 2, numKeyValueHeads: 1, headDim: 4, maxPositionEmbeddings: 12)
        configuration.architecture = .llama
        configuration.feedForward = .gated
        return .decoder(configuration, causal: name.hasSuffix("causal"), longestRow: 8)
    }

    private static let heads = [
        HeadSettings(name: "a", kind: .tokens(.none), labels: ["O", "B-a", "I-a"])
    ]

    /// A trunk with its weights, and the same beside a change.
    private static func adapted(
        _ name: String, targets: AdapterTargets, dropout: Double = 0
    ) throws -> (whole: HeadedNetwork, weights: ParameterSet, adapted: AdaptedTrunk) {
        let whole = HeadedNetwork(try trunk(name), heads: heads)
        let weights = SmallEncoders.parameters(whole)
        let trunk = whole.trunk.layout.entries
        let tensors = Dictionary(
            uniqueKeysWithValues: trunk.indices.map { (trunk[$0].name, weights.tensors[$0]) })
        let adapted = try AdaptedTrunk(
            whole.trunk, weights: tensors,
            settings: AdapterSettings(rank: 2, alpha: 3, dropout: dropout, targets: targets),
            longestRow: 8, file: "recipe")
        return (whole, weights, adapted)
    }

    @Test("Every gradient follows the differences", arguments: trunks, [0, 0.2])
    func gradients(name: String, dropout: Double) throws {
        let (_, _, adapted) = try Self.adapted(name, targets: .all, dropout: dropout)
        let network = HeadedNetwork(adapted.trunk, heads: Self.heads)
        let changes = network.layout.entries.filter { $0.name.contains("lora_") }
        #expect(changes.count == adapted.trunk.layout.entries.count)
        #expect(changes.count >= 2 * 2 * 4)
        let parameters = SmallEncoders.parameters(network)
        let batch = HeadBatch(
            texts: SmallEncoders.texts, head: 0,
            targets: .tokens(
                rows: [0, 2, 3, 6, 7, 9], labels: [0, 1, 2, 0, 1, 2], chains: []))
        let tape = Tape(network.layout)
        func loss(_ parameters: ParameterSet) -> Double {
            tape.accumulate(parameters, dropoutSeed: 9) {
                network.loss(of: batch, on: $0, factor: 1, dropout: 0)
            }
        }
        _ = loss(parameters)
        let gradients = tape.gradients
        for place in parameters.tensors.indices {
            expectGradient(
                gradients.tensors[place], at: parameters.tensors[place], step: 4e-3,
                tolerance: 3e-2, network.layout.entries[place].name
            ) {
                var moved = parameters
                moved.tensors[place] = $0
                return loss(moved)
            }
        }
    }

    @Test("Added to the weights, the change gives the same scores", arguments: trunks)
    func merged(name: String) throws {
        let targets: AdapterTargets =
            switch name {
            case "modernbert": .named(["Wqkv", "layers.1.mlp.Wi"])
            case "decoder": .named(["q_proj", "model.layers.1.mlp.down_proj"])
            default: .all
            }
        let (whole, weights, adapted) = try Self.adapted(name, targets: targets)
        let network = HeadedNetwork(adapted.trunk, heads: Self.heads)
        var parameters = SmallEncoders.parameters(network)
        for place in adapted.trunk.layout.entries.indices {
            parameters.tensors[place] = random(
                parameters.tensors[place].shape, seed: 40 + UInt64(place))
        }
        let adapter = adapted.adapter(of: parameters)
        #expect(adapter.settings.targets == .named(adapter.pairs.keys.sorted()))
        let tensors = adapted.tensors(with: adapter)
            .merging(network.headTensors(parameters, head: 0)) { $1 }
        let merged = try ParameterSet(whole.layout) { tensors[$0] }
        let changed = whole.layout.entries.indices.count {
            merged.tensors[$0] != weights.tensors[$0]
        }
        // Every changed layer, and both tensors of the head.
        #expect(changed == adapter.pairs.count + whole.headTensors(weights, head: 0).count)
        let beside = network.scores(
            of: SmallEncoders.texts, head: 0, on: Tape(network.layout), parameters: parameters)
        let inside = whole.scores(
            of: SmallEncoders.texts, head: 0, on: Tape(whole.layout), parameters: merged)
        let before = whole.scores(
            of: SmallEncoders.texts, head: 0, on: Tape(whole.layout), parameters: weights)
        #expect(largestDifference(beside, inside) < 1e-4)
        #expect(largestDifference(before, inside) > 1e-2)
    }

    @Test("A change that begins is none", arguments: trunks)
    func start(name: String) throws {
        let (whole, weights, adapted) = try Self.adapted(name, targets: .all)
        let network = HeadedNetwork(adapted.trunk, heads: Self.heads)
        let adapter = adapted.adapter(of: ParameterSet(freshFor: network, seed: 5))
        #expect(adapter.pairs.values.allSatisfy { $0.down.values.contains { $0 != 0 } })
        let tensors = adapted.tensors(with: adapter)
        for (place, entry) in whole.trunk.layout.entries.enumerated() {
            #expect(tensors[entry.name] == weights.tensors[place])
        }
    }

    @Test("A target that is no layer is refused", arguments: ["bert", "decoder"])
    func targets(name: String) throws {
        #expect(throws: AdapterError.target(file: "recipe", target: "kwery")) {
            try Self.adapted(name, targets: .named(["kwery"]))
        }
    }
}
