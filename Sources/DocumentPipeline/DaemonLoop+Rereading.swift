// SPDX-License-Identifier: Apache-2.0
import Spool

extension DaemonLoop {
    /// Reads recorded documents once more that somebody wants to have read: as long as nothing waits in the spool, or
    /// while files come in with the time that they have earned for it.
    func readAgain(
        whileIdle isIdle: Bool, in spool: SpoolDirectory, _ state: inout RunState
    ) async {
        guard state.pause == nil, !signals.stopRequested,
            isIdle || state.timeForRereading > .zero, hasSpace(spool)
        else { return }
        signals.beginWork()
        let started = ContinuousClock.now
        let outcome = await withCheckedContinuation { continuation in
            modelQueue.async { [processor, crashMark, signals] in
                let isStopping = { signals.stopRequested }
                // Nothing in the spool is in hand that a crash could be put down to.
                let outcome =
                    crashMark?.whileAlone(false) { processor.readAgain(isStopping: isStopping) }
                    ?? processor.readAgain(isStopping: isStopping)
                continuation.resume(returning: outcome)
            }
        }
        let elapsed = ContinuousClock.now - started
        if !isIdle { state.timeForRereading -= elapsed }
        signals.beginWork()
        switch outcome {
        case .nothing: break
        case .reread(let documents):
            state.isRereading = true
            log(.reread(documents: documents, elapsed: elapsed))
        case .ended(let request):
            state.isRereading = true
            log(.requestEnded(request))
        case .postponed(let reason): log(.postponed(reason: reason, retryAfter: state.fail()))
        }
    }

    /// Whether there is room for what is kept; new files, which need it as well, say so where there is none.
    private func hasSpace(_ spool: SpoolDirectory) -> Bool {
        guard settings.minimumFreeBytes > 0, let free = try? spool.freeBytes() else { return true }
        return free >= UInt64(settings.minimumFreeBytes)
    }
}
