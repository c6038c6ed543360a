// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors
import Testing
import Training

@Suite(
    "Products of bfloat16",
    .enabled(
        if: TrainingPrecision.bfloat16.isAvailable,
        "this processor has no instructions for products of bfloat16"))
struct HalfPrecisionTests {
    private static let configuration = {
        var configuration = DecoderConfiguration(
            vocabSize: 96, hiddenSize: 64, intermediateSize: 128, numHiddenLayers: 2,
            numAttentionHeads: 4, numKeyValueHeads: 2, maxPositionEmbeddings: 16)
        configuration.architecture = .llama
        configuration.feedForward = .gated
        return configuration
    }()

    /// Rows in which each token follows from the one before.
    private func batch(_ number: Int) -> TrainingBatch {
        let rows = (0..<4).map { row in
            (0..<16).map { Int32(((number * 4 + row) * 11 + $0 * 7) % 96) }
        }
        return TrainingBatch(rows: rows, labels: rows)
    }

    @Test("Gradients are those of 32-bit floats but for rounding, tensor by tensor")
    func gradients() {
        let network = DecoderNetwork(Self.configuration, longestRow: 16)
        var parameters = ParameterSet(randomFor: Self.configuration, seed: 4)
        for place in parameters.tensors.indices {
            parameters.tensors[place].add(
                random(parameters.tensors[place].shape, seed: UInt64(place)), factor: 0.05)
        }
        func run(_ precision: TrainingPrecision) -> (Double, ParameterSet) {
            var pass = ParallelPass(network, workers: 2, precision: precision)
            let loss = pass.compute([batch(0), batch(1)], parameters: parameters)
            return (loss, pass.gradients)
        }
        let (exact, rounded) = (run(.float32), run(.bfloat16))
        #expect(abs(exact.0 - rounded.0) < 0.02)
        #expect(exact.1 != rounded.1)
        #expect(rounded.1 == run(.bfloat16).1)
        for (place, entry) in network.layout.entries.enumerated() {
            let (a, b) = (exact.1.tensors[place], rounded.1.tensors[place])
            let cosine = dot(a, b) / (a.sumOfSquares * b.sumOfSquares).squareRoot()
            #expect(cosine > 0.999, "\(entry.name)")
            let length = (b.sumOfSquares / a.sumOfSquares).squareRoot()
            #expect(abs(length - 1) < 0.02, "\(entry.name)")
        }
    }

    @Test("A run in bfloat16 learns what one in 32-bit floats learns")
    func learns() {
        func losses(_ precision: TrainingPrecision) -> [Double] {
            let network = DecoderNetwork(Self.configuration, longestRow: 16)
            var parameters = ParameterSet(randomFor: Self.configuration, seed: 4)
            var optimizer = AdamW(network.layout)
            var pass = ParallelPass(network, workers: 1, precision: precision)
            return (0..<40).map { step in
                let loss = pass.compute([batch(step % 8)], parameters: parameters)
                _ = optimizer.update(&parameters, gradients: pass.gradients, rate: 3e-3)
                return loss
            }
        }
        let (exact, rounded) = (losses(.float32), losses(.bfloat16))
        #expect(exact[39] < exact[0] / 2)
        #expect(rounded[39] < rounded[0] / 2)
        #expect(abs(exact[5] - rounded[5]) < 0.05)
    }

    @Test(
        "A frozen matrix is rounded, whatever form it has, both ways",
        arguments: [Precision?.none, .float32, .int4, .stored])
    func frozen(precision: Precision?) {
        let dense = WeightMatrix(random([160, 256], seed: 1))
        let words = HalfPrecision.narrowToBFloat16(random([160, 256], seed: 1).values)
        let bytes = words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let matrix: WeightMatrix =
            switch precision {
            case .stored:
                WeightMatrix(
                    BlockMatrix(
                        format: .bfloat16, rows: 160, columns: 256,
                        memory: WeightMemory(copying: bytes)))
            case .some(let precision): dense.prepared(for: precision)
            case .none: dense
            }
        let parameters = randomParameters([[40, 256]])
        func run(_ matrix: WeightMatrix, _ precision: TrainingPrecision) -> (Tensor, Tensor) {
            let tape = Tape(parameters.layout, precision: precision)
            let y = tape.accumulate(parameters) { tape in
                let y = tape.linear(tape.parameter(0), LinearReference(.frozen(matrix)))
                tape.seed(y, gradient: random([40, 160], seed: 2))
                return tape.tensor(y)
            }
            return (y, tape.gradients.tensors[0])
        }
        let found = run(matrix, .bfloat16)
        let expected = run(WeightMatrix(matrix.tensor), .float32)
        // Sums of 256 and 160 products of numbers about 1, each rounded by at most 1/256.
        #expect(largestDifference(found.0, expected.0) < 0.4)
        #expect(largestDifference(found.1, expected.1) < 0.4)
    }
}
