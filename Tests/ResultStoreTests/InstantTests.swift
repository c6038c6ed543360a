// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("Times of writing")
struct InstantTests {
    private static func text(_ value: ResultValue) -> String {
        if case .text(let text) = value { text } else { "" }
    }

    @Test("times are compared as instants, whatever their form, those of former versions, too")
    func instants() throws {
        let folder = try TemporaryFolder()
        let times = [
            "2024-05-01T08:30:00+09:00", "2024-04-30T23:30:00Z", "2024/5/1", "20240501",
            "2024-13-45",
            "令和6年5月1日", "2024-05-02T07:00:00+09:00", "2024-06-01",
        ]
        // As a former version has left them.
        let queue = try DatabaseQueue(path: folder["shoken.db"].path)
        try Schema.migrator.migrate(queue, upTo: "records at fault")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO models VALUES (1, 'm', '1', 's', 't', 'c', 'd', 'v');
                    INSERT INTO files (id, sha256, kind, source_name, recorded_at)
                      VALUES (1, 'a', 'nursing', 'a.jsonl', 't');
                    """)
            for (place, time) in times.enumerated() {
                try database.execute(
                    sql: """
                        INSERT INTO documents (file_id, position, sha256, kind, source_name,
                          external_id, authored_at, received_at, processed_at, encoding, text,
                          model_id)
                        VALUES (1, ?, 'a', 'nursing', 'a.jsonl', ?, ?, '2026-11-29T00:00:00.000Z',
                          'p', 'UTF-8', '発熱', 1)
                        """, arguments: [place, "D\(place)", time])
            }
        }
        try queue.close()
        _ = try ResultDatabase(file: folder["shoken.db"])
        let reader = try ResultReader(file: folder["shoken.db"])
        func found(_ since: String, _ until: String) throws -> [String] {
            var question = ResultQuestion(.documents)
            question.since = StatedTime(since)
            question.until = StatedTime(until)
            let rows = try reader.rows(of: question)
            let column = try #require(rows.columns.firstIndex(of: "external_id"))
            return rows.rows.map { Self.text($0[column]) }
        }
        #expect(try found("2024-06-01", "2025-01-01") == ["D7"])
        #expect(
            try found("2024-05-01", "2024-05-02") == ["D0", "D1", "D2", "D3", "D5"])
        #expect(try found("2024-04-30T23:30:00Z", "R6.5.2") == ["D0", "D1"])
        #expect(try found("2024-05-01T22:00:00Z", "2024-05-01T22:00:01Z") == ["D6"])
        // One that states no time counts by when it was received.
        #expect(try found("2026-11-28", "2026-11-30") == ["D4"])
        let stored = try reader.select(
            "SELECT authored_at, authored_utc, authored_precision FROM documents ORDER BY id"
        ).rows.map { $0.map(Self.text) }
        #expect(stored[2] == ["2024/5/1", "2024-04-30T15:00:00.000Z", "day"])
        #expect(stored[4] == ["2024-13-45", "", ""])
    }
}
