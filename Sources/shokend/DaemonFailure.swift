// SPDX-License-Identifier: Apache-2.0
import Faults
import Glibc

/// Why the daemon ends, where only the daemon itself can tell.
struct DaemonFailure: Explained {
    let disposition: Disposition
    let explanation: String

    init(_ disposition: Disposition, _ explanation: String) {
        self.disposition = disposition
        self.explanation = explanation
    }
}

extension Disposition {
    /// The daemon's exit code, of sysexits(3): files that it reads at its start are the spool's, the
    /// database's and the model's, and a model at fault is one that is missing.
    var exitCode: Int32 {
        switch self {
        case .usage: EX_USAGE
        case .badData, .unavailable: EX_UNAVAILABLE
        case .software: EX_SOFTWARE
        case .noInput, .cannotCreate, .inputOutput(mayPass: false): EX_CANTCREAT
        case .tryAgain, .inputOutput(mayPass: true): EX_TEMPFAIL
        case .configuration: EX_CONFIG
        }
    }
}
