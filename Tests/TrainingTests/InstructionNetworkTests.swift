// SPDX-License-Identifier: Apache-2.0
import Tensors
import Testing
import Training

@Suite("Noise on embeddings") struct InstructionNetworkTests {
    @Test("is uniform within α / √(L · C) for each row")
    func statistics() {
        let rows = [50, 200]
        let width = 64
        let noise = InstructionNetwork.noise(5, rows: rows, width: width, seed: 9)
        #expect(noise.shape == [250, 64])
        var start = 0
        for tokens in rows {
            let values = noise.rowSlice(start..<start + tokens).values.map(Double.init)
            start += tokens
            let bound = 5 / (Double(tokens) * Double(width)).squareRoot()
            let count = Double(values.count)
            #expect(values.allSatisfy { abs($0) <= bound * 1.000_001 })
            #expect(abs(values.reduce(0, +) / count) < 0.03 * bound)
            // The variance of a uniform number is a third of the bound's square.
            let variance = values.reduce(0) { $0 + $1 * $1 } / count
            #expect(abs(variance / (bound * bound / 3) - 1) < 0.05)
            #expect((values.map(abs).max() ?? 0) > 0.99 * bound)
        }
    }

    private let configuration = SmallDecoders.all[0].configuration

    private func loss(_ noise: Double, seed: UInt64) -> Double {
        let network = InstructionNetwork(
            DecoderNetwork(configuration, longestRow: 8), noise: noise)
        var pass = ParallelPass(network, workers: 1)
        return pass.compute(
            [SmallDecoders.batch], parameters: SmallDecoders.parameters(configuration), seed: seed)
    }

    @Test("repeats with its seed, changes with another, and is none for α of 0")
    func seeds() {
        #expect(loss(5, seed: 1) == loss(5, seed: 1))
        #expect(loss(5, seed: 1) != loss(5, seed: 2))
        var plain = ParallelPass(DecoderNetwork(configuration, longestRow: 8), workers: 1)
        let parameters = SmallDecoders.parameters(configuration)
        let expected = plain.compute([SmallDecoders.batch], parameters: parameters, seed: 1)
        #expect(loss(0, seed: 1) == expected)
        // Little noise is little change: what is added goes in where embeddings do.
        #expect(abs(loss(1e-6, seed: 1) - expected) < 1e-5)
    }

    @Test("is off where a loss is only measured")
    func measured() {
        let network = InstructionNetwork(
            DecoderNetwork(configuration, longestRow: 8), noise: 50)
        var pass = ParallelPass(network, workers: 1)
        let parameters = SmallDecoders.parameters(configuration)
        var plain = ParallelPass(DecoderNetwork(configuration, longestRow: 8), workers: 1)
        #expect(
            pass.evaluate([SmallDecoders.batch], parameters: parameters)
                == plain.evaluate([SmallDecoders.batch], parameters: parameters))
    }

    @Test("passes gradients to the embedding")
    func gradients() {
        let network = InstructionNetwork(DecoderNetwork(configuration, longestRow: 8), noise: 5)
        var pass = ParallelPass(network, workers: 1)
        let parameters = SmallDecoders.parameters(configuration)
        func loss(_ parameters: ParameterSet) -> Double {
            pass.compute([SmallDecoders.batch], parameters: parameters, seed: 6)
        }
        _ = loss(parameters)
        let gradients = pass.gradients
        for element in [8, 17, 30] {
            func moved(_ step: Float) -> Double {
                var moved = parameters
                moved.tensors[0].values[element] += step
                return loss(moved)
            }
            let slope = (moved(0.005) - moved(-0.005)) / 0.01
            #expect(abs(slope - Double(gradients.tensors[0].values[element])) < 2e-3)
        }
    }
}
