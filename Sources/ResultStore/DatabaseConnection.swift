// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import GRDB
import Synchronization

/// The open connections to one database file, which is known to stand at its path.
///
/// Before and after each use the path is compared with the files that are open: a database that was
/// deleted, moved or replaced takes no more writes, and what was written to it counts as not written.
final class DatabaseConnection: Sendable {
    /// The pool, and the files that it writes to.
    private struct Opened {
        let pool: DatabasePool
        let files: DatabaseFiles
    }

    private struct State {
        var opened: Opened?
        var generation = 1
    }

    let path: FilePath
    private let state: Mutex<State>

    /// Opens the database at a path, and makes it where there is none or an empty file; `didMake` is
    /// called then.
    init(_ path: FilePath, didMake: () -> Void) throws(StoreError) {
        self.path = path
        let isNew: Bool
        do throws(FileError) {
            isNew = try Self.makeIfAbsent(path)
        } catch {
            throw .file(error)
        }
        state = Mutex(State(opened: try Self.open(path, isNew: true)))
        if isNew { didMake() }
    }

    /// Counts the databases that were open so far: 1 for the first.
    var generation: Int { state.withLock { $0.generation } }

    /// Does something with the pool, with errors sorted.
    ///
    /// Throws `StoreError.gone` or `.replaced` if the path does not lead to the open files, or does not
    /// any more afterwards.
    func use<Value>(_ body: (DatabasePool) throws -> Value) throws(StoreError) -> Value {
        guard let opened = state.withLock({ $0.opened }) else { throw .gone(file: name) }
        try require(opened.files)
        let value: Value
        do {
            value = try body(opened.pool)
        } catch {
            try require(opened.files)
            throw StoreError(error, of: name)
        }
        try require(opened.files)
        return value
    }

    /// Opens the database that stands at the path now, if it is another one; whether it is.
    ///
    /// None is ever made here. Throws what opening throws, and `StoreError.gone` while there is none.
    func reopenIfReplaced() throws(StoreError) -> Bool {
        let result = state.withLock { state -> Result<Bool, StoreError> in
            Result { () throws(StoreError) in
                if let opened = state.opened {
                    guard let change = try change(of: opened.files) else { return false }
                    try retire(opened, after: change)
                    state.opened = nil
                }
                state.opened = try Self.open(path, isNew: false)
                state.generation += 1
                return true
            }
        }
        return try result.get()
    }

    private var name: String { path.description }

    private func change(
        of files: DatabaseFiles
    ) throws(StoreError) -> DatabaseFiles.Change? {
        do throws(FileError) { return try files.change() } catch { throw .file(error) }
    }

    private func require(_ files: DatabaseFiles) throws(StoreError) {
        switch try change(of: files) {
        case nil: return
        case .gone: throw .gone(file: name)
        case .replaced, .logLost: throw .replaced(file: name)
        }
    }

    /// Brings all that was committed into the old file, wherever it is now, and closes it.
    ///
    /// Throws where its log would be lost with that.
    private func retire(
        _ opened: Opened, after change: DatabaseFiles.Change
    ) throws(StoreError) {
        let isCopied: Bool
        do {
            isCopied = try opened.pool.writeWithoutTransaction { database in
                let (frames, copied) = try database.checkpoint(.full)
                return frames == copied
            }
        } catch {
            if change == .logLost { throw StoreError(error, of: name) }
            isCopied = false
        }
        guard isCopied || change != .logLost else { throw .busy }
        do {
            try opened.pool.close()
            if change != .logLost {
                try opened.files.removeLog(isCopied: isCopied, date: fileDate())
            }
        } catch {
            throw StoreError(error, of: name)
        }
    }
}

extension DatabaseConnection {
    /// Makes an empty file where nothing is; whether the file is empty.
    private static func makeIfAbsent(_ path: FilePath) throws(FileError) -> Bool {
        let files = DiskFiles()
        guard try files.identity(of: path) == nil else {
            return try files.facts(of: try files.resolved(path))?.size == 0
        }
        guard try files.identity(of: path.parent) != nil else { return false }
        do throws(FileError) {
            try files.makeFile(path)
            return true
        } catch {
            // Another program has made it in the same moment.
            guard error.errno == EEXIST else { throw error }
            return false
        }
    }

    /// Opens a file that is there; only where `isNew` may it be empty.
    private static func open(_ path: FilePath, isNew: Bool) throws(StoreError) -> Opened {
        let name = path.description
        do {
            let files = DiskFiles()
            guard let found = try files.identity(of: path) else {
                throw isNew
                    ? StoreError.noFolder(file: name) : StoreError.gone(file: name)
            }
            let resolved = try files.resolved(path)
            try files.requireWritable(resolved)
            try files.requireWritable(resolved.parent)
            if !isNew, try files.facts(of: resolved)?.size == 0 {
                throw StoreError.gone(file: name)
            }
            let pool = try DatabasePool(path: text(of: path), configuration: configuration)
            try prepare(pool, isNew: isNew, name: name)
            guard let opened = try DatabaseFiles(of: path), try files.identity(of: path) == found
            else { throw StoreError.replaced(file: name) }
            return Opened(pool: pool, files: opened)
        } catch {
            switch StoreError(error, of: name) {
            case .database(_, let detail): throw .cannotOpen(file: name, detail: detail)
            case let error: throw error
            }
        }
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.foreignKeysEnabled = true
        // Documents wait in the spool as well as here, where they would delay the daemon's end.
        configuration.busyMode = .timeout(3)
        configuration.label = "shoken"
        return configuration
    }

    private static func text(of path: FilePath) throws(StoreError) -> String {
        guard let text = path.text else {
            throw .cannotOpen(file: path.description, detail: "its path is no UTF-8")
        }
        return text
    }

    /// Bytes of pages that the writer keeps, by default 2 MB: those that hold the ways into each index, and the ends
    /// of tables, of some million documents.
    private static let writingCache = 16 << 20
    /// Pages of the log after which it is brought into the file, by default 1000: with many documents a batch changes some
    /// hundred pages of indexes in no order, and those that each batch changes are then written once for many.
    private static let pagesOfLog = 8000

    private static func prepare(_ pool: DatabasePool, isNew: Bool, name: String) throws {
        // After the pool is made: setting up the write-ahead log puts NORMAL, whose commits a power
        // cut may take back.
        let level = try pool.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -\(writingCache >> 10);
                    PRAGMA wal_autocheckpoint = \(pagesOfLog);
                    """)
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard level == 2 else {
            throw StoreError.cannotOpen(
                file: name, detail: "SQLite does not flush each commit to the disk")
        }
        try pool.read { try Schema.requireOurs($0, mayBeEmpty: isNew, file: name) }
        try migrate(pool)
        if try !pool.read(Schema.isMarked) { try pool.write(Schema.mark) }
    }

    /// Brings the tables up to date, beside others who may do the same: each migration is a transaction, so whoever
    /// comes second to one fails with nothing changed, and goes on from there.
    private static func migrate(_ pool: DatabasePool) throws {
        while true {
            let before = try pool.read(Schema.migrator.appliedMigrations).count
            do {
                return try Schema.migrator.migrate(pool)
            } catch {
                guard try pool.read(Schema.migrator.appliedMigrations).count > before else {
                    throw error
                }
            }
        }
    }
}

/// The local time as it stands in names of files: `20260301-090000`.
func fileDate(_ date: Date = Date()) -> String {
    let parts = Calendar(identifier: .gregorian).dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: date)
    func digits(_ value: Int?, _ width: Int) -> String {
        let plain = String(value ?? 0)
        return String(repeating: "0", count: max(0, width - plain.count)) + plain
    }
    return digits(parts.year, 4) + digits(parts.month, 2) + digits(parts.day, 2) + "-"
        + digits(parts.hour, 2) + digits(parts.minute, 2) + digits(parts.second, 2)
}
