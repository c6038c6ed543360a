// SPDX-License-Identifier: Apache-2.0
import Foundation
import HeadTraining
import LinearHeads
import Tensors
import TestSupport
import Testing

@Suite("Calibration of scores")
struct CalibrationTests {
    /// Answers in five folds that are right with a probability that a function makes of their score.
    private static func answers(
        _ count: Int, seed: UInt64 = 3, probability: (Double) -> Double
    ) -> [HeldOutAnswer] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { number in
            let score = random.unit()
            return HeldOutAnswer(
                task: "t", type: "a", fold: number % 5, document: "d\(number)", score: score,
                isRight: random.unit() < probability(score))
        }
    }

    @Test("finds the map that answers were made by")
    func platt() throws {
        let truth = ScoreMap.beta(a: 0.5, b: 0.5, c: 0.8)
        let answers = Self.answers(20_000) { truth.probability(of: $0) }
        let map = try #require(ScoreMapFit.map(.platt, answers))
        guard case .beta(let a, let b, let c) = map else {
            Issue.record("not logistic")
            return
        }
        #expect(a == b && abs(a - 0.5) < 0.03 && abs(c - 0.8) < 0.06)
    }

    @Test("scores that are probabilities stay what they are")
    func sound() throws {
        let fitting = try #require(CrossFitting(Self.answers(5000) { $0 }))
        for score in stride(from: 0.1, through: 0.9, by: 0.1) {
            #expect(abs(fitting.map.probability(of: score) - score) < 0.03)
        }
        #expect(ScoreMapFit.map(.unchanged, []) == .beta(a: 1, b: 1, c: 0))
    }

    @Test(
        "every other kind comes near the true probabilities",
        arguments: ScoreMapFit.Kind.allCases.filter { $0 != .unchanged })
    func kinds(kind: ScoreMapFit.Kind) throws {
        let truth = ScoreMap.beta(a: 1.7, b: 1.7, c: 0)
        let map = try #require(
            ScoreMapFit.map(kind, Self.answers(20_000) { truth.probability(of: $0) }))
        for score in stride(from: 0.1, through: 0.9, by: 0.1) {
            #expect(abs(map.probability(of: score) - truth.probability(of: score)) < 0.05)
        }
        let values = (1..<1000).map { map.probability(of: Double($0) / 1000) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("scores that run against the truth make no map")
    func against() {
        let answers = Self.answers(4000) { 1 - $0 }
        for kind in [ScoreMapFit.Kind.temperature, .platt] {
            #expect(ScoreMapFit.map(kind, answers) == nil)
        }
    }

    @Test("one fold is measured by groups of its documents, one document not at all")
    func folds() throws {
        let fold = Self.answers(2000) { $0 }.filter { $0.fold == 0 }
        let fitting = try #require(CrossFitting(fold))
        #expect(fitting.mapped.map(\.count) == [80, 80, 80, 80, 80])
        let document = fold.map {
            HeldOutAnswer(
                task: $0.task, type: $0.type, fold: 0, document: "d", score: $0.score,
                isRight: $0.isRight)
        }
        #expect(CrossFitting(document) == nil)
    }

    @Test("no answer is measured by a map that has seen its fold")
    func unseen() throws {
        // Fold 0 is always right; no other tells that.
        let answers = Self.answers(2000) { $0 }.map {
            HeldOutAnswer(
                task: $0.task, type: $0.type, fold: $0.fold, document: $0.document,
                score: $0.score, isRight: $0.fold == 0 || $0.isRight)
        }
        let fitting = try #require(CrossFitting(answers))
        #expect(fitting.mapped.map(\.count) == [400, 400, 400, 400, 400])
        let own = fitting.mapped[0]
        #expect(own.allSatisfy { $0.fold == 0 })
        let mean = own.reduce(0) { $0 + $1.score } / Double(own.count)
        #expect(mean < 0.55, "\(mean)")
    }

    @Test(
        "the lowest threshold that is right often enough, measured on folds that did not choose it")
    func threshold() throws {
        let answers = Self.answers(5000) { $0 < 0.4 ? 0.5 : 0.95 }
        let parts = (0..<5).map { fold in answers.filter { $0.fold == fold } }
        let threshold = try #require(ReviewThreshold(parts, precision: 0.94))
        #expect((0.35...0.45).contains(threshold.below))
        #expect(abs(threshold.precision - 0.945) < 0.015)
        #expect(abs(threshold.reviewedShare - 0.4) < 0.06)
        #expect(ReviewThreshold(parts, precision: 0.999) == nil)
    }

    @Test("a file of answers comes back, and faults name their line")
    func file() throws {
        let folder = try TemporaryFolder()
        let good = #"{"document":"d","fold":1,"right":true,"score":0.5,"task":"t","type":"a"}"#
        try folder.write(good + "\n\n" + good + "\n", to: "good")
        let read = try HeldOutAnswer.read(folder["good"])
        #expect(read.count == 2 && read[0].isRight && read[1].score == 0.5)
        try folder.write(good + "\n{}\n", to: "malformed")
        try folder.write(good.replacing("0.5", with: "1.5"), to: "high")
        try folder.write("\n", to: "empty")
        for (name, words) in [
            ("malformed", ["malformed", "line 2", "--predictions"]),
            ("high", ["high", "line 1", "1.5"]), ("empty", ["empty"]), ("none", ["none"]),
        ] {
            let error = #expect(throws: HeldOutAnswerError.self) {
                try HeldOutAnswer.read(folder[name])
            }
            let explanation = error?.explanation ?? ""
            #expect(words.allSatisfy { explanation.contains($0) }, "\(explanation)")
        }
    }
}
