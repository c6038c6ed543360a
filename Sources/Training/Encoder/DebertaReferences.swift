// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors

/// What DeBERTa-v2 has beside BERT's layers: embeddings of distances, and a convolution.
struct DebertaReferences: Sendable {
    private let settings: DebertaSettings
    private let weights: EncoderReferences
    private let distances: MatrixReference

    init(_ settings: DebertaSettings, _ weights: EncoderReferences) {
        guard let distances = weights.distances else {
            preconditionFailure("DeBERTa has embeddings of distances")
        }
        (self.settings, self.weights, self.distances) = (settings, weights, distances)
    }

    /// What all layers see of distances: their embeddings and the bucket of each.
    struct View {
        let embeddings: TapeValue
        let buckets: [Int]
    }

    func view(_ batch: SequenceBatch, _ tape: Tape) -> View {
        let embeddings = tape.embedding((0..<Int32(distances.rows)).map { $0 }, distances)
        let longest = batch.segments.lazy.map(\.count).max() ?? 0
        return View(
            embeddings: weights.distanceNorm?.apply(embeddings, tape) ?? embeddings,
            buckets: (0...2 * max(0, longest - 1)).map {
                settings.bucket(ofDistance: $0 - max(0, longest - 1))
            })
    }

    func attend(
        _ layer: EncoderLayerReferences, _ x: TapeValue, _ view: View,
        _ configuration: EncoderConfiguration, _ batch: SequenceBatch, _ tape: Tape,
        _ dropout: DropoutMask?
    ) -> TapeValue {
        let (q, k, v) = layer.projections(of: x, tape)
        let (toPosition, fromPosition) = (settings.contentToPosition, settings.positionToContent)
        let terms = 1 + (toPosition ? 1 : 0) + (fromPosition ? 1 : 0)
        return tape.disentangledAttention(
            query: q, key: k, value: v,
            positionKey: toPosition ? tape.linear(view.embeddings, layer.key) : nil,
            positionQuery: fromPosition ? tape.linear(view.embeddings, layer.query) : nil,
            DisentangledPlan(
                heads: configuration.numAttentionHeads, headWidth: configuration.headDim,
                segments: batch.segments, buckets: view.buckets,
                scale: 1 / Float(terms * configuration.headDim).squareRoot(), dropout: dropout))
    }

    /// norm(x + act(convolution of the embedding)); x where the model has no convolution.
    func convolved(
        _ embedded: TapeValue, addedTo x: TapeValue, _ batch: SequenceBatch, _ tape: Tape
    ) -> TapeValue {
        guard let convolution = weights.convolution, let norm = weights.convolutionNorm else {
            return x
        }
        // The matrix (out, in, width) is read as (out, in · width), which `unfolded` lays out likewise.
        let seen = tape.unfolded(embedded, width: settings.convolutionWidth, batch.segments)
        let activation = settings.convolutionActivation.map { TapeActivation($0) } ?? .tanh
        let added = tape.activation(activation, tape.linear(seen, convolution))
        return norm.apply(tape.add(x, added), tape)
    }
}
