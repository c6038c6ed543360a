// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Training

extension TrainCommand {
    /// The report on a run, made again.
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the report on a run from its log.",
            discussion: """
                A run writes OUTPUT/report.html by itself at every checkpoint. This writes it again \
                from OUTPUT/log.jsonl and OUTPUT/run.json, also while the run goes on.

                Examples:
                  shokenctl train report run
                  shokenctl train report run --output /srv/www/run.html
                """)

        @Argument(help: ArgumentHelp("The run's --output.", valueName: "output"))
        var directory: String

        @Option(help: ArgumentHelp("Where the report goes, instead.", valueName: "file"))
        var output: String?

        @OptionGroup var common: CommonOptions

        func run() throws {
            let folder = URL(filePath: directory)
            let file = output.map { URL(filePath: $0) } ?? RunDirectory.report(folder)
            try RunReport(folder).write(to: file)
            if common.json {
                try printJSON(["report": file.path])
            } else {
                print("report: \(file.path)")
            }
        }
    }

    /// Where a run stands.
    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say where a run stands.",
            discussion: """
                Reads OUTPUT/log.jsonl; the run need not go on, and is not disturbed. With --json the \
                object has state (running, stopped, done), stage, step, steps, loss, \
                learning_rate, gradient_norm, tokens_per_second, seconds, seconds_left, \
                memory_bytes, best, last_checkpoint and last_event.

                Examples:
                  shokenctl train status run
                  shokenctl train status run --json
                """)

        @Argument(help: ArgumentHelp("The run's --output.", valueName: "output"))
        var directory: String

        @OptionGroup var common: CommonOptions

        func run() throws {
            let status = try RunStatus(URL(filePath: directory))
            if common.json { return try printJSON(status) }
            TextTable(columns: ["", ""], rows: status.rows).print()
        }
    }
}

/// Where a run stands, as its log says.
private struct RunStatus: Encodable {
    struct Best: Encodable {
        let stage: String
        let step: Int
        let metric: String
        let value: Double
    }

    let state: String
    let stage: String?
    let step: Int?
    let steps: Int?
    let loss: Double?
    let learning_rate: Double?
    let gradient_norm: Double?
    let tokens_per_second: Double?
    let seconds: Double?
    let seconds_left: Double?
    let memory_bytes: Int?
    let best: Best?
    let last_checkpoint: RunNotice?
    let last_event: RunNotice?

    init(_ folder: URL) throws {
        let curves = RunCurves(try RunLog.read(RunDirectory.log(folder)))
        let last = curves.last
        // Whoever can have the directory is alone with it.
        let isFree = (try? RunDirectory.isFree(folder)) ?? true
        state = !isFree ? "running" : Self.isDone(curves) ? "done" : "stopped"
        (stage, step, steps, loss) = (last?.phase, last?.step, last?.steps, last?.loss)
        (learning_rate, gradient_norm) = (last?.learningRate, last?.gradientNorm)
        (tokens_per_second, seconds) = (last?.tokensPerSecond, last?.seconds)
        (seconds_left, memory_bytes) = (last?.secondsLeft, last?.memoryBytes)
        best = curves.validations.last(where: \.report.isBest).flatMap { found in
            found.report.metrics[found.report.metric].map {
                Best(
                    stage: found.report.phase, step: found.report.step,
                    metric: found.report.metric, value: $0)
            }
        }
        (last_checkpoint, last_event) = (curves.lastCheckpoint, curves.notices.last)
    }

    /// Whether all stages are done.
    private static func isDone(_ curves: RunCurves) -> Bool {
        switch curves.notices.last?.event {
        case .end: true
        default: false
        }
    }

    var rows: [[String]] {
        var rows = [["state", state]]
        if let stage, let step, let steps {
            rows.append(["stage", "\(stage), step \(step) of \(steps)"])
        }
        if let loss { rows.append(["loss", String(format: "%.4f", loss)]) }
        if let tokens_per_second {
            rows.append(["speed", String(format: "%.0f tokens/s", tokens_per_second)])
        }
        if let seconds { rows.append(["computing", ProgressBar.duration(seconds)]) }
        if let seconds_left, state == "running" {
            rows.append(["left in this stage", ProgressBar.duration(seconds_left)])
        }
        if let memory_bytes { rows.append(["memory", "\(memory_bytes >> 20) MiB at most"]) }
        if let best {
            rows.append([
                "best \(best.metric)",
                String(format: "%.4f", best.value) + " in \(best.stage) after step \(best.step)",
            ])
        }
        if let last_checkpoint {
            rows.append([
                "last checkpoint", "\(last_checkpoint.phase), step \(last_checkpoint.step)",
            ])
        }
        if let last_event {
            rows.append(["last event", "\(last_event.event.rawValue), \(last_event.at)"])
        }
        return rows
    }
}
