// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import Training

@Suite("Heads that are trained with their trunk")
struct HeadedNetworkTests {
    private static let labels = ["O", "B-a", "I-a", "B-b", "I-b"]
    /// Only a type's own beginning or inside goes before its inside.
    private static let order = LabelOrder(
        count: 5, mayStart: { $0 != 2 && $0 != 4 },
        mayFollow: { $1 != 2 && $1 != 4 || $0 == $1 || $0 == $1 - 1 })
    private static let targets = HeadTargets.tokens(
        rows: [0, 1, 3, 4, 7, 8, 9], labels: [0, 1, 2, 0, 3, 4, 4], chains: [0..<4, 4..<7])

    static let cases: [(name: String, settings: HeadSettings, targets: HeadTargets)] = [
        (
            "smoothed and weighted tokens",
            HeadSettings(
                name: "a", kind: .tokens(.none), labels: labels,
                classWeights: [0.2, 1, 2, 1.5, 1], labelSmoothing: 0.1), targets
        ),
        (
            "constraints",
            HeadSettings(name: "a", kind: .tokens(.constraints), labels: labels, order: order),
            targets
        ),
        (
            "crf", HeadSettings(name: "a", kind: .tokens(.crf), labels: labels, order: order),
            targets
        ),
        (
            "crf of which some labels are not known",
            HeadSettings(name: "a", kind: .tokens(.crf), labels: labels, order: order),
            .tokens(
                rows: [0, 1, 3, 4, 7, 8, 9], labels: [0, 1, 2, 0, 0, 0, 0],
                chains: [0..<4, 4..<7],
                others: [0b11000, 0, 0, 0b11000, 0b11000, 0b11000, 0b11000])
        ),
        (
            "tokens of which some labels are not known",
            HeadSettings(
                name: "a", kind: .tokens(.none), labels: labels, classWeights: [0.2, 1, 2, 1, 1]),
            .tokens(
                rows: [0, 1, 3, 4], labels: [0, 1, 2, 0], chains: [0..<4],
                others: [0b11000, 0, 0, 0b11000])
        ),
        (
            "label of a text",
            HeadSettings(
                name: "a", kind: .label, labels: ["x", "y", "z"], classWeights: [1, 3, 1],
                labelSmoothing: 0.2), .labels([2, 1])
        ),
        (
            "ordinal",
            HeadSettings(
                name: "a", kind: .ordinal, labels: ["0", "1", "2", "3"],
                classWeights: [1, 2, 1, 1]), .labels([1, 3])
        ),
        (
            "lowest ordinal", HeadSettings(name: "a", kind: .ordinal, labels: ["0", "1"]),
            .labels([0, 1])
        ),
        ("number", HeadSettings(name: "a", kind: .number), .numbers([0.5, -2])),
        ("masked", HeadSettings(name: "a", kind: .maskedTokens), targets),
    ]

    static var trunks: [(name: String, trunk: TrainedTrunk)] {
        get throws {
            let decoder = SmallDecoders.all[1].configuration
            return [
                (
                    "bert",
                    .encoder(
                        EncoderNetwork(try SmallEncoders.configuration("bert"), longestRow: 8))
                ),
                (
                    "modernbert",
                    .encoder(
                        EncoderNetwork(
                            try SmallEncoders.configuration("modernbert"), longestRow: 8))
                ),
                ("causal decoder", .decoder(decoder, causal: true, longestRow: 8)),
                ("decoder", .decoder(decoder, causal: false, longestRow: 8)),
            ]
        }
    }

    @Test(
        "Every loss's gradient follows the differences, for the trunk, the head and its chain",
        arguments: cases.map(\.name), ["bert", "modernbert", "causal decoder", "decoder"])
    func gradients(name: String, trunk: String) throws {
        let trunk = try #require(try Self.trunks.first { $0.name == trunk }?.trunk)
        let test = try #require(Self.cases.first { $0.name == name })
        if case .decoder = trunk, test.settings.kind == .maskedTokens { return }
        let network = HeadedNetwork(trunk, heads: [test.settings])
        #expect(network.layout.place(of: "lm_head.weight") == nil)
        let parameters = SmallEncoders.parameters(network)
        let batch = HeadBatch(texts: SmallEncoders.texts, head: 0, targets: test.targets)
        let tape = Tape(network.layout)
        func loss(_ parameters: ParameterSet) -> Double {
            tape.accumulate(parameters) {
                0.5 * network.loss(of: batch, on: $0, factor: 0.5, dropout: 0)
            }
        }
        _ = loss(parameters)
        let gradients = tape.gradients
        for place in parameters.tensors.indices {
            expectGradient(
                gradients.tensors[place], at: parameters.tensors[place], step: 4e-3,
                tolerance: 3e-2, "\(name), \(network.layout.entries[place].name)"
            ) {
                var moved = parameters
                moved.tensors[place] = $0
                return loss(moved)
            }
        }
    }

    @Test("A chain's loss is that of all its label sequences, counted one by one")
    func chain() {
        let scores = random([3, 3], seed: 1)
        let transitions = random([3, 3], seed: 2)
        let (start, end) = (random([3], seed: 3), random([3], seed: 4))
        // 0 outside, 1 begins, 2 goes on after 1 or 2.
        let mayFollow = { (before: Int, label: Int) in label != 2 || before != 0 }
        let path = [1, 2, 0]
        func score(_ path: [Int]) -> Double {
            var sum = start.values[path[0]] + end.values[path[2]]
            for place in 0..<3 { sum += scores.values[place * 3 + path[place]] }
            for place in 1..<3 { sum += transitions.values[path[place - 1] * 3 + path[place]] }
            return Double(sum)
        }
        var total = 0.0
        for number in 0..<27 {
            let path = [number / 9, number / 3 % 3, number % 3]
            guard path[0] != 2, mayFollow(path[0], path[1]), mayFollow(path[1], path[2]) else {
                continue
            }
            total += exp(score(path))
        }
        let found = LabelChainLoss(
            LabelOrder(count: 3, mayStart: { $0 != 2 }, mayFollow: mayFollow)
        ).value(
            scores, rows: [0, 1, 2], labels: path.map { Int32($0) }, chains: [0..<3],
            transitions: transitions, start: start, end: end)
        #expect(abs(found.loss - (log(total) - score(path))) < 1e-5)
    }

    @Test(
        "What goes on with an entity of another window is left out", arguments: [UInt32(0), 0b11])
    func cutEntity(others: UInt32) {
        let loss = LabelChainLoss(
            LabelOrder(count: 3, mayStart: { $0 != 2 }, mayFollow: { $1 != 2 || $0 != 0 }))
        let scores = random([4, 3], seed: 1)
        func value(_ labels: [Int32], _ chain: Range<Int>) -> LabelChainLoss.Value {
            loss.value(
                scores, rows: [0, 1, 2, 3], labels: labels, others: [0, 0, others, others],
                chains: [chain], transitions: random([3, 3], seed: 2),
                start: random([3], seed: 3), end: random([3], seed: 4))
        }
        let (cut, rest) = (value([2, 2, 0, 1], 0..<4), value([0, 0, 0, 1], 2..<4))
        #expect(cut.loss == rest.loss && cut.loss.isFinite)
        #expect(cut.scores == rest.scores && cut.scores.values.allSatisfy(\.isFinite))
        #expect(value([2, 2, 2, 2], 0..<4).loss == 0)
    }

    @Test("Of labels that are not known all that the rules allow count together")
    func uncertainChain() {
        let scores = random([3, 3], seed: 1)
        let transitions = random([3, 3], seed: 2)
        let (start, end) = (random([3], seed: 3), random([3], seed: 4))
        let mayFollow = { (before: Int, label: Int) in label != 2 || before != 0 }
        func score(_ path: [Int]) -> Double {
            var sum = start.values[path[0]] + end.values[path[2]]
            for place in 0..<3 { sum += scores.values[place * 3 + path[place]] }
            for place in 1..<3 { sum += transitions.values[path[place - 1] * 3 + path[place]] }
            return Double(sum)
        }
        var (total, possible) = (0.0, 0.0)
        for number in 0..<27 {
            let path = [number / 9, number / 3 % 3, number % 3]
            guard path[0] != 2, mayFollow(path[0], path[1]), mayFollow(path[1], path[2]) else {
                continue
            }
            total += exp(score(path))
            // The first is outside for certain; the others are outside, or anything.
            if path[0] == 0 { possible += exp(score(path)) }
        }
        let found = LabelChainLoss(
            LabelOrder(count: 3, mayStart: { $0 != 2 }, mayFollow: mayFollow)
        ).value(
            scores, rows: [0, 1, 2], labels: [0, 0, 0], others: [0, 0b110, 0b110],
            chains: [0..<3], transitions: transitions, start: start, end: end)
        #expect(abs(found.loss - (log(total) - log(possible))) < 1e-5)
    }

    @Test("Ordered labels' probabilities sum to one, and the best one follows the score")
    func ordinal() {
        let steps = Tensor(shape: [3], values: [-1, 0.3, -0.5])
        let thresholds = HeadLoss.thresholds(steps)
        #expect(zip(thresholds, thresholds.dropFirst()).allSatisfy { $0 < $1 })
        for score: Float in [-30, -1, 0, 0.4, 2, 30] {
            let probabilities = (0..<4).map { label in
                exp(
                    -HeadLoss.ordinal(
                        Tensor(shape: [1, 1], values: [score]), steps: steps,
                        labels: [Int32(label)]
                    ).scores.loss)
            }
            #expect(abs(probabilities.reduce(0, +) - 1) < 1e-6)
            let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
            #expect(best == HeadLoss.ordinalLabel(score, thresholds: thresholds))
        }
        #expect(HeadLoss.ordinalLabel(-30, thresholds: thresholds) == 0)
        #expect(HeadLoss.ordinalLabel(30, thresholds: thresholds) == 3)
    }

    @Test("Several heads share a trunk, and each is saved as a checkpoint of its own")
    func several() throws {
        let trunk = try #require(try Self.trunks.first?.trunk)
        let network = HeadedNetwork(
            trunk,
            heads: [
                HeadSettings(
                    name: "entities", kind: .tokens(.crf), labels: Self.labels, order: Self.order),
                HeadSettings(name: "level", kind: .ordinal, labels: ["0", "1", "2"]),
            ])
        let parameters = SmallEncoders.parameters(network)
        let first = network.tensors(parameters, head: 0)
        let second = network.tensors(parameters, head: 1)
        #expect(first["classifier.weight"]?.shape == [5, 8])
        #expect(second["classifier.weight"]?.shape == [1, 8])
        #expect(first["crf.transitions"] != nil && second["crf.transitions"] == nil)
        #expect(
            first["bert.embeddings.LayerNorm.weight"] == second["bert.embeddings.LayerNorm.weight"])
        // The gradient of one head's batch leaves the other head alone.
        let tape = Tape(network.layout)
        _ = tape.accumulate(parameters) {
            network.loss(
                of: HeadBatch(texts: SmallEncoders.texts, head: 1, targets: .labels([0, 2])),
                on: $0, factor: 1, dropout: 0)
        }
        #expect(tape.gradients["entities/classifier.weight"]?.sumOfSquares == 0)
        #expect((tape.gradients["level/classifier.weight"]?.sumOfSquares ?? 0) > 0)
        #expect((tape.gradients["bert.embeddings.word_embeddings.weight"]?.sumOfSquares ?? 0) > 0)
    }
}
