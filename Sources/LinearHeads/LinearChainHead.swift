// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// A linear-chain conditional random field: a score of each label at each word from its features,
/// and a score of each pair of neighbouring labels (Lafferty, McCallum and Pereira 2001).
///
/// Features are 32-bit hashes that are on or off, and optionally a row of dense numbers a word.
package struct LinearChainHead: Hashable, Sendable {
    /// The score of a pair of labels that may not follow each other: exact zero as a probability,
    /// and still a half-precision number.
    package static let forbidden: Float = -10_000

    /// Names of the K labels.
    package let labels: [String]
    /// The features that have a weight.
    package let features: HashIndex
    /// Weights of the features, (N, K).
    package let weights: Tensor
    /// Weights of the dense numbers, (C, K).
    package let denseWeights: Tensor
    /// Scores from label (row) to label (column), (K, K).
    package let transitions: Tensor
    /// Scores of the first label, (K).
    package let start: Tensor
    /// Scores of the last label, (K).
    package let end: Tensor

    /// A head; all shapes must agree with the number of labels.
    package init(
        labels: [String], features: HashIndex, weights: Tensor, denseWeights: Tensor,
        transitions: Tensor, start: Tensor, end: Tensor
    ) {
        let K = labels.count
        precondition(weights.shape == [features.count, K] && denseWeights.columns == K)
        precondition(transitions.shape == [K, K] && start.shape == [K] && end.shape == [K])
        self.labels = labels
        self.features = features
        self.weights = weights
        self.denseWeights = denseWeights
        self.transitions = transitions
        self.start = start
        self.end = end
    }

    /// Scores of the labels at each word, (T, K).
    ///
    /// `words` holds the feature hashes of each word, `states` the dense numbers (T, C) where the
    /// head was fitted with some.
    package func emissions(words: [[UInt32]], states: Tensor?) -> Tensor {
        let K = labels.count
        var scores = Tensor(zeros: [words.count, K])
        // Sums and weights are looked at in place: the heart of the loops runs millions of times a second.
        var sums = scores.values.mutableSpan
        let weights = weights.values.span
        for (word, hashes) in words.enumerated() {
            for hash in hashes {
                guard let row = features.row(of: hash) else { continue }
                for label in 0..<K { sums[word * K + label] += weights[row * K + label] }
            }
        }
        let C = denseWeights.rows
        guard C > 0 else { return scores }
        guard let states else { preconditionFailure("a head of dense numbers must be given them") }
        precondition(states.shape == [words.count, C], "one row of states a word")
        let dense = denseWeights.values.span
        for word in 0..<words.count {
            for channel in 0..<C {
                let value = states.values[word * C + channel]
                for label in 0..<K { sums[word * K + label] += value * dense[channel * K + label] }
            }
        }
        return scores
    }

    /// The probabilities of labels and runs of labels under these emissions.
    package func chain(_ emissions: Tensor) -> LabelChain {
        var chain = LabelChain(
            transitions: transitions.values, start: start.values, end: end.values)
        chain.run(emissions: emissions.values)
        return chain
    }
}

extension LinearChainHead {
    /// The tensors to store, their names beginning with `prefix`.
    package func tensors(prefix: String) -> [String: Tensor] {
        var tensors = [
            prefix + "features": features.digits, prefix + "weights": weights,
            prefix + "transitions": transitions, prefix + "start": start, prefix + "end": end,
        ]
        if denseWeights.rows > 0 { tensors[prefix + "dense"] = denseWeights }
        return tensors
    }

    /// Reads the tensors back. Throws `TaskParameterError` naming the tensor that does not fit.
    package init(
        labels: [String], tensors: [String: Tensor], prefix: String, task: String
    ) throws {
        let K = labels.count
        func tensor(_ name: String, _ expected: (Tensor) -> [Int]) throws -> Tensor {
            guard let found = tensors[prefix + name] else {
                throw TaskParameterError.missingTensor(task: task, tensor: prefix + name)
            }
            let shape = expected(found)
            guard found.shape == shape, found.values.allSatisfy(\.isFinite) else {
                throw TaskParameterError.shape(
                    task: task, tensor: prefix + name, expected: shape, found: found.shape)
            }
            return found
        }
        let hasDense = tensors[prefix + "dense"] != nil
        let digits = try tensor("features") { [$0.shape.first ?? 0, 3] }
        let features = try HashIndex(digits: digits, task: task, tensor: prefix + "features")
        self.init(
            labels: labels, features: features,
            weights: try tensor("weights") { _ in [features.count, K] },
            denseWeights: hasDense
                ? try tensor("dense") { [$0.shape.first ?? 0, K] } : Tensor(zeros: [0, K]),
            transitions: try tensor("transitions") { _ in [K, K] },
            start: try tensor("start") { _ in [K] }, end: try tensor("end") { _ in [K] })
    }
}
