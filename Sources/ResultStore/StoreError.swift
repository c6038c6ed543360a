// SPDX-License-Identifier: Apache-2.0
import GRDB

/// Why the database could not do what was asked.
package enum StoreError: Error, Equatable, Sendable {
    /// The file cannot be opened or is no database of ours.
    case cannotOpen(file: String, detail: String)
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
    /// Any other failure, with SQLite's extended result code.
    case database(code: Int32, detail: String)

    /// Sorts an error of the database layer; SQLite's messages hold names of our schema, no text.
    init(_ error: any Error) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .database(code: -1, detail: String(describing: type(of: error)))
            return
        }
        switch error.resultCode {
        case _ where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY: self = .outdated
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .disk(code: error.extendedResultCode.rawValue)
        default:
            self = .database(
                code: error.extendedResultCode.rawValue, detail: error.message ?? "")
        }
    }

    /// Whether the same write may succeed later without anybody's help but the operator's.
    package var mayPass: Bool {
        switch self {
        case .busy, .diskFull, .disk, .outdated: true
        case .cannotOpen, .statement, .database: false
        }
    }
}
