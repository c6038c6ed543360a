// SPDX-License-Identifier: Apache-2.0
import Foundation
import LinearHeads
import Tensors
import TestSupport
import Testing

@Suite("A linear chain over words")
struct LinearChainHeadTests {
    /// Numbers between -2 and 2 from a fixed sequence.
    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = SeededNumbers(seed: seed)
        return (0..<count).map { _ in 2 * random.signed() }
    }

    private static func head(labels K: Int, seed: UInt64) -> LinearChainHead {
        LinearChainHead(
            labels: (0..<K).map { "L\($0)" }, features: HashIndex([7, 900_000_000, 4_294_967_295]),
            weights: Tensor(shape: [3, K], values: numbers(3 * K, seed: seed + 1)),
            denseWeights: Tensor(shape: [2, K], values: numbers(2 * K, seed: seed + 5)),
            transitions: Tensor(shape: [K, K], values: numbers(K * K, seed: seed + 2)),
            start: Tensor(shape: [K], values: numbers(K, seed: seed + 3)),
            end: Tensor(shape: [K], values: numbers(K, seed: seed + 4)))
    }

    private static func paths(labels K: Int, words T: Int) -> [[Int]] {
        (0..<T).reduce([[]]) { paths, _ in paths.flatMap { path in (0..<K).map { path + [$0] } } }
    }

    private static func score(_ path: [Int], _ head: LinearChainHead, _ emissions: Tensor) -> Double
    {
        let K = head.labels.count
        guard let first = path.first, let last = path.last else { return 0 }
        var score = Double(head.start.values[first]) + Double(head.end.values[last])
        for (word, label) in path.enumerated() {
            score += Double(emissions.values[word * K + label])
            if word > 0 { score += Double(head.transitions.values[path[word - 1] * K + label]) }
        }
        return score
    }

    @Test(
        "agrees with the sum over all paths",
        arguments: [(3, 1), (3, 4), (5, 3), (2, 7)], [UInt64(1), 2, 3])
    func bruteForce(size: (labels: Int, words: Int), seed: UInt64) throws {
        let head = Self.head(labels: size.labels, seed: seed)
        let emissions = Tensor(
            shape: [size.words, size.labels],
            values: Self.numbers(size.words * size.labels, seed: seed + 9))
        let paths = Self.paths(labels: size.labels, words: size.words)
        let scores = paths.map { Self.score($0, head, emissions) }
        let total = scores.reduce(0) { $0 + exp($1) }
        let chain = head.chain(emissions)
        #expect(abs(chain.logNormalizer - log(total)) < 1e-9)
        for word in 0..<size.words {
            for label in 0..<size.labels {
                let share = zip(paths, scores).reduce(0) {
                    $1.0[word] == label ? $0 + exp($1.1) / total : $0
                }
                #expect(abs(chain.marginal(word: word, label: label) - share) < 1e-9)
            }
        }
        let best = try #require(zip(scores, paths).max { $0.0 < $1.0 }).1
        let run = Array(best[(size.words / 2)...])
        let share = zip(paths, scores).reduce(0) {
            Array($1.0[(size.words / 2)...]) == run ? $0 + exp($1.1) / total : $0
        }
        #expect(abs(chain.probability(of: run, from: size.words / 2) - share) < 1e-9)
    }

    @Test("counts only allowed paths where labels are restricted")
    func allowedLabels() {
        let head = Self.head(labels: 3, seed: 8)
        let emissions = Tensor(shape: [4, 3], values: Self.numbers(12, seed: 4))
        let allowed: [UInt32] = [0b011, 0b111, 0b100, 0b101]
        let total = Self.paths(labels: 3, words: 4).reduce(0.0) { sum, path in
            let fits = zip(path, allowed).allSatisfy { $1 & (1 << UInt32($0)) != 0 }
            return fits ? sum + exp(Self.score(path, head, emissions)) : sum
        }
        var chain = head.chain(emissions)
        chain.run(emissions: emissions.values, allowed: allowed[...])
        #expect(abs(chain.logNormalizer - log(total)) < 1e-9)
        #expect(chain.marginal(word: 2, label: 0) == 0)
    }

    @Test("adds up the weights of known features and dense numbers")
    func emissions() {
        let head = Self.head(labels: 2, seed: 3)
        let states = Tensor(shape: [2, 2], values: [0, 0, 1, -2])
        let scores = head.emissions(words: [[7, 8, 4_294_967_295], []], states: states)
        let weights = head.weights.values
        #expect(scores.values[0] == weights[0] + weights[4])
        #expect(scores.values[1] == weights[1] + weights[5])
        let dense = head.denseWeights.values
        #expect(abs(scores.values[2] - (dense[0] - 2 * dense[2])) < 1e-6)
    }

    @Test("a forbidden pair has no probability")
    func forbiddenPairs() {
        var transitions = Tensor(zeros: [2, 2])
        transitions.values[1] = LinearChainHead.forbidden
        let head = LinearChainHead(
            labels: ["O", "I"], features: HashIndex([]), weights: Tensor(zeros: [0, 2]),
            denseWeights: Tensor(zeros: [0, 2]), transitions: transitions,
            start: Tensor(shape: [2], values: [0, LinearChainHead.forbidden]),
            end: Tensor(zeros: [2]))
        let emissions = Tensor(shape: [3, 2], values: [0, 50, 0, 50, 0, 50])
        #expect(head.chain(emissions).marginal(word: 1, label: 1) == 0)
    }

    @Test("survives storage in half precision with every hash exact")
    func storage() throws {
        let head = Self.head(labels: 3, seed: 5)
        let rounded = head.tensors(prefix: "disease.").mapValues { tensor in
            Tensor(shape: tensor.shape, values: tensor.values.map { Float(Float16($0)) })
        }
        let read = try LinearChainHead(
            labels: head.labels, tensors: rounded, prefix: "disease.", task: "entities")
        #expect(read.features == head.features)
        for (stored, original) in zip(read.weights.values, head.weights.values) {
            #expect(abs(stored - original) < 2e-3)
        }
    }

    @Test("refuses tensors that do not fit each other")
    func refusal() {
        var tensors = Self.head(labels: 3, seed: 5).tensors(prefix: "")
        tensors["weights"] = Tensor(zeros: [2, 3])
        #expect(
            throws: TaskParameterError.shape(
                task: "entities", tensor: "weights", expected: [3, 3], found: [2, 3])
        ) {
            try LinearChainHead(
                labels: ["a", "b", "c"], tensors: tensors, prefix: "", task: "entities")
        }
        tensors["features"] = Tensor(shape: [1, 3], values: [0, 2048, 0])
        #expect(throws: TaskParameterError.self) {
            try LinearChainHead(
                labels: ["a", "b", "c"], tensors: tensors, prefix: "", task: "entities")
        }
    }
}
