// SPDX-License-Identifier: Apache-2.0

/// An error that tells people what is wrong and programs what is to be done about it.
///
/// A type of errors conforms in the module that defines it, in a file `TYPE+Explanation.swift` beside
/// its facts; `Scripts/check-floors` asks for it.
package protocol Explained: Error {
    /// One sentence that begins in lower case and has no full stop: the file, field or row, what was
    /// expected there, and what to do where that is known. It never holds text of a document.
    var explanation: String { get }
    /// What is to be done about it.
    var disposition: Disposition { get }
}

/// What is to be done about an error: a kind of those that sysexits(3) knows, and its remedy.
///
/// Each program maps the kinds to its exit codes.
package enum Disposition: Hashable, Sendable {
    /// Something else is in the way and will go: a lock, a busy database (`EX_TEMPFAIL`).
    case tryAgain
    /// The machine cannot read or write; what `mayPass` needs room or time only (`EX_IOERR`).
    case inputOutput(mayPass: Bool)
    /// A file that was named is not there or cannot be opened (`EX_NOINPUT`).
    case noInput
    /// A document or a file holds what it should not (`EX_DATAERR`).
    case badData
    /// The command line asks for what cannot be (`EX_USAGE`).
    case usage
    /// A configuration, a recipe or the environment is wrong (`EX_CONFIG`).
    case configuration
    /// Something that is needed is missing, or is valid and not supported (`EX_UNAVAILABLE`).
    case unavailable
    /// A file that was to be made cannot be made (`EX_CANTCREAT`).
    case cannotCreate
    /// The program, or a computation, went wrong although what was given is in order (`EX_SOFTWARE`).
    case software

    /// What a program does, and a person where a program cannot.
    package enum Remedy: Hashable, Sendable {
        /// The fault passes: do the same again later.
        case retry
        /// What was given to be read is at fault: set it aside and go on with the rest.
        case setAside
        /// What was asked or configured is at fault: refuse and say so.
        case refuse
        /// Our own fault: say so, for somebody to report it.
        case report
    }

    /// What is to be done.
    package var remedy: Remedy {
        switch self {
        case .tryAgain, .inputOutput(mayPass: true): .retry
        case .noInput, .badData: .setAside
        case .inputOutput(mayPass: false), .usage, .configuration, .unavailable, .cannotCreate:
            .refuse
        case .software: .report
        }
    }
}
