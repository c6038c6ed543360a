// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
package import Tensors

/// A training run in a directory, with its log, facts and report kept up to date.
///
/// This is how every kind of training runs its stages.
package final class RecordedRun {
    private let directory: RunDirectory
    private let facts: RunFacts
    private let identity: RunIdentity
    private let checkpoints: CheckpointSettings
    private let stop: StopRequest
    private let report: (RunEvent) throws -> Void
    private var curves = RunCurves()

    /// A run; `report` is told of everything that happens.
    ///
    /// - Parameters:
    ///   - facts: what the run is made from, for `run.json` and the report.
    ///   - identity: what decides its weights: a checkpoint of another identity is refused.
    package init(
        _ directory: RunDirectory, facts: RunFacts, identity: RunIdentity,
        checkpoints: CheckpointSettings, stop: StopRequest,
        report: @escaping (RunEvent) throws -> Void
    ) {
        (self.directory, self.facts, self.identity) = (directory, facts, identity)
        (self.checkpoints, self.stop, self.report) = (checkpoints, stop, report)
    }

    /// Runs the stages, or what is left of them, and returns the final weights.
    ///
    /// Throws as ``TrainingLoop/run()``.
    package func train(
        _ stages: [TrainingStage], layout: ParameterLayout,
        start: @escaping () throws -> ParameterSet
    ) throws -> ParameterSet {
        try facts.write(to: directory.url)
        let loop = TrainingLoop(
            stages, layout: layout, start: start,
            checkpoints: try CheckpointFolder(
                directory.checkpoints, identity: identity, keep: checkpoints.keep),
            everySteps: checkpoints.everySteps, log: directory.log, stop: stop,
            report: { [self] in try take($0) })
        return try loop.run()
    }

    private func take(_ event: RunEvent) throws {
        switch event {
        case .step(let step): curves.take(.step(step))
        case .validation(let found): curves.take(.validation(found))
        case .notice(let notice):
            if notice.event == .start || notice.event == .resume {
                // What went before, as it stands in the log after it was cut back.
                curves = RunCurves(try RunLog.read(RunDirectory.log(directory.url)))
            } else {
                curves.take(.notice(notice))
            }
            if notice.event != .reportUnwritten { try writeReport(notice) }
        }
        try report(event)
    }

    /// Writes the report; a run does not end because that fails.
    private func writeReport(_ occasion: RunNotice) throws {
        do {
            let growth = try? GrowthMeasurement(of: directory.url)
            try RunReport(facts: facts, curves: curves, growth: growth)
                .write(to: RunDirectory.report(directory.url))
        } catch let error as FileError {
            var notice = occasion
            (notice.event, notice.file) = (.reportUnwritten, error.path)
            (notice.backTo, notice.reason) = (nil, nil)
            try? directory.log.append(.notice(notice))
            try take(.notice(notice))
        }
    }
}
