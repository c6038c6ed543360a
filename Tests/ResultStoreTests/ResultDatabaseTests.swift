// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import ResultStore
import TestSupport
import Testing

let maker = ResultMaker(
    name: "test", version: "1", sha256: "aa", cleaningVersion: "documents-1",
    dictionary: "ipadic", codeVersion: "0", methods: ["entities": "heads"])

/// A file of one fictional case report with a disease, a drug and a grade for each.
func sampleFile(_ name: String, text: String = "発熱あり。鎮痛剤甲を内服。", bands: [UInt64] = [1, 2])
    -> RecordedFile
{
    func entity(_ type: EntityType, _ start: Int, _ end: Int) -> Entity {
        let scalars = Array(text.unicodeScalars)
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<end])
        return Entity(
            type: type,
            span: TextSpan(range: SourceRange(start: start, end: end), surface: String(view)),
            score: 0.9)
    }
    let document = ClinicalDocument(
        kind: .caseReport, text: text, patientIdentifier: "P-1",
        authoredAt: "2026-01-02T03:04:05Z")
    var findings = Findings()
    findings.entities = [entity(.disease, 0, 2), entity(.drug, 5, 9)]
    findings.adverseEvents = [
        AdverseEvent(entityIndex: 0, role: .disease, level: .probable, score: 0.7),
        AdverseEvent(entityIndex: 1, role: .drug, level: .unrelated, score: 0.6),
    ]
    findings.adverseEventPairs = [
        AdverseEventPair(
            drug: 1, disease: 0, level: .probable, rule: .afterStart,
            cue: entity(.disease, 2, 4).span, needsReview: true)
    ]
    findings.similarityBands = bands
    return RecordedFile(
        sha256: "hash of \(text)", kind: .caseReport, sourceName: name,
        receivedAt: "2026-01-02T04:00:00.000Z", documents: [RecordedDocument(document, findings)])
}

@Suite("Recording results")
struct ResultDatabaseTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
    }

    func record(_ files: [RecordedFile]) throws -> [ResultDatabase.Recording] {
        let precedents = try database.precedents(of: files, candidateLimit: 5)
        var files = files
        for (index, candidates) in precedents.candidates.enumerated() {
            for (position, candidates) in (candidates ?? []).enumerated() {
                files[index].documents[position].findings.similarities = candidates.map {
                    Similarity(
                        otherDocument: $0.document, level: 4, score: 0.5,
                        evidence: ["shared_bands": Double($0.sharedBands)])
                }
            }
        }
        return try database.record(files, after: precedents.lastDocument, maker: maker, at: .now)
    }

    func select(_ sql: String) throws -> [[ResultValue]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows
    }

    @Test("every offset in the database cuts the surface out of the text")
    func offsets() throws {
        _ = try record([sampleFile("a.txt")])
        let rows = try select(
            """
            SELECT substr(d.text, e.start + 1, e."end" - e.start) = e.surface, e.surface
            FROM entities e JOIN documents d ON d.id = e.document_id ORDER BY e.start
            """)
        #expect(rows == [[.integer(1), .text("発熱")], [.integer(1), .text("鎮痛剤甲")]])
    }

    @Test("the same file is recorded once, a namesake with other bytes or another name again")
    func duplicates() throws {
        let results = try record([
            sampleFile("a.txt"), sampleFile("a.txt"), sampleFile("b.txt"),
            sampleFile("a.txt", text: "咳嗽あり。去痰薬乙を内服。"),
        ])
        #expect(results[1] == .duplicate)
        #expect(results.filter { $0 != .duplicate }.count == 3)
        #expect(try select("SELECT count(*) FROM documents") == [[.integer(3)]])
        #expect(
            try database.isRecorded(
                sha256: "hash of 発熱あり。鎮痛剤甲を内服。", kind: "case-report", sourceName: "a.txt"))
    }

    @Test("grades point at the rows of their own document's entities")
    func grades() throws {
        _ = try record([sampleFile("a.txt"), sampleFile("b.txt")])
        let rows = try select(
            """
            SELECT count(*) FROM adverse_events a JOIN entities e ON e.id = a.entity_id
            WHERE e.document_id = a.document_id
              AND e.type = a.role
            """)
        #expect(rows == [[.integer(4)]])
    }

    @Test("pairs point at a drug and a disease of their own document, with the words that say so")
    func pairs() throws {
        _ = try record([sampleFile("a.txt"), sampleFile("b.txt")])
        let rows = try select(
            """
            SELECT drug, reaction, level, rule, cue, review FROM drug_reactions
            WHERE drug_id IN (SELECT id FROM entities WHERE type = 'drug')
              AND disease_id IN (SELECT id FROM entities WHERE type = 'disease')
            """)
        let row: [ResultValue] = [
            .text("鎮痛剤甲"), .text("発熱"), .integer(2), .text("after-start"), .text("あり"), .integer(1),
        ]
        #expect(rows == [row, row])
    }

    @Test("a document finds those before it in the same call, and not itself")
    func similarities() throws {
        _ = try record([
            sampleFile("a.txt"), sampleFile("b.txt"), sampleFile("c.txt", bands: [99]),
        ])
        let rows = try select(
            "SELECT document_id, other_document_id, level FROM similarities ORDER BY 1")
        #expect(rows == [[.integer(2), .integer(1), .integer(4)]])
    }

    @Test("candidates are the same, whether documents come in one call or in many")
    func candidates() throws {
        let bands: [[UInt64]] = [
            [1, 2, 3], [1, 2], [9], [1, 2, 3], [3, 9], [1, 2, 3, 9], [1], [2, 3, 2],
        ]
        let files = bands.enumerated().map { sampleFile("\($0).txt", bands: $1) }
        _ = try record([files[0], files[0], files[1], files[0]])
        _ = try record(Array(files[1...3]))
        _ = try record(Array(files[4...]))
        let together = try TemporaryFolder()
        let other = try ResultDatabase(file: together["shoken.db"])
        for (number, file) in files.enumerated() {
            let found = try other.precedents(of: [file], candidateLimit: 5)
            #expect(found.lastDocument == Int64(number))
            _ = try other.record([file], after: found.lastDocument, maker: maker, at: .now)
            let candidates = try #require(found.candidates[0])
            let rows = try select(
                """
                SELECT other_document_id, json_extract(evidence, '$.shared_bands')
                FROM similarities WHERE document_id = \(number + 1) ORDER BY 2 DESC, 1 DESC
                """)
            #expect(
                rows
                    == candidates[0].map {
                        [.integer($0.document), .integer(Int64($0.sharedBands))]
                    })
        }
        // The sixth shares three bands with the first and the fourth: the newer one comes first.
        #expect(
            try select(
                """
                SELECT other_document_id FROM similarities WHERE document_id = 6
                ORDER BY json_extract(evidence, '$.shared_bands') DESC, 1 DESC
                """) == [4, 1, 5, 2, 3].map { [.integer($0)] })
    }

    @Test("a limit on candidates takes the newest of the best, from the call and from before")
    func limit() throws {
        _ = try record([sampleFile("a.txt"), sampleFile("b.txt")])
        let files = [sampleFile("c.txt"), sampleFile("d.txt")]
        let found = try database.precedents(of: files, candidateLimit: 2)
        #expect(found.candidates.map { $0?[0].map(\.document) } == [[2, 1], [3, 2]])
        let none = try database.precedents(of: files, candidateLimit: 0)
        #expect(none.candidates.allSatisfy { $0 == [[]] })
    }

    @Test(
        "of a band that very many documents have only the newest are looked at, in a call or before"
    )
    func common() throws {
        let most = ResultDatabase.mostOfBand
        // The first resembles the last most, but stands behind the newest of either band.
        let files =
            [sampleFile("0.txt", bands: [1, 2, 3])]
            + (1...most).map { sampleFile("\($0).txt", bands: [1, 2]) }
        let new = sampleFile("new.txt", bands: [1, 2])
        let together = try database.precedents(of: files + [new], candidateLimit: 3)
        let expected = [Int64(most + 1), Int64(most), Int64(most - 1)]
        #expect(together.candidates.last??[0].map(\.document) == expected)
        let all = try database.precedents(of: files + [new], candidateLimit: 1000)
        #expect(all.candidates.last??[0].count == most)
        _ = try record(files)
        let alone = try database.precedents(of: [new], candidateLimit: 1000)
        #expect(alone.candidates[0]?[0] == all.candidates.last??[0])
        // What only few have is found however old it is.
        let rare = sampleFile("rare.txt", bands: [1, 2, 3])
        let found = try database.precedents(of: [rare], candidateLimit: 1000)
        #expect(found.candidates[0]?[0].contains { $0.document == 1 } == true)
    }

    @Test("what was compared with other documents than there are now is not written")
    func outdated() throws {
        _ = try record([sampleFile("a.txt")])
        let files = [sampleFile("b.txt")]
        let found = try database.precedents(of: files, candidateLimit: 5)
        _ = try record([sampleFile("c.txt")])
        #expect(throws: StoreError.outdated) {
            try database.record(files, after: found.lastDocument, maker: maker, at: .now)
        }
        var dangling = files
        dangling[0].documents[0].findings.similarities = [
            Similarity(otherDocument: 77, level: 1, score: 0.5, evidence: [:])
        ]
        #expect(throws: StoreError.outdated) {
            try database.record(dangling, after: 2, maker: maker, at: .now)
        }
        #expect(try select("SELECT count(*) FROM documents") == [[.integer(2)]])
    }

    @Test("a failed write leaves nothing of the whole call behind")
    func allOrNothing() throws {
        let sound = sampleFile("a.txt")
        var findings = Findings()
        findings.entities = [
            Entity(
                type: .disease,
                span: TextSpan(range: SourceRange(start: 1, end: 1), surface: ""), score: 1)
        ]
        let broken = RecordedFile(
            sha256: "x", kind: .caseReport, sourceName: "b.txt", receivedAt: "2026",
            documents: [
                RecordedDocument(ClinicalDocument(kind: .caseReport, text: "空"), findings)
            ])
        #expect(throws: StoreError.self) { try record([sound, broken]) }
        #expect(try select("SELECT count(*) FROM documents") == [[.integer(0)]])
        #expect(try select("SELECT count(*) FROM files") == [[.integer(0)]])
    }

    @Test("what is said of a mention is stored with its words, and a dose with its drug")
    func assertions() throws {
        let text = "発熱なし。甲薬5mgを中止。"
        var file = sampleFile("a.txt", text: text)
        func entity(_ type: EntityType, _ start: Int, _ surface: String) -> Entity {
            let end = start + surface.unicodeScalars.count
            return Entity(
                type: type,
                span: TextSpan(range: SourceRange(start: start, end: end), surface: surface),
                score: 0.9)
        }
        func cue(_ start: Int, _ surface: String) -> TextSpan {
            TextSpan(
                range: SourceRange(start: start, end: start + surface.unicodeScalars.count),
                surface: surface)
        }
        var fever = entity(.disease, 0, "発熱")
        fever.status = AssertionStatus(certainty: .negative, cue: cue(2, "なし"))
        fever.needsReview = true
        var drug = entity(.drug, 5, "甲薬")
        drug.status = AssertionStatus(
            certainty: .negative, temporality: .past, state: .stopped, cue: cue(11, "中止"))
        var dose = entity(.dose, 7, "5mg")
        dose.drug = 1
        dose.foundBy = .rules
        dose.status = drug.status
        file.documents[0].findings.entities = [fever, drug, dose]
        file.documents[0].findings.adverseEvents = []
        file.documents[0].findings.adverseEventPairs = []
        _ = try record([file])

        let reader = try ResultReader(file: folder["shoken.db"])
        let mentions = try reader.select(
            """
            SELECT surface, certainty, subject, temporality, state, cue, review, method
            FROM mentions ORDER BY start
            """
        ).rows
        #expect(
            mentions == [
                [
                    .text("発熱"), .text("negative"), .text("patient"), .text("current"), .null,
                    .text("なし"), .integer(1), .text("heads"),
                ],
                [
                    .text("甲薬"), .text("negative"), .text("patient"), .text("past"),
                    .text("stopped"), .text("中止"), .integer(0), .text("heads"),
                ],
                [
                    .text("5mg"), .text("negative"), .text("patient"), .text("past"),
                    .text("stopped"), .text("中止"), .integer(0), .text("rules"),
                ],
            ])
        #expect(
            try reader.select("SELECT drug, dose, state FROM drug_doses").rows == [
                [.text("甲薬"), .text("5mg"), .text("stopped")]
            ])
        #expect(try reader.select("SELECT * FROM patient_entities").rows.isEmpty)
        var question = ResultQuestion(.entities)
        #expect(try reader.rows(of: question).rows.count == 3)
        question.status = .present
        #expect(try reader.rows(of: question).rows.isEmpty)
        question.status = EntityFilter()
        question.status.review = true
        #expect(try reader.rows(of: question).rows.count == 1)
    }
}

@Suite("Reading results")
struct ResultReaderTests {
    let folder: TemporaryFolder
    let reader: ResultReader

    init() throws {
        folder = try TemporaryFolder()
        let database = try ResultDatabase(file: folder["shoken.db"])
        _ = try database.record(
            [sampleFile("a.txt"), sampleFile("b.txt")], after: 0, maker: maker, at: .now)
        reader = try ResultReader(file: folder["shoken.db"])
    }

    @Test(
        "statements that write, or more than one, are refused",
        arguments: [
            "DELETE FROM documents", "SELECT 1; DROP TABLE documents",
            "UPDATE entities SET score=1",
            "CREATE TABLE x(y)", "INSERT INTO events VALUES (1,2,3,4,5,6)", "", "SELEKT 1",
            "ATTACH DATABASE '/tmp/x' AS y", "PRAGMA journal_mode = DELETE",
            "SELECT fts3_tokenizer('simple')", "SELECT fts3_tokenizer('simple', x'00')",
        ])
    func refused(_ sql: String) {
        #expect(throws: StoreError.self) { try reader.select(sql) }
    }

    @Test("questions list what their filters leave")
    func questions() throws {
        var entities = ResultQuestion(.entities)
        entities.type = "drug"
        #expect(try reader.rows(of: entities).rows.count == 2)
        entities.containing = "解熱"
        #expect(try reader.rows(of: entities).rows.isEmpty)
        var events = ResultQuestion(.adverseEvents)
        events.minimumLevel = 2
        #expect(try reader.rows(of: events).rows.count == 2)
        var pairs = ResultQuestion(.adverseEventPairs)
        pairs.minimumLevel = 2
        pairs.containing = "鎮痛"
        pairs.status.review = true
        #expect(try reader.rows(of: pairs).rows.count == 2)
        pairs.containing = "発熱"
        #expect(try reader.rows(of: pairs).rows.count == 2)
        pairs.minimumLevel = 3
        #expect(try reader.rows(of: pairs).rows.isEmpty)
        var documents = ResultQuestion(.documents)
        documents.patient = "P-1"
        documents.since = StatedTime("2026-01-01")
        documents.until = StatedTime("2026-01-03")
        documents.limit = 1
        #expect(try reader.rows(of: documents).rows.count == 1)
        documents.patient = "P-2"
        #expect(try reader.rows(of: documents).rows.isEmpty)
        for subject in ResultQuestion.Subject.allCases {
            #expect(throws: Never.self) { try reader.rows(of: ResultQuestion(subject)) }
        }
    }

    @Test("views for analysts answer")
    func views() throws {
        for view in [
            "document_summary", "mentions", "patient_entities", "suspected_adverse_events",
            "drug_reactions",
        ] {
            #expect(try reader.select("SELECT * FROM \(view)").rows.isEmpty == false)
        }
    }

    @Test("a file that is no database is named in the error")
    func notADatabase() throws {
        let file = folder["text.db"]
        try Data(repeating: 0x41, count: 5000).write(to: file)
        #expect(throws: StoreError.damaged(file: file.path, code: 26)) {
            try ResultReader(file: file)
        }
    }
}
