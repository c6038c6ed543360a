// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Training

/// Sets a stop request when the process gets SIGINT or SIGTERM.
final class StopSignals {
    let stop = StopRequest()
    private var sources: [any DispatchSourceSignal] = []

    init() {
        // A file above its size limit is then an error that names it, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [stop] in stop.request() }
            source.resume()
            sources.append(source)
        }
    }
}
