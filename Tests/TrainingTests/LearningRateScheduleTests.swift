// SPDX-License-Identifier: Apache-2.0
import Testing
import Training

@Suite("A learning rate")
struct LearningRateScheduleTests {
    @Test(
        "rises in a line and falls in half a cosine",
        arguments: [(0, 1.0 / 3), (2, 1.0), (3, 1.0), (6, 0.5), (9, 0.0)])
    func rates(step: Int, share: Double) {
        let schedule = LearningRateSchedule(peak: 0.1, warmup: 3, total: 9)
        #expect(abs(schedule.rate(step: step) - 0.1 * share) < 1e-12)
    }
}
