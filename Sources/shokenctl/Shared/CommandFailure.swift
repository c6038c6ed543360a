// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Glibc

/// A failure of a command that no module has an error for.
struct CommandFailure: Explained {
    let disposition: Disposition
    let explanation: String

    /// A failure in one sentence: what happened and what to do next, without full stop.
    init(_ disposition: Disposition, _ explanation: String) {
        self.disposition = disposition
        self.explanation = explanation
    }
}

extension Disposition {
    /// The command's exit code, of sysexits(3).
    var exitCode: Int32 {
        switch self {
        case .usage: EX_USAGE
        case .badData: EX_DATAERR
        case .noInput: EX_NOINPUT
        case .unavailable: EX_UNAVAILABLE
        case .software: EX_SOFTWARE
        case .cannotCreate: EX_CANTCREAT
        case .inputOutput: EX_IOERR
        case .tryAgain: EX_TEMPFAIL
        case .configuration: EX_CONFIG
        }
    }
}

extension ExitCode {
    /// The code of a command that has already said all it had to say.
    init(_ disposition: Disposition) { self.init(disposition.exitCode) }
}
