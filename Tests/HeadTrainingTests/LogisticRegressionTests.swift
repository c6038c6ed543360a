// SPDX-License-Identifier: Apache-2.0
import HeadTraining
import LinearHeads
import TestSupport
import Testing

@Suite("Logistic regression")
struct LogisticRegressionTests {
    /// Examples whose values and labels come from a fixed recurrence.
    static func examples(count: Int, features: Int, classes: Int) -> ([SparseVector], [Int]) {
        var random = SeededNumbers(seed: 7)
        var vectors: [SparseVector] = []
        var labels: [Int] = []
        for _ in 0..<count {
            let label = Int(random.fraction() * Double(classes))
            var entries: [(index: UInt32, value: Float)] = []
            for feature in 0..<features where random.fraction() < 0.5 {
                let shift = feature % classes == label ? 1.0 : 0
                entries.append((UInt32(feature), Float(random.fraction() - 0.5 + shift)))
            }
            vectors.append(SparseVector(entries))
            labels.append(label)
        }
        return (vectors, labels)
    }

    /// The largest difference between the gradient and central differences of the loss.
    static func gradientError(_ loss: PenalisedLoss<some ShardedLoss>) -> Double {
        let point = (0..<loss.parameterCount).map { Float($0 % 7) * 0.1 - 0.3 }
        var gradient = [Float](repeating: 9, count: loss.parameterCount)
        _ = loss.evaluate(point, gradient: &gradient)
        var largest = 0.0
        var unused = gradient
        for index in point.indices {
            var (before, after) = (point, point)
            before[index] -= 0.01
            after[index] += 0.01
            let difference =
                loss.evaluate(after, gradient: &unused) - loss.evaluate(before, gradient: &unused)
            largest = max(largest, abs(difference / 0.02 - Double(gradient[index])))
        }
        return largest
    }

    @Test("The gradient of the softmax loss agrees with finite differences.")
    func softmaxGradient() {
        let (vectors, labels) = Self.examples(count: 30, features: 9, classes: 3)
        let weights = labels.indices.map { 0.5 + Double($0 % 3) }
        let data = CompactExamples(vectors, scaling: .none)
        let loss = SoftmaxLoss(data: data, labels: labels, weights: weights, classCount: 3)
        let error = Self.gradientError(PenalisedLoss(objective: loss, inversePenalty: 0.5))
        #expect(error < 1e-4)
    }

    @Test("The gradient of the logistic loss agrees with finite differences.")
    func logisticGradient() {
        let (vectors, labels) = Self.examples(count: 30, features: 9, classes: 2)
        let data = CompactExamples(vectors, scaling: .none)
        let weights = [Double](repeating: 1, count: labels.count)
        let loss = LogisticLoss(data: data, labels: labels, weights: weights)
        let error = Self.gradientError(PenalisedLoss(objective: loss, inversePenalty: 0.5))
        #expect(error < 1e-4)
    }

    @Test("Separable classes are told apart, and the fit is the same every time.")
    func separable() {
        let (vectors, labels) = Self.examples(count: 200, features: 12, classes: 3)
        let fit = { () -> LinearHead in
            LogisticRegression(inversePenalty: 10)
                .fit(vectors, labels: labels, classCount: 3, featureCount: 16)
        }
        let head = fit()
        let right = zip(vectors, labels).count {
            Probability.mostProbable(head.probabilities($0)) == $1
        }
        #expect(right > 180)
        #expect(fit() == head)
    }

    @Test("Without informative features the probabilities are the shares of the weights.")
    func bias() {
        let empty = [SparseVector](repeating: SparseVector([]), count: 4)
        let head = LogisticRegression(inversePenalty: 1)
            .fit(
                empty, labels: [0, 0, 0, 1], classCount: 2, featureCount: 1, weights: [1, 1, 1, 2])
        #expect(abs(head.probabilities(SparseVector([]))[0] - 0.6) < 0.01)
        let balanced = LogisticRegression(inversePenalty: 1, balancesClasses: true)
            .fit(empty, labels: [0, 0, 0, 1], classCount: 2, featureCount: 1)
        #expect(abs(balanced.probabilities(SparseVector([]))[0] - 0.5) < 0.01)
    }

    @Test("Two exclusive classes and one yes-or-no question give the same probabilities.")
    func twoFormulations() {
        let (vectors, labels) = Self.examples(count: 100, features: 8, classes: 2)
        // A softmax of two classes shares the difference between both rows of weights, so its
        // penalty is half as large.
        var exclusive = LogisticRegression(inversePenalty: 0.5)
        exclusive.search.relativeDecrease = 1e-8
        var independent = LogisticRegression(inversePenalty: 1)
        independent.search.relativeDecrease = 1e-8
        let two = exclusive.fit(vectors, labels: labels, classCount: 2, featureCount: 8)
        let one = independent.fitIndependent(
            vectors, labels: [labels.map { $0 == 1 }], featureCount: 8)
        for vector in vectors {
            #expect(abs(two.probabilities(vector)[1] - one.probabilities(vector)[0]) < 0.02)
        }
    }

    @Test("Rows without an answer take no part in that question.")
    func unknown() {
        let (vectors, labels) = Self.examples(count: 60, features: 6, classes: 2)
        let known = labels.indices.map { $0 < 40 ? labels[$0] == 1 : nil }
        let settings = LogisticRegression(inversePenalty: 1)
        let masked = settings.fitIndependent(vectors, labels: [known], featureCount: 6)
        let cut = settings.fitIndependent(
            Array(vectors[..<40]), labels: [labels[..<40].map { $0 == 1 }], featureCount: 6)
        #expect(masked == cut)
    }

    @Test("Scaling goes into the weights: the head takes features as they are.")
    func scaling() {
        let (vectors, labels) = Self.examples(count: 100, features: 6, classes: 2)
        let shrunk = vectors.map { vector in
            SparseVector(zip(vector.indices, vector.values).map { ($0, $1 * 0.001) })
        }
        var plain = ColumnScaling(featureCount: 6)
        plain.standardise(0..<6, over: vectors, strength: 1)
        var small = ColumnScaling(featureCount: 6)
        small.standardise(0..<6, over: shrunk, strength: 1)
        let settings = LogisticRegression(inversePenalty: 1)
        let first = settings.fit(
            vectors, labels: labels, classCount: 2, featureCount: 6, scaling: plain)
        let second = settings.fit(
            shrunk, labels: labels, classCount: 2, featureCount: 6, scaling: small)
        for (vector, tiny) in zip(vectors, shrunk) {
            #expect(abs(first.probabilities(vector)[0] - second.probabilities(tiny)[0]) < 1e-2)
        }
    }
}
