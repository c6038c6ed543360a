// SPDX-License-Identifier: Apache-2.0
import LinearHeads
import Tensors
import Testing

@Suite("Linear head")
struct LinearHeadTests {
    let weights = Tensor(shape: [2, 3], values: [1, 2, 3, -1, 0.5, 0])
    let bias = Tensor(shape: [2], values: [0.25, -0.25])
    let vector = SparseVector([(index: 2, value: 2), (index: 0, value: 1)])

    @Test("A score is the bias plus weights times values.")
    func scores() {
        let head = LinearHead(weights: weights, bias: bias, link: .exclusive)
        #expect(head.scores(vector) == [7.25, -1.25])
    }

    @Test("Exclusive probabilities sum to one, independent ones need not.")
    func links() {
        let exclusive = LinearHead(weights: weights, bias: bias, link: .exclusive)
            .probabilities(vector)
        #expect(abs(exclusive.reduce(0, +) - 1) < 1e-12)
        let independent = LinearHead(weights: weights, bias: bias, link: .independent)
            .probabilities(vector)
        #expect(abs(independent[0] - 0.99929) < 1e-4)
        #expect(abs(independent[1] - 0.22270) < 1e-4)
    }

    @Test("A head stored as tensors comes back the same.")
    func storage() throws {
        let head = LinearHead(weights: weights, bias: bias, link: .exclusive)
        let tensors = head.tensors(prefix: "grade")
        #expect(tensors["grade.weights"] == weights)
        let back = try LinearHead(
            tensors: tensors, prefix: "grade", task: "x", classCount: 2, featureCount: 3,
            link: .exclusive)
        #expect(back == head)
    }

    @Test("Tensors that do not fit are refused by name.")
    func misfit() {
        let tensors = LinearHead(weights: weights, bias: bias, link: .exclusive)
            .tensors(prefix: "grade")
        #expect(
            throws: TaskParameterError.shape(
                task: "x", tensor: "grade.weights", expected: [2, 4], found: [2, 3])
        ) {
            _ = try LinearHead(
                tensors: tensors, prefix: "grade", task: "x", classCount: 2, featureCount: 4,
                link: .exclusive)
        }
        #expect(throws: TaskParameterError.missingTensor(task: "x", tensor: "other.weights")) {
            _ = try LinearHead(
                tensors: tensors, prefix: "other", task: "x", classCount: 2, featureCount: 3,
                link: .exclusive)
        }
    }

    @Test("Rounding to half precision moves a score by less than a thousandth of its terms.")
    func half() {
        let head = LinearHead(
            featureMajor: [0.1234567, -3.1415927], bias: [0.7], featureCount: 2,
            link: .independent)
        let vector = SparseVector([(index: 0, value: 1), (index: 1, value: 1)])
        let change = abs(head.scores(vector)[0] - head.roundedToHalf().scores(vector)[0])
        #expect(change > 0)
        #expect(change < 0.004)
    }
}

@Suite("Probabilities and decisions")
struct ProbabilityTests {
    @Test("Large scores do not overflow.")
    func large() {
        #expect(Probability.softmax([1000, 0]) == [1, 0])
        #expect(Probability.logistic(-1000) == 0)
        #expect(Probability.logistic(1000) == 1)
    }

    @Test("A full correction undoes an uneven prior.")
    func prior() {
        let corrected = Probability.correctingPrior([0.9, 0.1], prior: [0.9, 0.1], strength: 1)
        #expect(abs(corrected[0] - 0.5) < 1e-12)
        let same = Probability.correctingPrior([0.9, 0.1], prior: [0.9, 0.1], strength: 0)
        #expect(abs(same[0] - 0.9) < 1e-12)
    }

    @Test(
        "The median is the first class at which half is reached.",
        arguments: [
            ([0.6, 0.2, 0.2], 0), ([0.4, 0.2, 0.4], 1), ([0.1, 0.2, 0.7], 2), ([0.0, 0.0], 1),
        ])
    func median(probabilities: [Double], expected: Int) {
        #expect(Probability.median(probabilities) == expected)
    }

    @Test("Of equally probable classes the first is taken.")
    func ties() {
        #expect(Probability.mostProbable([0.2, 0.4, 0.4]) == 1)
    }
}
