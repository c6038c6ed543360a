import LanguageModel
import Tensors

/// Where the operations of an encoder's layer find their weights.
struct EncoderLayerReferences: Sendable {
    let query: LinearReference
    let key: LinearReference
    let value: LinearReference
    let output: LinearReference
    /// After attention; before it in ModernBERT, whose first layer has none.
    let attentionNorm: NormReference?
    /// The matrix whose result passes the activation, in ModernBERT.
    let gate: LinearReference?
    let up: LinearReference
    let down: LinearReference
    let feedForwardNorm: NormReference

    /// Layers of BERT's shape, whose three projections have the given names.
    static func learnt(
        _ list: inout EncoderParameterList, _ configuration: EncoderConfiguration,
        _ projections: [String]
    ) -> [EncoderLayerReferences] {
        let (c, f) = (configuration.hiddenSize, configuration.intermediateSize)
        let eps = configuration.layerNormEps
        return (0..<configuration.numHiddenLayers).map { index in
            let at = "encoder.layer.\(index)."
            let own = projections.map { list.linear(at + "attention.self." + $0, c, c) }
            return EncoderLayerReferences(
                query: own[0], key: own[1], value: own[2],
                output: list.linear(at + "attention.output.dense", c, c),
                attentionNorm: list.norm(at + "attention.output.LayerNorm", c, epsilon: eps),
                gate: nil, up: list.linear(at + "intermediate.dense", f, c),
                down: list.linear(at + "output.dense", c, f),
                feedForwardNorm: list.norm(at + "output.LayerNorm", c, epsilon: eps))
        }
    }

    /// Layers of ModernBERT.
    static func modern(
        _ list: inout EncoderParameterList, _ configuration: EncoderConfiguration,
        _ settings: ModernBERTSettings
    ) -> [EncoderLayerReferences] {
        let (c, f) = (configuration.hiddenSize, configuration.intermediateSize)
        func norm(_ name: String, _ list: inout EncoderParameterList) -> NormReference {
            list.norm(name, c, epsilon: configuration.layerNormEps, bias: settings.normBias)
        }
        return (0..<configuration.numHiddenLayers).map { index in
            let at = "layers.\(index)."
            let attentionNorm = index == 0 ? nil : norm(at + "attn_norm", &list)
            let own = list.joined(at + "attn.Wqkv", [c, c, c], c, bias: settings.attentionBias)
            let output = list.linear(at + "attn.Wo", c, c, bias: settings.attentionBias)
            let feedForwardNorm = norm(at + "mlp_norm", &list)
            let halves = list.joined(at + "mlp.Wi", [f, f], c, bias: settings.mlpBias)
            return EncoderLayerReferences(
                query: own[0], key: own[1], value: own[2], output: output,
                attentionNorm: attentionNorm, gate: halves[0], up: halves[1],
                down: list.linear(at + "mlp.Wo", c, f, bias: settings.mlpBias),
                feedForwardNorm: feedForwardNorm)
        }
    }

    func projections(
        of x: TapeValue, _ tape: Tape
    ) -> (query: TapeValue, key: TapeValue, value: TapeValue) {
        (tape.linear(x, query), tape.linear(x, key), tape.linear(x, value))
    }

    /// y = norm(x + output · attended), then norm(y + down · act(up · y)).
    func normsAfter(
        _ attended: TapeValue, _ x: TapeValue, _ activation: TapeActivation, _ tape: Tape,
        _ dropout: Float
    ) -> TapeValue {
        var y = tape.linear(attended, output, addingTo: x, mask: tape.dropoutMask(dropout))
        if let attentionNorm { y = attentionNorm.apply(y, tape) }
        let inner = tape.activation(activation, tape.linear(y, up))
        let z = tape.linear(inner, down, addingTo: y, mask: tape.dropoutMask(dropout))
        return feedForwardNorm.apply(z, tape)
    }
}
