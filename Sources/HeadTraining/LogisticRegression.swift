// SPDX-License-Identifier: Apache-2.0
package import LinearHeads

/// Fits linear heads by logistic regression with an L2 penalty, as scikit-learn states it:
/// minimise `C · Σ weight · cross-entropy + ½ · |weights|²`; the bias is not penalised.
package struct LogisticRegression: Sendable {
    /// C: the larger, the closer the fit to the examples.
    package var inversePenalty: Double
    /// Whether examples are weighted so that every class counts the same.
    package var balancesClasses: Bool
    /// Limits of the search.
    package var search = LBFGS(maximumIterations: 300, relativeDecrease: 1e-5)

    /// Settings of a fit.
    package init(inversePenalty: Double, balancesClasses: Bool = false) {
        self.inversePenalty = inversePenalty
        self.balancesClasses = balancesClasses
    }

    /// Fits one head whose K classes exclude each other.
    ///
    /// `labels` holds a class 0 ..< K for each example; `weights` one number each (nil: 1).
    package func fit(
        _ examples: [SparseVector], labels: [Int], classCount: Int, featureCount: Int,
        weights: [Double]? = nil, scaling: ColumnScaling = .none
    ) -> LinearHead {
        precondition(examples.count == labels.count, "one label for each example")
        let data = CompactExamples(examples, scaling: scaling)
        let weights = balanced(weights, labels: labels, classCount: classCount)
        let fitted = minimise(
            SoftmaxLoss(data: data, labels: labels, weights: weights, classCount: classCount))
        let wide = data.widened(
            fitted, classCount: classCount, featureCount: featureCount, scaling: scaling)
        return LinearHead(
            featureMajor: wide.weights, bias: wide.bias, featureCount: featureCount,
            link: .exclusive)
    }

    /// Fits one head of K yes-or-no questions over the same features.
    ///
    /// `labels[k][i]` answers question k for example i; nil where the answer is not known.
    package func fitIndependent(
        _ examples: [SparseVector], labels: [[Bool?]], featureCount: Int,
        scaling: ColumnScaling = .none
    ) -> LinearHead {
        let classCount = labels.count
        var featureMajor = [Float](repeating: 0, count: featureCount * classCount)
        var bias = [Float](repeating: 0, count: classCount)
        for (k, answers) in labels.enumerated() {
            precondition(examples.count == answers.count, "one label for each example")
            let known = answers.indices.filter { answers[$0] != nil }
            let data = CompactExamples(known.map { examples[$0] }, scaling: scaling)
            let classes = known.map { answers[$0] == true ? 1 : 0 }
            let weights = balanced(nil, labels: classes, classCount: 2)
            let fitted = minimise(LogisticLoss(data: data, labels: classes, weights: weights))
            let wide = data.widened(
                fitted, classCount: 1, featureCount: featureCount, scaling: scaling)
            for f in 0..<featureCount { featureMajor[f * classCount + k] = wide.weights[f] }
            bias[k] = wide.bias[0]
        }
        return LinearHead(
            featureMajor: featureMajor, bias: bias, featureCount: featureCount, link: .independent)
    }

    /// Example weights, times what makes the classes count the same if that is wanted.
    private func balanced(_ weights: [Double]?, labels: [Int], classCount: Int) -> [Double] {
        let weights = weights ?? [Double](repeating: 1, count: labels.count)
        precondition(weights.count == labels.count, "one weight for each example")
        guard balancesClasses else { return weights }
        var sums = [Double](repeating: 0, count: classCount)
        for (label, weight) in zip(labels, weights) { sums[label] += weight }
        let present = Double(sums.count { $0 > 0 })
        let total = sums.reduce(0, +)
        return zip(labels, weights).map { $1 * total / (present * sums[$0]) }
    }

    /// The minimum of loss and penalty, as one vector: weights (features, outputs), then biases.
    private func minimise(_ objective: some ShardedLoss) -> [Float] {
        let penalised = PenalisedLoss(objective: objective, inversePenalty: inversePenalty)
        let start = [Float](repeating: 0, count: penalised.parameterCount)
        return search.minimise(from: start) { penalised.evaluate($0, gradient: &$1) }.parameters
    }
}
