// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Spool

extension DaemonLoop {
    /// Whether a large file is being processed still, which ``run()`` does not wait for at a stop.
    package var hasLargeFileInHand: Bool { lane.isWorking }

    /// What nobody but the lane of large files may touch.
    func claimsOfLane(_ state: RunState) -> Set<FilePath> {
        Set(state.largeClaims.map(\.path) + (lane.claim.map { [$0.path] } ?? []))
    }

    /// Whether a file goes by the lane of large files.
    func isLarge(bytes: Int) -> Bool { bytes > settings.largeFileBytes }

    /// Ends what the lane has done and gives it the next file: a claim that waits, or else one of `ready`.
    func serveLane(
        _ ready: inout ArraySlice<IncomingFile>, in spool: SpoolDirectory,
        _ failing: inout Set<DocumentKind>, _ state: inout RunState
    ) {
        if let result = lane.takeResult() {
            conclude([result.claim], [result.outcome], after: result.elapsed, in: spool, &state)
        }
        while lane.claim == nil, state.pause == nil, !signals.stopRequested {
            if !state.largeClaims.isEmpty {
                begin(state.largeClaims.removeFirst(), in: spool, &state)
            } else if !ready.isEmpty, hasSpace(spool, &state) {
                let file = ready.removeFirst()
                guard let claim = claim(file, true, in: spool, &failing, &state) else { continue }
                start(claim)
            } else {
                return
            }
        }
    }

    /// Lets an orderly end, which does not wait for it, not count against the large file in hand.
    func giveBackLargeFile(_ state: inout RunState) {
        guard lane.isWorking, let claim = lane.claim, let spool = state.spool else { return }
        attempt(&state) { () throws(FileError) in _ = try spool.release(claim) }
    }

    /// Begins a claim that an earlier end of the daemon has left.
    private func begin(_ claim: ClaimedFile, in spool: SpoolDirectory, _ state: inout RunState) {
        attempt(&state) { () throws(FileError) in start(try spool.begin(claim)) }
    }

    private func start(_ claim: ClaimedFile) {
        lane.start(claim) { [processor, crashMark] in
            // Short files are in hand beside it, so a crash is not put down to it; but each end of the
            // daemon while it is in hand counts as a kill.
            let outcomes =
                crashMark?.whileAlone(false) { processor.process([claim]) }
                ?? processor.process([claim])
            precondition(outcomes.count == 1, "a processor gives one outcome a claim")
            return outcomes[0]
        } whenDone: { [signals] in
            signals.requestScan()
        }
    }
}
