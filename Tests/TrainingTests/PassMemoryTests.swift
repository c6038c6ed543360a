// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors
import Testing
import Training

@Suite("The memory of a pass")
struct PassMemoryTests {
    private static func network(layers: Int) -> (DecoderConfiguration, DecoderNetwork) {
        var configuration = DecoderConfiguration(
            vocabSize: 64, hiddenSize: 64, intermediateSize: 192, numHiddenLayers: layers,
            numAttentionHeads: 4, numKeyValueHeads: 2, headDim: 16, maxPositionEmbeddings: 128)
        configuration.architecture = .llama
        configuration.feedForward = .gated
        return (configuration, DecoderNetwork(configuration, longestRow: 128))
    }

    private static func batch(rows: Int, length: Int) -> TrainingBatch {
        let rows = (0..<rows).map { row in (0..<length).map { Int32((row * 13 + $0 * 7) % 64) } }
        return TrainingBatch(rows: rows, labels: rows)
    }

    /// Bytes that the tape of a pass has in the end, without the gradients of parameters.
    private static func bytes(_ pass: ParallelPass<DecoderNetwork>, _ network: DecoderNetwork)
        -> Int
    {
        pass.memoryBytes - 4 * network.layout.count
    }

    @Test("Measuring holds one layer's values, and gives the loss that training sees")
    func evaluation() {
        var found: [Int: (measured: Int, trained: Int)] = [:]
        for layers in [2, 12] {
            let (configuration, network) = Self.network(layers: layers)
            let parameters = ParameterSet(randomFor: configuration, seed: 1)
            let batches = [Self.batch(rows: 4, length: 128)]
            var measuring = ParallelPass(network, workers: 1)
            let loss = measuring.evaluate(batches, parameters: parameters)
            var training = ParallelPass(network, workers: 1)
            #expect(training.compute(batches, parameters: parameters) == loss)
            found[layers] = (Self.bytes(measuring, network), Self.bytes(training, network))
        }
        guard let few = found[2], let many = found[12] else { return }
        // What is left of a layer is its result, 64 of some 700 numbers a token.
        #expect(many.measured < 2 * few.measured)
        #expect(many.measured * 3 < many.trained)
        #expect(many.trained > 3 * few.trained)
    }

    @Test("Batches of changing lengths need little more than the longest of them")
    func changingLengths() {
        let (configuration, network) = Self.network(layers: 4)
        let parameters = ParameterSet(randomFor: configuration, seed: 1)
        var longest = ParallelPass(network, workers: 1)
        _ = longest.compute([Self.batch(rows: 4, length: 128)], parameters: parameters)
        var changing = ParallelPass(network, workers: 1)
        for length in [20, 31, 45, 28, 60, 77, 52, 96, 40, 111, 83, 120, 128, 99, 128] {
            _ = changing.compute([Self.batch(rows: 4, length: length)], parameters: parameters)
        }
        #expect(Self.bytes(changing, network) < 2 * Self.bytes(longest, network))
        // Results do not depend on what was computed before.
        #expect(changing.gradients == longest.gradients)
    }
}
