// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Training

@Suite("A report")
struct RunReportTests {
    private func step(_ step: Int, phase: String = "first", loss: Double? = nil) -> LogLine {
        .step(
            StepReport(
                phase: phase, step: step, steps: 10_000, tokens: step * 100,
                loss: loss ?? 9 / Double(step + 1), learningRate: 1e-3, gradientNorm: 0.5,
                tokensPerSecond: 1000, seconds: Double(step), memoryBytes: 1 << 30))
    }

    private func notice(
        _ event: RunNotice.Event, step: Int, backTo: Int? = nil
    ) -> LogLine {
        .notice(
            RunNotice(
                event: event, at: "2026-01-02T03:04:05Z", phase: "first", step: step,
                backTo: backTo, reason: backTo == nil ? nil : .spike))
    }

    @Test("of a long run has all stages in order and few points, whose mean is the run's")
    func thins() throws {
        let first = (1...6000).map { step($0) }
        let second = (1...50).map { step($0, phase: "second", loss: 2) }
        let curves = RunCurves(first + second)
        #expect(curves.stages.map(\.name) == ["first", "second"])
        #expect(curves.stages.map(\.offset) == [0, 6000])
        #expect(curves.points.count <= 2048)
        let part = curves.points.filter { $0.stage == 0 }
        #expect(part.reduce(0) { $0 + $1.count } == 6000)
        let mean = part.reduce(0) { $0 + $1.loss * $1.count } / 6000
        let expected = (1...6000).reduce(0) { $0 + 9 / Double($1 + 1) } / 6000
        #expect(abs(mean - expected) < 1e-9)
        #expect(curves.points.map(curves.x) == curves.points.map(curves.x).sorted())
    }

    @Test("leaves out the steps that a run went back over")
    func rollback() {
        let lines =
            (1...7).map { step($0) } + [notice(.rollback, step: 7, backTo: 4)]
            + (5...6).map { step($0, loss: 1) }
        let curves = RunCurves(lines)
        #expect(curves.points.map(\.step) == [1, 2, 3, 4, 5, 6])
        #expect(curves.points.suffix(2).map(\.loss) == [1, 1])
    }

    @Test("is one page without scripts and outside files, in which nothing of the recipe is markup")
    func page() throws {
        let facts = RunFacts(
            name: "<b>trial", kind: "pretrain", recipe: "name = \"<script>alert(1)</script>\"",
            program: "9.9", threads: 2, parameters: 1234, model: ["layers": "2"],
            sources: [
                RunFacts.Source(
                    file: "text/a.txt", licence: "CC BY 4.0", bytes: 12_345, documents: 7,
                    tokens: 890, heldOut: 3, repetitions: 2)
            ], excludedLicences: ["CC BY-NC 4.0"])
        let lines =
            (1...20).map { step($0) } + [
                .validation(
                    ValidationReport(
                        phase: "first", step: 20, metrics: ["loss": 3.21, "perplexity": 24.8],
                        metric: "loss", isBest: true, seconds: 20)),
                notice(.checkpoint, step: 20),
            ]
        let growth = GrowthMeasurement(
            lengths: [128, 256].map {
                .init(
                    context: $0, parameters: 10, tokensPerSecond: 1e5 / Double($0), memoryBytes: 1)
            }, sizes: [], threads: 2, batchTokens: 256)
        let html = RunReport(facts: facts, curves: RunCurves(lines), growth: growth).html
        for part in [
            "&lt;script&gt;", "&lt;b&gt;trial", "text/a.txt", "CC BY 4.0", "Left out by licence",
            "Shoken 9.9", "3.2100", "Loss", "Learning rate", "gradient", "perplexity",
            "How time grows", "power 1.00", "polyline",
        ] {
            #expect(html.contains(part), "\(part)")
        }
        #expect(!html.contains("<script"))
        #expect(!html.contains("http"))
        #expect(!html.contains("\"nan") && !html.contains("nan,") && !html.contains("inf,"))
        // Whatever reads XML reads the page's drawings.
        let drawings = html.components(separatedBy: "<svg").dropFirst().compactMap {
            $0.components(separatedBy: "</svg>").first.map { "<svg\($0)</svg>" }
        }
        #expect(drawings.count >= 7)
        for drawing in drawings {
            #expect(drawing.components(separatedBy: "\"").count % 2 == 1)
            #expect(drawing.count { $0 == "<" } == drawing.count { $0 == ">" })
        }
    }

    @Test("of a log whose last line was cut short is that of the lines before")
    func cutShort() throws {
        let folder = try TemporaryFolder()
        let file = folder["log.jsonl"]
        let log = try RunLog(file)
        for line in [step(1), step(2), notice(.stop, step: 2)] { try log.append(line) }
        let whole = try Data(contentsOf: file)
        try (whole + Data("{\"kind\":\"step\",\"st".utf8)).write(to: file)
        #expect(try RunLog.read(file) == [step(1), step(2), notice(.stop, step: 2)])
    }

    @Test("of growth finds the power by which time grows", arguments: [0.5, 1, 2])
    func exponent(power: Double) throws {
        let points = [64, 128, 512].map {
            GrowthMeasurement.Point(
                context: $0, parameters: 1, tokensPerSecond: 1e6 / pow(Double($0), power),
                memoryBytes: 0)
        }
        let found = try #require(GrowthMeasurement.exponent(points, \.context))
        #expect(abs(found - power) < 1e-9)
        #expect(GrowthMeasurement.exponent(points, \.parameters) == nil)
    }
}
