// SPDX-License-Identifier: Apache-2.0
import CSystemd
import DocumentPipeline
import Foundation
import Glibc

/// What the daemon tells systemd: sd_notify(3). Without systemd every call does nothing.
struct ServiceManager: Sendable {
    /// A group of documents that takes longer than this is taken for a hang.
    static let longestWork: Duration = .seconds(600)

    /// Tells that documents are taken from now on.
    func ready(_ status: String) { notify("READY=1\nSTATUS=\(status)") }

    /// Tells that the configuration is read anew; ``ready(_:)`` ends it.
    func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
        notify("RELOADING=1\nMONOTONIC_USEC=\(microseconds)\nSTATUS=reading the configuration anew")
    }

    /// Tells what goes on, one line for `systemctl status`.
    func status(_ status: String) { notify("STATUS=\(status)") }

    /// Tells that the end has begun.
    func stopping() { notify("STOPPING=1\nSTATUS=stopping") }

    /// Pings within half of the watchdog's time for as long as the process lives; does nothing without one.
    ///
    /// It says nothing while one group of documents is in hand for longer than ``longestWork``, so
    /// that systemd restarts a daemon that hangs. It has a thread of its own, since the service's may be busy
    /// with many files.
    func keepWatchdogQuiet(_ signals: RunSignals) {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return }
        let pause = Double(microseconds) / 2_000_000
        let thread = Thread { [self] in
            while true {
                if signals.busyTime ?? .zero < Self.longestWork { notify("WATCHDOG=1") }
                Thread.sleep(forTimeInterval: pause)
            }
        }
        thread.name = "shoken.watchdog"
        thread.start()
    }

    private func notify(_ state: String) {
        // A lost message is no reason to stop; systemd then acts on its own times.
        _ = sd_notify(0, state)
    }
}
