// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Spool
import Synchronization

/// The lane of large files: one at a time, on a thread of its own, while short files go on.
///
/// A file of some hundred thousand characters takes the model a minute. It yields the processors to the
/// short ones, which wait for it no more than for a neighbour on the machine. Nobody waits for it at a
/// stop either: what it writes is a transaction, and the next start finds its claim in `processing/`.
final class LargeFileLane: Sendable {
    /// A file that has come to its end.
    struct Result: Sendable {
        let claim: ClaimedFile
        let outcome: ProcessingOutcome
        let elapsed: Duration
    }

    private struct State {
        var claim: ClaimedFile?
        var result: Result?
    }
    private let state = Mutex(State())

    /// How far its thread stands back behind those of the short files, from 0 to 19 (nice(2)).
    private static let niceness: Int32 = 10
    /// Bytes of stack, as the main thread has.
    private static let stackBytes = 8 << 20

    /// The file in hand, or that has ended and was not taken from here; nil when the lane is free.
    var claim: ClaimedFile? { state.withLock { $0.claim } }

    /// Whether a file is being processed at this moment.
    var isWorking: Bool { state.withLock { $0.claim != nil && $0.result == nil } }

    /// Begins a file; the lane must be free. `whenDone` is called on its thread after the end.
    func start(
        _ claim: ClaimedFile, work: @escaping @Sendable () -> ProcessingOutcome,
        whenDone: @escaping @Sendable () -> Void
    ) {
        state.withLock { state in
            precondition(state.claim == nil, "one large file at a time")
            state.claim = claim
        }
        let thread = Thread { [self] in
            // Of this thread and of those that OpenMP makes for it; where it is refused
            // or ignored, all are equal.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            let started = ContinuousClock.now
            let outcome = work()
            let result = Result(
                claim: claim, outcome: outcome, elapsed: ContinuousClock.now - started)
            state.withLock { $0.result = result }
            whenDone()
        }
        thread.stackSize = Self.stackBytes
        thread.name = "shoken.large"
        thread.start()
    }

    /// The file that has ended, which leaves the lane free; nil where none has.
    func takeResult() -> Result? {
        state.withLock { state in
            guard let result = state.result else { return nil }
            state = State()
            return result
        }
    }
}
