// SPDX-License-Identifier: Apache-2.0
package import Faults

extension StoreError: Explained {
    /// What the database refuses, with SQLite's code where there is one.
    package var explanation: String {
        switch self {
        case .cannotOpen(let file, let detail): "cannot open the database \(file): \(detail)"
        case .noFolder(let file): "the folder of the database \(file) is not there (yet)"
        case .file(let error): "cannot use the database: \(error.explanation)"
        case .gone(let file):
            "the database \(file) was deleted or moved while it was in use; documents wait in the "
                + "spool until one is there again (shokenctl database restore) or the daemon is "
                + "restarted, which begins a new one"
        case .replaced(let file):
            "another file was put in place of the database \(file) or of its log while it was in use"
        case .damaged(let file, let code):
            "the database \(file) is damaged or no database (SQLite code \(code)); see shokenctl "
                + "database check, then put a backup into its place (shokenctl database restore) or "
                + "make it anew (shokenctl database rebuild)"
        case .busy, .outdated: "the database is in use by another program; try again"
        case .diskFull: "the disk under the database is full"
        case .disk(let code): "the database cannot be read or written (SQLite code \(code))"
        case .statement(let detail): "the statement cannot be run: \(detail)"
        case .interrupted: "the statement was ended"
        case .timeLimit(let seconds):
            "the statement took longer than \(seconds) s; narrow it down, or give it more (--time-limit)"
        case .database(let code, let detail):
            "the database failed (SQLite code \(code)): \(detail)"
        }
    }

    /// What the machine or another program does to the database passes; what it holds does not.
    package var disposition: Disposition {
        switch self {
        case .cannotOpen: .noInput
        case .file(let error): error.disposition
        case .damaged: .badData
        case .busy, .outdated, .gone, .replaced: .tryAgain
        case .diskFull, .disk, .noFolder: .inputOutput(mayPass: true)
        case .statement: .usage
        case .interrupted, .timeLimit: .tryAgain
        case .database: .software
        }
    }
}
