// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Documents that are read once more")
struct RereadingTests {
    let folder: TemporaryFolder
    let database: ResultDatabase
    static let text = "発熱あり。鎮痛剤甲を内服。"

    /// Three documents: 発熱 (disease, level 2) and 鎮痛剤甲 (drug, level 0) in each.
    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        for name in ["a.txt", "b.txt", "c.txt"] {
            let file = sampleFile(name)
            let precedents = try database.precedents(of: [file], candidateLimit: 5)
            _ = try database.record([file], after: precedents.lastDocument, maker: maker, at: .now)
        }
    }

    private func texts(_ sql: String) throws -> [[String]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows.map { $0.map(\.text) }
    }

    private func hits(_ word: String) throws -> [Int64] {
        try ResultReader(file: folder["shoken.db"]).hits(of: SearchQuestion([word])).hits
            .map(\.document)
    }

    private var request: Int64 {
        get throws { try database.request(ReprocessSelection(), by: "甲", at: .now).id }
    }

    private func begin(_ request: Int64, limit: Int = 9) throws -> [RereadDocument] {
        try database.beginDocuments(of: request, limit: limit, characters: 1000, at: .now)
    }

    private static func entity(_ type: EntityType, _ start: Int, _ end: Int) -> Entity {
        let surface = String(Array(text)[start..<end])
        return Entity(
            type: type,
            span: TextSpan(range: SourceRange(start: start, end: end), surface: surface),
            score: 0.8)
    }

    private static let other = ResultMaker(
        name: "other", version: "2", sha256: "bb", cleaningVersion: "documents-1",
        dictionary: "ipadic", codeVersion: "0", methods: ["entities": "heads"],
        run: ResultRun(.reprocess))

    /// Reads a document once more, with these mentions.
    @discardableResult
    private func reread(
        _ document: RereadDocument, _ request: Int64, _ entities: [Entity], name: String? = nil
    ) throws -> Bool {
        var findings = Findings()
        findings.entities = entities
        if let name, !entities.isEmpty { findings.entities[0].normalized = name }
        findings.similarityBands = [7]
        return try database.replaceResults(
            of: document, by: findings, for: request,
            maker: Self.other.running(ResultRun(.reprocess)),
            at: .now)
    }

    @Test(
        "new results take the place of the old ones, which are kept; index and counts are in step")
    func replaced() throws {
        let request = try request
        let documents = try begin(request)
        #expect(documents.map(\.id) == [1, 2, 3])
        #expect(documents.first?.document.text == Self.text)
        #expect(try reread(documents[0], request, [Self.entity(.disease, 0, 4)], name: "別名の熱"))
        #expect(
            try texts("SELECT surface FROM entities WHERE document_id = 1") == [["発熱あり"]])
        for table in ["adverse_events", "adverse_event_pairs", "similarities"] {
            #expect(try texts("SELECT count(*) FROM \(table) WHERE document_id = 1") == [["0"]])
        }
        #expect(
            try texts("SELECT diseases, drugs FROM document_counts WHERE document_id = 1")
                == [["1", "0"]])
        #expect(
            try texts(
                "SELECT model, model_version FROM document_summary WHERE id < 3 ORDER BY id")
                == [["other", "2"], ["test", "1"]])
        #expect(
            try texts(
                """
                SELECT r.purpose, r.documents FROM documents d JOIN runs r ON r.id = d.run_id
                WHERE d.id < 3 ORDER BY d.id
                """) == [["reprocess", "1"], ["active", "3"]])
        #expect(
            try texts(
                """
                SELECT run_id, json_array_length(results, '$.mentions'),
                  json_extract(results, '$.mentions[1].surface'),
                  json_extract(results, '$.grades[0].level'), json_extract(results, '$.pairs[0].drug')
                FROM run_results
                """) == [["1", "2", "鎮痛剤甲", "2", "1"]])
        #expect(try hits("別名の熱") == [1])
        #expect(try texts("SELECT band FROM similarity_bands WHERE document_id = 1") == [["7"]])
        // What was written of the former names is gone, or the index would be damaged.
        try database.rebuildSearchIndex()
        #expect(try hits("別名の熱") == [1])
    }

    @Test("each document once, however often the daemon begins; what is cancelled stays as it is")
    func once() throws {
        let request = try request
        let first = try begin(request, limit: 2)
        try reread(first[0], request, [])
        #expect(try reread(first[0], request, []) == false)
        // As after a kill: the next ones are those that were not written.
        #expect(try begin(request).map(\.id) == [2, 3])
        #expect(try begin(request, limit: 1).map(\.id) == [2])
        #expect(try database.openRequest()?.tries == 2)
        try database.fail(2, of: request, reason: "test", at: .now)
        #expect(try database.openRequest()?.tries == 0)
        let last = try begin(request)
        #expect(last.map(\.id) == [3])
        #expect(try database.cancelRequests(by: "甲", at: .now) == [request])
        #expect(try reread(last[0], request, []) == false)
        #expect(try begin(request).isEmpty)
        #expect(
            try texts("SELECT state, reread, failed FROM reprocess_requests")
                == [["cancelled", "1", "1"]])
        #expect(
            try texts("SELECT document_id, reason FROM reprocess_failures") == [["2", "test"]])
        #expect(
            try texts("SELECT actor, action FROM events") == [
                ["甲", "reprocess requested"], ["甲", "reprocess cancelled"],
            ])
    }

    @Test("a request has the documents that it names, of those that were there, and ends by itself")
    func selected() throws {
        var selection = ReprocessSelection()
        selection.otherThan = "aa"
        #expect(try ResultReader(file: folder["shoken.db"]).count(of: selection) == 0)
        selection.otherThan = "bb"
        selection.document = 2
        let request = try database.request(selection, by: "甲", at: .now)
        #expect(request.selected == 1)
        let documents = try begin(request.id)
        #expect(documents.map(\.id) == [2])
        try reread(documents[0], request.id, [])
        #expect(try begin(request.id).isEmpty)
        #expect(try texts("SELECT state FROM reprocess_requests") == [["done"]])
        #expect(
            try texts("SELECT count(*) FROM runs WHERE purpose = 'reprocess' AND finished_at <> ''")
                == [["1"]])
        selection.document = nil
        selection.kind = "nursing"
        #expect(try ResultReader(file: folder["shoken.db"]).count(of: selection) == 0)
        #expect(try database.pruneResults(keptBefore: .distantPast, by: "甲", at: .now) == 0)
        #expect(try database.pruneResults(keptBefore: .now, by: "甲", at: .now) == 1)
        #expect(try texts("SELECT count(*) FROM run_results") == [["0"]])
    }

    private func act(_ action: ReviewAction) throws {
        _ = try database.record(action, of: 1, by: "甲")
    }

    private func findings() throws -> [[String]] {
        try texts(
            """
            SELECT verdict, type, surface, level FROM findings_reviewed WHERE document_id = 1
            ORDER BY start
            """)
    }

    @Test("what was said of a mention stays with it, or counts as added until it is found again")
    func reviews() throws {
        try act(.accept(.entity(1)))
        try act(.level(.entity(1), 3))
        try act(.reject(.entity(2)))
        try act(.done)
        let (disease, drug) = (Self.entity(.disease, 0, 2), Self.entity(.drug, 5, 9))

        // Found again, the drug stays rejected, and the fever accepted with the reviewer's level.
        let same = try request
        try reread(try begin(same)[0], same, [drug, disease])
        #expect(try findings() == [["accept", "disease", "発熱", "3"]])
        #expect(
            try texts("SELECT id, surface FROM entities WHERE document_id = 1 ORDER BY id")
                == [["1", "発熱"], ["2", "鎮痛剤甲"]])
        // The grade of the model is another, so a person should look.
        #expect(try isDone() == false)
        try act(.done)
        #expect(try isDone())

        let less = try request
        try reread(try begin(less)[0], less, [Self.entity(.drug, 5, 8)])
        #expect(
            try findings() == [
                ["add", "disease", "発熱", "3"], ["none", "drug", "鎮痛剤", ""],
            ])
        #expect(try isDone() == false)
        #expect(try texts("SELECT lost FROM review_looks") == [["2"]])

        let more = try request
        try reread(try begin(more)[0], more, [disease, drug])
        #expect(try findings() == [["accept", "disease", "発熱", "3"]])
        #expect(try texts("SELECT count(*) FROM reviews") == [["5"]])
        try act(.undo)
        #expect(
            try findings() == [["accept", "disease", "発熱", "3"], ["none", "drug", "鎮痛剤甲", ""]])
    }

    private func isDone() throws -> Bool {
        try database.documents(of: ReviewQueue(.all), for: "甲").first?.isDone == true
    }

    @Test("a document that reads as before stays done")
    func unchanged() throws {
        try act(.accept(.entity(1)))
        try act(.reject(.entity(2)))
        try act(.done)
        let request = try request
        let document = try begin(request)[0]
        #expect(
            try database.replaceResults(
                of: document, by: sampleFile("a.txt").documents[0].findings, for: request,
                maker: Self.other, at: .now))
        #expect(try isDone())
        #expect(try texts("SELECT count(*) FROM review_looks") == [["0"]])
        // What was said cannot be changed all the same.
        #expect(throws: StoreError.self) {
            try database.write {
                try $0.execute(sql: "UPDATE reviews SET reviewer = '乙'")
            }
        }
        #expect(throws: StoreError.self) {
            try database.write {
                try $0.execute(sql: "UPDATE reviews SET entity_id = NULL WHERE action = 'done'")
            }
        }
    }
}
