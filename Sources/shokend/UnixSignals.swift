// SPDX-License-Identifier: Apache-2.0
import Dispatch
import DocumentPipeline
import Glibc

/// SIGTERM and SIGINT ask for a stop, SIGHUP for a new configuration and a listing.
///
/// A second SIGINT or SIGTERM changes nothing: documents in hand are finished.
final class UnixSignals {
    private let sources: [any DispatchSourceSignal]

    /// Returns when every later signal is taken.
    init(_ signals: RunSignals) {
        let wishes: [(Int32, @Sendable () -> Void)] = [
            (SIGTERM, { signals.requestStop() }), (SIGINT, { signals.requestStop() }),
            (SIGHUP, { signals.requestReload() }),
        ]
        let registered = DispatchGroup()
        // Not a global one, whose threads libdispatch looks after once a second ever after.
        let queue = DispatchQueue(label: "shoken.signals")
        sources = wishes.map { number, act in
            // The source gets the signal only when its own action is not to end the process.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: act)
            registered.enter()
            source.setRegistrationHandler { registered.leave() }
            source.resume()
            return source
        }
        registered.wait()
        // A reader of our output that goes away is an error of a write, not our end.
        signal(SIGPIPE, SIG_IGN)
    }

    func stop() { for source in sources { source.cancel() } }
}
