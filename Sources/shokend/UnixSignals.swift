// SPDX-License-Identifier: Apache-2.0
import Dispatch
import DocumentPipeline
import Glibc
import Synchronization

/// The signals, a bit each, that came before libdispatch took them.
private let early = Atomic<UInt32>(0)

/// SIGTERM and SIGINT ask for a stop, SIGHUP for a new configuration and a listing.
///
/// A second SIGINT or SIGTERM changes nothing: documents in hand are finished.
final class UnixSignals {
    private let sources: [any DispatchSourceSignal]

    /// Returns when every later signal is taken; one that came while it worked, or that waited since its starter had
    /// blocked it, counts, too.
    init(_ signals: RunSignals) {
        let wishes: [(Int32, @Sendable () -> Void)] = [
            (SIGTERM, { signals.requestStop() }), (SIGINT, { signals.requestStop() }),
            (SIGHUP, { signals.requestReload() }),
        ]
        let registered = DispatchGroup()
        // Not a global one, whose threads libdispatch looks after once a second ever after.
        let queue = DispatchQueue(label: "shoken.signals")
        sources = wishes.map { number, act in
            // The source gets the signal only when its own action is not to end the process. Nor may it be
            // ignored, which would drop one that waits.
            signal(number) { number in
                _ = early.bitwiseOr(1 << UInt32(truncatingIfNeeded: number), ordering: .relaxed)
            }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: act)
            registered.enter()
            source.setRegistrationHandler { registered.leave() }
            source.resume()
            return source
        }
        registered.wait()
        let missed = early.load(ordering: .relaxed)
        for (number, act) in wishes where missed & 1 << UInt32(number) != 0 { act() }
        // A reader of our output that goes away is an error of a write, not our end.
        signal(SIGPIPE, SIG_IGN)
    }

    func stop() { for source in sources { source.cancel() } }
}
