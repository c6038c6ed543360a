// SPDX-License-Identifier: Apache-2.0
import Evaluation
import HeadTraining
import Tensors
import Testing

@Suite("Reliability of scores")
struct ReliabilityTests {
    private static func answer(_ score: Double, _ isRight: Bool, type: String = "a")
        -> HeldOutAnswer
    {
        HeldOutAnswer(
            task: "t", type: type, fold: 0, document: "d", score: score, isRight: isRight)
    }

    /// Scores that a formula gives, right as often as the score to the power 1.5.
    private static func made(_ count: Int) -> [HeldOutAnswer] {
        (0..<count).map { number in
            let score = (Double(number * 7919 % 1000) + 0.5) / 1000
            return answer(
                score, Double(number * 104729 % 997) / 997 < score * score.squareRoot())
        }
    }

    @Test(
        "is that of another program: numpy.array_split over stably sorted scores, and floor(score * bins)",
        arguments: [
            (450, 15, 0.105_813_333, 0.105_691_111), (450, 10, 0.101_855_556, 0.101_408_889),
            (407, 15, 0.103_826_781, 0.107_730_958), (407, 10, 0.103_620_393, 0.103_116_708),
        ])
    func error(count: Int, bins: Int, byCount: Double, byWidth: Double) {
        let reliability = Reliability(Self.made(count), bins: bins)
        #expect(abs(reliability.errorByCount - byCount) < 1e-8)
        #expect(abs(reliability.errorByWidth - byWidth) < 1e-8)
        #expect(reliability.count == count && reliability.bins.count == bins)
        #expect(reliability.bins.reduce(0) { $0 + $1.count } == count)
    }

    @Test("a few answers by hand")
    func hand() {
        let answers = [(0.9, true), (0.2, false), (0.8, false), (0.1, true)].map {
            Self.answer($0.0, $0.1)
        }
        let reliability = Reliability(answers, bins: 2)
        // 0.1 and 0.2, one of two right; 0.8 and 0.9, one of two right.
        #expect(abs(reliability.errorByCount - (0.35 + 0.35) / 2) < 1e-12)
        #expect(reliability.rightShare == 0.5 && reliability.bins.map(\.count) == [2, 2])
        // Of four pairs of a right and a wrong answer, 0.9 is above both, 0.1 above none.
        #expect(reliability.ranking == 0.5)
        let tied = [(0.5, true), (0.5, false), (0.7, true)].map { Self.answer($0.0, $0.1) }
        #expect(Reliability(tied, bins: 2).ranking == 0.75)
    }

    @Test("true probabilities are as far off as chance says, others farther")
    func chance() {
        var random = SplitMix64(seed: 7)
        var sound: [HeldOutAnswer] = []
        var loud: [HeldOutAnswer] = []
        for _ in 0..<3000 {
            let p = random.unit()
            let isRight = random.unit() < p
            sound.append(Self.answer(p, isRight))
            loud.append(Self.answer(p.squareRoot(), isRight))
        }
        let (good, bad) = (Reliability(sound), Reliability(loud))
        #expect(abs(good.errorByCount - good.errorByChance) < 0.01)
        #expect(bad.errorByCount > 4 * bad.errorByChance)
    }

    private static func levels(_ task: String, _ count: Int) -> [HeldOutAnswer] {
        (0..<count).flatMap { level in
            (0..<100).map { number in
                // Whatever the score, the first level is right nine times in ten, others once.
                HeldOutAnswer(
                    task: task, type: "\(level)", fold: number / 20, document: "d\(number)",
                    score: 0.4 + Double(number) / 500,
                    isRight: (number % 10 == 0) != (level == 0))
            }
        }
    }

    @Test("each level has its map, so that a score of one tells what it tells of that level")
    func calibration() throws {
        let report = try CalibrationReport(
            Self.levels("crade", 4) + Self.levels("smdis", 1), precision: [:])
        #expect(report.rows.map(\.type) == ["0", "1", "2", "3", "all"])
        let maps = try #require(report.calibration.adverseEvents)
        #expect(maps.count == 4 && report.calibration.similarity == nil)
        #expect(abs(maps[0].probability(of: 0.5) - 0.9) < 0.05)
        #expect(abs(maps[3].probability(of: 0.5) - 0.1) < 0.05)
        let all = try #require(report.rows.last)
        #expect(all.after.errorByCount < 0.05 && all.before.errorByCount > 0.15)
        #expect(all.after.ranking > all.before.ranking + 0.2)
    }

    @Test("a level without answers, and answers of no task whose scores are written, are refused")
    func refused() {
        #expect(throws: CalibrationError.noMap(task: "crade", type: "3")) {
            try CalibrationReport(Self.levels("crade", 3), precision: [:])
        }
        #expect(throws: CalibrationError.nothingToCalibrate) {
            try CalibrationReport(Self.levels("smdis", 1), precision: [:])
        }
    }

    @Test("a report has all answers of a task before its types, and a diagram of each row")
    func report() {
        let report = ReliabilityReport([
            Self.answer(0.9, true, type: "b"), Self.answer(0.5, false, type: "a<"),
        ])
        #expect(report.rows.map(\.type) == ["all", "a<", "b"])
        #expect(report.rows[0].reliability.count == 2)
        let page = report.html
        #expect(page.components(separatedBy: "<svg").count == 4)
        #expect(page.contains("t, a&lt; (1)") && !page.contains("a<"))
    }
}
