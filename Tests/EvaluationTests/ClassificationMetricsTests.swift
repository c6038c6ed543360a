// SPDX-License-Identifier: Apache-2.0
import Testing

import Evaluation

@Suite("Classification metrics")
struct ClassificationMetricsTests {
    @Test("Kappa of a small table is what a calculation by hand gives.")
    func byHand() {
        // gold yes 20 (15 found), gold no 30 (10 false): accuracy .70, chance .50.
        let gold = [Int](repeating: 1, count: 20) + [Int](repeating: 0, count: 30)
        let predicted =
            [Int](repeating: 1, count: 15) + [Int](repeating: 0, count: 5)
            + [Int](repeating: 1, count: 10) + [Int](repeating: 0, count: 20)
        let metrics = ClassificationMetrics(
            gold: gold, predicted: predicted, classCount: 2, weighting: .none)
        #expect(abs(metrics.accuracy - 0.7) < 1e-12)
        #expect(abs(metrics.kappa - 0.4) < 1e-12)
        #expect(abs(metrics.balancedAccuracy - (0.75 + 20.0 / 30) / 2) < 1e-12)
        #expect(metrics.confusion == [[20, 10], [5, 15]])
    }

    @Test("Linear weights forgive a near miss more than a far one.")
    func linear() {
        let gold = [0, 1, 2, 3]
        let near = ClassificationMetrics(
            gold: gold, predicted: [1, 1, 2, 3], classCount: 4, weighting: .linear)
        let far = ClassificationMetrics(
            gold: gold, predicted: [3, 1, 2, 3], classCount: 4, weighting: .linear)
        #expect(near.kappa > far.kappa)
        #expect(near.accuracy == far.accuracy)
        // By hand: observed 1, expected (rows 1,1,1,1; columns 0,2,1,1) = 18/4.
        #expect(abs(near.kappa - (1 - 1 / 4.5)) < 1e-12)
    }

    @Test("Full agreement gives one, a constant answer gives zero.")
    func extremes() {
        let gold = [0, 1, 2, 0]
        for weighting in [ClassificationMetrics.Weighting.none, .linear] {
            let full = ClassificationMetrics(
                gold: gold, predicted: gold, classCount: 3, weighting: weighting)
            #expect(full.kappa == 1 && full.balancedKappa == 1)
            let constant = ClassificationMetrics(
                gold: gold, predicted: [0, 0, 0, 0], classCount: 3, weighting: weighting)
            #expect(abs(constant.kappa) < 1e-12 && abs(constant.balancedKappa) < 1e-12)
        }
    }

    @Test("Balanced figures do not change when the rows of one class are repeated.")
    func repetition() {
        let once = ClassificationMetrics(
            gold: [0, 0, 1, 2], predicted: [0, 1, 1, 2], classCount: 3, weighting: .linear)
        let often = ClassificationMetrics(
            gold: [0, 0, 1, 2] + [0, 0, 0, 0], predicted: [0, 1, 1, 2] + [0, 1, 0, 1],
            classCount: 3, weighting: .linear)
        #expect(abs(once.balancedKappa - often.balancedKappa) < 1e-12)
        #expect(abs(once.balancedAccuracy - often.balancedAccuracy) < 1e-12)
        #expect(once.kappa != often.kappa)
    }

    @Test("No rows give zeros, not a crash.")
    func empty() {
        let metrics = ClassificationMetrics(
            gold: [], predicted: [], classCount: 2, weighting: .none)
        #expect(metrics.accuracy == 0 && metrics.kappa == 0)
    }
}
