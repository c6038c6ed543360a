import LanguageModel
import Tensors

/// Where a head finds its weights: steps before the classifier, the classifier, and what labels in
/// a row or in order need.
struct HeadReferences: Sendable {
    /// One of the things that stand before the classifier.
    enum Step: Sendable {
        case first
        case last
        case mean
        case dense(LinearReference)
        case activation(TapeActivation)
        case norm(NormReference)
    }

    let settings: HeadSettings
    private(set) var steps: [Step] = []
    /// nil for a head that multiplies by the trunk's own word embedding.
    private(set) var classifier: LinearReference?
    /// The bias of masked tokens' logits, and their matrix.
    private(set) var masked: (matrix: MatrixReference, bias: VectorReference)?
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
            let kind = settings.kind
            if kind == .maskedTokens {
                addMasked(network, &list, ownDecoder: ownDecoder)
            } else if kind.readsTokens {
                addTokens(network.configuration, &list)
            } else {
                addTexts(network.configuration, &list)
            }
        case .decoder(let network, let causal):
            if !settings.kind.readsTokens { steps = [causal ? .last : .mean] }
            // As `…ForTokenClassification` and `…ForSequenceClassification` have it.
            classifier = list.linear(
                "score", settings.outputs, network.configuration.hiddenSize,
                bias: settings.kind.readsTokens)
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

    private mutating func addTokens(
        _ configuration: EncoderConfiguration, _ list: inout EncoderParameterList
    ) {
        if case .modernBERT(let modern) = configuration.particular {
            steps = Self.modern(configuration, modern, &list)
        }
        classifier = list.linear("classifier", settings.outputs, configuration.hiddenSize)
    }

    private mutating func addTexts(
        _ configuration: EncoderConfiguration, _ list: inout EncoderParameterList
    ) {
        let (c, out) = (configuration.hiddenSize, settings.outputs)
        switch (configuration.architecture, configuration.particular) {
        case (_, .modernBERT(let modern)):
            steps =
                [modern.poolsMean ? .mean : .first] + Self.modern(configuration, modern, &list)
            classifier = list.linear("classifier", out, c)
        case (.roberta, _):
            steps = [
                .first, .dense(list.linear("classifier.dense", c, c)), .activation(.tanh),
            ]
            classifier = list.linear("classifier.out_proj", out, c)
        case (.debertaV2, _):
            steps = [.first, .dense(list.linear("pooler.dense", c, c)), .activation(.gelu)]
            classifier = list.linear("classifier", out, c)
        default:
            steps = [.first, .dense(list.linear("bert.pooler.dense", c, c)), .activation(.tanh)]
            classifier = list.linear("classifier", out, c)
        }
    }

    private mutating func addMasked(
        _ network: EncoderNetwork, _ list: inout EncoderParameterList, ownDecoder: Bool
    ) {
        let configuration = network.configuration
        let (c, v) = (configuration.hiddenSize, configuration.vocabSize)
        if case .modernBERT(let modern) = configuration.particular {
            steps = Self.modern(configuration, modern, &list)
            let matrix = ownDecoder ? list.matrix("decoder.weight", v, c) : network.words
            masked = (matrix, list.vector("decoder.bias", v))
            return
        }
        let isRoberta = configuration.architecture == .roberta
        let at = isRoberta ? "lm_head." : "cls.predictions.transform."
        steps = [
            .dense(list.linear(at + "dense", c, c)),
            .activation(isRoberta ? .gelu : TapeActivation(configuration.activation)),
            .norm(
                list.norm(
                    at + (isRoberta ? "layer_norm" : "LayerNorm"), c,
                    epsilon: configuration.layerNormEps)),
        ]
        masked = (
            network.words, list.vector(isRoberta ? "lm_head.bias" : "cls.predictions.bias", v)
        )
    }

    private static func modern(
        _ configuration: EncoderConfiguration, _ settings: ModernBERTSettings,
        _ list: inout EncoderParameterList
    ) -> [Step] {
        let c = configuration.hiddenSize
        return [
            .dense(list.linear("head.dense", c, c, bias: settings.classifierBias)),
            .activation(TapeActivation(settings.classifierActivation)),
            .norm(
                list.norm(
                    "head.norm", c, epsilon: configuration.layerNormEps, bias: settings.normBias)),
        ]
    }

    /// What the classifier sees: a row a token, or a row a text.
    func features(
        _ states: TapeValue, _ texts: SequenceBatch, on tape: Tape, dropout: Float
    ) -> TapeValue {
        var x = states
        for step in steps {
            switch step {
            case .first: x = tape.gatherRows(x, texts.segments.map { Int32($0.lowerBound) })
            case .last: x = tape.gatherRows(x, texts.segments.map { Int32($0.upperBound - 1) })
            case .mean: x = tape.meanRows(x, texts.segments)
            case .dense(let dense): x = tape.linear(x, dense)
            case .activation(let activation): x = tape.activation(activation, x)
            case .norm(let norm): x = norm.apply(x, tape)
            }
        }
        return masked == nil ? tape.dropout(x, tape.dropoutMask(dropout)) : x
    }
}
