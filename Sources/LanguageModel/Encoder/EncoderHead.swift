import Tensors
import WeightFiles

/// What turns an encoder's states into an answer: some steps, then a classifier.
struct EncoderHead: Sendable {
    /// One of the things that stand before the classifier.
    enum Step: Sendable {
        case first
        case mean
        case dense(Projection)
        case activation(Activation)
        case tanh
        case norm(Norm)
    }

    private let steps: [Step]
    private let classifier: Projection

    /// nil where the checkpoint has no head.
    init?(
        _ tensors: EncoderTensors<some TensorSource>, _ configuration: EncoderConfiguration
    ) throws(WeightFileError) {
        let reader = HeadReader(tensors: tensors, configuration: configuration)
        switch configuration.task {
        case .none: return nil
        case .tokenClassification:
            steps = try reader.tokenSteps()
            classifier = try reader.classifier()
        case .sequenceClassification:
            (steps, classifier) = try reader.sequenceHead()
        case .maskedLanguageModel:
            (steps, classifier) = try reader.maskedHead()
        }
    }

    /// The logits of one text's states (T, C): a row a token, or one row for the text.
    func logits(_ states: Tensor) -> Tensor {
        var x = states
        for step in steps {
            switch step {
            case .first: x = x.rowSlice(0..<min(1, x.rows))
            case .mean: x = x.meanOfRows
            case .dense(let dense):
                var y = Tensor(zeros: [x.rows, dense.weight.rows])
                dense.apply(x, into: &y)
                x = y
            case .activation(let activation): activation.apply(&x)
            case .tanh: ElementWise.tanhInPlace(&x)
            case .norm(let norm): norm.apply(&x)
            }
        }
        var logits = Tensor(zeros: [x.rows, classifier.weight.rows])
        classifier.apply(x, into: &logits)
        return logits
    }
}

/// Reads the heads of each architecture by their published names.
private struct HeadReader<Source: TensorSource> {
    let tensors: EncoderTensors<Source>
    let configuration: EncoderConfiguration

    private var head: EncoderTensors<Source> { tensors.head }
    private var c: Int { configuration.hiddenSize }
    private var labels: Int { configuration.labels.count }

    func classifier(_ name: String = "classifier") throws(WeightFileError) -> Projection {
        try head.projection(name, labels, c)
    }

    func tokenSteps() throws(WeightFileError) -> [EncoderHead.Step] {
        guard case .modernBERT(let settings) = configuration.particular else { return [] }
        return try modernSteps(settings)
    }

    func sequenceHead() throws(WeightFileError) -> ([EncoderHead.Step], Projection) {
        switch (configuration.architecture, configuration.particular) {
        case (.roberta, _):
            let dense = try head.projection("classifier.dense", c, c)
            return ([.first, .dense(dense), .tanh], try classifier("classifier.out_proj"))
        case (.modernbert, .modernBERT(let settings)):
            let pooling: EncoderHead.Step = settings.poolsMean ? .mean : .first
            return ([pooling] + (try modernSteps(settings)), try classifier())
        case (.debertaV2, _):
            let dense = try head.projection("pooler.dense", c, c)
            return ([.first, .dense(dense), .activation(.gelu)], try classifier())
        default:
            let dense = try tensors.projection("pooler.dense", c, c)
            return ([.first, .dense(dense), .tanh], try classifier())
        }
    }

    func maskedHead() throws(WeightFileError) -> ([EncoderHead.Step], Projection) {
        let v = configuration.vocabSize
        if case .modernBERT(let settings) = configuration.particular {
            let own = head.source.shape(of: "decoder.weight") != nil
            let weight =
                own
                ? try head.tensor("decoder.weight", [v, c])
                : try tensors.tensor("embeddings.tok_embeddings.weight", [v, c])
            let bias = try head.tensor("decoder.bias", [v])
            return (try modernSteps(settings), Projection(weight: weight, bias: bias))
        }
        let isRoberta = configuration.architecture == .roberta
        let at = isRoberta ? "lm_head." : "cls.predictions.transform."
        let steps: [EncoderHead.Step] = [
            .dense(try head.projection(at + "dense", c, c)),
            .activation(isRoberta ? .gelu : configuration.activation),
            .norm(
                try head.norm(
                    at + (isRoberta ? "layer_norm" : "LayerNorm"), c,
                    epsilon: configuration.layerNormEps)),
        ]
        // The file holds the matrix once: it is the word embedding.
        let weight = try tensors.tensor("embeddings.word_embeddings.weight", [v, c])
        let bias = try head.tensor(isRoberta ? "lm_head.bias" : "cls.predictions.bias", [v])
        return (steps, Projection(weight: weight, bias: bias))
    }

    private func modernSteps(
        _ settings: ModernBERTSettings
    ) throws(WeightFileError) -> [EncoderHead.Step] {
        [
            .dense(try head.projection("head.dense", c, c, bias: settings.classifierBias)),
            .activation(settings.classifierActivation),
            .norm(
                try head.norm(
                    "head.norm", c, epsilon: configuration.layerNormEps, bias: settings.normBias)),
        ]
    }
}

extension Tensor {
    /// The mean of all rows (1, C); no row where there is none.
    fileprivate var meanOfRows: Tensor {
        guard rows > 0 else { return self }
        var sums = [Double](repeating: 0, count: columns)
        for (index, value) in values.enumerated() { sums[index % columns] += Double(value) }
        return Tensor(shape: [1, columns], values: sums.map { Float($0 / Double(rows)) })
    }
}
