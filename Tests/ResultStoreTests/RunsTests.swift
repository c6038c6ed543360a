// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("Runs of models")
struct RunsTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
    }

    private func record(_ name: String, in run: ResultRun, at seconds: Double) throws {
        let file = sampleFile(name)
        let precedents = try database.precedents(of: [file], candidateLimit: 5)
        _ = try database.record(
            [file], after: precedents.lastDocument, maker: maker.running(run),
            at: Date(timeIntervalSince1970: seconds))
    }

    private func texts(_ sql: String) throws -> [[String]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows.map { $0.map(\.text) }
    }

    @Test("each document belongs to the run that read it; the next run ends the one before")
    func belonging() throws {
        let began = Date(timeIntervalSince1970: 0)
        let (first, second) = (
            ResultRun(startedAt: began), ResultRun(startedAt: began.addingTimeInterval(5))
        )
        try record("a.txt", in: first, at: 1)
        try record("b.txt", in: first, at: 2)
        try record("b.txt", in: first, at: 3)
        #expect(try texts("SELECT documents, finished_at FROM runs") == [["2", ""]])
        try record("c.txt", in: second, at: 10)
        #expect(
            try texts("SELECT source_name, run_id FROM documents ORDER BY id") == [
                ["a.txt", "1"], ["b.txt", "1"], ["c.txt", "2"],
            ])
        #expect(
            try texts(
                "SELECT run_id, documents, started_at, last_at, finished_at FROM model_runs"
            ) == [
                [
                    "1", "2", "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:03.000Z",
                    "1970-01-01T00:00:03.000Z",
                ],
                ["2", "1", "1970-01-01T00:00:05.000Z", "1970-01-01T00:00:10.000Z", ""],
            ])
        // A batch that began under the first model may be done after the second has begun.
        try record("d.txt", in: first, at: 11)
        #expect(
            try texts("SELECT documents, finished_at FROM runs")
                == [["3", "1970-01-01T00:00:11.000Z"], ["1", ""]])
        try database.finish(second, at: Date(timeIntervalSince1970: 20))
        #expect(try texts("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [["0"]])
    }

    @Test("documents of before there were runs get one for each combination that read them")
    func migration() throws {
        let file = folder["old.db"].path
        let queue = try DatabaseQueue(path: file)
        let names = Schema.migrator.migrations
        let before = try #require(names.firstIndex(of: "runs of models"))
        try Schema.migrator.migrate(queue, upTo: names[before - 1])
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO models (name, version, sha256, activated_at, cleaning_version,
                      dictionary, code_version) VALUES ('甲', '1', 'aa', '', '', '', '0'),
                      ('乙', '1', 'bb', '', '', '', '0');
                    INSERT INTO files (sha256, kind, source_name, recorded_at)
                      VALUES ('ff', 'nursing', 'f', '');
                    """)
            for (position, model) in [1, 2, 2].enumerated() {
                try database.execute(
                    sql: """
                        INSERT INTO documents (file_id, position, sha256, kind, source_name,
                          received_at, processed_at, encoding, text, model_id, format,
                          sender_status, superseded_by_sender, standing, conflict, arrived_at,
                          notices) VALUES (1, ?1, 'ff', 'nursing', 'f', '', 't' || ?1, 'UTF-8',
                          '咳', ?2, 'txt', 'unknown', 0, 'current', 0, '', '[]')
                        """, arguments: [position, model])
            }
        }
        try queue.close()
        _ = try ResultDatabase(file: folder["old.db"])
        let rows = try ResultReader(file: folder["old.db"]).select(
            """
            SELECT d.position, r.model, r.documents, r.started_at, r.finished_at
            FROM documents d JOIN model_runs r USING (run_id) ORDER BY d.position
            """
        ).rows.map { $0.map(\.text) }
        #expect(
            rows == [
                ["0", "甲", "1", "t0", "t0"], ["1", "乙", "2", "t1", "t2"],
                ["2", "乙", "2", "t1", "t2"],
            ])
    }
}
