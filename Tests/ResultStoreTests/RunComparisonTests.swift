// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Comparison of runs")
struct RunComparisonTests {
    private let folder: TemporaryFolder
    private let database: ResultDatabase
    private static let text = "発熱あり。鎮痛剤甲を内服。"

    /// Three documents, of which two are read again: 発熱 with another certainty and code, no drug, another mention.
    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        for name in ["a.txt", "b.txt", "c.txt"] {
            let file = sampleFile(name)
            let precedents = try database.precedents(of: [file], candidateLimit: 5)
            _ = try database.record([file], after: precedents.lastDocument, maker: maker, at: .now)
        }
        let request = try database.request(ReprocessSelection(), by: "甲", at: .now).id
        let documents = try database.beginDocuments(
            of: request, limit: 2, characters: 1000, at: .now)
        let other = ResultMaker(
            name: "other", version: "2", sha256: "bb", cleaningVersion: "documents-1",
            dictionary: "ipadic", codeVersion: "0", methods: ["entities": "heads"],
            run: ResultRun(.reprocess))
        for document in documents {
            var findings = Findings()
            findings.entities = [Self.entity(.disease, 0, 2), Self.entity(.disease, 2, 4)]
            findings.entities[0].status = AssertionStatus(certainty: .negative)
            findings.entities[0].icd10 = "R509"
            findings.similarityBands = [7]
            _ = try database.replaceResults(
                of: document, by: findings, for: request, maker: other, at: .now)
        }
    }

    private static func entity(_ type: EntityType, _ start: Int, _ end: Int) -> Entity {
        let surface = String(Array(text)[start..<end])
        return Entity(
            type: type,
            span: TextSpan(range: SourceRange(start: start, end: end), surface: surface),
            score: 0.8)
    }

    @Test("What two runs found in the same documents is told by type and value")
    func differences() throws {
        let reader = try ResultReader(file: folder["shoken.db"])
        let runs = try reader.select("SELECT run_id FROM model_runs ORDER BY 1").rows
        try #require(runs.map { $0.map(\.text) } == [["1"], ["2"]])
        let found = try reader.comparison(ofRun: 1, and: 2)
        #expect(found.documents == 2)
        #expect(found.first.purpose == "active" && found.second.purpose == "reprocess")
        #expect(found.second.model == "other" && found.second.version == "2")
        func shared(_ name: String) -> [Int]? {
            found.shared.first { $0.of == name }.map { [$0.both, $0.onlyFirst, $0.onlySecond] }
        }
        #expect(shared("disease") == [2, 0, 2])
        #expect(shared("drug") == [0, 2, 0])
        let certainty = found.changes.first { $0.of == "certainty" }
        #expect(certainty?.first == "positive" && certainty?.second == "negative")
        #expect(certainty?.count == 2)
        #expect(found.differing.map(\.document) == [1, 2])
        // The other way round everything is, too.
        let back = try reader.comparison(ofRun: 2, and: 1)
        #expect(back.shared.first { $0.of == "drug" }?.onlySecond == 2)
        // A run differs in nothing from itself.
        let same = try reader.comparison(ofRun: 1, and: 1)
        #expect(same.documents == 3 && same.differing.isEmpty && same.changes.isEmpty)
        #expect(throws: RunComparisonError.noRun(9)) {
            try reader.comparison(ofRun: 1, and: 9)
        }
        expectSentence(of: RunComparisonError.noRun(9), naming: ["9", "model_runs"])
        expectSentence(of: RunComparisonError.nothingInCommon(1, 2), naming: ["1", "2"])
    }
}
