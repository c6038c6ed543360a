// SPDX-License-Identifier: Apache-2.0
import Spool

/// What the run loop remembers from one turn to the next; losing it loses no document.
struct RunState {
    var tracker: ReadinessTracker
    var backoff: Backoff
    /// Whether `processing/` may hold something that nobody has in hand.
    var needsRecovery = true
    /// Whether the recovery of the start has been done.
    var hasStarted = false
    /// Whether the last listing showed no file at all.
    var isSpoolEmpty = false
    var isSpaceLow = false
    /// When a database that is not there is said to be away once more, in nanoseconds as ``now``.
    var databaseDue: Int64 = 0
    /// The pause that something in this turn asked for.
    var pause: Duration?
    private let origin = ContinuousClock.now

    init(settings: DaemonLoop.Settings) {
        let nanoseconds = (settings.settleSeconds * 1e9).rounded()
        tracker = ReadinessTracker(settleNanoseconds: Int64(exactly: nanoseconds) ?? 0)
        backoff = Backoff(first: settings.firstPause)
    }

    /// Nanoseconds of a steady clock.
    var now: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - origin).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// Asks for a pause; several failures of one turn count once.
    mutating func fail() -> Duration {
        let wanted = pause ?? backoff.fail()
        pause = wanted
        return wanted
    }
}

/// The outcomes of one group of files, counted.
struct OutcomeTally {
    private var recorded = 0
    private var documents = 0
    private var duplicates = 0
    private var rejected = 0
    private var postponed = 0
    /// Why the first postponed file was postponed.
    private(set) var postponedReason: String?

    mutating func count(_ outcome: ProcessingOutcome) {
        switch outcome {
        case .recorded(let documents):
            recorded += 1
            self.documents += documents
        case .duplicate: duplicates += 1
        case .rejected: rejected += 1
        case .postponed(let reason):
            postponed += 1
            postponedReason = postponedReason ?? reason
        }
    }

    func event(elapsed: Duration) -> DaemonEvent {
        .concluded(
            recorded: recorded, documents: documents, duplicates: duplicates, rejected: rejected,
            postponed: postponed, elapsed: elapsed)
    }
}
