// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import Testing
import Training
import WeightFiles

/// Small decoders of every architecture.
enum SmallDecoders {
    static let all: [(name: String, configuration: DecoderConfiguration)] = {
        var usual = DecoderConfiguration(
            vocabSize: 13, hiddenSize: 8, intermediateSize: 12, numHiddenLayers: 2,
            numAttentionHeads: 2, numKeyValueHeads: 1, headDim: 4, maxPositionEmbeddings: 8)
        var ncvc = usual
        ncvc.embeddingScale = 3
        usual.architecture = .llama
        usual.feedForward = .gated
        var tied = usual
        tied.tieWordEmbeddings = true
        tied.ropeScaling = .llama3(factor: 8, low: 1, high: 4, originalContext: 4)
        var mistral = usual
        mistral.architecture = .mistral
        (mistral.slidingWindow, mistral.windowedLayers) = (3, [true, true])
        var qwen2 = usual
        (qwen2.architecture, qwen2.queryKeyValueBias) = (.qwen2, true)
        var qwen3 = usual
        (qwen3.architecture, qwen3.normalizesHeads) = (.qwen3, true)
        var gemma = tied
        gemma.architecture = .gemma2
        gemma.ropeScaling = .none
        (gemma.activation, gemma.normOffset, gemma.normalizesBlockOutputs) = (.geluTanh, 1, true)
        (gemma.attentionSoftcap, gemma.logitSoftcap, gemma.attentionScale) = (2, 3, 0.4)
        (gemma.slidingWindow, gemma.windowedLayers) = (3, [true, false])
        gemma.embeddingScale = 2
        var phi = usual
        phi.architecture = .phi3
        phi.ropeScaling = .longRope(
            short: [1, 1.5], long: [2, 3], originalContext: 4, attention: 1.1)
        var mixtral = usual
        mixtral.architecture = .mixtral
        mixtral.feedForward = .experts(count: 3, active: 2)
        return [
            ("ncvc", ncvc), ("llama", usual), ("llama, tied and scaled", tied),
            ("mistral", mistral), ("qwen2", qwen2), ("qwen3", qwen3), ("gemma2", gemma),
            ("phi3", phi), ("mixtral", mixtral),
        ]
    }()

    /// Weights far enough from the start that every one of them matters.
    static func parameters(_ configuration: DecoderConfiguration) -> ParameterSet {
        var parameters = ParameterSet(randomFor: configuration, seed: 1)
        for place in parameters.tensors.indices {
            parameters.tensors[place].add(
                random(parameters.tensors[place].shape, seed: UInt64(place)), factor: 0.3)
        }
        return parameters
    }

    static let rows: [[Int32]] = [[1, 2, 3, 4, 5, 6, 7, 8], [12, 11, 10, 9, 0, 1, 2, 3]]
    static let batch = TrainingBatch(rows: rows, labels: rows, documents: [[8], [3, 5]])
}

@Suite("Decoders as networks to be trained")
struct DecoderNetworkTests {
    private func loss(
        _ network: DecoderNetwork, _ parameters: ParameterSet, dropout: Float
    ) -> (Double, ParameterSet) {
        let tape = Tape(network.layout)
        let loss = tape.accumulate(parameters, dropoutSeed: 9) {
            network.loss(of: SmallDecoders.batch, on: $0, factor: 1, dropout: dropout)
        }
        return (loss, tape.gradients)
    }

    @Test("Every gradient follows the differences", arguments: SmallDecoders.all.map(\.name))
    func gradients(name: String) throws {
        let configuration = try #require(SmallDecoders.all.first { $0.name == name }?.configuration)
        let network = DecoderNetwork(configuration, longestRow: 8)
        let parameters = SmallDecoders.parameters(configuration)
        for dropout: Float in [0, 0.2] {
            let gradients = loss(network, parameters, dropout: dropout).1
            // A step must not change an expert's choice; norms of small blocks bend quickly.
            let step: Float =
                [.mixtral, .gemma2].contains(configuration.architecture) ? 1e-3 : 5e-3
            for place in parameters.tensors.indices {
                expectGradient(
                    gradients.tensors[place], at: parameters.tensors[place], step: step,
                    tolerance: 3e-2, network.layout.entries[place].name
                ) {
                    var moved = parameters
                    moved.tensors[place] = $0
                    return loss(network, moved, dropout: dropout).0
                }
            }
        }
    }

    @Test(
        "A frozen network with changes of low rank gives the trained one's loss",
        arguments: SmallDecoders.all.map(\.name))
    func frozen(name: String) throws {
        let configuration = try #require(SmallDecoders.all.first { $0.name == name }?.configuration)
        let parameters = SmallDecoders.parameters(configuration)
        let trained = loss(
            DecoderNetwork(configuration, longestRow: 8), parameters, dropout: 0
        ).0
        let weights = try DecoderWeights(
            from: MemoryTensors(parameters.named(), name: "memory"), configuration: configuration)
        var network = DecoderNetwork(
            frozen: DecoderModel(configuration: configuration, weights: weights), longestRow: 8)
        network.layout = ParameterLayout([
            .init(name: "a", shape: [2, 8]), .init(name: "b", shape: [8, 2]),
        ])
        network.layers[1].query.adapter = LowRankReference(
            down: network.layout.matrix(0), up: network.layout.matrix(1), scale: 2)
        var change = ParameterSet(
            network.layout, tensors: [random([2, 8], seed: 3), Tensor(zeros: [8, 2])])
        #expect(abs(loss(network, change, dropout: 0).0 - trained) < 1e-4)
        change.tensors[1] = random([8, 2], seed: 4)
        let (moved, gradients) = loss(network, change, dropout: 0)
        #expect(abs(moved - trained) > 1e-3)
        for place in change.tensors.indices {
            expectGradient(gradients.tensors[place], at: change.tensors[place], step: 2e-3) {
                var other = change
                other.tensors[place] = $0
                return loss(network, other, dropout: 0).0
            }
        }
    }

    @Test("One worker and several give equal gradients but for rounding, each its own again")
    func workers() {
        let (_, configuration) = SmallDecoders.all[1]
        let network = DecoderNetwork(configuration, longestRow: 8)
        let parameters = SmallDecoders.parameters(configuration)
        let batches = [SmallDecoders.batch, SmallDecoders.batch, SmallDecoders.batch]
        func compute(_ workers: Int) -> (Double, ParameterSet) {
            var pass = ParallelPass(network, workers: workers)
            let loss = pass.compute(batches, parameters: parameters, dropout: 0.1, seed: 3)
            return (loss, pass.gradients)
        }
        let (one, two) = (compute(1), compute(2))
        #expect(abs(one.0 - two.0) < 1e-6)
        #expect(two == compute(2))
        #expect(one == compute(1))
        for (a, b) in zip(one.1.tensors, two.1.tensors) {
            #expect(largestDifference(a, b) < 1e-5)
        }
    }

    @Test("Threads that share each operation find what threads with rows of their own find")
    func sharedOperations() {
        var configuration = DecoderConfiguration(
            vocabSize: 300, hiddenSize: 128, intermediateSize: 256, numHiddenLayers: 2,
            numAttentionHeads: 4, numKeyValueHeads: 2, maxPositionEmbeddings: 64)
        configuration.architecture = .llama
        configuration.feedForward = .gated
        let network = DecoderNetwork(configuration, longestRow: 64)
        let parameters = ParameterSet(randomFor: configuration, seed: 2)
        // Enough rows that every loop is divided.
        let batches = (0..<2).map { number in
            let rows = (0..<16).map { row in
                (0..<64).map { Int32((number * 71 + row * 37 + $0 * 11) % 300) }
            }
            return TrainingBatch(rows: rows, labels: rows)
        }
        func compute(_ workers: Int) -> (Double, ParameterSet) {
            var pass = ParallelPass(network, workers: workers)
            let loss = pass.compute(batches, parameters: parameters, dropout: 0.1, seed: 5)
            return (loss, pass.gradients)
        }
        let (shared, apart) = (compute(1), compute(2))
        #expect(abs(shared.0 - apart.0) < 1e-5)
        #expect(shared == compute(1))
        for (a, b) in zip(shared.1.tensors, apart.1.tensors) {
            #expect(largestDifference(a, b) < 1e-5)
        }
    }

    private static let models = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/fixtures/models").standardizedFileURL
    private static var areModelsThere: Bool {
        FileManager.default.fileExists(atPath: models.path)
    }

    @Test(
        "Logits are those of the engine, for every reference model",
        .enabled(if: areModelsThere, "the reference models are not beside the repository"),
        arguments: [
            "gemma2", "llama-bf16", "llama-f16", "llama-sharded", "llama-tied", "llama3-scaling",
            "mistral", "mixtral", "ncvc", "ncvc-scaled-embedding", "phi3", "qwen2", "qwen3",
        ])
    func logits(model name: String) throws {
        let folder = Self.models.appending(path: name)
        let model = try DecoderModel(directory: folder)
        let inputs = try JSONDecoder().decode(
            [[Int32]].self, from: Data(contentsOf: folder.appending(path: "inputs.json")))
        let longest = inputs.map(\.count).max() ?? 1
        let network = DecoderNetwork(model.configuration, longestRow: longest)
        let file = try SafetensorsFolder(folder)
        let parameters = try ParameterSet(network.layout) { try file.tensor($0) }
        let frozen = DecoderNetwork(frozen: model, longestRow: longest)
        for tokens in inputs {
            let expected = try model.logits(tokens)
            let batch = TrainingBatch(rows: [tokens], labels: [tokens])
            let found = network.logits(
                of: batch, on: Tape(network.layout), parameters: parameters)
            #expect(largestDifference(found, expected) < 1e-4)
            let still = frozen.logits(
                of: batch, on: Tape(frozen.layout), parameters: ParameterSet(zeros: frozen.layout))
            #expect(largestDifference(still, expected) < 1e-4)
        }
    }
}
