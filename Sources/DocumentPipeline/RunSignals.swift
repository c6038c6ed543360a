// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Synchronization

/// What reaches the run loop from outside: hints of files, the wish to stop, and the passing of time.
///
/// Any thread may call any method. There is one waiter, the run loop.
package final class RunSignals: Sendable {
    private struct State {
        var stopRequested = false
        var reloadRequested = false
        var rung = false
        var hints: Set<FilePath> = []
        var busySince: ContinuousClock.Instant?
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())
    private let alarm: Alarm

    /// The most paths that are kept between two listings; beyond it the listing alone tells.
    package static let mostHints = 100_000

    /// Nothing has happened yet; waits end by an alarm.
    package init(alarm: Alarm = .runtime) { self.alarm = alarm }

    /// Waits for so long, or until the task is cancelled.
    func sleep(for duration: Duration) async { await alarm.sleep(for: duration) }

    /// Asks the loop to finish what is in hand and take nothing more.
    package func requestStop() { ring { $0.stopRequested = true } }

    /// Whether a stop was asked for.
    package var stopRequested: Bool { state.withLock { $0.stopRequested } }

    /// Asks the loop to end for a new beginning, if the configuration is one.
    package func requestReload() { ring { $0.reloadRequested = true } }

    /// Whether a new beginning was asked for since the last call.
    func takeReload() -> Bool {
        state.withLock { state in
            defer { state.reloadRequested = false }
            return state.reloadRequested
        }
    }

    /// Asks the loop to list the folders now.
    package func requestScan() { ring { _ in } }

    /// Tells that a producer has renamed this file in, so that it is whole.
    package func hint(_ path: FilePath) {
        ring { if $0.hints.count < Self.mostHints { $0.hints.insert(path) } }
    }

    /// Hands over the hints collected since the last call.
    func takeHints() -> Set<FilePath> {
        state.withLock { state in
            defer { state.hints = [] }
            return state.hints
        }
    }

    /// How long the piece of work in hand has taken; nil while the loop waits.
    ///
    /// The watchdog's ping depends on it, so that a loop that hangs is noticed.
    package var busyTime: Duration? {
        state.withLock { state in state.busySince.map { ContinuousClock.now - $0 } }
    }

    func beginWork() { state.withLock { $0.busySince = .now } }

    /// Waits until something happens or the time has passed.
    func wait(upTo duration: Duration) async {
        state.withLock { $0.busySince = nil }
        let cancel = alarm.set(after: duration) { [self] in requestScan() }
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state in
                if state.rung || state.stopRequested {
                    state.rung = false
                    return true
                }
                state.waiter = continuation
                return false
            }
            if isRung { continuation.resume() }
        }
        cancel()
        beginWork()
    }

    private func ring(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            guard let waiter = state.waiter else {
                state.rung = true
                return nil as CheckedContinuation<Void, Never>?
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }
}
