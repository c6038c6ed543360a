// SPDX-License-Identifier: Apache-2.0
import Tensors
import Testing

@Suite("Cross-entropy on a tape")
struct CrossEntropyTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var weights: [Float]?
        var softcap: Float?
        var hasBias = false
        var testDescription: String {
            "weights \(weights ?? []), bound \(softcap ?? 0), bias \(hasBias)"
        }
    }

    private func loss(
        _ parameters: ParameterSet, _ targets: PredictionTargets, _ example: Example
    ) -> (Double, ParameterSet) {
        let tape = Tape(parameters.layout)
        let loss = tape.accumulate(parameters) { tape in
            tape.crossEntropy(
                tape.parameter(0), head: parameters.layout.matrix(1),
                bias: example.hasBias ? parameters.layout.vector(2) : nil, targets: targets,
                factor: 1, softcap: example.softcap)
        }
        return (loss, tape.gradients)
    }

    @Test(
        "Gradients for states, head and bias follow the differences",
        arguments: [
            Example(), Example(weights: [0.5, 2, 0]), Example(softcap: 1.5), Example(hasBias: true),
            Example(weights: [3, 1, 1], softcap: 2, hasBias: true),
        ])
    func gradients(_ example: Example) {
        let parameters = randomParameters([[6, 8], [19, 8], [19]])
        let targets = PredictionTargets(
            rows: [4, 0, 5], labels: [18, 0, 7], weights: example.weights)
        let (_, gradients) = loss(parameters, targets, example)
        for place in 0..<(example.hasBias ? 3 : 2) {
            expectGradient(gradients.tensors[place], at: parameters.tensors[place]) {
                var moved = parameters
                moved.tensors[place] = $0
                return loss(moved, targets, example).0
            }
        }
        #expect(gradients.tensors[0].values[8..<16].allSatisfy { $0 == 0 })
    }

    @Test("Logits that are values give the same loss as a head")
    func logits() {
        let parameters = randomParameters([[6, 8], [19, 8], [19]])
        let targets = PredictionTargets(
            rows: [4, 0, 5], labels: [18, 0, 7], weights: [1, 0.5, 2])
        let (expected, gradients) = loss(parameters, targets, Example(hasBias: true))
        let tape = Tape(parameters.layout)
        let found = tape.accumulate(parameters) { tape in
            let layer = LinearReference(
                parameters.layout.matrix(1), bias: parameters.layout.vector(2))
            return tape.crossEntropy(
                logits: tape.linear(tape.parameter(0), layer), targets: targets, factor: 1)
        }
        #expect(abs(found - expected) < 1e-5)
        for (a, b) in zip(tape.gradients.tensors, gradients.tensors) {
            #expect(largestDifference(a, b) < 1e-5)
        }
    }

    @Test("Several chunks are the sum of single rows")
    func chunks() {
        let count = Tape.logitRows + 37
        let parameters = randomParameters([[count, 4], [11, 4], [11]])
        let rows = (0..<Int32(count)).map { $0 }
        let labels = rows.map { $0 % 11 }
        let whole = loss(
            parameters, PredictionTargets(rows: rows, labels: labels), Example()
        ).0
        let tape = Tape(parameters.layout)
        let sum = tape.evaluate(parameters) { tape in
            let states = tape.parameter(0)
            return zip(rows, labels).reduce(0.0) { sum, pair in
                sum
                    + tape.crossEntropy(
                        states, head: parameters.layout.matrix(1),
                        targets: PredictionTargets(rows: [pair.0], labels: [pair.1]), factor: 0)
            }
        }
        #expect(abs(whole - sum) < 1e-3)
    }
}
