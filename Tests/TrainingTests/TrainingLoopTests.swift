// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Tensors
import TestSupport
import Testing
import Training

/// The end of a process, as far as a run can tell.
private struct Killed: Error {}

/// A run that moves three numbers towards others, with noise that depends on the draw.
private struct ToyRun {
    let folder: URL
    var steps = [12]
    var everySteps = 3
    var keep = 2
    var validation: ValidationSettings?
    var stability = StabilitySettings()
    var seed = "1"
    /// Changes what a draw gives.
    var upset: (_ draw: Int, inout StepGradients) throws -> Void = { _, _ in }
    /// What validation measures after so many validations; by default the distance.
    var metric: ((ParameterSet) -> Double)?
    /// Steps after which a stop is asked for, counted from this process's first.
    var stopAfter: Int?

    private static let layout = ParameterLayout([
        .init(name: "a", shape: [1, 2]), .init(name: "b", shape: [1]),
    ])

    init(_ folder: URL) { self.folder = folder }

    static func distance(_ parameters: ParameterSet) -> Double {
        parameters.tensors.flatMap(\.values).reduce(0) { $0 + Double(($1 - 1) * ($1 - 1)) }
    }

    private func gradients(_ draw: Int, _ parameters: ParameterSet) throws -> StepGradients {
        var gradients = parameters
        var generator = SplitMix64(seed: 5, stream: UInt64(draw))
        for place in gradients.tensors.indices {
            gradients.tensors[place].values = gradients.tensors[place].values.map {
                2 * ($0 - 1) + Float(generator.normal()) * 0.3
            }
        }
        var step = StepGradients(
            loss: Self.distance(parameters), tokens: 16, gradients: gradients)
        try upset(draw, &step)
        return step
    }

    /// Runs, and returns the weights and what was told.
    func run() throws -> (weights: ParameterSet, events: [RunEvent]) {
        var events: [RunEvent] = []
        let weights = try run { events.append($0) }
        return (weights, events)
    }

    func run(_ report: @escaping (RunEvent) -> Void) throws -> ParameterSet {
        let directory = try RunDirectory(folder)
        var identity = RunIdentity()
        identity["seed"] = seed
        let stop = StopRequest()
        var count = 0
        let stages = steps.enumerated().map { index, steps in
            TrainingStage(
                name: "stage-\(index)", steps: steps, optimizer: AdamW.Settings(),
                rate: { _ in 0.05 }, validation: validation, stability: stability,
                prepare: {
                    StageWork(
                        gradients: { try gradients($0, $1) },
                        validate: validation == nil
                            ? nil : { ["loss": metric?($0) ?? Self.distance($0)] })
                })
        }
        return try TrainingLoop(
            stages, layout: Self.layout, start: { ParameterSet(zeros: Self.layout) },
            checkpoints: CheckpointFolder(directory.checkpoints, identity: identity, keep: keep),
            everySteps: everySteps, log: directory.log, stop: stop,
            report: {
                if case .step = $0 { count += 1 }
                if count == stopAfter { stop.request() }
                report($0)
            }
        ).run()
    }

    var checkpoints: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: "work/checkpoints").path
            ).sorted()
        }
    }

    /// Steps as logged: what does not depend on the clock.
    var loggedSteps: [String] {
        get throws {
            try RunLog.read(RunDirectory.log(folder)).compactMap { line in
                guard case .step(let step) = line else { return nil }
                return "\(step.phase) \(step.step) \(step.loss) \(step.gradientNorm)"
            }
        }
    }

    var loggedEvents: [RunNotice.Event] {
        get throws {
            try RunLog.read(RunDirectory.log(folder)).compactMap { line in
                guard case .notice(let notice) = line else { return nil }
                return notice.event
            }
        }
    }
}

@Suite("A run")
struct TrainingLoopTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func toy(_ name: String) -> ToyRun { ToyRun(folder[name]) }

    /// Damages a checkpoint: cuts it, or changes a byte of its content.
    private func damage(_ run: ToyRun, _ name: String, cut: Bool) throws {
        let file = run.folder.appending(path: "work/checkpoints/\(name)")
        var content = try Data(contentsOf: file)
        if cut { content.removeLast(7) } else { content[content.count - 3] ^= 0x10 }
        try content.write(to: file)
    }

    @Test(
        "that ended anywhere goes on to the same weights, log and stop",
        arguments: [1, 3, 4, 7, 11, 14, 19])
    func resumes(stopAfter: Int) throws {
        func configured(_ name: String) -> ToyRun {
            var run = toy(name)
            run.steps = [12, 10]
            run.validation = ValidationSettings(everySteps: 2, patience: 3, keepsBest: true)
            return run
        }
        let whole = configured("whole")
        let expected = try whole.run().weights
        // A process that is killed loses what came after its last checkpoint, as here.
        var parts = configured("parts")
        var left = stopAfter
        parts.upset = { _, _ in
            left -= 1
            if left < 0 { throw Killed() }
        }
        #expect(throws: Killed.self) { try parts.run() }
        let found = try configured("parts").run().weights
        #expect(found == expected)
        let (all, again) = (try whole.loggedSteps, try parts.loggedSteps)
        #expect(all == again)
        #expect(try parts.loggedEvents.contains(.resume) == (stopAfter >= 2))
    }

    @Test("that is asked to stop says so after a checkpoint, and goes on to the same weights")
    func stops() throws {
        let expected = try toy("whole").run().weights
        var parts = toy("parts")
        parts.stopAfter = 5
        #expect(throws: TrainingError.stopped(phase: "stage-0", step: 5)) { try parts.run() }
        #expect(try parts.checkpoints.last == "00-00000005.safetensors")
        parts.stopAfter = nil
        #expect(try parts.run().weights == expected)
        #expect(try parts.loggedSteps == toy("whole").loggedSteps)
        #expect(
            try parts.loggedEvents.filter { [.start, .stop, .resume].contains($0) } == [
                .start, .stop, .resume,
            ])
    }

    @Test("keeps the newest checkpoints and the best")
    func retention() throws {
        var run = toy("keep")
        run.validation = ValidationSettings(everySteps: 3)
        var values = [5.0, 1, 2, 3]
        run.metric = { _ in values.removeFirst() }
        _ = try run.run()
        #expect(
            try run.checkpoints == [
                "00-00000006.safetensors", "00-00000009.safetensors", "00-00000012.safetensors",
            ])
    }

    @Test("ends when validation improves no more, with the best weights")
    func stopsEarly() throws {
        var run = toy("early")
        run.validation = ValidationSettings(everySteps: 2, patience: 2, keepsBest: true)
        var values = [5.0, 4, 4, 6, 1]
        var seen: [ParameterSet] = []
        run.metric = {
            seen.append($0)
            return values.removeFirst()
        }
        let (weights, events) = try run.run()
        #expect(weights == seen[1])
        let notices = events.compactMap { event -> RunNotice? in
            if case .notice(let notice) = event { notice } else { nil }
        }
        let stop = try #require(notices.first { $0.event == .earlyStop })
        #expect(stop.step == 8)
        #expect(stop.backTo == 4)
        // Running it again has nothing to do, and gives the same.
        #expect(try run.run().weights == weights)
    }

    @Test("whose trouble is not to be gone back from ends with its name", arguments: [0, 1, 2])
    func trouble(kind: Int) throws {
        var run = toy("trouble")
        run.stability = StabilitySettings(action: .stop, spikeFactor: 3, window: 4)
        let reasons: [RunTrouble] = [.loss, .gradient, .spike]
        run.upset = { draw, step in
            guard draw == 7 else { return }
            switch kind {
            case 0: step.loss = .infinity
            case 1: step.gradients.tensors[0].values[1] = .nan
            default: step.loss = 1000
            }
        }
        #expect(
            throws: TrainingError.diverged(phase: "stage-0", step: 7, reason: reasons[kind])
        ) { try run.run() }
        #expect(try run.checkpoints.last == "00-00000006.safetensors")
        #expect(try run.loggedEvents.last == .trouble)
    }

    @Test("goes back from trouble to the last checkpoint and leaves the bad draw out")
    func rollsBack() throws {
        var run = toy("back")
        run.stability = StabilitySettings(action: .rollback)
        var draws: [Int] = []
        run.upset = { draw, step in
            draws.append(draw)
            if draw == 7 { step.loss = .nan }
        }
        let (weights, events) = try run.run()
        #expect(draws == Array(0...7) + Array(8...13))
        let back = events.compactMap { event -> RunNotice? in
            if case .notice(let notice) = event, notice.event == .rollback { notice } else { nil }
        }
        #expect(back.map(\.step) == [7])
        #expect(back.map(\.backTo) == [6])
        #expect(back.map(\.reason) == [.loss])
        // Killed between going back and the next checkpoint, it goes back again.
        var killed = toy("killed")
        killed.stability = run.stability
        killed.upset = { draw, step in
            if draw == 7 { step.loss = .nan }
            if draw == 8 { throw Killed() }
        }
        #expect(throws: Killed.self) { try killed.run() }
        killed.upset = { draw, step in if draw == 7 { step.loss = .nan } }
        #expect(try killed.run().weights == weights)
    }

    @Test("goes back before its first checkpoint to its beginning, and not for ever")
    func givesUp() throws {
        var run = toy("often")
        run.stability = StabilitySettings(action: .rollback, maximumRollbacks: 3)
        var draws: [Int] = []
        run.upset = { draw, step in
            draws.append(draw)
            if draw % 2 == 1 { step.loss = .nan }
        }
        #expect(throws: TrainingError.diverged(phase: "stage-0", step: 1, reason: .loss)) {
            try run.run()
        }
        #expect(draws == Array(0...7))
    }

    @Test("passes over a damaged checkpoint and says so", arguments: [true, false])
    func damaged(cut: Bool) throws {
        let expected = try toy("whole").run().weights
        var run = toy("damaged")
        run.stopAfter = 8
        #expect(throws: TrainingError.self) { try run.run() }
        run.stopAfter = nil
        try damage(run, "00-00000008.safetensors", cut: cut)
        let (weights, events) = try run.run()
        #expect(weights == expected)
        let damaged = events.contains { event in
            if case .notice(let notice) = event {
                notice.event == .damagedCheckpoint
                    && notice.file?.hasSuffix("00-00000008.safetensors.damaged") == true
            } else {
                false
            }
        }
        #expect(damaged)
        #expect(try run.loggedSteps == toy("whole").loggedSteps)
    }

    @Test("with damaged checkpoints only does not begin anew by itself")
    func allDamaged() throws {
        var run = toy("lost")
        run.stopAfter = 4
        #expect(throws: TrainingError.self) { try run.run() }
        for name in try run.checkpoints { try damage(run, name, cut: true) }
        let before = try run.checkpoints
        let error = #expect(throws: TrainingError.self) { try run.run() }
        guard case .checkpoint = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try run.checkpoints == before)
    }

    @Test("does not go on from another run's checkpoint, and names what differs")
    func otherRun() throws {
        var run = toy("other")
        run.stopAfter = 4
        #expect(throws: TrainingError.self) { try run.run() }
        run.seed = "2"
        let error = #expect(throws: TrainingError.self) { try run.run() }
        guard case .otherRun(_, let fields) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(fields == ["seed"])
    }

    @Test("removes what a killed process left half-written, and takes none of it for a checkpoint")
    func leftOvers() throws {
        var run = toy("left")
        run.stopAfter = 4
        #expect(throws: TrainingError.self) { try run.run() }
        let half = run.folder.appending(path: "work/checkpoints/.77-abc.tmp")
        try Data([1, 2, 3]).write(to: half)
        run.stopAfter = nil
        _ = try run.run()
        #expect(!FileManager.default.fileExists(atPath: half.path))
    }

    @Test("holds its directory for itself")
    func locked() throws {
        let run = toy("locked")
        let first = try RunDirectory(run.folder)
        let error = #expect(throws: TrainingError.self) { try RunDirectory(run.folder) }
        guard case .inUse = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        withExtendedLifetime(first) {}
    }

    @Test("whose validation lacks the metric says which there are")
    func noMetric() throws {
        var run = toy("metric")
        run.validation = ValidationSettings(everySteps: 2, metric: "f1")
        #expect(throws: TrainingError.noMetric("f1", known: ["loss"])) { try run.run() }
    }
}
