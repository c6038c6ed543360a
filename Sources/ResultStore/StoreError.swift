// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import GRDB
import Glibc

/// Why the database could not do what was asked.
package enum StoreError: Error, Equatable, Sendable {
    /// The file is not there, is no database of ours, or is one of a newer program.
    case cannotOpen(file: String, detail: String)
    /// The folder of the database is not there, for example because it is not mounted yet.
    case noFolder(file: String)
    /// The kernel does not let the file be opened or made.
    case file(FileError)
    /// The database was deleted or moved while it was in use, and there is none at its place.
    case gone(file: String)
    /// Another file stands at the place of the database in use, or of its log.
    case replaced(file: String)
    /// What the file holds is damaged, or no database at all; with SQLite's extended result code.
    case damaged(file: String, code: Int32)
    /// Another process holds the database longer than the busy time-out.
    case busy
    /// The disk under the database is full.
    case diskFull
    /// The disk under the database cannot be read or written.
    case disk(code: Int32)
    /// Another program changed the documents while new ones were being compared with them.
    case outdated
    /// A statement of the user's is wrong or tries to write.
    case statement(detail: String)
    /// A statement was told to end.
    case interrupted
    /// A statement of the user's took longer than it was given.
    case timeLimit(seconds: Int)
    /// Any other failure, with SQLite's extended result code.
    case database(code: Int32, detail: String)

    /// Sorts an error of the database layer; SQLite's messages hold names of our schema, no text.
    ///
    /// `file` is the database that was in use.
    init(_ error: any Error, of file: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        if let error = error as? FileError {
            self = .file(error)
            return
        }
        guard let error = error as? DatabaseError else {
            self = .database(code: -1, detail: String(describing: type(of: error)))
            return
        }
        let code = error.extendedResultCode.rawValue
        switch error.resultCode {
        case _ where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY: self = .outdated
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .busy
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_INTERRUPT: self = .interrupted
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(file: file, code: code)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_NOMEM:
            self = .disk(code: code)
        default: self = .database(code: code, detail: error.message ?? "")
        }
    }

    /// Whether the database is at fault, so that documents wait for it; else what was to be written or
    /// asked may be.
    package var concernsDatabase: Bool {
        switch self {
        case .statement, .interrupted, .timeLimit, .database: false
        default: true
        }
    }
}
