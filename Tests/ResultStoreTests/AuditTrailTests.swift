// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("The audit trail")
struct AuditTrailTests {
    let folder: TemporaryFolder
    let database: ResultDatabase
    var path: FilePath { FilePath(folder["shoken.db"]) }

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        for number in 1...6 {
            try database.appendEvent(
                actor: "hanako", action: number.isMultiple(of: 2) ? "even" : "odd",
                object: "甲\(number)", details: ["n": "\(number)"],
                at: Date(timeIntervalSince1970: Double(number) * 3600))
        }
    }

    private func verify(expecting hash: String? = nil) throws -> AuditVerification {
        try AuditVerification(of: path, expecting: hash)
    }

    private func execute(_ sql: String) throws {
        try database.write { try $0.execute(sql: sql) }
    }

    @Test("is whole as it was written, by whatever wrote it")
    func whole() throws {
        let file = sampleFile("a")
        for _ in 0..<2 {
            let precedents = try database.precedents(of: [file], candidateLimit: 5)
            _ = try database.record([file], after: precedents.lastDocument, maker: maker, at: .now)
        }
        let trail = try verify()
        #expect(trail.ok && trail.events == 7 && trail.lastHash?.utf8.count == 64)
    }

    @Test("has hashes that anybody can compute from what the page says")
    func knownHash() throws {
        // Python: sha256(b"0:,1:1,24:1970-01-01T01:00:00.000Z,6:hanako,3:odd,4:\xe7\x94\xb21,9:{\"n\":\"1\"},")
        let rows = try ResultReader(file: folder["shoken.db"]).select(
            "SELECT hash FROM events WHERE id = 1")
        #expect(
            rows.rows == [
                [.text("95f652b59db0b9fb29ce80df17f97f42c5207644c2d92d311dcba5c8d2a034c3")]
            ])
    }

    @Test(
        "shows the first row that does not fit",
        arguments: [
            ("UPDATE events SET actor = 'taro' WHERE id = 3", 3),
            ("UPDATE events SET at = '1970-01-01T03:00:00.001Z' WHERE id = 3", 3),
            ("UPDATE events SET details = '{\"n\": \"3\"}' WHERE id = 3", 3),
            // A boundary between columns that moves.
            ("UPDATE events SET actor = 'hanakoo', action = 'dd' WHERE id = 1", 1),
            ("UPDATE events SET hash = '' WHERE id = 4", 4),
            ("UPDATE events SET hash = upper(hash) WHERE id = 4", 4),
            ("DELETE FROM events WHERE id = 1", 2),
            ("DELETE FROM events WHERE id = 4", 5),
            ("DELETE FROM events WHERE id BETWEEN 2 AND 5", 6),
            (
                "INSERT INTO events (id, at, actor, action, object, details) VALUES (0, '', '', '', '', '{}')",
                0
            ),
            (
                "INSERT INTO events (at, actor, action, object, details) VALUES ('', '', '', '', '{}')",
                7
            ),
            (
                "INSERT INTO events SELECT 7, at, actor, action, object, details, hash FROM events WHERE id = 2",
                7
            ),
            // Rows 2 and 3 in each other's place, with their hashes.
            (
                """
                UPDATE events SET id = -2 WHERE id = 2; UPDATE events SET id = 2 WHERE id = 3;
                UPDATE events SET id = 3 WHERE id = -2
                """, 2
            ),
            ("UPDATE events SET id = 9 WHERE id = 6", 9),
        ])
    func tampering(sql: String, row: Int64) throws {
        let before = try #require(try verify().lastHash)
        try execute(sql)
        let trail = try verify(expecting: before)
        #expect(!trail.ok && trail.fault?.row == row && trail.lastHash == nil)
    }

    @Test("shows rows taken off the end, or hashes made anew, to who has kept a hash")
    func expected() throws {
        let kept = try #require(try verify().lastHash)
        try database.appendEvent(actor: "a", action: "later", object: "", at: .now)
        #expect(try verify(expecting: kept).expectedRow == 6)
        #expect(try verify(expecting: kept).ok)
        try execute("DELETE FROM events WHERE id >= 6")
        #expect(try verify().ok)
        #expect(try !verify(expecting: kept).ok)
        // Whoever may write can make all hashes anew.
        try database.write {
            try $0.execute(sql: "UPDATE events SET actor = 'taro' WHERE id = 1")
            try AuditEvent.chainFormerRows(in: $0, at: .now)
        }
        #expect(try verify().ok)
        #expect(try !verify(expecting: kept).ok)
    }

    @Test("of a database of before has its rows chained, and says so")
    func migration() throws {
        let old = try DatabaseQueue(path: folder["old.db"].path)
        try Schema.migrator.migrate(old, upTo: "pairs of drugs and reactions")
        try old.write { database in
            for number in 1...2500 {
                try database.execute(
                    sql: """
                        INSERT INTO events (at, actor, action, object, details)
                        VALUES ('2026-01-01T00:00:00.000Z', 'a', 'b', ?, '{}')
                        """, arguments: ["\(number)"])
            }
        }
        #expect(throws: StoreError.self) {
            try AuditVerification(of: FilePath(folder["old.db"]))
        }
        try old.close()
        _ = try ResultDatabase(file: folder["old.db"])
        let trail = try AuditVerification(of: FilePath(folder["old.db"]))
        #expect(trail.ok && trail.events == 2501)
        let rows = try ResultReader(file: folder["old.db"]).auditEvents(
            action: AuditEvent.chainingAction)
        #expect(rows.rows.count == 1 && rows.rows[0][5] == .text("{\"events\":\"2500\"}"))
        let new = try ResultDatabase(file: folder["new.db"])
        withExtendedLifetime(new) {}
        #expect(try AuditVerification(of: FilePath(folder["new.db"])).events == 0)
    }

    @Test("is listed by time and action")
    func list() throws {
        func objects(
            since: String? = nil, until: String? = nil, action: String? = nil
        ) throws -> [String] {
            let table = try ResultReader(file: folder["shoken.db"])
                .auditEvents(since: since, until: until, action: action)
            #expect(
                table.columns == ["id", "at", "actor", "action", "object", "details", "hash"])
            return table.rows.map { $0[4].text }
        }
        #expect(try objects().count == 6)
        #expect(try objects(since: "1970-01-01T05:00:00.000Z") == ["甲5", "甲6"])
        #expect(try objects(until: "1970-01-01T02:00:00.000Z") == ["甲1"])
        #expect(try objects(since: "1970-01-01T02:30:00.000Z", action: "even") == ["甲4", "甲6"])
    }

    @Test("goes into a database that is made anew as it is; later events are chained after it")
    func adopted() throws {
        let kept = try #require(try verify().lastHash)
        let former = RecordedFileList(of: path)
        let new = try ResultDatabase(file: folder["new.db"])
        try new.adoptEvents(of: former)
        let place = FilePath(folder["new.db"])
        #expect(try AuditVerification(of: place).lastHash == kept)
        try new.appendEvent(actor: "a", action: "database rebuilt", object: "", at: .now)
        try database.appendEvent(actor: "a", action: "meanwhile", object: "", at: .now)
        try database.appendEvent(actor: "a", action: "meanwhile", object: "", at: .now)
        for _ in 0..<2 { try new.adoptEvents(of: RecordedFileList(of: path)) }
        let trail = try AuditVerification(of: place, expecting: kept)
        #expect(trail.ok && trail.events == 10)
        let reader = try ResultReader(file: folder["new.db"])
        #expect(try reader.auditEvents(action: "meanwhile").rows.count == 2)
        #expect(try reader.auditEvents(action: ResultDatabase.adoptionAction).rows.count == 1)
    }

    @Test("that was tampered with is taken over with its fault, not mended")
    func adoptedFault() throws {
        try execute("UPDATE events SET actor = 'taro' WHERE id = 3")
        let new = try ResultDatabase(file: folder["new.db"])
        try new.adoptEvents(of: RecordedFileList(of: path))
        try new.appendEvent(actor: "a", action: "later", object: "", at: .now)
        #expect(try AuditVerification(of: FilePath(folder["new.db"])).fault?.row == 3)
    }

    @Test("of a copy is the one of the database")
    func copied() throws {
        let kept = try #require(try verify().lastHash)
        let copy = try DatabaseCopy(of: path, for: FilePath(folder["copy.db"]))
        #expect(try AuditVerification(of: copy.path).lastHash == kept)
    }
}
