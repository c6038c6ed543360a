// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("Snapshots for analysts")
struct SnapshotTests {
    private let folder: TemporaryFolder
    private var source: URL { folder["shoken.db"] }

    /// A document of which a second version came, and one whose text names somebody.
    init() throws {
        folder = try TemporaryFolder()
        let database = try ResultDatabase(file: folder["shoken.db"])
        for (number, text) in ["発熱あり。鎮痛剤甲を内服。", "発熱あり。鎮痛剤甲を中止。"].enumerated() {
            try record(text, "a\(number).txt", key: "key-1", database)
        }
        try record("発熱あり。鎮痛剤甲を内服。主治医は 山田花子。", "秘密.txt", key: nil, database)
        try database.appendEvent(actor: "admin", action: "test", object: "x", at: .now)
    }

    private func record(
        _ text: String, _ name: String, key: String?, _ database: ResultDatabase
    ) throws {
        let sample = sampleFile(name, text: text)
        var documentSource = DocumentSource(format: .text)
        documentSource.key = key
        let document = ClinicalDocument(
            kind: .caseReport, text: text, externalIdentifier: "E-9", patientIdentifier: "P-1",
            authoredAt: "2026-01-02", source: documentSource)
        let file = RecordedFile(
            sha256: "hash of \(name)", kind: .caseReport, sourceName: name,
            receivedAt: "2026-01-02T04:00:00.000Z",
            documents: [RecordedDocument(document, sample.documents[0].findings)])
        let last = try database.precedents(of: [file], candidateLimit: 1).lastDocument
        _ = try database.record([file], after: last, maker: maker, at: .now)
    }

    private func snapshot(
        _ name: String, _ protection: AnalysisSnapshot.Protection = .init()
    ) throws -> (snapshot: AnalysisSnapshot, content: Data) {
        let target = FilePath(folder[name])
        let snapshot = try AnalysisSnapshot(
            of: FilePath(source), for: target, protection: protection)
        try snapshot.move(to: target, replacing: false)
        return (snapshot, try Data(contentsOf: folder[name]))
    }

    private func select(_ name: String, _ sql: String) throws -> [[ResultValue]] {
        try ResultReader(file: folder[name]).select(sql).rows
    }

    @Test("hold current documents, no audit trail, and nothing of what was deleted")
    func current() throws {
        let (made, content) = try snapshot("s.db")
        #expect(made.documents == 2 && made.mentions == 4 && made.leftOut.isEmpty)
        #expect(made.bytes == content.count)
        #expect(try select("s.db", "SELECT count(*) FROM events") == [[.integer(0)]])
        #expect(try select("s.db", "SELECT count(*) FROM mentions") == [[.integer(4)]])
        #expect(content.range(of: Data("鎮痛剤甲を中止".utf8)) != nil)
        let former = try select(
            "shoken.db", "SELECT sha256 FROM documents WHERE standing = 'superseded'")
        guard case .text(let hash)? = former.first?.first else {
            Issue.record("no former version")
            return
        }
        #expect(content.range(of: Data(hash.utf8)) == nil)
    }

    @Test("are searched for what they hold, and their index has no word of what was deleted")
    func searched() throws {
        do {
            let database = try ResultDatabase(file: source)
            for (number, text) in ["発熱あり。QXJ法。", "発熱あり。JWQ法。"].enumerated() {
                try record(text, "b\(number).txt", key: "key-2", database)
            }
        }
        let (_, content) = try snapshot("s.db")
        let reader = try ResultReader(file: folder["s.db"])
        let found = try ["発熱", "内服", "QXJ", "JWQ"].map {
            try reader.hits(of: SearchQuestion([$0])).hits.count
        }
        #expect(found == [3, 1, 0, 1])
        let indexed = try select(
            "s.db", "SELECT count(*) FROM search_index WHERE search_index MATCH '発熱'")
        #expect(indexed == [[.integer(3)]])
        let before = try Data(contentsOf: source)
        #expect(before.range(of: Data("qx".utf8)) != nil)
        #expect(content.range(of: Data("qx".utf8)) == nil)
    }

    @Test("need no log and may lie where nobody can write")
    func isReadOnly() throws {
        // The version that reads and writes: 1 without a write-ahead log, 2 with one.
        #expect(try snapshot("s.db").content[18...19].elementsEqual([1, 1]))
        let files = FileManager.default
        let mode = try files.attributesOfItem(atPath: folder["s.db"].path)[.posixPermissions]
        #expect((mode as? Int) == 0o440)
        #expect(!files.fileExists(atPath: folder["s.db"].path + "-wal"))
        #expect(
            try files.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasPrefix(".s") })
    }

    @Test("with pseudonyms name no patient, key or file, and the same patient alike")
    func pseudonyms() throws {
        let hash = try #require(KeyedHash(key: Data(repeating: 7, count: 32)))
        let (_, content) = try snapshot("s.db", .init(pseudonyms: hash))
        for secret in ["P-1", "E-9", "key-1", "秘密", "hash of", "a1.txt"] {
            #expect(content.range(of: Data(secret.utf8)) == nil, "\(secret)")
        }
        let patients = try select("s.db", "SELECT DISTINCT patient_id FROM documents")
        #expect(patients == [[.text(hash.pseudonym(of: "P-1", in: "patient"))]])
        let other = try #require(KeyedHash(key: Data(repeating: 8, count: 32)))
        #expect(
            other.pseudonym(of: "P-1", in: "patient") != hash.pseudonym(of: "P-1", in: "patient"))
        #expect(KeyedHash(key: Data(repeating: 7, count: 15)) == nil)
    }

    @Test("give the keyed hashes of RFC 4231")
    func keyedHash() throws {
        let hash = try #require(KeyedHash(key: Data(repeating: 0x0B, count: 20)))
        #expect(
            hash.digest(of: "Hi There")
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let long = try #require(KeyedHash(key: Data(repeating: 0xAA, count: 131)))
        #expect(
            long.digest(of: "Test Using Larger Than Block-Size Key - Hash Key First")
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("without personal information cut mentions out of the new text, place by place")
    func masks() throws {
        let masked: @Sendable (String) -> String = { text in
            text.replacing("山田花子", with: "〓〓〓〓").replacing("発熱", with: "〓〓")
        }
        let (_, content) = try snapshot("s.db", .init(masked: masked))
        #expect(content.range(of: Data("山田".utf8)) == nil)
        #expect(content.range(of: Data("発熱".utf8)) == nil)
        let reader = try ResultReader(file: folder["s.db"])
        #expect(try reader.hits(of: SearchQuestion(["内服"])).hits.count == 1)
        #expect(try reader.hits(of: SearchQuestion(["山田"])).hits.isEmpty)
        #expect(
            try reader.select("SELECT count(*) FROM search_index WHERE search_index MATCH '山田'")
                .rows
                == [[.integer(0)]])
        let rows = try select(
            "s.db",
            """
            SELECT count(*) FROM entities e JOIN documents d ON d.id = e.document_id
            WHERE substr(d.text, e.start + 1, e."end" - e.start) = e.surface
            """)
        #expect(rows == [[.integer(4)]])
    }

    @Test("leave out tables that may hold what is to go, and the views on them")
    func unknownTables() throws {
        let queue = try DatabaseQueue(path: source.path)
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE VIRTUAL TABLE words USING fts5(text);
                    INSERT INTO words VALUES ('山田花子');
                    CREATE VIEW words_found AS SELECT * FROM words;
                    """)
        }
        try queue.close()
        let hash = try #require(KeyedHash(key: Data(repeating: 7, count: 32)))
        let (made, content) = try snapshot(
            "s.db",
            .init(
                pseudonyms: hash,
                masked: { text in
                    text.replacing("山田花子", with: "〓〓〓〓")
                }))
        #expect(made.leftOut.contains("words") && made.leftOut.contains("words_found"))
        #expect(content.range(of: Data("山田".utf8)) == nil)
        #expect(try snapshot("plain.db").snapshot.leftOut.isEmpty)
    }
}
