// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Calls after a time; who waits for something is called by one at the latest.
package struct Alarm: Sendable {
    /// Ends an alarm before its time; one that has rung does nothing any more.
    package typealias Cancel = @Sendable () -> Void

    private let setter: @Sendable (Duration, @escaping @Sendable () -> Void) -> Cancel

    /// Alarms of a thread that keeps them.
    package init(
        _ setter: @escaping @Sendable (Duration, @escaping @Sendable () -> Void) -> Cancel
    ) {
        self.setter = setter
    }

    /// Those of the runtime's clock.
    package static let runtime = Alarm { duration, call in
        let task = Task {
            try await Task.sleep(for: duration)
            call()
        }
        return { task.cancel() }
    }

    /// Has `call` called once after a time, on any thread.
    func set(
        after duration: Duration, _ call: @escaping @Sendable () -> Void
    ) -> Cancel {
        setter(duration, call)
    }

    /// Waits for so long, or until the task is cancelled.
    func sleep(for duration: Duration) async {
        let waiter = Waiter()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiter.wait(continuation) { set(after: duration) { waiter.wake() } }
            }
        } onCancel: {
            waiter.wake()
        }
    }
}

/// One wait, which ends once: by the alarm or before it.
private final class Waiter: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, Never>?
        var cancel: Alarm.Cancel?
        var isOver = false
    }
    private let state = Mutex(State())

    func wait(_ continuation: CheckedContinuation<Void, Never>, _ set: () -> Alarm.Cancel) {
        let isOver = state.withLock { state in
            if !state.isOver { state.continuation = continuation }
            return state.isOver
        }
        if isOver { return continuation.resume() }
        let cancel = set()
        let isTooLate = state.withLock { state in
            if !state.isOver { state.cancel = cancel }
            return state.isOver
        }
        if isTooLate { cancel() }
    }

    func wake() {
        let (continuation, cancel) = state.withLock { state in
            defer { state = State(isOver: true) }
            return (state.continuation, state.cancel)
        }
        cancel?()
        continuation?.resume()
    }
}
