// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import Testing
import Training
import WeightFiles

@Suite("A decoder with an adapter in training") struct AdaptedDecoderTests {
    private static let settings = AdapterSettings(rank: 2, alpha: 3, targets: .all)

    private func model(
        _ configuration: DecoderConfiguration, precision: Precision? = nil
    ) throws -> DecoderModel {
        let parameters = SmallDecoders.parameters(configuration)
        return DecoderModel(
            configuration: configuration,
            weights: try DecoderWeights(
                from: MemoryTensors(parameters.named(), name: "memory"),
                configuration: configuration, precision: precision))
    }

    /// Matrices that both are far from zero.
    private func parameters(_ adapted: AdaptedDecoder) -> ParameterSet {
        var parameters = adapted.start(seed: 3)
        for place in parameters.tensors.indices {
            parameters.tensors[place].add(
                random(parameters.tensors[place].shape, seed: UInt64(40 + place)), factor: 0.3)
        }
        return parameters
    }

    @Test("begins with the base's own logits", arguments: SmallDecoders.all.map(\.name))
    func begins(_ name: String) throws {
        let configuration = try #require(
            SmallDecoders.all.first { $0.name == name }?.configuration)
        let base = try model(configuration)
        let adapted = try AdaptedDecoder(
            base, settings: Self.settings, longestRow: 8, file: "test")
        let logits = adapted.network.logits(
            of: SmallDecoders.batch, on: Tape(adapted.network.layout),
            parameters: adapted.start(seed: 1))
        let frozen = DecoderNetwork(frozen: base, longestRow: 8)
        let expected = frozen.logits(
            of: SmallDecoders.batch, on: Tape(frozen.layout),
            parameters: ParameterSet(frozen.layout, tensors: []))
        #expect(logits == expected)
    }

    @Test(
        "has the gradients that differences show, and computes as it is served",
        arguments: SmallDecoders.all.map(\.name))
    func gradients(_ name: String) throws {
        let configuration = try #require(
            SmallDecoders.all.first { $0.name == name }?.configuration)
        let base = try model(configuration)
        let adapted = try AdaptedDecoder(
            base, settings: Self.settings, longestRow: 8, file: "test")
        let parameters = parameters(adapted)
        var pass = ParallelPass(adapted.network, workers: 1)
        _ = pass.compute([SmallDecoders.batch], parameters: parameters)
        let gradients = pass.gradients
        for place in stride(from: 0, to: gradients.tensors.count, by: 3) {
            let element = place % gradients.tensors[place].count
            func loss(_ step: Float) -> Double {
                var moved = parameters
                moved.tensors[place].values[element] += step
                return pass.evaluate([SmallDecoders.batch], parameters: moved)
            }
            let slope = (loss(0.01) - loss(-0.01)) / 0.02
            let found = Double(gradients.tensors[place].values[element])
            #expect(abs(slope - found) < 2e-3 + 0.02 * abs(found), "\(place)")
        }
        let tokens: [Int32] = [1, 2, 3, 4, 5]
        let served = try base.serving([adapted.adapter(of: parameters)])
            .logits(tokens, adapter: 0)
        let batch = TrainingBatch(rows: [tokens], labels: [tokens])
        let trained = adapted.network.logits(
            of: batch, on: Tape(adapted.network.layout), parameters: parameters)
        #expect(zip(served.values, trained.values).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test(
        "learns beside weights in fewer bits",
        arguments: [Precision.bfloat16, .int8, .int4])
    func quantised(_ precision: Precision) throws {
        var configuration = DecoderConfiguration(
            vocabSize: 32, hiddenSize: 32, intermediateSize: 64, numHiddenLayers: 2,
            numAttentionHeads: 2, numKeyValueHeads: 1, headDim: 16, maxPositionEmbeddings: 16)
        (configuration.architecture, configuration.feedForward) = (.llama, .gated)
        let base = try model(configuration, precision: precision)
        let adapted = try AdaptedDecoder(
            base,
            settings: AdapterSettings(rank: 4, alpha: 8, dropout: 0.1, targets: .all),
            longestRow: 16, file: "test")
        var parameters = adapted.start(seed: 1)
        var optimizer = AdamW(adapted.network.layout)
        var pass = ParallelPass(adapted.network, workers: 1)
        let rows: [[Int32]] = (0..<3).map { row in (0..<16).map { Int32(($0 * (row + 3)) % 32) } }
        let batch = TrainingBatch(rows: rows, labels: rows)
        let first = pass.evaluate([batch], parameters: parameters)
        for step in 0..<40 {
            _ = pass.compute([batch], parameters: parameters, seed: UInt64(step))
            _ = optimizer.update(&parameters, gradients: pass.gradients, rate: 0.02)
        }
        let last = pass.evaluate([batch], parameters: parameters)
        #expect(last < 0.7 * first)
        // What serving computes is what was learnt, but for the activations that it rounds.
        let served = base.serving([adapted.adapter(of: parameters)])
        let row = TrainingBatch(rows: [rows[0]], labels: [rows[0]])
        let trained = adapted.network.logits(
            of: row, on: Tape(adapted.network.layout), parameters: parameters)
        let logits = try served.logits(rows[0], adapter: 0)
        let apart = zip(logits.values, trained.values).map { abs($0 - $1) }.max() ?? 0
        let largest = trained.values.map { abs($0) }.max() ?? 0
        #expect(apart < 0.1 * largest)
    }

    @Test("drops what A sees in training only, the same for the same seed")
    func dropout() throws {
        let configuration = try #require(SmallDecoders.all.first).configuration
        var settings = Self.settings
        settings.dropout = 0.5
        let adapted = try AdaptedDecoder(
            model(configuration), settings: settings, longestRow: 8, file: "test")
        let parameters = parameters(adapted)
        var pass = ParallelPass(adapted.network, workers: 1)
        func loss(_ seed: UInt64) -> Double {
            pass.compute([SmallDecoders.batch], parameters: parameters, seed: seed)
        }
        #expect(loss(1) == loss(1))
        #expect(loss(1) != loss(2))
        let measured = pass.evaluate([SmallDecoders.batch], parameters: parameters)
        #expect(measured != loss(1))
        #expect(measured == pass.evaluate([SmallDecoders.batch], parameters: parameters))
    }

    @Test("refuses a target that is no layer")
    func targets() throws {
        let base = try model(try #require(SmallDecoders.all.first).configuration)
        #expect(throws: AdapterError.target(file: "recipe", target: "gate_proj")) {
            try AdaptedDecoder(
                base, settings: AdapterSettings(targets: .named(["q_proj", "gate_proj"])),
                longestRow: 8, file: "recipe")
        }
    }
}
