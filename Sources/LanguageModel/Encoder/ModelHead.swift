// SPDX-License-Identifier: Apache-2.0

/// What turns a model's states into an answer, some steps and a classifier: weights to compute with,
/// or where training finds them.
package struct ModelHead<Norm, Linear> {
    /// One of the things that stand before the classifier.
    package enum Step {
        /// The first token's state alone (`[CLS]`).
        case first
        /// The last token's state alone, of a text that a causal decoder read.
        case last
        /// The mean of the tokens' states.
        case mean
        /// A linear layer.
        case dense(Linear)
        /// An activation.
        case activation(Activation)
        /// A hyperbolic tangent.
        case tanh
        /// A norm of each row.
        case norm(Norm)
    }

    /// What comes before the classifier.
    package var steps: [Step]
    /// The matrix of the labels, or of the vocabulary for masked language modelling.
    package var classifier: Linear

    /// A head.
    package init(steps: [Step], classifier: Linear) {
        (self.steps, self.classifier) = (steps, classifier)
    }
}

extension ModelHead: Sendable where Norm: Sendable, Linear: Sendable {}
extension ModelHead.Step: Sendable where Norm: Sendable, Linear: Sendable {}

extension ModelHead {
    /// An encoder's head of parts that are all there, as `headTensors` lists them; nil without a task.
    ///
    /// `linear` gives for `.decoder` the word embedding where both are tied.
    package init?(
        _ configuration: EncoderConfiguration, _ task: EncoderTask,
        norm: (EncoderPart) -> Norm?, linear: (EncoderPart) -> Linear?
    ) {
        let dense = linear(.headDense).map { Step.dense($0) }
        switch task {
        case .none: return nil
        case .tokenClassification: steps = []
        case .sequenceClassification: steps = [configuration.pooling()]
        case .maskedLanguageModel: steps = []
        }
        if let dense { steps += [dense, configuration.headActivation(task)] }
        if let norm = norm(.headNorm) { steps.append(.norm(norm)) }
        classifier = EncoderPart.found(
            linear(task == .maskedLanguageModel ? .decoder : .classifier))
    }
}

extension EncoderConfiguration {
    /// Which state stands for a text.
    fileprivate func pooling<Norm, Linear>() -> ModelHead<Norm, Linear>.Step {
        if case .modernBERT(let settings) = particular, settings.poolsMean { .mean } else { .first }
    }

    /// What follows the head's dense layer.
    fileprivate func headActivation<Norm, Linear>(
        _ task: EncoderTask
    ) -> ModelHead<Norm, Linear>.Step {
        switch (architecture, particular) {
        case (_, .modernBERT(let settings)): .activation(settings.classifierActivation)
        case (.debertaV2, _) where task == .sequenceClassification: .activation(.gelu)
        case (.roberta, _) where task == .maskedLanguageModel: .activation(.gelu)
        default:
            task == .maskedLanguageModel ? .activation(activation) : .tanh
        }
    }
}
