// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
package import Tensors
import WeightFiles

/// The loop that every kind of training runs in: steps, checkpoints, validation, trouble.
///
/// It knows nothing of networks and data, which are behind ``StageWork``.
package final class TrainingLoop {
    private let stages: [TrainingStage]
    private let layout: ParameterLayout
    private let start: () throws -> ParameterSet
    private let folder: CheckpointFolder
    private let everySteps: Int
    private let log: RunLog
    private let stop: StopRequest
    private let report: (RunEvent) throws -> Void
    private var speed = Speedometer()

    /// A run through stages, one after the other, each on the weights of the one before.
    ///
    /// - Parameters:
    ///   - layout: what is trained.
    ///   - start: makes the weights that a run begins with; the same each time.
    ///   - folder: where checkpoints are.
    ///   - everySteps: steps from one checkpoint to the next.
    ///   - log: where everything is logged.
    ///   - report: is told of everything after it is logged.
    package init(
        _ stages: [TrainingStage], layout: ParameterLayout,
        start: @escaping () throws -> ParameterSet, checkpoints folder: CheckpointFolder,
        everySteps: Int, log: RunLog, stop: StopRequest,
        report: @escaping (RunEvent) throws -> Void
    ) {
        precondition(!stages.isEmpty && everySteps > 0)
        (self.stages, self.layout, self.start) = (stages, layout, start)
        (self.folder, self.everySteps, self.log) = (folder, everySteps, log)
        (self.stop, self.report) = (stop, report)
    }

    /// Runs what is left to do and returns the final weights.
    ///
    /// Throws ``TrainingError/stopped(phase:step:)`` after writing a checkpoint when a stop was
    /// asked for, ``TrainingError/diverged(phase:step:reason:)`` after trouble that is not gone
    /// back from, ``TrainingError/unwritten(_:lastStep:)`` when a checkpoint or the log cannot be
    /// written, and what the closures throw.
    package func run() throws -> ParameterSet {
        var state = try begin()
        while true {
            if !state.position.isFinished { try runStage(&state) }
            guard state.position.stage + 1 < stages.count else {
                try note(.end, state.position)
                try log.flush()
                return state.parameters
            }
            if stop.isRequested { throw try stopped(state.position) }
            state = entering(state.position.nextStage, state.parameters)
        }
    }

    // MARK: Beginning and going back

    private func begin() throws -> Checkpoint {
        let found = try folder.newest(layout, settings: settings)
        for file in found.damaged {
            try note(.damagedCheckpoint, found.checkpoint?.position ?? RunPosition(), file: file)
        }
        let state = try found.checkpoint ?? fresh()
        try log.cut(to: state.position.logBytes)
        if found.checkpoint == nil {
            let (needed, free) = (try folder.neededBytes(layout), try folder.freeBytes())
            guard needed <= free else {
                throw TrainingError.noSpace(
                    directory: folder.url.path, needed: needed, free: free)
            }
        }
        try note(
            found.checkpoint == nil ? .start : .resume, state.position,
            threads: ComputeThreads.count)
        return state
    }

    private func settings(_ stage: Int) -> AdamW.Settings? {
        stages.indices.contains(stage) ? stages[stage].optimizer : nil
    }

    private func fresh() throws -> Checkpoint { entering(RunPosition(), try start()) }

    private func entering(_ position: RunPosition, _ parameters: ParameterSet) -> Checkpoint {
        Checkpoint(
            position: position, parameters: parameters,
            optimizer: AdamW(layout, settings: stages[position.stage].optimizer))
    }

    /// Goes back to the last checkpoint, and on with the draws after the present one.
    private func goBack(_ state: inout Checkpoint, because trouble: RunTrouble) throws {
        let (stage, failed) = (stages[state.position.stage], state.position)
        guard stage.stability.action == .rollback,
            failed.rollbacks < stage.stability.maximumRollbacks
        else {
            try note(.trouble, failed, reason: trouble)
            try log.flush()
            throw TrainingError.diverged(phase: stage.name, step: failed.step, reason: trouble)
        }
        state = try folder.newest(layout, settings: settings).checkpoint ?? fresh()
        if state.position.stage < failed.stage {
            state = entering(state.position.nextStage, state.parameters)
        }
        state.position.skippedDraws = failed.draw + 1 - state.position.step
        state.position.rollbacks = failed.rollbacks + 1
        state.position.seconds = failed.seconds
        try note(.rollback, failed, backTo: state.position.step, reason: trouble)
    }

    // MARK: Steps

    private func runStage(_ state: inout Checkpoint) throws {
        let stage = stages[state.position.stage]
        let work = try stage.prepare()
        speed = Speedometer()
        while state.position.step < stage.steps {
            if let trouble = try step(&state, stage, work) {
                try goBack(&state, because: trouble)
                continue
            }
            let isBest = try validate(&state, stage, work)
            let isLast = state.position.step == stage.steps
            let patience = stage.validation?.patience
            let isEnough = patience.map { state.position.validationsSinceBest >= $0 } ?? false
            if isLast || isEnough { return try finish(&state, stage, early: !isLast) }
            let stopping = stop.isRequested
            if isBest || stopping || state.position.step % everySteps == 0 {
                try save(&state)
            }
            if stopping { throw try stopped(state.position) }
        }
        // A stage whose last checkpoint was made before it could be finished.
        try finish(&state, stage, early: false)
    }

    /// What is thrown after a checkpoint when a stop was asked for.
    private func stopped(_ position: RunPosition) throws -> TrainingError {
        try note(.stop, position)
        try log.flush()
        return .stopped(phase: stages[position.stage].name, step: position.step)
    }

    /// Makes a step, or says what is wrong with it and leaves the weights as they are.
    private func step(
        _ state: inout Checkpoint, _ stage: TrainingStage, _ work: StageWork
    ) throws -> RunTrouble? {
        state.position.seconds += speed.lap()
        let found = try work.gradients(state.position.draw, state.parameters)
        let loss = found.loss
        guard loss.isFinite else { return .loss }
        guard !stage.stability.isSpike(loss, after: state.position.recentLosses) else {
            return .spike
        }
        let rate = stage.rate(state.position.step)
        guard found.gradients.globalNorm.isFinite else { return .gradient }
        let norm = state.optimizer.update(
            &state.parameters, gradients: found.gradients, rate: rate)
        state.position.step += 1
        state.position.tokens += found.tokens
        let seconds = speed.lap()
        state.position.seconds += seconds
        state.position.remember(loss: loss, window: stage.stability.window)
        let step = StepReport(
            phase: stage.name, step: state.position.step, steps: stage.steps,
            tokens: state.position.tokens, loss: loss, learningRate: rate, gradientNorm: norm,
            tokensPerSecond: speed.step(found.tokens, seconds: seconds),
            seconds: state.position.seconds,
            memoryBytes: ProcessMemory.peakBytes)
        try write(.step(step))
        try report(.step(step))
        return nil
    }

    /// Measures the state where that is due; whether it is the best so far.
    private func validate(
        _ state: inout Checkpoint, _ stage: TrainingStage, _ work: StageWork
    ) throws -> Bool {
        let step = state.position.step
        guard let settings = stage.validation, let validate = work.validate,
            step % settings.everySteps == 0 || step == stage.steps
        else { return false }
        let metrics = try validate(state.parameters)
        guard let value = metrics[settings.metric] else {
            throw TrainingError.noMetric(settings.metric, known: metrics.keys.sorted())
        }
        let isBest = state.position.observe(value, at: step, settings)
        state.position.seconds += speed.lap()
        let found = ValidationReport(
            phase: stage.name, step: step, metrics: metrics.filter { $0.value.isFinite },
            metric: settings.metric, isBest: isBest, seconds: state.position.seconds)
        try write(.validation(found))
        try report(.validation(found))
        return isBest
    }

    /// Ends a stage, with the best of its states if that is what is wanted.
    private func finish(
        _ state: inout Checkpoint, _ stage: TrainingStage, early: Bool
    ) throws {
        let position = state.position
        if early { try note(.earlyStop, position, backTo: position.best?.step) }
        if stage.validation?.keepsBest == true, let best = position.best, best.step < position.step
        {
            state.parameters = try folder.parameters(
                layout, stage: position.stage, step: best.step, settings: stage.optimizer)
        }
        state.position.isFinished = true
        try note(.finish, state.position)
        try save(&state)
    }

    // MARK: Records

    private func write(_ line: LogLine) throws {
        do {
            try log.append(line)
        } catch let error as FileError {
            throw unwritten(error)
        }
    }

    /// What ends a run that cannot write.
    private func unwritten(_ error: FileError) -> TrainingError {
        let last = try? folder.newest(layout, settings: settings).checkpoint
        return .unwritten(error, lastStep: last?.position.step)
    }

    private func save(_ state: inout Checkpoint) throws {
        try log.flush()
        state.position.logBytes = log.size
        do {
            let file = try folder.write(state)
            try note(.checkpoint, state.position, file: file.lastPathComponent)
        } catch WeightFileError.file(let error) {
            // On a full disk the log may have no room for this either.
            try? note(.unwritten, state.position, file: error.path)
            throw unwritten(error)
        }
    }

    private func note(
        _ event: RunNotice.Event, _ position: RunPosition, backTo: Int? = nil,
        reason: RunTrouble? = nil, file: String? = nil, threads: Int? = nil
    ) throws {
        var notice = RunNotice(
            event: event, at: Date().formatted(.iso8601), phase: stages[position.stage].name,
            step: position.step, backTo: backTo, reason: reason, file: file, threads: threads)
        if event == .start || event == .resume {
            let asked = stages[position.stage].precision
            notice.precision = asked.usable.rawValue
            if asked.usable != asked { notice.precisionMissing = asked.rawValue }
        }
        try write(.notice(notice))
        try report(.notice(notice))
    }
}
