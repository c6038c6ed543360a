// SPDX-License-Identifier: Apache-2.0
import LanguageModel
package import Tensors
import Training

/// Steps of training on random tokens, as a measure of speed and memory.
///
/// A step is all that one of a run is, but for the reading of text: forward and backward pass, the
/// norm of the gradient, clipping, and AdamW.
package struct TrainingBenchmark {
    /// What is trained, and how.
    package struct Settings: Hashable, Sendable {
        /// Layers, L.
        package var layers = 12
        /// Model width, C.
        package var hidden = 384
        /// Width of the gated feed-forward block, F.
        package var feedForward = 1024
        /// Query heads of 64 elements, H; C / 64 as a rule.
        package var heads = 6
        /// Key and value heads, G.
        package var groups = 2
        /// Tokens in the vocabulary, V.
        package var vocabulary = 16384
        /// Rows of a step, B.
        package var batch = 8
        /// Tokens of a row, T.
        package var context = 512
        /// Rows that a worker holds at a time.
        package var rowsAtOnce = 4
        /// Tapes that compute at the same time.
        package var workers = ComputeThreads.count
        /// The arithmetic of products.
        package var precision = TrainingPrecision.float32
        /// Dropout on attention and residuals.
        package var dropout: Float = 0

        /// The model of 31 million parameters that speeds are compared by.
        package init() {}
    }

    private let settings: Settings
    private var pass: ParallelPass<DecoderNetwork>
    private var parameters: ParameterSet
    private var optimizer: AdamW
    private var step = 0

    /// A network with random weights; H must be a multiple of G.
    package init(_ settings: Settings) {
        self.settings = settings
        var configuration = DecoderConfiguration(
            vocabSize: settings.vocabulary, hiddenSize: settings.hidden,
            intermediateSize: settings.feedForward, numHiddenLayers: settings.layers,
            numAttentionHeads: settings.heads, numKeyValueHeads: settings.groups, headDim: 64,
            maxPositionEmbeddings: settings.context)
        configuration.architecture = .llama
        configuration.feedForward = .gated
        parameters = ParameterSet(randomFor: configuration, seed: 1)
        let network = DecoderNetwork(configuration, longestRow: settings.context)
        pass = ParallelPass(network, workers: settings.workers, precision: settings.precision)
        optimizer = AdamW(network.layout)
    }

    /// Number of trained numbers.
    package var parameterCount: Int { parameters.layout.count }

    /// Tokens of a step.
    package var tokens: Int { settings.batch * settings.context }

    /// Takes a step and returns its loss.
    package mutating func takeStep() -> Double {
        var generator = SplitMix64(seed: 2, stream: UInt64(step))
        let rows = (0..<settings.batch).map { _ in
            (0...settings.context).map { _ in Int32(generator.below(settings.vocabulary)) }
        }
        let batches = stride(from: 0, to: rows.count, by: settings.rowsAtOnce).map { first in
            batch(rows[first..<min(first + settings.rowsAtOnce, rows.count)])
        }
        step += 1
        let loss = pass.compute(
            batches, parameters: parameters, dropout: settings.dropout, seed: UInt64(step))
        _ = optimizer.update(&parameters, gradients: pass.gradients, rate: 1e-3)
        return loss
    }

    /// Every token of a row but the last predicts the one after it.
    private func batch(_ rows: ArraySlice<[Int32]>) -> TrainingBatch {
        let context = settings.context
        return TrainingBatch(
            tokens: rows.flatMap { $0.dropLast() },
            positions: rows.flatMap { _ in 0..<Int32(context) },
            segments: rows.indices.map {
                ($0 - rows.startIndex) * context..<($0 - rows.startIndex + 1) * context
            },
            causal: true,
            targets: PredictionTargets(
                rows: (0..<Int32(rows.count * context)).map { $0 },
                labels: rows.flatMap { $0.dropFirst() }))
    }
}
