// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import GRDB
import Glibc
import TestSupport
import Testing

@testable import ResultStore

@Suite("Checking, copying and exchanging a database")
struct UpkeepTests {
    let folder: TemporaryFolder
    let database: ResultDatabase
    var place: FilePath { FilePath(folder["shoken.db"]) }

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        try record("first", in: database)
    }

    private func record(_ name: String, in database: ResultDatabase) throws {
        let file = sampleFile(name)
        let precedents = try database.precedents(of: [file], candidateLimit: 5)
        _ = try database.record([file], after: precedents.lastDocument, maker: maker, at: .now)
    }

    private func names(in file: String) throws -> [String] {
        try ResultReader(file: folder[file]).select("SELECT source_name FROM files ORDER BY id")
            .rows.map { $0[0].text }
    }

    private func listing() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("a sound database is found so, beside the program that writes to it")
    func sound() throws {
        let check = try DatabaseCheck(of: place)
        #expect(
            check.ok && check.documents == 1
                && check.schema.count == Schema.migrator.migrations.count && check.bytes > 0)
    }

    @Test("each fault is found, and another one does not hide it")
    func faults() throws {
        try database.write { database in
            try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('of tomorrow')")
        }
        let other = try DatabaseQueue(path: folder["shoken.db"].path)
        try other.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF")
            try database.execute(sql: "UPDATE documents SET model_id = 77")
            try database.execute(sql: "PRAGMA writable_schema = ON")
            // An index that no longer says what its table holds.
            try database.execute(
                sql: """
                    UPDATE sqlite_master SET sql = 'CREATE INDEX documents_sha256 ON documents(kind)'
                    WHERE name = 'documents_sha256'
                    """)
        }
        try other.close()
        let check = try DatabaseCheck(of: place)
        #expect(!check.ok)
        #expect(Set(check.faults.map(\.check)) == ["integrity", "foreign-keys", "schema"])
        #expect(
            check.faults.contains { $0.detail.contains("documents names no row of models") },
            "\(check.faults)")
        // Values of rows are no matter of a report.
        #expect(!check.faults.contains { $0.detail.contains("発熱") || $0.detail.contains("P-1") })
    }

    @Test("noise is a fault of opening, and no file is no database")
    func noise() throws {
        try Data(repeating: 3, count: 9000).write(to: folder["noise.db"])
        let check = try DatabaseCheck(of: FilePath(folder["noise.db"]))
        #expect(check.faults.map(\.check) == ["open"])
        #expect(throws: StoreError.self) { try DatabaseCheck(of: FilePath(folder["none.db"])) }
    }

    @Test("a copy holds all that is committed, in one file that needs no log")
    func copy() throws {
        let copy = try DatabaseCopy(of: place, for: FilePath(folder["copy.db"]))
        try record("second", in: database)
        try copy.move(to: FilePath(folder["copy.db"]))
        #expect(try names(in: "copy.db") == ["first"])
        #expect(try listing() == ["copy.db", "shoken.db", "shoken.db-shm", "shoken.db-wal"])
        let again = try DatabaseCopy(of: place, for: FilePath(folder["copy.db"]))
        #expect(throws: StoreError.file(FileError(.rename, again.path, errno: EEXIST))) {
            try again.move(to: FilePath(folder["copy.db"]))
        }
        #expect(try names(in: "copy.db") == ["first"])
        #expect(try listing() == ["copy.db", "shoken.db", "shoken.db-shm", "shoken.db-wal"])
    }

    @Test("a damaged database is not copied, and nothing is left of the trial")
    func damagedCopy() throws {
        let source = folder["old.db"]
        try DatabaseCopy(of: place, for: FilePath(source)).move(to: FilePath(source))
        let handle = try FileHandle(forWritingTo: source)
        try handle.seek(toOffset: 3 * 4096)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: 4 * 4096))
        try handle.close()
        let before = try listing()
        #expect(throws: StoreError.self) {
            try DatabaseCopy(of: FilePath(source), for: FilePath(folder["copy.db"]))
        }
        #expect(try listing() == before)
    }

    @Test("an exchange loses nothing of either, while another program has the old one open")
    func exchange() throws {
        let copy = try DatabaseCopy(of: place, for: place)
        try record("second", in: database)
        let kept = try #require(try DatabasePlacement(at: place).put(copy))
        #expect(try names(in: "shoken.db") == ["first"])
        // What the writer still does goes to the old one, and counts as not recorded.
        #expect(throws: StoreError.replaced(file: place.description)) {
            try record("third", in: database)
        }
        try database.reopenIfReplaced()
        try record("fourth", in: database)
        #expect(try names(in: "shoken.db") == ["first", "fourth"])
        #expect(try DatabaseCheck(of: place).ok)
        #expect(try names(in: kept.lastName?.escaped ?? "") == ["first", "second"])
        #expect(try DatabaseCheck(of: kept).ok)
    }

    @Test("exchanges within one second keep every old database")
    func exchangedTwice() throws {
        let kept = try (0..<3).map { _ in
            let copy = try DatabaseCopy(of: place, for: place)
            return try #require(try DatabasePlacement(at: place).put(copy))
        }
        #expect(Set(kept).count == 3)
        for path in kept + [place] {
            #expect(try names(in: path.lastName?.escaped ?? "") == ["first"])
        }
    }

    @Test("an exchange goes by the file itself where a link names it, and keeps its permissions")
    func link() throws {
        try DiskFiles().makeDirectory(FilePath(folder["elsewhere"]))
        let real = folder["elsewhere/real.db"]
        try #require(symlink("elsewhere/real.db", folder["link.db"].path) == 0)
        _ = try ResultDatabase(file: real)
        try #require(chmod(real.path, 0o600) == 0)
        let link = FilePath(folder["link.db"])
        let copy = try DatabaseCopy(of: place, for: link)
        _ = try DatabasePlacement(at: link).put(copy)
        #expect(try DiskFiles().facts(of: link)?.kind == .symbolicLink)
        #expect(try names(in: "link.db") == ["first"])
        #expect(try names(in: "elsewhere/real.db") == ["first"])
        var status = stat()
        #expect(stat(real.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test(
        "a damaged database, or none, gives way to a sound one; its log does not stay beside that")
    func damagedPlace() throws {
        let copy = try DatabaseCopy(of: place, for: FilePath(folder["b.db"]))
        try Data(repeating: 1, count: 9000).write(to: folder["b.db"])
        try Data(repeating: 2, count: 900).write(to: folder["b.db-wal"])
        let kept = try #require(try DatabasePlacement(at: FilePath(folder["b.db"])).put(copy))
        #expect(try names(in: "b.db") == ["first"])
        #expect(try Data(contentsOf: folder[kept.lastName?.escaped ?? ""]).count == 9000)

        let other = try DatabaseCopy(of: place, for: FilePath(folder["c.db"]))
        try Data(repeating: 2, count: 900).write(to: folder["c.db-wal"])
        #expect(try DatabasePlacement(at: FilePath(folder["c.db"])).put(other) == nil)
        #expect(try names(in: "c.db") == ["first"])
    }

    @Test("a database that another program writes to for long is not exchanged")
    func busy() throws {
        let copy = try DatabaseCopy(of: place, for: place)
        let other = try DatabaseQueue(path: folder["shoken.db"].path)
        try other.inDatabase { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            #expect(throws: StoreError.busy) {
                try DatabasePlacement(at: place, patience: 0.1).put(copy)
            }
            try database.execute(sql: "ROLLBACK")
        }
        #expect(try names(in: "shoken.db") == ["first"])
        #expect(try listing() == ["shoken.db", "shoken.db-shm", "shoken.db-wal"])
    }

    @Test("what a damaged database still says of its files is read up to the fault")
    func fileList() throws {
        let list = RecordedFileList(of: place)
        #expect(list.files.map(\.sourceName) == ["first"] && list.fault == nil)
        #expect(list.files.first?.receivedAt == "2026-01-02T04:00:00.000Z")
        #expect(RecordedFileList(of: FilePath(folder["none.db"])).files.isEmpty)
        try Data(repeating: 3, count: 9000).write(to: folder["noise.db"])
        #expect(
            RecordedFileList(of: FilePath(folder["noise.db"])).fault
                == .damaged(file: folder["noise.db"].path, code: 26))
    }
}
