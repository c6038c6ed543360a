// SPDX-License-Identifier: Apache-2.0

/// The parts of an encoder's layer: weights to compute with, or where training finds them.
///
/// Letters: C width, F feed-forward width.
package struct EncoderLayer<Norm, Linear> {
    /// Query projection (C, C).
    package var query: Linear
    /// Key projection (C, C).
    package var key: Linear
    /// Value projection (C, C).
    package var value: Linear
    /// Projection after attention (C, C).
    package var output: Linear
    /// Norm beside attention: after it, or before it in ModernBERT, whose first layer has none.
    package var attentionNorm: Norm?
    /// The feed-forward block, gated in ModernBERT.
    package var feedForward: FeedForward<Linear>
    /// Norm beside the feed-forward block: after it, or before it in ModernBERT.
    package var feedForwardNorm: Norm
}

/// The parts of an encoder below its head: embeddings, layers, and what else its architecture has.
package struct EncoderStack<Table, Norm, Linear> {
    /// Word embedding (V, C).
    package var words: Table
    /// Embedding of learned positions (P, C), where the architecture has one.
    package var positions: Table?
    /// Embedding of token types (types, C), where the architecture has one.
    package var types: Table?
    /// Norm of the embedding.
    package var embeddingNorm: Norm
    /// The layers, the first one first.
    package var layers: [EncoderLayer<Norm, Linear>]
    /// Norm after the last layer, in ModernBERT.
    package var finalNorm: Norm?
    /// Embedding of relative positions (2 · buckets, C), in DeBERTa.
    package var distances: Table?
    /// Norm of that embedding, where it has one.
    package var distanceNorm: Norm?
    /// Convolution beside DeBERTa's first layer, with a row for each result: (C, C · tokens).
    package var convolution: Linear?
    /// Norm after the convolution.
    package var convolutionNorm: Norm?
}

extension EncoderLayer: Sendable where Norm: Sendable, Linear: Sendable {}
extension EncoderStack: Sendable where Table: Sendable, Norm: Sendable, Linear: Sendable {}

extension EncoderStack {
    /// The stack of parts that are all there, as `trunkTensors` lists them.
    package init(
        _ configuration: EncoderConfiguration, table: (EncoderPart) -> Table?,
        norm: (EncoderPart) -> Norm?, linear: (EncoderPart) -> Linear?
    ) {
        words = EncoderPart.found(table(.words))
        (positions, types) = (table(.positions), table(.types))
        embeddingNorm = EncoderPart.found(norm(.embeddingNorm))
        layers = (0..<configuration.numHiddenLayers).map { index in
            EncoderLayer(
                norm: { norm(.layer(index, $0)) }, linear: { linear(.layer(index, $0)) })
        }
        finalNorm = norm(.finalNorm)
        (distances, distanceNorm) = (table(.distances), norm(.distanceNorm))
        (convolution, convolutionNorm) = (linear(.convolution), norm(.convolutionNorm))
    }
}

extension EncoderLayer {
    /// The layer of parts that are all there.
    fileprivate init(norm: (EncoderLayerPart) -> Norm?, linear: (EncoderLayerPart) -> Linear?) {
        func matrix(_ part: EncoderLayerPart) -> Linear { EncoderPart.found(linear(part)) }
        (query, key, value) = (matrix(.query), matrix(.key), matrix(.value))
        output = matrix(.output)
        attentionNorm = norm(.attentionNorm)
        let (up, down) = (matrix(.up), matrix(.down))
        feedForward =
            linear(.gate).map { .gated(GatedBlock(gate: $0, up: up, down: down)) }
            ?? .plain(up: up, down: down)
        feedForwardNorm = EncoderPart.found(norm(.feedForwardNorm))
    }
}

extension EncoderPart {
    /// What every tensor of a configuration gives.
    static func found<Part>(_ part: Part?) -> Part {
        guard let part else {
            preconditionFailure("an encoder has every tensor of its configuration")
        }
        return part
    }
}
