// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// A decoder that learns answers, with noise on its token embeddings (NEFTune: Jain et al. 2023,
/// arXiv 2310.05914).
///
/// Each number of the noise is uniform within ±α / √(L · C), L being the tokens of the row and C the
/// width; it is drawn anew in each pass that learns, and there is none where a loss is only measured.
package struct InstructionNetwork: TrainedNetwork {
    /// The decoder.
    package let decoder: DecoderNetwork
    /// α; 0 for no noise. The paper of NCVC-slm-1 takes 5.
    package let noise: Double

    /// A decoder and its noise.
    package init(_ decoder: DecoderNetwork, noise: Double) {
        (self.decoder, self.noise) = (decoder, noise)
    }

    /// The decoder's parameters.
    package var layout: ParameterLayout { decoder.layout }

    /// The decoder's targets.
    package func targetCount(of batch: TrainingBatch) -> Double {
        decoder.targetCount(of: batch)
    }

    /// The decoder's loss, with noise on the embeddings where the tape records.
    package func loss(
        of batch: TrainingBatch, on tape: Tape, factor: Float, dropout: Float
    ) -> Double {
        // The seed of a mask, since it follows from that of the pass.
        guard noise > 0, tape.isRecording, !batch.targets.rows.isEmpty,
            let seed = tape.dropoutMask(0.5)?.seed
        else { return decoder.loss(of: batch, on: tape, factor: factor, dropout: dropout) }
        let configuration = decoder.configuration
        let scale = Float(configuration.embeddingScale)
        let embedded = tape.embedding(batch.tokens, decoder.embedding, scale: scale)
        let added = tape.constant(
            Self.noise(
                noise * Double(scale), rows: batch.segments.map(\.count),
                width: configuration.hiddenSize, seed: seed))
        let states = decoder.states(
            of: batch, on: tape, dropout: dropout, embedded: tape.add(embedded, added))
        return tape.crossEntropy(
            states, head: decoder.head, targets: batch.targets, factor: factor,
            softcap: configuration.logitSoftcap.map { Float($0) })
    }

    /// Noise for rows of so many tokens each, end to end (T, C).
    package static func noise(
        _ alpha: Double, rows: [Int], width: Int, seed: UInt64
    ) -> Tensor {
        var values: [Float] = []
        values.reserveCapacity(rows.reduce(0, +) * width)
        var generator = SplitMix64(seed: seed)
        for tokens in rows {
            let bound = alpha / (Double(tokens) * Double(width)).squareRoot()
            for _ in 0..<tokens * width {
                values.append(Float((2 * generator.unit() - 1) * bound))
            }
        }
        return Tensor(shape: [rows.reduce(0, +), width], values: values)
    }
}
