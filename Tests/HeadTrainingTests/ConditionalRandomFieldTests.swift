// SPDX-License-Identifier: Apache-2.0
import HeadTraining
import Tensors
import Testing

@Suite("Fitting a conditional random field")
struct ConditionalRandomFieldTests {
    private static let sequences = [
        LabelledSequence(
            words: [[1, 2], [2, 3], [1]], states: Tensor(shape: [3, 1], values: [1, 0.5, -1]),
            allowed: [1, 2, 4]),
        LabelledSequence(
            words: [[3], [1, 3]], states: Tensor(shape: [2, 1], values: [-0.3, 2]),
            allowed: [0b011, 2]),
        LabelledSequence(
            words: [[2]], states: Tensor(shape: [1, 1], values: [0.7]), allowed: [1]),
    ]

    @Test("the gradient agrees with differences of the loss")
    func gradient() {
        let table = SequenceTable(Self.sequences, minimumCount: 1)
        let layout = ChainParameters(
            labelCount: 3, featureCount: table.features.count, stateWidth: 1,
            mayStart: { $0 != 2 }, mayFollow: { !($0 == 0 && $1 == 2) })
        let loss = ChainLoss(
            table: table, layout: layout, squarePenalty: 0.1, shards: table.shards(2))
        let point = (0..<layout.count).map { Float(($0 * 7 + 3) % 11) / 5 - 1 }
        var gradient = [Float](repeating: 9, count: layout.count)
        _ = loss.value(at: point, gradient: &gradient)
        var unused = gradient
        for index in point.indices {
            var above = point
            var below = point
            above[index] += 1 / 64
            below[index] -= 1 / 64
            let difference =
                loss.value(at: above, gradient: &unused) - loss.value(at: below, gradient: &unused)
            #expect(abs(difference * 32 - Double(gradient[index])) < 1e-3, "parameter \(index)")
        }
    }

    @Test("the number of shards does not change the loss beyond rounding")
    func shards() {
        let table = SequenceTable(Self.sequences, minimumCount: 1)
        let layout = ChainParameters(
            labelCount: 3, featureCount: table.features.count, stateWidth: 1,
            mayStart: { _ in true }, mayFollow: { _, _ in true })
        let point = (0..<layout.count).map { Float($0 % 5) / 4 }
        var gradients: [[Float]] = []
        for shards in [1, 2, 3, 7] {
            #expect(table.shards(shards).map(\.count).reduce(0, +) == 3)
            let loss = ChainLoss(
                table: table, layout: layout, squarePenalty: 0, shards: table.shards(shards))
            var gradient = point
            _ = loss.value(at: point, gradient: &gradient)
            gradients.append(gradient)
        }
        for gradient in gradients {
            for (left, right) in zip(gradient, gradients[0]) { #expect(abs(left - right) < 1e-5) }
        }
    }

    @Test("learns which word begins and which goes on, and drops features that tell nothing")
    func learning() {
        // Feature 10 begins a span, 11 goes on with it, 12 stands outside, 99 stands everywhere.
        let words: [[UInt32]] = [[12, 99], [10, 99], [11, 99], [12, 99], [10, 99], [12, 99]]
        let masks: [UInt32] = [1, 2, 4, 1, 2, 1]
        let sequences = (0..<20).map { _ in LabelledSequence(words: words, allowed: masks) }
        let head = ConditionalRandomField().fit(
            sequences, labels: ["O", "B", "I"], mayStart: { $0 != 2 },
            mayFollow: { !($0 == 0 && $1 == 2) })
        let emissions = head.emissions(words: words, states: nil)
        #expect(head.chain(emissions).probability(of: [0, 1, 2, 0, 1, 0], from: 0) > 0.5)
        #expect(head.chain(emissions).probability(of: [1, 2, 0], from: 1) > 0.8)
        #expect(head.features.row(of: 10) != nil)
        #expect(head.features.row(of: 12345) == nil)
    }

    @Test("an absolute penalty brings weak parameters to exactly zero")
    func softThreshold() {
        // (x - a)^2 / 2 + |x| has its minimum at a shrunk by one.
        let targets: [Float] = [3, 0.5, -2, -0.9, 0]
        let minimum = OrthantWiseLBFGS(penalty: 1, maximumIterations: 50).minimise(
            from: [0, 0, 0, 0, 5]
        ) { point, gradient in
            var loss = 0.0
            for index in point.indices {
                gradient[index] = point[index] - targets[index]
                loss += Double(gradient[index] * gradient[index]) / 2
            }
            return loss
        }
        let expected: [Float] = [2, 0, -1, 0, 0]
        for (found, wanted) in zip(minimum.parameters, expected) {
            #expect(abs(found - wanted) < 1e-3)
            if wanted == 0 { #expect(found == 0) }
        }
    }
}
