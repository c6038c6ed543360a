// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors

/// Where a head finds its weights: steps before the classifier, the classifier, and what labels in
/// a row or in order need.
struct HeadReferences: Sendable {
    let settings: HeadSettings
    /// Steps before the classifier, and the classifier.
    let head: ModelHead<NormReference, LinearReference>
    /// Places of the scores of pairs, of first and of last labels.
    private(set) var chain: (transitions: Int, start: Int, end: Int)?
    /// Place of the steps between ordered labels.
    private(set) var thresholds: Int?

    /// The head of a trunk by its published names.
    ///
    /// - Parameter ownDecoder: whether a checkpoint of ModernBERT has a matrix for masked tokens.
    init(
        _ settings: HeadSettings, trunk: TrainedTrunk, _ list: inout EncoderParameterList,
        ownDecoder: Bool = false
    ) {
        self.settings = settings
        switch trunk {
        case .encoder(let network):
            head = Self.head(
                settings, network.configuration, words: network.words, &list,
                ownDecoder: ownDecoder)
        case .decoder(let network, let causal):
            // As `…ForTokenClassification` and `…ForSequenceClassification` have it.
            head = ModelHead(
                steps: settings.kind.readsTokens ? [] : [causal ? .last : .mean],
                classifier: list.linear(
                    "score", settings.outputs, network.configuration.hiddenSize,
                    bias: settings.kind.readsTokens))
        }
        if case .tokens(.crf) = settings.kind {
            let count = settings.outputs
            chain = (
                list.add(LabelTransitions.names.pairs, [count, count]),
                list.add(LabelTransitions.names.start, [count]),
                list.add(LabelTransitions.names.end, [count])
            )
        }
        if settings.kind == .ordinal {
            thresholds = list.add("ordinal.steps", [max(1, settings.labels.count - 1)])
        }
    }

    private static func head(
        _ settings: HeadSettings, _ configuration: EncoderConfiguration, words: MatrixReference,
        _ list: inout EncoderParameterList, ownDecoder: Bool
    ) -> ModelHead<NormReference, LinearReference> {
        let task = settings.kind.encoderTask
        list.add(
            configuration.headTensors(task, outputs: settings.outputs, ownDecoder: ownDecoder))
        let found = list
        let head = ModelHead<NormReference, LinearReference>(
            configuration, task,
            norm: { found.norm($0, epsilon: configuration.layerNormEps) },
            linear: { $0 == .decoder ? found.decoder(tiedTo: words) : found.linear($0) })
        guard let head else { preconditionFailure("a head has a task") }
        return head
    }

    /// What the classifier sees: a row a token, or a row a text.
    func features(
        _ states: TapeValue, _ texts: SequenceBatch, on tape: Tape, dropout: Float
    ) -> TapeValue {
        var x = states
        for step in head.steps {
            switch step {
            case .first: x = tape.gatherRows(x, texts.segments.map { Int32($0.lowerBound) })
            case .last: x = tape.gatherRows(x, texts.segments.map { Int32($0.upperBound - 1) })
            case .mean: x = tape.meanRows(x, texts.segments)
            case .dense(let dense): x = tape.linear(x, dense)
            case .activation(let activation): x = tape.activation(TapeActivation(activation), x)
            case .tanh: x = tape.activation(.tanh, x)
            case .norm(let norm): x = norm.apply(x, tape)
            }
        }
        return settings.kind == .maskedTokens ? x : tape.dropout(x, tape.dropoutMask(dropout))
    }
}

extension HeadKind {
    /// The task of the published head that it is.
    fileprivate var encoderTask: EncoderTask {
        switch self {
        case .tokens: .tokenClassification
        case .maskedTokens: .maskedLanguageModel
        case .label, .ordinal, .number: .sequenceClassification
        }
    }
}
