// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("Search")
struct SearchTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
    }

    /// Records documents of one patient, each as a file of its own.
    private func record(
        _ texts: [String], key: String? = nil, status: SenderStatus = .final,
        findings: Findings = Findings()
    ) throws {
        for text in texts {
            var source = DocumentSource(format: .text)
            (source.key, source.status) = (key, status)
            let document = ClinicalDocument(
                kind: .nursing, text: text, patientIdentifier: "P1", authoredAt: "2026-03-01",
                source: source)
            let file = RecordedFile(
                sha256: UUID().uuidString, kind: .nursing, sourceName: "a.txt",
                receivedAt: "2026-03-02T00:00:00.000Z",
                documents: [RecordedDocument(document, findings)])
            let last = try database.precedents(of: [file], candidateLimit: 0).lastDocument
            _ = try database.record([file], after: last, maker: maker, at: .now)
        }
    }

    private func hits(_ words: String...) throws -> [SearchHit] {
        try ResultReader(file: folder["shoken.db"]).hits(of: SearchQuestion(words)).hits
    }

    @Test(
        "finds words in any width, case and line, with the place that they have in the text",
        arguments: [
            ("熱", "発熱なし。", ["熱"]), ("発熱", "昨夜より発熱。\r\n今朝も発熱あり。", ["発熱", "発熱"]),
            ("間質性肺炎", "間質性\n肺炎の増悪。", ["間質性\n肺炎"]), ("ガーゼ", "ｶﾞｰｾﾞ交換。", ["ｶﾞｰｾﾞ"]),
            ("spo2", "ＳｐＯ₂９０％", ["ＳｐＯ₂"]), ("CT 検査", "ｃｔ　検査施行", ["ｃｔ　検査"]),
            ("38.5℃", "体温３８．５℃", ["３８．５℃"]), ("𠮷田", "家族の𠮷田様", ["𠮷田"]),
            ("が", "か\u{3099}あり", ["か\u{3099}"]), ("(右)", "胸痛（右）", ["（右）"]),
            ("a_b", "値 A_B", ["A_B"]), ("よ", "夜間眠れたよ", ["よ"]),
        ])
    func forms(word: String, text: String, surfaces: [String]) throws {
        try record([text, "別の記録。"])
        let hit = try #require(try hits(word).first)
        #expect(try hits(word).count == 1)
        #expect(hit.places.map(\.surface) == surfaces)
        let scalars = Array(text.unicodeScalars)
        for place in hit.places {
            let view = String.UnicodeScalarView(scalars[place.start..<place.stop])
            #expect(Array(place.surface.unicodeScalars) == Array(view))
        }
    }

    @Test("takes no characters together that stand apart, and finds nothing that is not there")
    func strict() throws {
        try record(["間質影あり。性状不明。肺炎なし。", "CT 2回目", "AB CD"])
        #expect(try hits("間質性肺炎").isEmpty)
        #expect(try hits("CT2").isEmpty)
        #expect(try hits("bc").isEmpty)
        #expect(try hits("\" OR 1 NEAR(").isEmpty)
        #expect(throws: StoreError.self) { _ = try hits(" \n") }
        #expect(throws: StoreError.self) { _ = try hits("間質", "") }
    }

    @Test("several words are all in each document, the last recorded first, in one line")
    func several() throws {
        try record(["発熱あり。\n咳嗽なし。", "発熱のみ。", "咳嗽と発熱。"])
        let found = try hits("発熱", "咳嗽")
        #expect(found.map(\.document) == [3, 1])
        #expect(found.map { $0.places.map(\.start) } == [[0, 3], [0, 6]])
        #expect(found.last?.snippet == "【発熱】あり。 咳嗽なし。")
        #expect(found.first?.date == "2026-03-01" && found.first?.patient == "P1")
    }

    @Test("filters and the limit say what they leave out")
    func filters() throws {
        try record(["発熱1", "発熱2", "発熱3"])
        let reader = try ResultReader(file: folder["shoken.db"])
        var question = SearchQuestion(["発熱"], limit: 2)
        let two = try reader.hits(of: question)
        #expect(two.hits.map(\.document) == [3, 2] && two.hasMore)
        question.limit = 3
        #expect(try !reader.hits(of: question).hasMore)
        question.since = StatedTime("2026-03-02")
        #expect(try reader.hits(of: question).hits.isEmpty)
        question.since = nil
        question.until = StatedTime("2026-03-02")
        question.kind = "nursing"
        question.patient = "P1"
        #expect(try reader.hits(of: question).hits.count == 3)
        question.patient = "P2"
        #expect(try reader.hits(of: question).hits.isEmpty)
    }

    @Test("a standard name is found where the text has another word for it")
    func names() throws {
        var findings = Findings()
        findings.entities = [
            Entity(
                type: .disease,
                span: TextSpan(range: SourceRange(start: 2, end: 4), surface: "IP"),
                normalized: "間質性肺炎", score: 0.9)
        ]
        try record(["既往IPあり。"], findings: findings)
        let places = try #require(try hits("質性").first?.places)
        #expect(places == [.init(start: 2, stop: 4, surface: "IP", name: "間質性肺炎")])
    }

    @Test("only the version that counts is found, unless history is asked for")
    func versions() throws {
        try record(["発熱あり。"], key: "k")
        try record(["発熱なし。"], key: "k")
        #expect(try hits("発熱").map(\.document) == [2])
        try record(["取消。発熱。"], key: "k", status: .withdrawn)
        #expect(try hits("発熱").isEmpty)
        var question = SearchQuestion(["発熱"])
        question.includesHistory = true
        let all = try ResultReader(file: folder["shoken.db"]).hits(of: question).hits
        #expect(all.map(\.standing) == ["withdrawn", "superseded", "superseded"])
    }

    @Test("the index keeps in step with parts that are discarded, and can be made anew")
    func upkeep() throws {
        let part = RecordedFile(
            sha256: "s", kind: .nursing, sourceName: "b.jsonl",
            receivedAt: "2026-03-02T00:00:00.000Z",
            documents: [
                RecordedDocument(ClinicalDocument(kind: .nursing, text: "浮腫あり。"), Findings())
            ], isLastPart: false)
        _ = try database.record([part], after: 0, maker: maker, at: .now)
        #expect(try hits("浮腫").count == 1)
        try database.discardPart(sha256: "s", kind: "nursing", sourceName: "b.jsonl")
        func indexed(_ gram: String) throws -> Int {
            try ResultReader(file: folder["shoken.db"]).select(
                "SELECT rowid FROM search_index WHERE search_index MATCH '\"\(gram)\"'"
            ).rows.count
        }
        #expect(try indexed("浮腫") == 0)
        try record(["発疹あり。"])
        try database.write {
            try $0.execute(sql: "INSERT INTO search_index (search_index) VALUES ('delete-all')")
        }
        #expect(try hits("発疹").isEmpty)
        #expect(try database.rebuildSearchIndex() == 1)
        #expect(try hits("発疹").count == 1)
    }

    @Test("a database of before gets its index when it is opened")
    func migration() throws {
        let queue = try DatabaseQueue(path: folder["old.db"].path)
        try Schema.migrator.migrate(queue, upTo: "files by time of recording")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO models VALUES (1, 'm', '1', 's', 't', 'c', 'd', 'v');
                    INSERT INTO files (id, sha256, kind, source_name, recorded_at)
                      VALUES (1, 'a', 'nursing', 'a.txt', 't');
                    INSERT INTO documents (id, file_id, position, sha256, kind, source_name,
                      received_at, processed_at, encoding, text, model_id, format, sender_status,
                      superseded_by_sender, standing, conflict, arrived_at, notices)
                    VALUES (7, 1, 0, 'a', 'nursing', 'a.txt', '2026-01-02T20:00:00.000Z', 'p', 'UTF-8',
                      '熱はない。右膝の疼痛あり、ロキソ60mg内服。', 1, 'txt', 'unknown', 0, 'current', 0, 'r', '[]');
                    INSERT INTO entities (id, document_id, type, start, "end", surface, certainty,
                      score, method) VALUES (1, 7, 'disease', 8, 10, '疼痛', 'positive', 1, 'm'),
                      (2, 7, 'drug', 13, 16, 'ロキソ', 'positive', 1, 'm'),
                      (3, 7, 'dose', 16, 20, '60mg', 'positive', 1, 'm');
                    UPDATE entities SET drug_id = 2 WHERE id = 3;
                    """)
        }
        try queue.close()
        #expect(throws: StoreError.self) {
            try ResultReader(file: folder["old.db"]).hits(of: SearchQuestion(["右膝"]))
        }
        _ = try ResultDatabase(file: folder["old.db"])
        let reader = try ResultReader(file: folder["old.db"])
        #expect(try reader.hits(of: SearchQuestion(["右膝", "疼痛"])).hits.map(\.document) == [7])
        #expect(
            try reader.select("SELECT date, sentence, stop FROM findings WHERE entity_id = 1").rows
                == [[.text("2026-01-03"), .text("右膝の疼痛あり、ロキソ60mg内服。"), .integer(10)]])
        #expect(
            try reader.select("SELECT drug, dose, amount, unit FROM medications").rows
                == [[.text("ロキソ"), .text("60mg"), .real(60), .text("mg")]])
    }
}
