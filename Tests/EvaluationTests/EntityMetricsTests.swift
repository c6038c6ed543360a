// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Evaluation
import Testing

@Suite("Agreement of entities")
struct EntityMetricsTests {
    @Test(
        "of one row",
        arguments: [
            (["a", "b"], ["a", "b"], 1.0, 1.0),
            (["a", "b"], ["a"], 2.0 / 3, 4.0 / 3),
            (["a", "b"], ["c"], 0, 0),
            (["a"], [], 0, 0),
            (["a", "b", "c"], ["a", "x", "a"], 0.4, 1.2),
        ] as [([String], [String], Double, Double)])
    func strings(gold: [String], predicted: [String], exact: Double, partial: Double) {
        var score = EntityStringScore()
        score.add(gold: gold, predicted: predicted)
        #expect(abs(score.exactF1 - exact) < 1e-12)
        #expect(abs(score.partialF1 - partial) < 1e-12)
        #expect(abs(score.microF1 - exact) < 1e-12)
    }

    @Test("is averaged over rows in one figure and pooled in the other")
    func averages() {
        var score = EntityStringScore()
        score.add(gold: ["a"], predicted: ["a"])
        score.add(gold: ["a", "b", "c"], predicted: ["x"])
        #expect(score.exactF1 == 0.5)
        #expect(abs(score.microF1 - 2.0 / 6) < 1e-12)
        #expect(score.precision == 0.5 && score.recall == 0.25)
    }

    @Test("counts places strictly and by overlap, each wanted string once")
    func places() {
        func range(_ start: Int, _ end: Int) -> SourceRange { SourceRange(start: start, end: end) }
        var score = EntitySpanScore()
        score.add(
            gold: [[range(0, 2), range(10, 12)], [range(5, 8)]],
            predicted: [range(0, 2), range(10, 12), range(6, 9), range(20, 22)])
        #expect(score.strict.precision == 0.5 && score.strict.recall == 0.5)
        #expect(score.overlap.precision == 0.75 && score.overlap.recall == 1)
        #expect(abs(score.overlap.f1 - 6.0 / 7) < 1e-12)
    }
}
