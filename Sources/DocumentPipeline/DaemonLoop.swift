// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
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
    /// A new beginning was asked for, with a configuration that can be read; nothing is half done.
    case reloading
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
        /// Files above this go one at a time by a lane of their own, in bytes; files taken at once are no
        /// larger together, unless one is alone.
        package var largeFileBytes = 24 << 10
        /// The kinds whose files are taken only with a trigger.
        package var triggeredKinds: Set<DocumentKind> = []
        /// The part of its time that the daemon gives to reading documents once more while files come in, below 1.
        package var rereadingShare = 0.0
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
    let crashMark: CrashMark?
    let configurationFault: @Sendable () -> String?
    let log: @Sendable (DaemonEvent) -> Void
    let modelQueue = DispatchQueue(label: "shoken.model")
    let lane = LargeFileLane()

    /// Puts the parts together; nothing is touched before ``run()``.
    ///
    /// Without a `crashMark` every former end counts as a kill. `configurationFault` says why a new
    /// beginning would fail, nil if it would not.
    package init(
        root: FilePath, files: any FileOperations = SpoolDirectory.ownFiles,
        processor: any DocumentProcessor, settings: Settings, signals: RunSignals,
        crashMark: CrashMark? = nil,
        configurationFault: @escaping @Sendable () -> String? = { nil },
        log: @escaping @Sendable (DaemonEvent) -> Void
    ) {
        self.root = root
        self.files = files
        self.processor = processor
        self.settings = settings
        self.signals = signals
        self.crashMark = crashMark
        self.configurationFault = configurationFault
        self.log = log
    }

    /// Works until a stop is asked for or, when run once, until the spool is empty.
    package func run() async -> RunEnd {
        var state = RunState(settings: settings)
        signals.beginWork()
        while true {
            if signals.stopRequested {
                log(.stopping)
                giveBackLargeFile(&state)
                return .stopped
            }
            if signals.takeReload(), mayReload() {
                giveBackLargeFile(&state)
                return .reloading
            }
            state.pause = nil
            await turn(&state)
            if state.pause == nil { state.backoff.succeed() }
            if signals.stopRequested { continue }
            if settings.isOnce {
                if state.isSpoolEmpty, state.pause == nil, !state.isRereading { return .spoolEmpty }
                if state.backoff.failures >= Self.mostPausesOnce { return .gaveUp }
            }
            await signals.wait(upTo: waitingTime(state))
        }
    }

    private func mayReload() -> Bool {
        if let fault = configurationFault() {
            log(.reloadRefused(detail: fault))
            return false
        }
        log(.reloading)
        return true
    }

    /// One listing and all that follows from it.
    private func turn(_ state: inout RunState) async {
        state.isRereading = false
        guard hasDatabase(&state) else { return }
        do {
            let spool = try open(&state)
            if state.needsRecovery, state.now >= state.recoveryDue {
                try await recover(spool, &state)
            }
            lookForLateWriters(spool, &state)
            // Hints before the listing: a hint is of a file that this listing will show.
            let hints = signals.takeHints()
            let listing = spool.scan()
            state.note(listing.refused)
            state.isSpoolEmpty =
                listing.files.allSatisfy(state.tracker.waitsForTrigger) && !state.needsRecovery
                && lane.claim == nil && state.largeClaims.isEmpty
            for directory in state.tracker.unreportedDirectories(in: listing) {
                log(.directoryIgnored(kind: directory.kind, name: directory.name))
            }
            lookForMisplacedFiles(spool, &state)
            var failing: Set<DocumentKind> = []
            for kind in DocumentKind.allCases {
                guard let error = listing.refused[kind] else { continue }
                fail(kind, error, &failing, &state)
            }
            for file in listing.unsuitable where hasSpace(spool, &state) {
                setAside(&state) { () throws(FileError) in
                    try spool.setAside(file)
                    log(.rejected(code: "not-a-regular-file", kind: file.kind, name: file.name))
                }
            }
            let ready = state.tracker.ready(in: listing, hints: hints, at: state.now)
            await take(ready, from: spool, &failing, &state)
            let isIdle = ready.isEmpty && lane.claim == nil && state.largeClaims.isEmpty
            await readAgain(whileIdle: isIdle, in: spool, &state)
            for kind in state.foldersSucceeded(except: failing) { log(.folderRegained(kind: kind)) }
            // A single run does not wait for ever until somebody mends a folder.
            if settings.isOnce && !failing.isEmpty { _ = state.fail() }
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

    /// The spool, with the folders that somebody removed; made at the first turn only.
    private func open(_ state: inout RunState) throws -> SpoolDirectory {
        if let spool = state.spool {
            try spool.mend(remakingIncoming: state.timeToRemaking.map { $0 <= .zero } ?? false)
            return spool
        }
        let spool = try SpoolDirectory(root: root, files: files)
        state.spool = spool
        return spool
    }

    /// Takes up again what lies in `processing/`, each file alone.
    private func recover(_ spool: SpoolDirectory, _ state: inout RunState) async throws {
        let isStart = !state.hasStarted
        let end: FormerEnd =
            !isStart ? .none : crashMark?.tellsOfDocument == true ? .crashed : .killed
        let recovery = try spool.recover(after: end, inHand: claimsOfLane(state)) {
            try processor.isSettled($0, sha256: $1)
        }
        // Only now that the claims' names tell it; and before another can be in hand.
        if isStart { try crashMark?.clear() }
        state.hasStarted = true
        state.needsRecovery = false
        if isStart && !recovery.isEmpty {
            log(
                .recovered(
                    finished: recovery.finished, setAside: recovery.setAside,
                    waiting: recovery.waiting.count))
        }
        for error in recovery.refusedMoves { refuse(error, &state) }
        if let error = recovery.refusedSettingsAside.first { refuseSettingAside(error, &state) }
        state.largeClaims += recovery.waiting.filter { isLarge(bytes: $0.size) }
        for claim in recovery.waiting where !isLarge(bytes: claim.size) {
            if signals.stopRequested || state.pause != nil {
                state.needsRecovery = true
                return
            }
            let begun = lane.claim == nil ? try spool.begin(claim) : claim
            await process([begun], in: spool, &state)
        }
        if !state.needsRecovery { state.recoverySucceeded() }
    }

    /// Takes files that are ready, a batch at a time; `failing` gathers the folders that let none go.
    private func take(
        _ ready: [IncomingFile], from spool: SpoolDirectory, _ failing: inout Set<DocumentKind>,
        _ state: inout RunState
    ) async {
        var large = ready.filter { isLarge(bytes: $0.facts.size) }[...]
        var rest = ready.filter { !isLarge(bytes: $0.facts.size) }[...]
        serveLane(&large, in: spool, &failing, &state)
        while !rest.isEmpty, state.pause == nil, !signals.stopRequested, hasSpace(spool, &state) {
            let batch = batch(of: rest)
            rest = rest.dropFirst(batch.count)
            let isAlone = batch.count == 1 && lane.claim == nil
            var claims: [ClaimedFile] = []
            for file in batch {
                if let claim = claim(file, isAlone, in: spool, &failing, &state) {
                    claims.append(claim)
                }
            }
            if !claims.isEmpty { await process(claims, in: spool, &state) }
            await readAgain(whileIdle: false, in: spool, &state)
            serveLane(&large, in: spool, &failing, &state)
        }
    }

    /// The first files that are taken together: as many and as much text as are soon answered.
    private func batch(of files: ArraySlice<IncomingFile>) -> ArraySlice<IncomingFile> {
        var bytes = 0
        let fitting = files.prefix(settings.batchDocuments).prefix { file in
            bytes += file.facts.size
            return bytes <= settings.largeFileBytes
        }
        return fitting.isEmpty ? files.prefix(1) : fitting
    }

    /// Takes one file; nil when it is gone, not ready after all, or set aside.
    func claim(
        _ file: IncomingFile, _ isAlone: Bool, in spool: SpoolDirectory,
        _ failing: inout Set<DocumentKind>, _ state: inout RunState
    ) -> ClaimedFile? {
        if spool.isBeingWritten(file) == true {
            if state.tracker.holdOpen(file, at: state.now) {
                log(.heldOpen(kind: file.kind, name: file.name))
            }
            return nil
        }
        let claim: ClaimedFile?
        do throws(FileError) {
            claim = try spool.claim(file, isAlone: isAlone)
        } catch {
            fail(file.kind, error, &failing, &state)
            // The move may have been done and only its flush, or the look at it, been refused.
            if !spool.isInPlace(file) { state.needsRecovery = true }
            state.tracker.hold(file, until: state.holdFolder(file.kind))
            return nil
        }
        guard let claim, claim.size > settings.maximumDocumentBytes else { return claim }
        setAside(&state) { () throws(FileError) in
            try reject(claim, .tooLarge(limit: settings.maximumDocumentBytes), spool)
        }
        return nil
    }

    /// Notes that a folder cannot be read or lets a file not go, and tells it once.
    private func fail(
        _ kind: DocumentKind, _ error: FileError, _ failing: inout Set<DocumentKind>,
        _ state: inout RunState
    ) {
        guard failing.insert(kind).inserted else { return }
        if state.folderFailed(kind) { log(.folderRefused(kind: kind, error)) }
    }

    /// Processes claims off the threads of the runtime and moves each file by its outcome.
    private func process(
        _ claims: [ClaimedFile], in spool: SpoolDirectory, _ state: inout RunState
    ) async {
        signals.beginWork()
        let started = ContinuousClock.now
        let isAlone = claims.count == 1 && lane.claim == nil
        let outcomes = await withCheckedContinuation { continuation in
            modelQueue.async {
                let outcomes =
                    crashMark?.whileAlone(isAlone) { processor.process(claims) }
                    ?? processor.process(claims)
                continuation.resume(returning: outcomes)
            }
        }
        precondition(outcomes.count == claims.count, "a processor gives one outcome a claim")
        let elapsed = ContinuousClock.now - started
        state.earnRereading(elapsed, share: settings.rereadingShare)
        conclude(claims, outcomes, after: elapsed, in: spool, &state)
        signals.beginWork()
    }

    /// Moves each file by its outcome and tells what became of them.
    func conclude(
        _ claims: [ClaimedFile], _ outcomes: [ProcessingOutcome], after elapsed: Duration,
        in spool: SpoolDirectory, _ state: inout RunState
    ) {
        var tally = OutcomeTally()
        for (claim, outcome) in zip(claims, outcomes) {
            tally.count(outcome)
            conclude(claim, outcome, spool, &state)
        }
        if let reason = tally.postponedReason {
            state.needsRecovery = true
            log(.postponed(reason: reason, retryAfter: state.fail()))
        }
        log(tally.event(elapsed: elapsed))
        let repeated = zip(claims, outcomes).filter { $0.1 == .duplicate }.map(\.0)
        if let first = repeated.first {
            log(.repeated(count: repeated.count, kind: first.kind, name: first.originalName))
        }
    }

    private func conclude(
        _ claim: ClaimedFile, _ outcome: ProcessingOutcome, _ spool: SpoolDirectory,
        _ state: inout RunState
    ) {
        switch outcome {
        case .recorded, .duplicate: finish(claim, spool, &state)
        case .recordedInPart(_, let faults): finish(claim, reporting: faults, spool, &state)
        case .changed:
            attempt(&state) { () throws(FileError) in
                try putBack(claim, afterRecording: false, spool)
            }
        case .rejected(let code, let text, let faults):
            var reason = FailureReason(code: code, text: text)
            reason.faults = faults
            setAside(&state) { () throws(FileError) in try reject(claim, reason, spool) }
        case .postponed:
            attempt(&state) { () throws(FileError) in _ = try spool.release(claim) }
        }
    }

    /// Moves a file to `done/` if what it holds is what was recorded; else it is read anew.
    ///
    /// Before it goes, the records of it that gave no document are told in `failed/`.
    private func finish(
        _ claim: ClaimedFile, reporting faults: RecordFaults? = nil, _ spool: SpoolDirectory,
        _ state: inout RunState
    ) {
        do {
            guard let digest = try spool.digest(of: claim) else {
                // Gone with the whole spool, it may come back with it.
                state.needsRecovery = true
                return
            }
            if try processor.isRecorded(claim, sha256: digest) {
                if let faults {
                    guard report(faults, of: claim, sha256: digest, spool, &state) else { return }
                }
                let hasWriter = spool.isBeingWritten(claim)
                let path = try spool.finish(claim)
                if hasWriter != false, let file = try spool.finishedFile(path, of: claim) {
                    state.lateFiles.append(file, at: state.now)
                }
            } else {
                try putBack(claim, afterRecording: true, spool)
            }
        } catch let error as FileError {
            refuse(error, &state)
        } catch {
            // It stays in processing/, where recovery asks again.
            state.needsRecovery = true
            log(.lookupFailed(detail: explained(error).explanation, retryAfter: state.fail()))
        }
    }

    /// Tells of records that gave no document; false where that is refused, and the file has to wait.
    private func report(
        _ faults: RecordFaults, of claim: ClaimedFile, sha256: String, _ spool: SpoolDirectory,
        _ state: inout RunState
    ) -> Bool {
        var isTold = false
        setAside(&state) { () throws(FileError) in
            isTold = try spool.reportFaults(of: claim, .partlyRecorded(faults), sha256: sha256)
            log(.recordsAtFault(count: faults.count, kind: claim.kind, name: claim.originalName))
        }
        return isTold
    }

    /// Tells of files in places that nobody looks into, and of those that are passed over, at the start and once a minute.
    private func lookForMisplacedFiles(_ spool: SpoolDirectory, _ state: inout RunState) {
        guard state.now >= state.misplacedDue else { return }
        state.misplacedDue = state.now + Duration.seconds(60).nanoseconds
        for files in state.news(of: spool.misplacedFiles()) { log(.misplaced(files)) }
        for files in state.unreadNews.of(spool.unreadFiles()) { log(.unread(files)) }
    }

    /// Takes files back out of `done/` to which somebody has written on.
    private func lookForLateWriters(_ spool: SpoolDirectory, _ state: inout RunState) {
        let written = state.lateFiles.written(at: state.now) {
            (try? spool.wasWritten($0)) ?? false
        }
        for file in written {
            log(.writtenLate(kind: file.kind, name: file.name))
            attempt(&state) { () throws(FileError) in
                try spool.putBack(
                    file, triggering: settings.triggeredKinds.contains(file.kind))
            }
        }
    }

    private func putBack(
        _ claim: ClaimedFile, afterRecording: Bool, _ spool: SpoolDirectory
    ) throws(FileError) {
        log(
            .changed(
                afterRecording: afterRecording, kind: claim.kind, name: claim.originalName))
        try spool.putBack(claim, triggering: settings.triggeredKinds.contains(claim.kind))
    }

    private func reject(
        _ claim: ClaimedFile, _ reason: FailureReason, _ spool: SpoolDirectory
    ) throws(FileError) {
        try spool.fail(claim, reason)
        log(.rejected(code: reason.code, kind: claim.kind, name: claim.originalName))
    }

    /// Moves one file to `failed/`; when that is refused, as on a full disk, it stays where it is and only
    /// recovery is put off, since `done/` may still be reached.
    private func setAside(_ state: inout RunState, _ body: () throws(FileError) -> Void) {
        do throws(FileError) { try body() } catch { refuseSettingAside(error, &state) }
    }

    private func refuseSettingAside(_ error: FileError, _ state: inout RunState) {
        log(.fileRefused(error, retryAfter: state.putOffRecovery()))
        if settings.isOnce { _ = state.fail() }
    }

    /// Does something to one file; when it is refused, the others still get their turn.
    func attempt(_ state: inout RunState, _ body: () throws(FileError) -> Void) {
        do throws(FileError) { try body() } catch { refuse(error, &state) }
    }

    private func refuse(_ error: FileError, _ state: inout RunState) {
        // A refused operation may have left a claim behind that nobody has in hand.
        state.needsRecovery = true
        log(.fileRefused(error, retryAfter: state.fail()))
    }

    func hasSpace(_ spool: SpoolDirectory, _ state: inout RunState) -> Bool {
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
        if state.isRereading { return .milliseconds(10) }
        let settled = state.tracker.nextReady
            .map { Duration.nanoseconds($0 - state.now) }
        // A single run looks again at once, to see that nothing is left.
        // One that waits for a large file alone is called at its end.
        let isIdle = !settings.isOnce || lane.isWorking
        let idle: Duration = isIdle ? .seconds(settings.scanIntervalSeconds) : .zero
        var wait = settled.map { settings.isOnce ? $0 : min($0, idle) } ?? idle
        if let time = state.timeToRemaking { wait = min(wait, time) }
        if state.needsRecovery { wait = min(wait, .nanoseconds(state.recoveryDue - state.now)) }
        return max(wait, .milliseconds(10))
    }
}
