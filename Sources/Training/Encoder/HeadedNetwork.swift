// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors

/// One or more heads over one trunk, trained together (multi-task fine-tuning).
///
/// A tensor of a head is called as a published checkpoint calls it; with several heads `NAME/` stands
/// before it.
package struct HeadedNetwork: TrainedNetwork {
    /// The trunk.
    package let trunk: TrainedTrunk
    /// The heads.
    package let heads: [HeadSettings]
    /// The trunk's tensors, then those of each head.
    package let layout: ParameterLayout
    private let references: [HeadReferences]
    private let places: [Range<Int>]
    private let rules: [LabelChainLoss?]

    /// Heads over a trunk.
    ///
    /// - Parameter ownDecoder: whether masked tokens have a matrix of their own (ModernBERT only).
    package init(_ trunk: TrainedTrunk, heads: [HeadSettings], ownDecoder: Bool = false) {
        precondition(!heads.isEmpty && Set(heads.map(\.name)).count == heads.count, "names differ")
        var entries = trunk.layout.entries
        var references: [HeadReferences] = []
        var places: [Range<Int>] = []
        for head in heads {
            let first = entries.count
            var list = EncoderParameterList(
                prefix: heads.count > 1 ? head.name + "/" : "", after: entries)
            references.append(
                HeadReferences(head, trunk: trunk, &list, ownDecoder: ownDecoder))
            entries = list.entries
            places.append(first..<entries.count)
        }
        (self.trunk, self.heads, self.references, self.places) = (trunk, heads, references, places)
        layout = ParameterLayout(entries)
        rules = heads.map { head in
            guard case .tokens(let dependence) = head.kind, dependence != .none else { return nil }
            guard let order = head.order else {
                preconditionFailure("labels that depend on each other have an order")
            }
            return LabelChainLoss(order)
        }
    }

    /// The tensors of a head and of the trunk, by the names of a checkpoint with that head alone.
    package func tensors(_ parameters: ParameterSet, head: Int) -> [String: Tensor] {
        var tensors = headTensors(parameters, head: head)
        for place in trunk.layout.entries.indices {
            tensors[layout.entries[place].name] = parameters.tensors[place]
        }
        return tensors
    }

    /// The tensors of a head alone.
    package func headTensors(_ parameters: ParameterSet, head: Int) -> [String: Tensor] {
        let prefix = heads.count > 1 ? heads[head].name.count + 1 : 0
        return Dictionary(
            uniqueKeysWithValues: places[head].map {
                (String(layout.entries[$0].name.dropFirst(prefix)), parameters.tensors[$0])
            })
    }

    /// What the summed loss is divided by: the targets, by their weights where labels have such.
    package func targetCount(of batch: HeadBatch) -> Double {
        switch batch.targets {
        case .tokens(_, let labels, _, _), .labels(let labels):
            weights(of: labels, batch.head).map { $0.reduce(0) { $0 + Double($1) } }
                ?? Double(labels.count)
        case .numbers(let numbers): Double(numbers.count)
        }
    }

    private func weights(of labels: [Int32], _ head: Int) -> [Float]? {
        heads[head].classWeights.map { weights in labels.map { weights[Int($0)] } }
    }

    /// The summed loss of a batch's head.
    package func loss(
        of batch: HeadBatch, on tape: Tape, factor: Float, dropout: Float
    ) -> Double {
        let reference = references[batch.head]
        let features = features(of: batch.texts, head: batch.head, on: tape, dropout: dropout)
        let classifier = reference.head.classifier
        if reference.settings.kind == .maskedTokens {
            guard case .tokens(let rows, let labels, _, _) = batch.targets else {
                preconditionFailure("masked tokens have tokens as targets")
            }
            return tape.crossEntropy(
                features, head: classifier.weight, bias: classifier.bias,
                targets: PredictionTargets(rows: rows, labels: labels), factor: factor)
        }
        let logits = tape.linear(features, classifier)
        let scores = tape.tensor(logits)
        let value: HeadLoss.Value
        switch (reference.settings.kind, batch.targets) {
        case (.tokens(.none), .tokens(let rows, let labels, _, let others)):
            // A token whose label is not certain teaches nothing by itself.
            let certain = labels.indices.filter { others.isEmpty || others[$0] == 0 }
            let ownLabels = certain.map { labels[$0] }
            value = HeadLoss.crossEntropy(
                scores, rows: certain.map { rows[$0] }, labels: ownLabels,
                weights: weights(of: ownLabels, batch.head),
                smoothing: reference.settings.labelSmoothing)
        case (.tokens, .tokens(let rows, let labels, let chains, let others)):
            value = chainLoss(batch.head, scores, rows, labels, others, chains, tape, factor)
        case (.label, .labels(let labels)):
            value = HeadLoss.crossEntropy(
                scores, rows: labels.indices.map { Int32($0) }, labels: labels,
                weights: weights(of: labels, batch.head),
                smoothing: reference.settings.labelSmoothing)
        case (.ordinal, .labels(let labels)):
            guard let place = reference.thresholds else {
                preconditionFailure("ordered labels have thresholds")
            }
            let steps = tape.parameter(place)
            let found = HeadLoss.ordinal(
                scores, steps: tape.tensor(steps), labels: labels,
                weights: weights(of: labels, batch.head))
            tape.seed(steps, gradient: found.steps.scaled(by: factor))
            value = found.scores
        case (.number, .numbers(let numbers)):
            value = HeadLoss.square(scores, numbers: numbers)
        default: preconditionFailure("targets are of the head's kind")
        }
        tape.seed(logits, gradient: value.gradient.scaled(by: factor))
        return value.loss
    }

    private func chainLoss(
        _ head: Int, _ scores: Tensor, _ rows: [Int32], _ labels: [Int32], _ others: [UInt32],
        _ chains: [Range<Int>], _ tape: Tape, _ factor: Float
    ) -> HeadLoss.Value {
        guard let rule = rules[head] else {
            preconditionFailure("labels that depend on each other have rules")
        }
        let count = heads[head].labels.count
        let learnt = references[head].chain.map {
            [tape.parameter($0.transitions), tape.parameter($0.start), tape.parameter($0.end)]
        }
        let numbers =
            learnt?.map(tape.tensor)
            ?? [Tensor(zeros: [count, count]), Tensor(zeros: [count]), Tensor(zeros: [count])]
        let found = rule.value(
            scores, rows: rows, labels: labels, others: others, chains: chains,
            transitions: numbers[0], start: numbers[1], end: numbers[2])
        if let learnt {
            for (value, gradient) in zip(learnt, [found.transitions, found.start, found.end]) {
                tape.seed(value, gradient: gradient.scaled(by: factor))
            }
        }
        return HeadLoss.Value(loss: found.loss, gradient: found.scores)
    }

    /// What a head's classifier sees.
    private func features(
        of texts: SequenceBatch, head: Int, on tape: Tape, dropout: Float
    ) -> TapeValue {
        let states = trunk.states(of: texts, on: tape, dropout: dropout)
        return references[head].features(states, texts, on: tape, dropout: dropout)
    }

    /// What a head gives for texts: (T, K) for tokens, (texts, K or 1) for texts, without dropout.
    package func scores(
        of texts: SequenceBatch, head: Int, on tape: Tape, parameters: ParameterSet
    ) -> Tensor {
        tape.evaluate(parameters) { tape in
            let features = features(of: texts, head: head, on: tape, dropout: 0)
            let classifier = references[head].head.classifier
            if heads[head].kind == .maskedTokens {
                var logits = tape.logits(features, head: classifier.weight)
                if case .trained(let place, _)? = classifier.bias {
                    ElementWise.addToRows(parameters.tensors[place], of: &logits)
                }
                return logits
            }
            return tape.tensor(tape.linear(features, classifier))
        }
    }

    /// How well a head's labels follow each other, as learnt; nil where that is not learnt.
    package func learntTransitions(
        _ parameters: ParameterSet, head: Int
    ) -> LabelTransitions? {
        references[head].chain.map {
            LabelTransitions(
                pairs: parameters.tensors[$0.transitions], start: parameters.tensors[$0.start],
                end: parameters.tensors[$0.end])
        }
    }

    /// The thresholds between ordered labels; nil without such.
    package func thresholds(_ parameters: ParameterSet, head: Int) -> [Double]? {
        references[head].thresholds.map { HeadLoss.thresholds(parameters.tensors[$0]) }
    }
}

extension Tensor {
    /// Every number times a factor.
    fileprivate func scaled(by factor: Float) -> Tensor {
        Tensor(shape: shape, values: values.map { $0 * factor })
    }
}
