// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("Reviews")
struct ReviewsTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    /// One document: 発熱 (disease, row 1, level 2) and 鎮痛剤甲 (drug, row 2, level 0).
    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        let file = sampleFile("a.txt")
        let precedents = try database.precedents(of: [file], candidateLimit: 5)
        _ = try database.record([file], after: precedents.lastDocument, maker: maker, at: .now)
    }

    private func texts(_ sql: String) throws -> [[String]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows.map { $0.map(\.text) }
    }

    private func findings() throws -> [[String]] {
        try texts(
            "SELECT verdict, type, surface, certainty, level FROM findings_reviewed ORDER BY start")
    }

    @discardableResult
    private func act(_ action: ReviewAction, by reviewer: String = "甲") throws -> Int64 {
        try database.record(action, of: 1, by: reviewer)
    }

    private func reading(_ start: Int, _ end: Int, _ type: EntityType = .disease)
        -> MentionReading
    {
        MentionReading(type: type, range: SourceRange(start: start, end: end))
    }

    @Test("the model's rows stand as they are until somebody speaks of them")
    func untouched() throws {
        #expect(
            try findings() == [
                ["none", "disease", "発熱", "positive", "2"],
                ["none", "drug", "鎮痛剤甲", "positive", "0"],
            ])
    }

    @Test("what is rejected is out, what is changed is changed, what is added is in")
    func laidOver() throws {
        try act(.reject(.entity(2)))
        var changed = reading(0, 4)
        changed.certainty = .negative
        try act(.change(.entity(1), changed))
        try act(.level(.entity(1), 3))
        let added = try act(.add(reading(10, 12, .drug)))
        #expect(
            try findings() == [
                ["change", "disease", "発熱あり", "negative", "3"],
                ["add", "drug", "内服", "positive", ""],
            ])
        try act(.change(.added(added), reading(9, 12, .drug)))
        try act(.level(.added(added), 1))
        #expect(try findings().last == ["add", "drug", "を内服", "positive", "1"])
        try act(.reject(.added(added)))
        #expect(try findings().count == 1)
        // What was said before is all there, and what the model said stands beside it.
        #expect(
            try texts("SELECT action, start_before, start_after, value_before FROM reviews") == [
                ["reject", "5", "", ""], ["change", "0", "0", ""], ["level", "0", "", "2"],
                ["add", "", "10", ""], ["change", "", "9", ""], ["level", "", "", ""],
                ["reject", "", "", ""],
            ])
    }

    @Test("undo takes back the reviewer's own last action, one after the other")
    func undo() throws {
        try act(.reject(.entity(1)))
        try act(.reject(.entity(2)), by: "乙")
        try act(.undo)
        #expect(try findings().map { $0[0] } == ["none"])
        #expect(throws: ReviewError.nothingToUndo(document: 1)) { try act(.undo) }
        try act(.undo, by: "乙")
        #expect(try findings().map { $0[0] } == ["none", "none"])
        #expect(try texts("SELECT count(*) FROM reviews") == [["4"]])
    }

    @Test("to accept confirms what the reviewer sees: the own change, not another's")
    func accept() throws {
        try act(.change(.entity(1), reading(0, 4)), by: "乙")
        try act(.accept(.entity(1)))
        #expect(try findings().first == ["accept", "disease", "発熱", "positive", "2"])
        try act(.change(.entity(1), reading(1, 4)))
        try act(.accept(.entity(1)))
        #expect(try findings().first == ["accept", "disease", "熱あり", "positive", "2"])
    }

    @Test("a stage is set part by part, or said to be none")
    func stages() throws {
        try act(.stage(.t, "T1mi"))
        try act(.stage(.stage, "IA1"))
        try act(.stage(.stage, nil))
        #expect(try texts("SELECT t, n, stage FROM stages_reviewed") == [["T1mi", "", ""]])
        for (part, value) in [(StagePart.t, "T5"), (.n, "N1 "), (.m, "m0"), (.stage, "IVX")] {
            #expect(throws: ReviewError.value("stage")) { try act(.stage(part, value)) }
        }
        for (part, value) in [
            (StagePart.t, "Tis"), (.t, "T4"), (.n, "N2b"), (.m, "M1c2"), (.stage, "IVB"),
            (.stage, "0"), (.stage, "IIIC"), (.stage, "IIA"),
        ] { #expect(part.allows(value), "\(value)") }
    }

    @Test("an action that does not fit the document is refused, and nothing is written")
    func refused() throws {
        #expect(throws: ReviewError.noMention(document: 1)) { try act(.accept(.entity(3))) }
        #expect(throws: ReviewError.noMention(document: 1)) { try act(.accept(.added(1))) }
        #expect(throws: ReviewError.noDocument(2)) {
            try database.record(.undo, of: 2, by: "甲")
        }
        #expect(throws: ReviewError.outsideText(document: 1, length: 13)) {
            try act(.add(reading(12, 14)))
        }
        #expect(throws: ReviewError.outsideText(document: 1, length: 13)) {
            try act(.change(.entity(1), reading(3, 3)))
        }
        #expect(throws: ReviewError.value("level of an adverse event")) {
            try act(.level(.entity(1), 4))
        }
        #expect(throws: ReviewError.unjudged(document: 1, count: 2)) { try act(.done) }
        #expect(throws: ReviewError.length(of: "reviewer's name", limit: 100)) {
            try act(.accept(.entity(1)), by: "")
        }
        #expect(throws: ReviewError.length(of: "note", limit: 1000)) {
            try database.record(
                .accept(.entity(1)), of: 1, by: "甲", note: String(repeating: "注", count: 1001))
        }
        #expect(try texts("SELECT * FROM reviews").isEmpty)
    }

    @Test("a document is done once every mention of the model is judged by the same reviewer")
    func done() throws {
        try act(.accept(.entity(1)))
        try act(.accept(.entity(2)), by: "乙")
        #expect(throws: ReviewError.unjudged(document: 1, count: 1)) { try act(.done) }
        try act(.reject(.entity(2)))
        try act(.done)
        #expect(
            try texts("SELECT reviewer FROM reviews_in_force WHERE action = 'done'") == [["甲"]])
    }

    @Test("two reviewers' last words on a mention are set beside each other")
    func agreement() throws {
        try act(.reject(.entity(1)))
        try act(.accept(.entity(1)))
        try act(.accept(.entity(2)))
        try act(.accept(.entity(1)), by: "乙")
        try act(.change(.entity(2), reading(5, 8, .drug)), by: "乙")
        #expect(
            try texts(
                """
                SELECT entity_id, first_reviewer, first_verdict, second_verdict, same
                FROM review_agreement ORDER BY entity_id
                """) == [
                    ["1", "乙", "accept", "accept", "1"], ["2", "乙", "change", "accept", "0"],
                ])
    }

    @Test("rows are neither changed nor removed, unless their document goes")
    func appendOnly() throws {
        let first = try act(.add(reading(0, 1)))
        try act(.change(.added(first), reading(0, 2)))
        try act(.accept(.entity(1)))
        try act(.undo)
        for statement in ["UPDATE reviews SET reviewer = '丙'", "DELETE FROM reviews WHERE id = 2"] {
            #expect(throws: StoreError.self) {
                try database.write { try $0.execute(sql: statement) }
            }
        }
        #expect(try texts("SELECT count(*) FROM reviews") == [["4"]])
        try database.write { try $0.execute(sql: "DELETE FROM documents") }
        #expect(try texts("SELECT count(*) FROM reviews") == [["0"]])
    }

    @Test("errors say what is wrong, and never a document's text")
    func sentences() {
        for error: ReviewError in [
            .noDocument(3), .noMention(document: 3), .outsideText(document: 3, length: 8),
            .value("stage"), .nothingToUndo(document: 3), .unjudged(document: 3, count: 2),
            .length(of: "note", limit: 1000), .store(.busy),
        ] { expectSentence(of: error, naming: []) }
    }
}
