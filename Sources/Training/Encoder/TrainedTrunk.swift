// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors

/// A trunk (backbone) that heads are trained over and through: an encoder or a decoder.
package enum TrainedTrunk: Sendable {
    /// An encoder.
    case encoder(EncoderNetwork)
    /// A decoder without its head for the next token; causal, or reading from both sides.
    case decoder(DecoderNetwork, causal: Bool)

    /// The decoder of a configuration, whose head for the next token is left out.
    package static func decoder(
        _ configuration: DecoderConfiguration, causal: Bool, longestRow: Int
    ) -> TrainedTrunk {
        var configuration = configuration
        // Without a matrix of its own there is no head in the layout.
        configuration.tieWordEmbeddings = true
        return .decoder(DecoderNetwork(configuration, longestRow: longestRow), causal: causal)
    }

    /// The trunk's tensors by their published names.
    package var layout: ParameterLayout {
        switch self {
        case .encoder(let network): network.layout
        case .decoder(let network, _): network.layout
        }
    }

    /// Width of a state, C.
    package var width: Int {
        switch self {
        case .encoder(let network): network.configuration.hiddenSize
        case .decoder(let network, _): network.configuration.hiddenSize
        }
    }

    /// Tokens in the vocabulary, V.
    package var vocabularySize: Int {
        switch self {
        case .encoder(let network): network.configuration.vocabSize
        case .decoder(let network, _): network.configuration.vocabSize
        }
    }

    /// Layers, L.
    package var layerCount: Int {
        switch self {
        case .encoder(let network): network.configuration.numHiddenLayers
        case .decoder(let network, _): network.configuration.numHiddenLayers
        }
    }

    /// Whether a tensor of the layout is the gain or bias of the norm that the states come from: one behind
    /// all layers, or that which ends the last layer.
    package func isLastNorm(_ name: String) -> Bool {
        if name.contains("final_norm.") || name == "model.norm.weight" { return true }
        guard case .encoder(let network) = self else { return false }
        let last = "encoder.layer.\(network.configuration.numHiddenLayers - 1).output.LayerNorm."
        return name.contains(last)
    }

    /// States (T, C), as a head sees them.
    package func states(
        of batch: SequenceBatch, on tape: Tape, dropout: Float = 0
    ) -> TapeValue {
        switch self {
        case .encoder(let network):
            network.states(of: batch, on: tape, dropout: dropout)
        case .decoder(let network, let causal):
            network.states(
                of: TrainingBatch(
                    tokens: batch.tokens, positions: batch.positions, segments: batch.segments,
                    causal: causal, targets: PredictionTargets(rows: [], labels: [])),
                on: tape, dropout: dropout)
        }
    }
}
