// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import GRDB

/// A connection that only reads, to a database that others may have open.
///
/// SQLite needs files beside a database in write-ahead mode, so that who may not make them there is refused where no
/// program has it open. Nobody changes such a database, either: it is then read as it stands, and what was read
/// counts only if the file is the same afterwards and nobody has opened it meanwhile.
struct ReadingConnection: Sendable {
    let path: FilePath
    private let queue: DatabaseQueue
    /// What the file was when it was opened as it stands; nil where SQLite sees to it that nobody disturbs.
    private let still: FileFacts?

    /// Opens a database that is there; throws what opening it throws.
    init(to path: FilePath, _ configuration: GRDB.Configuration) throws {
        guard let text = path.text else {
            throw StoreError.cannotOpen(file: path.description, detail: "its path is no UTF-8")
        }
        self.path = path
        do {
            queue = try Self.open(text, configuration)
            still = nil
        } catch let refusal as DatabaseError where Self.asksForFiles(refusal) {
            let address = URL(filePath: text).absoluteString + "?immutable=1"
            guard let facts = try Self.still(path),
                let opened = try? Self.open(address, configuration)
            else { throw refusal }
            (queue, still) = (opened, facts)
        }
    }

    /// Reads one state of the database; throws `StoreError.busy` if somebody opened it in between who may change it.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let value: Value
        do {
            value = try queue.read(body)
        } catch {
            try requireStill()
            throw error
        }
        try requireStill()
        return value
    }

    /// Copies the whole database; throws as `read` does.
    func backup(to copy: DatabaseQueue) throws {
        try queue.backup(to: copy)
        try requireStill()
    }

    /// Ends the statement that runs.
    func interrupt() { queue.interrupt() }

    private func requireStill() throws {
        guard let still else { return }
        guard try Self.still(path) == still else { throw StoreError.busy }
    }

    /// What the file is, if no program has it open: whoever does has a log beside it.
    private static func still(_ path: FilePath) throws(FileError) -> FileFacts? {
        let file = try DiskFiles().resolved(path)
        let log = FilePath(bytes: file.bytes + Array("-wal".utf8))
        guard try DiskFiles().facts(of: log) == nil else { return nil }
        return try DiskFiles().facts(of: file)
    }

    /// Whether SQLite could not make the files that it needs beside a database.
    private static func asksForFiles(_ error: DatabaseError) -> Bool {
        error.extendedResultCode == .SQLITE_READONLY_DIRECTORY
            || error.resultCode == .SQLITE_CANTOPEN
    }

    /// Opens it and reads a little, with which it shows whether SQLite lets it be read.
    private static func open(
        _ name: String, _ configuration: GRDB.Configuration
    ) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: name, configuration: configuration)
        do {
            _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
        } catch let error as DatabaseError where !asksForFiles(error) {
            // What is damaged shows where it is read.
        }
        return queue
    }
}

extension ReadingConnection {
    /// A connection that waits for others.
    init(to path: FilePath) throws {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        try self.init(to: path, configuration)
    }
}
