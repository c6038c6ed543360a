// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Reading of reviews")
struct ReviewReadingTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    /// Two documents of two mentions each: rows 1, 2 and 3, 4.
    init() throws {
        folder = try TemporaryFolder()
        database = try Self.recorded(
            ["発熱あり。鎮痛剤甲を内服。", "咳嗽あり。鎮咳剤乙を内服。"], to: folder["shoken.db"])
    }

    private static func recorded(_ texts: [String], to file: URL) throws -> ResultDatabase {
        let database = try ResultDatabase(file: file)
        for (index, text) in texts.enumerated() {
            let files = [sampleFile("\(index).txt", text: text, bands: [])]
            let precedents = try database.precedents(of: files, candidateLimit: 5)
            _ = try database.record(files, after: precedents.lastDocument, maker: maker, at: .now)
        }
        return database
    }

    private func path(_ name: String) -> FilePath { FilePath(folder[name]) }

    private func reading(_ start: Int, _ end: Int, _ type: EntityType = .disease)
        -> MentionReading
    {
        MentionReading(type: type, range: SourceRange(start: start, end: end))
    }

    @Test("a queue tells how far its reviewer has come, and no other")
    func progress() throws {
        _ = try database.record(.accept(.entity(1)), of: 1, by: "甲")
        _ = try database.record(.reject(.entity(2)), of: 1, by: "甲")
        _ = try database.record(.done, of: 1, by: "甲")
        let own = try database.documents(of: ReviewQueue(.all), for: "甲")
        #expect(own.map(\.id) == [1, 2])
        #expect(own.map(\.judged) == [2, 0] && own.map(\.isDone) == [true, false])
        let other = try database.documents(of: ReviewQueue(.all), for: "乙")
        #expect(other.map(\.judged) == [0, 0] && other.map(\.isDone) == [false, false])
    }

    @Test("a queue has the documents of its order and kind, as many as it may have")
    func orders() throws {
        func rows(_ queue: ReviewQueue) throws -> [Int64] {
            try database.documents(of: queue, for: "甲").map(\.id)
        }
        #expect(try rows(ReviewQueue(.level)) == [1, 2])
        #expect(try rows(ReviewQueue(.stage)).isEmpty)
        #expect(try rows(ReviewQueue(.uncertainty, limit: 1)) == [1])
        #expect(try rows(ReviewQueue(.all, kind: .radiology)).isEmpty)
        try database.write {
            try $0.execute(sql: "UPDATE entities SET score = 0.1 WHERE document_id = 2")
        }
        #expect(try rows(ReviewQueue(.uncertainty)) == [2, 1])
        let orders = try Set((0..<20).map { try rows(ReviewQueue(.random, seed: $0)) })
        #expect(orders == [[1, 2], [2, 1]])
    }

    @Test("a queue of disagreement has what methods or reviewers contradict each other on")
    func disagreement() throws {
        func rows() throws -> [Int64] {
            try database.documents(of: ReviewQueue(.disagreement), for: "丙").map(\.id)
        }
        // In both a pair suspects the drug, and its grade does not.
        #expect(try rows() == [1, 2])
        func change(_ sql: String) throws { try database.write { try $0.execute(sql: sql) } }
        try change("UPDATE adverse_events SET level = 3 WHERE entity_id = 2")
        #expect(try rows() == [2])
        try change("UPDATE adverse_event_pairs SET level = 0; UPDATE adverse_events SET level = 1")
        #expect(try rows().isEmpty)
        try change(
            """
            INSERT INTO tnm_stages (document_id, t, n, m, t_score, n_score, m_score, evidence,
              edition, review, method)
            VALUES (1, 'T2a', 'N1', 'M0', 0.3, 0.8, 0.4, '[]', 'UICC-8', 'T,N', 'rules')
            """)
        #expect(try rows() == [1])
        for entity in [3, 4] as [Int64] {
            _ = try database.record(.accept(.entity(entity)), of: 2, by: "甲")
            _ = try database.record(.reject(.entity(entity)), of: 2, by: "乙")
        }
        #expect(try rows() == [2, 1])
        _ = try database.record(.accept(.entity(4)), of: 2, by: "乙")
        _ = try database.record(.accept(.entity(3)), of: 2, by: "乙")
        #expect(try rows() == [1])
    }

    @Test("a reviewer sees the own actions laid over; the actions of others only if wanted")
    func blindness() throws {
        _ = try database.record(.reject(.entity(1)), of: 1, by: "甲")
        _ = try database.record(.change(.entity(2), reading(5, 8, .drug)), of: 1, by: "甲")
        let added = try database.record(.add(reading(10, 12, .drug)), of: 1, by: "甲")
        _ = try database.record(.level(.added(added), 3), of: 1, by: "甲")
        _ = try database.record(.stage(.t, "T2a"), of: 1, by: "甲")
        let own = try database.documentUnderReview(1, by: "甲", seesOthers: false)
        #expect(own.mentions.map(\.verdict) == ["reject", "change", "add"])
        #expect(own.mentions.map(\.end) == [2, 8, 12])
        #expect(own.mentions.map(\.level) == [2, 0, 3])
        #expect(own.stage?.t == "T2a" && own.modelStage == nil && own.actions == 5)
        let blind = try database.documentUnderReview(1, by: "乙", seesOthers: false)
        #expect(blind.mentions.map(\.verdict) == ["none", "none"])
        #expect(blind.stage == nil && blind.actions == 0)
        let seeing = try database.documentUnderReview(1, by: "乙", seesOthers: true)
        #expect(seeing.mentions.map(\.verdict) == ["reject", "change", "add"])
        // To accept confirms what is in sight.
        _ = try database.record(.accept(.entity(2)), of: 1, by: "乙", seesOthers: true)
        let after = try database.documentUnderReview(1, by: "乙", seesOthers: true)
        #expect(after.mentions[1].verdict == "accept" && after.mentions[1].end == 8)
        #expect(throws: ReviewError.noDocument(9)) {
            try database.documentUnderReview(9, by: "甲", seesOthers: false)
        }
    }

    @Test("kappa is that of Cohen's over verdicts, and nothing where chance says all")
    func kappa() throws {
        var table = VerdictTable()
        #expect(table.kappa == nil)
        table.add("accept", "accept", isSame: true, count: 20)
        #expect(table.kappa == nil)
        table.add("accept", "reject", isSame: false, count: 5)
        table.add("reject", "accept", isSame: false, count: 10)
        table.add("reject", "reject", isSame: true, count: 15)
        // Observed 0.7; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
        #expect(abs((table.kappa ?? 0) - 0.4) < 1e-12)
    }

    @Test("agreement counts what both have judged, and precision the last word on each mention")
    func agreement() throws {
        for (entity, document) in [(1, 1), (2, 1), (3, 2), (4, 2)] as [(Int64, Int64)] {
            _ = try database.record(.accept(.entity(entity)), of: document, by: "甲")
        }
        _ = try database.record(.accept(.entity(1)), of: 1, by: "乙")
        _ = try database.record(.reject(.entity(2)), of: 1, by: "乙")
        _ = try database.record(.add(reading(10, 12, .drug)), of: 1, by: "乙")
        let found = try ReviewAgreement(of: path("shoken.db"))
        #expect(found.pairs.map(\.mentions) == [2] && found.pairs.map(\.same) == [1])
        #expect(found.pairs[0].kappa == 0)
        #expect(found.precision.map(\.type) == ["disease", "drug"])
        #expect(found.precision.map(\.accepted) == [2, 1])
        #expect(found.precision.map(\.rejected) == [0, 1])
        #expect(found.precision.map(\.added) == [0, 1])
        #expect(found.precision.map(\.precision) == [1, 0.5])
        #expect(found.reviewers.map(\.mentions).sorted() == [2, 4])
    }

    @Test("a document that is done comes with the mentions that are right, another does not come")
    func done() throws {
        _ = try database.record(.reject(.entity(1)), of: 1, by: "甲")
        _ = try database.record(.change(.entity(2), reading(5, 8, .drug)), of: 1, by: "甲")
        _ = try database.record(.done, of: 1, by: "甲")
        _ = try database.record(.accept(.entity(3)), of: 2, by: "甲")
        var found: [ReviewedDocument] = []
        try ReviewedDocument.each(of: path("shoken.db")) { found.append($0) }
        #expect(found.map(\.id) == [1] && found.first?.reviewers == ["甲"])
        #expect(found.first?.mentions == [reading(5, 8, .drug)])
        _ = try database.record(.undo, of: 1, by: "甲")
        found = []
        try ReviewedDocument.each(of: path("shoken.db")) { found.append($0) }
        #expect(found.isEmpty)
    }

    @Test("reviews find documents and mentions again in a database that was made anew")
    func adoption() throws {
        _ = try database.record(.reject(.entity(4)), of: 2, by: "甲")
        _ = try database.record(.change(.entity(3), reading(0, 4)), of: 2, by: "甲")
        let added = try database.record(.add(reading(10, 12, .drug)), of: 2, by: "乙")
        _ = try database.record(.level(.added(added), 1), of: 2, by: "乙")
        _ = try database.record(.accept(.entity(1)), of: 1, by: "甲")
        _ = try database.record(.undo, of: 1, by: "甲")
        // The second document alone, whose rows have other numbers now.
        let anew = try Self.recorded(["他の文書であるもの。"], to: folder["new.db"])
        let file = sampleFile("1.txt", text: "咳嗽あり。鎮咳剤乙を内服。", bands: [])
        let precedents = try anew.precedents(of: [file], candidateLimit: 5)
        _ = try anew.record([file], after: precedents.lastDocument, maker: maker, at: .now)
        let former = FormerReviews(of: path("shoken.db"))
        #expect(former.fault == nil)
        let adoption = try anew.adoptReviews(former)
        #expect(adoption == .init(kept: 4, lost: 2))
        // Once more changes nothing.
        #expect(try anew.adoptReviews(former) == adoption)
        #expect(try texts("SELECT count(*) FROM reviews", "new.db") == [["4"]])
        let shown = "SELECT verdict, surface, level, reviewer FROM findings_reviewed"
        #expect(
            try texts(shown + " WHERE document_id = 2 ORDER BY start", "new.db")
                == texts(shown + " WHERE document_id = 2 ORDER BY start", "shoken.db"))
    }

    @Test("what was said of a mention that the model finds no more stays as one that was added")
    func lostMention() throws {
        _ = try database.record(.level(.entity(3), 1), of: 2, by: "甲")
        _ = try database.record(.change(.entity(3), reading(0, 4)), of: 2, by: "甲")
        _ = try database.record(.accept(.entity(3)), of: 2, by: "甲")
        let anew = try Self.recorded(
            ["発熱あり。鎮痛剤甲を内服。", "咳嗽あり。鎮咳剤乙を内服。"], to: folder["new.db"])
        try anew.write { try $0.execute(sql: "DELETE FROM entities WHERE id = 3") }
        #expect(
            try anew.adoptReviews(FormerReviews(of: path("shoken.db"))) == .init(kept: 2, lost: 1))
        #expect(
            try texts(
                "SELECT verdict, surface FROM findings_reviewed WHERE document_id = 2 ORDER BY start",
                "new.db") == [["add", "咳嗽あり"], ["none", "鎮咳剤乙"]])
        let shown = try anew.documentUnderReview(2, by: "甲", seesOthers: false)
        #expect(shown.mentions.map(\.verdict) == ["add", "none"])
    }

    private func texts(_ sql: String, _ file: String) throws -> [[String]] {
        try ResultReader(file: folder[file]).select(sql).rows.map { $0.map(\.text) }
    }
}
