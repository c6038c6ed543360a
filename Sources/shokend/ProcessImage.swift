// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The program in the memory of this process.
enum ProcessImage {
    /// Begins the program again in this process, with the same arguments; does not return.
    ///
    /// All that the old image holds goes with it: threads, memory, and files, which are opened with
    /// `O_CLOEXEC`. So a new configuration needs no code of its own, and the spool is in the state in
    /// which any end leaves it. Throws ``DaemonFailure`` where the kernel refuses.
    static func beginAgain() throws -> Never {
        // Signals that this image takes by other means would stay ignored and blocked in the next.
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        // A further SIGHUP would end the next image before it can take it. That one reads the configuration
        // after it takes signals, so nothing is missed by what is ignored until then.
        signal(SIGHUP, SIG_IGN)
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        execv("/proc/self/exe", CommandLine.unsafeArgv)
        throw DaemonFailure(.tryAgain, "cannot begin again: \(String(cString: strerror(errno)))")
    }
}
