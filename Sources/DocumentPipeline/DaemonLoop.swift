// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Dispatch
package import DurableFiles
import Faults
import Foundation
import Intake
import Spool

/// Why the run loop came to its end.
package enum RunEnd: Hashable, Sendable {
    /// A stop was asked for; nothing is half done.
    case stopped
    /// Asked to run once, it has processed all that was in the spool.
    case spoolEmpty
    /// Asked to run once, something could not be processed however often it was tried.
    case gaveUp
}

/// The daemon's way of working: list, take, process, record, move on, wait.
///
/// The spool's directories are its whole memory. Whatever a refused operation leaves behind is found
/// again by the same recovery that follows a crash.
package struct DaemonLoop: Sendable {
    /// What the configuration and the command line say of the loop.
    package struct Settings: Sendable {
        /// Whether to end when nothing is left.
        package var isOnce = false
        /// How long a file without an event must stay the same, in seconds.
        package var settleSeconds = 2.0
        /// How often to list without an event, in seconds.
        package var scanIntervalSeconds = 10.0
        /// The largest file that is taken, in bytes.
        package var maximumDocumentBytes = IntakeLimits().maximumBytes
        /// The free space below which nothing is taken, in bytes.
        package var minimumFreeBytes = 0
        /// The most files taken at once.
        package var batchDocuments = 16
        /// The first pause after a failure; it doubles up to a minute.
        package var firstPause: Duration = .seconds(1)

        /// The settings with the defaults of shoken.toml(5), but no floor for free space.
        package init() {}
    }

    /// How many pauses in a row a single run bears before it gives up.
    static let mostPausesOnce = 5

    let root: FilePath
    let files: any FileOperations
    let processor: any DocumentProcessor
    let settings: Settings
    let signals: RunSignals
    let log: @Sendable (DaemonEvent) -> Void
    let modelQueue = DispatchQueue(label: "shoken.model")

    /// Puts the parts together; nothing is touched before ``run()``.
    package init(
        root: FilePath, files: any FileOperations = DiskFiles(),
        processor: any DocumentProcessor, settings: Settings, signals: RunSignals,
        log: @escaping @Sendable (DaemonEvent) -> Void
    ) {
        self.root = root
        self.files = files
        self.processor = processor
        self.settings = settings
        self.signals = signals
        self.log = log
    }

    /// Works until a stop is asked for or, when run once, until the spool is empty.
    package func run() async -> RunEnd {
        var state = RunState(settings: settings)
        signals.beginWork()
        while true {
            if signals.stopRequested {
                log(.stopping)
                return .stopped
            }
            state.pause = nil
            await turn(&state)
            if state.pause == nil { state.backoff.succeed() }
            if signals.stopRequested { continue }
            if settings.isOnce {
                if state.isSpoolEmpty && state.pause == nil { return .spoolEmpty }
                if state.backoff.failures >= Self.mostPausesOnce { return .gaveUp }
            }
            await signals.wait(upTo: waitingTime(state))
        }
    }

    /// One listing and all that follows from it.
    private func turn(_ state: inout RunState) async {
        guard hasDatabase(&state) else { return }
        do {
            let spool = try SpoolDirectory(root: root, files: files)
            if state.needsRecovery { try await recover(spool, &state) }
            // Hints before the listing: a hint is of a file that this listing will show.
            let hints = signals.takeHints()
            let listing = try spool.scan()
            state.isSpoolEmpty = listing.files.isEmpty && !state.needsRecovery
            for directory in state.tracker.unreportedDirectories(in: listing) {
                log(.directoryIgnored(kind: directory.kind, name: directory.name))
            }
            for file in listing.unsuitable where hasSpace(spool, &state) {
                attempt(&state) { () throws(FileError) in
                    try spool.setAside(file)
                    log(.rejected(code: "not-a-regular-file", kind: file.kind, name: file.name))
                }
            }
            let ready = state.tracker.ready(in: listing, hints: hints, at: state.now)
            await take(ready, from: spool, &state)
        } catch let error as FileError {
            refuse(error, &state)
        } catch {
            let pause = state.fail()
            log(.lookupFailed(detail: explained(error).explanation, retryAfter: pause))
        }
    }

    /// Whether results can be recorded; else says why, once a pause, however often the loop is called
    /// meanwhile.
    private func hasDatabase(_ state: inout RunState) -> Bool {
        do {
            try processor.requireDatabase()
            state.databaseDue = 0
            return true
        } catch {
            let left = state.databaseDue - state.now
            if left > 0 {
                state.pause = .nanoseconds(left)
            } else {
                let pause = state.fail()
                state.databaseDue = state.now + Int64(pause / .nanoseconds(1))
                log(.lookupFailed(detail: explained(error).explanation, retryAfter: pause))
            }
            return false
        }
    }

    /// Takes up again what lies in `processing/`, each file alone.
    private func recover(_ spool: SpoolDirectory, _ state: inout RunState) async throws {
        let isStart = !state.hasStarted
        let recovery = try spool.recover(countsAttempts: isStart) {
            try processor.isRecorded($0, sha256: $1)
        }
        state.hasStarted = true
        state.needsRecovery = false
        if isStart && !recovery.isEmpty {
            log(
                .recovered(
                    finished: recovery.finished, setAside: recovery.setAside,
                    waiting: recovery.waiting.count))
        }
        for claim in recovery.waiting {
            if signals.stopRequested { return }
            // Within one run nothing has crashed, so an attempt that was written down still stands.
            let begun = isStart || claim.attempt == 0 ? try spool.begin(claim) : claim
            await process([begun], in: spool, &state)
            if state.pause != nil { return }
        }
    }

    private func take(
        _ ready: [IncomingFile], from spool: SpoolDirectory, _ state: inout RunState
    ) async {
        var rest = ready[...]
        while !rest.isEmpty, !signals.stopRequested, hasSpace(spool, &state) {
            var claims: [ClaimedFile] = []
            for file in rest.prefix(settings.batchDocuments) {
                attempt(&state) { () throws(FileError) in
                    guard let claim = try spool.claim(file) else { return }
                    if claim.size > settings.maximumDocumentBytes {
                        try reject(claim, .tooLarge(limit: settings.maximumDocumentBytes), spool)
                    } else {
                        claims.append(claim)
                    }
                }
            }
            rest = rest.dropFirst(settings.batchDocuments)
            if !claims.isEmpty { await process(claims, in: spool, &state) }
            if state.pause != nil { return }
        }
    }

    /// Processes claims off the threads of the runtime and moves each file by its outcome.
    private func process(
        _ claims: [ClaimedFile], in spool: SpoolDirectory, _ state: inout RunState
    ) async {
        signals.beginWork()
        let started = ContinuousClock.now
        let outcomes = await withCheckedContinuation { continuation in
            modelQueue.async { continuation.resume(returning: processor.process(claims)) }
        }
        precondition(outcomes.count == claims.count, "a processor gives one outcome a claim")
        var tally = OutcomeTally()
        for (claim, outcome) in zip(claims, outcomes) {
            tally.count(outcome)
            attempt(&state) { () throws(FileError) in try conclude(claim, outcome, spool) }
        }
        if let reason = tally.postponedReason {
            state.needsRecovery = true
            log(.postponed(reason: reason, retryAfter: state.fail()))
        }
        log(tally.event(elapsed: ContinuousClock.now - started))
        signals.beginWork()
    }

    private func conclude(
        _ claim: ClaimedFile, _ outcome: ProcessingOutcome, _ spool: SpoolDirectory
    ) throws(FileError) {
        switch outcome {
        case .recorded, .duplicate: try spool.finish(claim)
        case .rejected(let code, let reason):
            try reject(claim, FailureReason(code: code, text: reason), spool)
        case .postponed: _ = try spool.release(claim)
        }
    }

    private func reject(
        _ claim: ClaimedFile, _ reason: FailureReason, _ spool: SpoolDirectory
    ) throws(FileError) {
        try spool.fail(claim, reason)
        log(.rejected(code: reason.code, kind: claim.kind, name: claim.originalName))
    }

    /// Does something to one file; when it is refused, the others still get their turn.
    private func attempt(_ state: inout RunState, _ body: () throws(FileError) -> Void) {
        do throws(FileError) { try body() } catch { refuse(error, &state) }
    }

    private func refuse(_ error: FileError, _ state: inout RunState) {
        // A refused operation may have left a claim behind that nobody has in hand.
        state.needsRecovery = true
        log(.fileRefused(error, retryAfter: state.fail()))
    }

    private func hasSpace(_ spool: SpoolDirectory, _ state: inout RunState) -> Bool {
        guard settings.minimumFreeBytes > 0, let free = try? spool.freeBytes() else { return true }
        let isLow = free < UInt64(settings.minimumFreeBytes)
        if isLow {
            if !state.isSpaceLow {
                log(.spaceLow(freeBytes: free, minimumBytes: settings.minimumFreeBytes))
            }
            _ = state.fail()
        } else if state.isSpaceLow {
            log(.spaceRegained)
        }
        state.isSpaceLow = isLow
        return !isLow
    }

    private func waitingTime(_ state: RunState) -> Duration {
        if let pause = state.pause { return pause }
        let settled = state.tracker.nextReady
            .map { Duration.nanoseconds($0 - state.now) }
        // A single run looks again at once, to see that nothing is left.
        let idle: Duration = settings.isOnce ? .zero : .seconds(settings.scanIntervalSeconds)
        let wait = settled.map { settings.isOnce ? $0 : min($0, idle) } ?? idle
        return max(wait, .milliseconds(10))
    }
}
