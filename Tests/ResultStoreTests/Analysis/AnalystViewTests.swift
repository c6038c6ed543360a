// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Views for analysts")
struct AnalystViewTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        let files = [
            sampleFile("a.txt"), sampleFile("b.txt", text: "咳嗽なし。鎮痛剤乙を内服。"),
        ]
        let last = try database.precedents(of: files, candidateLimit: 5).lastDocument
        _ = try database.record(files, after: last, maker: maker, at: .now)
    }

    private func select(_ sql: String) throws -> [[String]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows.map { $0.map(\.text) }
    }

    @Test("a mention is one flat row, with its sentence and the day in Japan")
    func findings() throws {
        #expect(
            try select(
                """
                SELECT patient_id, date, kind, type, surface, sentence, model, start, stop, code_system
                FROM findings WHERE document_id = 1 ORDER BY start
                """) == [
                    [
                        "P-1", "2026-01-02", "case-report", "disease", "発熱", "発熱あり。", "test", "0",
                        "2", "",
                    ],
                    [
                        "P-1", "2026-01-02", "case-report", "drug", "鎮痛剤甲", "鎮痛剤甲を内服。", "test", "5",
                        "9", "",
                    ],
                ])
    }

    @Test(
        "what is counted is read from indexes, not from rows with texts",
        arguments: [
            (
                "SELECT code, standard_name, count(DISTINCT patient_id) FROM findings WHERE type = 'disease' AND code IS NOT NULL AND certainty = 'positive' GROUP BY 1, 2",
                ["e USING COVERING INDEX entities_code"]
            ),
            (
                "SELECT * FROM patients",
                [
                    "d USING COVERING INDEX documents_patient",
                    "n USING PRIMARY KEY (patient_id=? AND type=?)",
                ]
            ),
            ("SELECT * FROM monthly_counts", ["d USING COVERING INDEX documents_patient"]),
        ])
    func plans(_ question: String, _ indexes: [String]) throws {
        let plan = try select("EXPLAIN QUERY PLAN \(question)").compactMap(\.last)
        for index in indexes {
            #expect(plan.contains { $0.contains(index) }, "\(plan)")
        }
        #expect(!plan.contains { $0.contains(" m ") }, "\(plan)")
    }

    @Test("drugs without a dose are among the medications, too")
    func medications() throws {
        #expect(
            try select("SELECT drug, dose, amount FROM medications ORDER BY document_id")
                == [["鎮痛剤甲", "", ""], ["鎮痛剤乙", "", ""]])
    }

    @Test("the code of a drug stands with its system and edition, among findings and medications")
    func drugCodes() throws {
        try database.write {
            try $0.execute(
                sql: """
                    UPDATE entities SET code = '2171022', code_edition = '2025-07'
                    WHERE surface = '鎮痛剤甲'
                    """)
        }
        #expect(
            try select(
                "SELECT code_system, code, code_edition FROM findings WHERE surface = '鎮痛剤甲'")
                == [["NHI price list", "2171022", "2025-07"]])
        #expect(
            try select("SELECT drug, code FROM medications ORDER BY document_id")
                == [["鎮痛剤甲", "2171022"], ["鎮痛剤乙", ""]])
    }

    @Test("patients and months are counted from current documents")
    func counts() throws {
        #expect(
            try select(
                """
                SELECT patient_id, documents, first_date, last_date, diseases, drugs,
                  highest_adverse_event_level FROM patients
                """) == [["P-1", "2", "2026-01-02", "2026-01-02", "2", "2", "2"]])
        #expect(
            try select("SELECT * FROM monthly_counts")
                == [["2026-01", "case-report", "2", "1", "2", "2", "2", "0"]])
        try database.write {
            try $0.execute(sql: "UPDATE documents SET standing = 'superseded' WHERE id = 2")
        }
        #expect(
            try select("SELECT documents, patients, diseases FROM monthly_counts")
                == [["1", "1", "1"]])
        #expect(try select("SELECT DISTINCT document_id FROM findings") == [["1"]])
    }

    @Test("the counts of a document follow its mentions, also those that are changed or removed")
    func documentCounts() throws {
        func counts() throws -> [[String]] {
            try select("SELECT * FROM document_counts ORDER BY 1")
        }
        let before = try counts()
        #expect(before == [["1", "1", "1", "0", "0", "0.9"], ["2", "1", "1", "0", "0", "0.9"]])
        func change(_ sql: String) throws { try database.write { try $0.execute(sql: sql) } }
        try change(
            """
            INSERT INTO entities (document_id, type, start, "end", surface, certainty, score, method,
              review) VALUES (1, 'dose', 9, 11, '語句', 'positive', 0.3, 'heads', 1)
            """)
        #expect(try counts().first == ["1", "1", "1", "1", "1", "0.3"])
        try change("UPDATE entities SET certainty = 'negative', score = 0.2 WHERE id = 1")
        #expect(try counts().first == ["1", "0", "1", "1", "1", "0.2"])
        try change("UPDATE entities SET document_id = 2 WHERE type = 'dose'")
        #expect(
            try counts() == [["1", "0", "1", "0", "0", "0.2"], ["2", "1", "1", "1", "1", "0.3"]])
        try change("DELETE FROM entities WHERE document_id = 1")
        #expect(try counts().map(\.first) == ["2"])
        try change("DELETE FROM documents WHERE id = 2")
        #expect(try counts().isEmpty)
    }

    @Test("the names of a patient follow mentions and documents, changed, set aside or removed")
    func patientNames() throws {
        func names() throws -> [String] {
            try select("SELECT * FROM patient_names ORDER BY 1, 3").map {
                $0.joined(separator: " ")
            }
        }
        /// As the view would have to count without the table.
        func counted() throws -> [String] {
            try select(
                """
                SELECT patient_id, type, coalesce(normalized, surface), count(*) AS mentions
                FROM patient_entities WHERE type <> 'dose' AND patient_id IS NOT NULL
                GROUP BY 1, 2, 3 ORDER BY 1, 3
                """
            ).map { $0.joined(separator: " ") }
        }
        #expect(
            try names()
                == [
                    "P-1 drug 鎮痛剤乙 1", "P-1 drug 鎮痛剤甲 1", "P-1 disease 咳嗽 1", "P-1 disease 発熱 1",
                ].sorted())
        let changes = [
            """
            INSERT INTO entities (document_id, type, start, "end", surface, certainty, score, method)
            VALUES (1, 'disease', 9, 11, '発熱', 'positive', 0.3, 'heads'),
              (1, 'disease', 9, 11, '悪寒', 'negative', 0.3, 'heads'),
              (2, 'dose', 9, 11, '語句', 'positive', 0.3, 'heads')
            """,
            "UPDATE entities SET normalized = '発熱' WHERE surface = '咳嗽'",
            "UPDATE entities SET certainty = 'positive' WHERE surface = '悪寒'",
            "UPDATE entities SET document_id = 2 WHERE surface = '悪寒'",
            "UPDATE documents SET patient_id = 'P-2' WHERE id = 2",
            "UPDATE documents SET standing = 'superseded' WHERE id = 1",
            "UPDATE documents SET standing = 'current', patient_id = 'P-2' WHERE id = 1",
            "UPDATE documents SET patient_id = NULL WHERE id = 2",
            "UPDATE documents SET patient_id = 'P-3' WHERE id = 2",
            "DELETE FROM entities WHERE surface = '悪寒'",
            "UPDATE documents SET standing = 'superseded' WHERE id = 2",
            "DELETE FROM entities WHERE document_id = 2 AND type = 'drug'",
            "UPDATE documents SET standing = 'current' WHERE id = 2",
            "DELETE FROM documents WHERE id = 1",
        ]
        var (former, told) = (try names(), 0)
        for change in changes {
            try database.write { try $0.execute(sql: change) }
            let now = try names()
            #expect(try now == counted(), "\(change)")
            if now != former { told += 1 }
            former = now
        }
        #expect(told == 12)
        try database.write { try $0.execute(sql: "DELETE FROM documents") }
        #expect(try names() == [])
    }

    @Test("alike documents are told from either side, and a reaction with its sentence")
    func pairs() throws {
        try database.write {
            try $0.execute(
                sql: "INSERT INTO similarities VALUES (2, 1, 4, 0.5, '{}', 'heads')")
        }
        #expect(
            try select(
                """
                SELECT document_id, other_document_id, level, is_later FROM similar_pairs
                ORDER BY 1
                """) == [["1", "2", "4", "0"], ["2", "1", "4", "1"]])
        #expect(
            try select("SELECT drug, reaction, sentence, date FROM drug_reactions LIMIT 1")
                == [["鎮痛剤甲", "発熱", "発熱あり。", "2026-01-02"]])
    }

    @Test("stop is the end of an entity, also where one is asked by row")
    func stop() throws {
        #expect(try select("SELECT count(*) FROM entities WHERE stop = \"end\"") == [["4"]])
    }

    @Test("a document is found by number, key or identifier, with all that was found in it")
    func document() throws {
        let reader = try ResultReader(file: folder["shoken.db"])
        #expect(try reader.documents(named: "1") == [1])
        #expect(try reader.documents(named: "none").isEmpty)
        let document = try #require(try reader.document(1))
        #expect(document.fact("patient_id") == "P-1" && document.fact("title") == nil)
        #expect(document.stored.mentions.map(\.surface) == ["発熱", "鎮痛剤甲"])
        #expect(document.pairs.map { document.surface(of: $0.disease) } == ["発熱"])
        #expect(document.pairs.map { document.words(at: $0.cue) } == ["あり"])
        #expect(document.grades.map(\.level) == [2, 0])
        #expect(try reader.document(99)?.scalars == nil)
    }
}
