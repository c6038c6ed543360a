// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("Versions of a document")
struct DocumentVersionsTests {
    /// One version as a sender sends it.
    private struct Sent: Hashable {
        var text: String
        var key: String? = "k"
        var version: String?
        var time: String?
        var status = SenderStatus.final
        var patient: String? = "P1"
        var replaces: String?
        var isSuperseded = false
        var authoredAt: String?

        var document: ClinicalDocument {
            var source = DocumentSource(format: .hl7)
            source.key = key
            source.version = version
            source.versionTime = time
            source.status = status
            source.replaces = replaces
            source.isSuperseded = isSuperseded
            source.sections = [
                DocumentSection(
                    code: "18782-3", title: "所見",
                    range: SourceRange(start: 0, end: text.unicodeScalars.count))
            ]
            return ClinicalDocument(
                kind: .radiology, text: text, patientIdentifier: patient,
                authoredAt: authoredAt, source: source)
        }
    }

    private let folder: TemporaryFolder
    private let database: ResultDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
    }

    /// Records each as a file of its own, in this order.
    private func record(_ versions: [Sent], named name: String = "f") throws {
        for (number, sent) in versions.enumerated() {
            try record([sent], name: "\(name)\(number)", second: number)
        }
    }

    private func record(_ versions: [Sent], name: String, second: Int) throws {
        let file = RecordedFile(
            sha256: "\(versions.hashValue)", kind: .radiology, sourceName: name,
            receivedAt: "2026-01-02T04:00:0\(second).000Z",
            documents: versions.map { RecordedDocument($0.document, Findings()) })
        let last = try database.precedents(of: [file], candidateLimit: 5).lastDocument
        _ = try database.record([file], after: last, maker: maker, at: .now)
    }

    private func texts(_ sql: String) throws -> [[String]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows.map { row in
            row.map { value in
                switch value {
                case .text(let text): text
                case .integer(let number): "\(number)"
                default: "-"
                }
            }
        }
    }

    private func current() throws -> [String] {
        try texts("SELECT text FROM documents_current ORDER BY text").map { $0[0] }
    }

    private func standings() throws -> [String] {
        try texts("SELECT standing FROM documents ORDER BY id").map { $0[0] }
    }

    @Test(
        "the sender's order decides, whatever the order of arrival",
        arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    func order(arrival: [Int]) throws {
        let byNumber = [("2", "二"), ("9", "九"), ("10", "十")].map { Sent(text: $1, version: $0) }
        let byTime = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z", "2026-02-01"]
            .enumerated().map { Sent(text: "t\($0)", key: "by-time", time: $1) }
        try record(arrival.map { byNumber[$0] }, named: "n")
        try record(arrival.map { byTime[$0] }, named: "t")
        #expect(try current() == ["t2", "十"])
        #expect(try standings().count { $0 == "superseded" } == 4)
    }

    @Test("without an order of the sender's the last that came counts, also when it came before")
    func arrival() throws {
        let (one, two) = (Sent(text: "甲"), Sent(text: "乙"))
        try record([one, two])
        #expect(try current() == ["乙"])
        try record([one], name: "f0", second: 5)
        #expect(try current() == ["甲"])
        try record([two], name: "another", second: 6)
        #expect(try current() == ["乙"])
        #expect(try standings() == ["superseded", "superseded", "current"])
    }

    @Test("what is sent twice is a duplicate, and a version with another text a conflict")
    func duplicates() throws {
        try record([
            Sent(text: "甲", version: "1"), Sent(text: "乙", version: "2"),
            Sent(text: "甲", version: "1"), Sent(text: "丙", version: "2"),
        ])
        #expect(try standings() == ["superseded", "superseded", "duplicate", "current"])
        #expect(
            try texts("SELECT conflict FROM documents ORDER BY id").map { $0[0] }
                == ["0", "0", "0", "1"])
        #expect(
            try texts("SELECT object FROM events WHERE action = 'conflict'") == [["document 4"]])
        // Another time of writing is something new, too.
        try record([Sent(text: "丙", version: "2", authoredAt: "2026-01-01")], name: "t", second: 6)
        #expect(try texts("SELECT authored_at FROM documents_current") == [["2026-01-01"]])
        try record([Sent(text: "丁", version: "3", patient: "P2")], name: "p", second: 7)
        #expect(try current() == ["丁"])
        #expect(try texts("SELECT conflict FROM documents_current") == [["1"]])
    }

    @Test("a withdrawn document is nowhere current; an older version that comes late stays so")
    func withdrawal() throws {
        try record([
            Sent(text: "甲", version: "1"), Sent(text: "", version: "3", status: .withdrawn),
            Sent(text: "乙", version: "2"),
        ])
        #expect(try current().isEmpty)
        #expect(try standings() == ["superseded", "withdrawn", "superseded"])
        try record([Sent(text: "丙", version: "4")], name: "again", second: 8)
        #expect(try current() == ["丙"])
    }

    @Test(
        "a withdrawal that says no more than the key takes the newest version back, whose ever it is"
    )
    func withdrawalByKey() throws {
        let bare = Sent(text: "", status: .withdrawn, patient: nil)
        try record([Sent(text: "甲", version: "1"), Sent(text: "丙", version: "3"), bare])
        #expect(try current().isEmpty)
        try record([bare], name: "once more", second: 5)
        try record([Sent(text: "乙", version: "2")], name: "late", second: 6)
        #expect(
            try standings() == ["superseded", "superseded", "withdrawn", "duplicate", "superseded"])
        #expect(try texts("SELECT count(*) FROM documents WHERE conflict = 1") == [["0"]])
        try record([Sent(text: "丁", version: "4")], name: "again", second: 7)
        #expect(try current() == ["丁"])
    }

    @Test("a document takes the place of another, before or after that one has come")
    func replacement() throws {
        let old = Sent(text: "旧", key: "old")
        let new = Sent(text: "新", key: "new", replaces: "old")
        try record([old, new])
        #expect(try current() == ["新"])
        try record(
            [
                Sent(text: "新二", key: "new2", replaces: "old2"), Sent(text: "旧二", key: "old2"),
                Sent(text: "自", key: "self", isSuperseded: true),
            ], named: "later")
        #expect(try current() == ["新", "新二"])
    }

    @Test("documents without a key are all current")
    func withoutKey() throws {
        try record([Sent(text: "甲", key: nil), Sent(text: "甲", key: nil)])
        #expect(try current() == ["甲", "甲"])
    }

    @Test("views and questions show current documents, with --history all of them")
    func questions() throws {
        func file(_ name: String, _ version: String) -> RecordedFile {
            let sample = sampleFile(name)
            var source = DocumentSource(format: .cda)
            (source.key, source.version) = ("k", version)
            source.sections = [
                DocumentSection(code: nil, title: "経過", range: SourceRange(start: 0, end: 5))
            ]
            let document = ClinicalDocument(
                kind: .dischargeSummary, text: sample.documents[0].document.text + version,
                source: source)
            return RecordedFile(
                sha256: name, kind: .other, sourceName: name, receivedAt: sample.receivedAt,
                documents: [RecordedDocument(document, sample.documents[0].findings)])
        }
        for (name, version) in [("a", "1"), ("b", "2")] {
            let file = file(name, version)
            let before = try database.precedents(of: [file], candidateLimit: 5)
            // The version before shares all bands, and is no earlier document that is alike.
            #expect(before.candidates == [[[]]])
            _ = try database.record([file], after: before.lastDocument, maker: maker, at: .now)
        }
        let reader = try ResultReader(file: folder["shoken.db"])
        for subject in [ResultQuestion.Subject.documents, .entities, .adverseEvents] {
            var question = ResultQuestion(subject)
            let current = try reader.rows(of: question).rows.count
            question.includesHistory = true
            #expect(try reader.rows(of: question).rows.count == 2 * current && current > 0)
            question.includesHistory = false
            question.document = 1
            #expect(try reader.rows(of: question).rows.count == current)
        }
        for view in ["document_summary", "suspected_adverse_events"] {
            #expect(try texts("SELECT count(*) FROM \(view)") == [["1"]], "\(view)")
        }
        #expect(
            try texts("SELECT surface, section FROM mentions ORDER BY start")
                == [["発熱", "経過"], ["鎮痛剤甲", "-"]])
    }

    @Test("rows of before get the key of JSON lines, and the last of each is current")
    func migration() throws {
        let file = folder["old.db"]
        let queue = try DatabaseQueue(path: file.path)
        try Schema.migrator.migrate(queue, upTo: "times as instants")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO models VALUES (1, 'm', '1', 's', 't', 'c', 'd', 'v');
                    INSERT INTO files (id, sha256, kind, source_name, recorded_at)
                      VALUES (1, 'a', 'nursing', 'a.JSONL', 't'), (2, 'b', 'nursing', 'b.txt', 't');
                    """)
            for (row, identifier) in [(1, "'x'"), (2, "'x'"), (3, "NULL")] {
                try database.execute(
                    sql: """
                        INSERT INTO documents (id, file_id, position, sha256, kind, source_name,
                          external_id, received_at, processed_at, encoding, text, model_id)
                        SELECT \(row), id, \(row), sha256, kind, source_name, \(identifier), 'r',
                          'p', 'UTF-8', '発熱', 1 FROM files WHERE id = \(row == 3 ? 2 : 1);
                        INSERT INTO entities (document_id, type, start, "end", surface, certainty,
                          score, method) VALUES (\(row), 'disease', 0, 2, '発熱', 'positive', 1, 'm');
                        """)
            }
        }
        try queue.close()
        _ = try ResultDatabase(file: file)
        let rows = try ResultReader(file: file).select(
            """
            SELECT document_key, standing, format, (SELECT count(*) FROM entities e
              WHERE e.document_id = d.id) FROM documents d ORDER BY id
            """
        ).rows
        #expect(
            rows == [
                [.text("jsonl:nursing:x"), .text("superseded"), .text("jsonl"), .integer(1)],
                [.text("jsonl:nursing:x"), .text("current"), .text("jsonl"), .integer(1)],
                [.null, .text("current"), .text("txt"), .integer(1)],
            ])
    }
}
