// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import ResultStore

@Suite("A database that is deleted, moved or replaced while it is open")
struct ReplacedDatabaseTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        try record("first")
    }

    private func record(_ name: String) throws {
        let file = sampleFile(name)
        let precedents = try database.precedents(of: [file], candidateLimit: 5)
        _ = try database.record([file], after: precedents.lastDocument, maker: maker, at: .now)
    }

    private func names(in file: String = "shoken.db") throws -> [String] {
        try ResultReader(file: folder[file]).select("SELECT source_name FROM files ORDER BY id")
            .rows.map { $0[0].text }
    }

    private func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder[name].path)
    }

    private func remove(_ names: String...) throws {
        for name in names { try FileManager.default.removeItem(at: folder[name]) }
    }

    /// A copy as `cp` makes it, of a database whose log is empty.
    private func copy(to name: String) throws {
        try database.write { _ in }
        let source = try DatabaseQueue(path: folder["shoken.db"].path)
        let target = try DatabaseQueue(path: folder[name].path)
        try source.backup(to: target)
    }

    @Test("takes nothing more when it is gone, and no new one is made")
    func deleted() throws {
        try remove("shoken.db", "shoken.db-wal", "shoken.db-shm")
        let gone = StoreError.gone(file: folder["shoken.db"].path)
        #expect(throws: gone) { try record("second") }
        #expect(throws: gone) { try database.reopenIfReplaced() }
        #expect(throws: gone) {
            try database.isRecorded(sha256: "a", kind: "nursing", sourceName: "a")
        }
        #expect(!exists("shoken.db"))
        try Data().write(to: folder["shoken.db"])
        #expect(throws: gone) { try database.reopenIfReplaced() }
    }

    @Test("counts nothing as written when it is gone by the end of the write")
    func goneMeanwhile() throws {
        #expect(throws: StoreError.gone(file: folder["shoken.db"].path)) {
            try database.write { _ in try remove("shoken.db") }
        }
    }

    @Test("that another one is moved over is left for that one, whose rows its log does not touch")
    func replaced() throws {
        try copy(to: "copy.db")
        try record("second")
        try #require(rename(folder["copy.db"].path, folder["shoken.db"].path) == 0)
        #expect(throws: StoreError.replaced(file: folder["shoken.db"].path)) {
            try record("third")
        }
        try database.reopenIfReplaced()
        #expect(database.generation == 2)
        #expect(try names() == ["first"])
        try record("fourth")
        #expect(try names() == ["first", "fourth"])
        let check = try database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
        #expect(check == ["ok"])
        try database.reopenIfReplaced()
        #expect(database.generation == 2)
    }

    @Test("has all that was committed where it was moved to, and is used again when it is back")
    func moved() throws {
        try record("second")
        let (place, other) = (folder["shoken.db"].path, folder["moved.db"].path)
        try #require(rename(place, other) == 0)
        #expect(throws: StoreError.gone(file: place)) { try database.reopenIfReplaced() }
        #expect(try names(in: "moved.db") == ["first", "second"])
        #expect(!exists("shoken.db-wal") && !exists("shoken.db-shm"))
        try remove("moved.db-wal", "moved.db-shm")
        try #require(rename(other, place) == 0)
        try database.reopenIfReplaced()
        try record("third")
        #expect(try names() == ["first", "second", "third"])
    }

    @Test("whose folder is moved is used again when it is back")
    func folderMoved() throws {
        try folder.write("", to: "place/other")
        let inner = try ResultDatabase(file: folder["place/inner.db"])
        try #require(rename(folder["place"].path, folder["away"].path) == 0)
        #expect(throws: StoreError.gone(file: folder["place/inner.db"].path)) {
            try inner.reopenIfReplaced()
        }
        try #require(rename(folder["away"].path, folder["place"].path) == 0)
        try inner.reopenIfReplaced()
        #expect(try inner.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM files") } == 0)
    }

    @Test("whose log is removed loses nothing", arguments: [["-wal"], ["-shm"], ["-wal", "-shm"]])
    func logRemoved(endings: [String]) throws {
        try record("second")
        for ending in endings { try remove("shoken.db" + ending) }
        #expect(throws: StoreError.replaced(file: folder["shoken.db"].path)) {
            try record("third")
        }
        try database.reopenIfReplaced()
        try record("fourth")
        #expect(try names() == ["first", "second", "fourth"])
        #expect(exists("shoken.db-wal") && exists("shoken.db-shm"))
    }

    @Test("is left for no file that is damaged, foreign or newer")
    func unfit() throws {
        let path = folder["shoken.db"].path
        func put(_ fill: (URL) throws -> Void) throws {
            try fill(folder["new.db"])
            try #require(rename(folder["new.db"].path, path) == 0)
        }
        try put { try Data(repeating: 7, count: 8192).write(to: $0) }
        #expect(throws: StoreError.damaged(file: path, code: 26)) {
            try database.reopenIfReplaced()
        }
        try put {
            try DatabaseQueue(path: $0.path).write { try $0.execute(sql: "CREATE TABLE t (a)") }
        }
        #expect(throws: StoreError.cannotOpen(file: path, detail: "it is no database of Shoken")) {
            try database.reopenIfReplaced()
        }
        try put { file in
            let newer = try ResultDatabase(file: file)
            try newer.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('of tomorrow')")
            }
        }
        let error = #expect(throws: StoreError.self) { try database.reopenIfReplaced() }
        guard case .cannotOpen(_, let detail)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(detail.contains("newer"))
    }
}

@Suite("Opening a database")
struct OpeningTests {
    @Test("where its folder is not there passes, and makes no folder")
    func noFolder() throws {
        let folder = try TemporaryFolder()
        let file = folder["away/shoken.db"]
        let error = #expect(throws: StoreError.noFolder(file: file.path)) {
            try ResultDatabase(file: file)
        }
        #expect(error?.disposition == .inputOutput(mayPass: true))
        #expect(!FileManager.default.fileExists(atPath: folder["away"].path))
    }

    @Test("which is damaged is said as such, and does not pass")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let file = folder["shoken.db"]
        try Data("no database at all".utf8).write(to: file)
        let error = #expect(throws: StoreError.damaged(file: file.path, code: 26)) {
            try ResultDatabase(file: file)
        }
        #expect(error?.disposition == .badData)
        #expect(try Data(contentsOf: file) == Data("no database at all".utf8))
    }

    @Test("tells whether there was one")
    func made() throws {
        let folder = try TemporaryFolder()
        let changes = Mutex<[ResultDatabase.Change]>([])
        for _ in 0..<2 {
            _ = try ResultDatabase(file: folder["shoken.db"]) { change in
                changes.withLock { $0.append(change) }
            }
        }
        #expect(changes.withLock { $0 } == [.made])
        // An empty file is no database either.
        try Data().write(to: folder["empty.db"])
        _ = try ResultDatabase(file: folder["empty.db"]) { change in
            changes.withLock { $0.append(change) }
        }
        #expect(changes.withLock { $0 } == [.made, .made])
    }
}
