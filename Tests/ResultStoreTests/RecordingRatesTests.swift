// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("How much was recorded of late")
struct RecordingRatesTests {
    let folder: TemporaryFolder
    let database: ResultDatabase
    let now = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
    }

    private func record(_ name: String, secondsAgo: Double) throws {
        let file = sampleFile(name, text: "発熱あり。鎮痛剤甲を内服。\(name)")
        let precedents = try database.precedents(of: [file], candidateLimit: 5)
        _ = try database.record(
            [file], after: precedents.lastDocument, maker: maker,
            at: now.addingTimeInterval(-secondsAgo))
    }

    @Test("counts files and documents within a minute, an hour and a day")
    func amounts() throws {
        for (name, age) in [
            ("a", 3.0), ("b", 59), ("c", 61), ("d", 3599), ("e", 3601), ("f", 90_000),
        ] {
            try record(name, secondsAgo: age)
        }
        try record("a", secondsAgo: 2)
        let rates = try RecordingRates(of: FilePath(folder["shoken.db"]), at: now)
        #expect(rates.minute == .init(files: 2, documents: 2))
        #expect(rates.hour == .init(files: 4, documents: 4))
        #expect(rates.day == .init(files: 5, documents: 5))
        #expect(rates.secondsSinceLast == 3 && rates.lastRecordedAt == "2027-01-15T07:59:57.000Z")
        #expect(rates.duplicates == 1 && rates.lastDuplicateAt == "2027-01-15T07:59:58.000Z")
    }

    @Test("an empty database says that nothing was recorded; none is no database")
    func nothing() throws {
        let rates = try RecordingRates(of: FilePath(folder["shoken.db"]), at: now)
        #expect(rates.day == .init(files: 0, documents: 0) && rates.secondsSinceLast == nil)
        #expect(throws: StoreError.self) { try RecordingRates(of: FilePath(folder["none.db"])) }
    }

    @Test("reads only what is recent, however much is stored")
    func plan() throws {
        let plans = try [
            "SELECT count(*) FROM files WHERE recorded_at >= '2026' AND complete = 1",
            "SELECT count(*) FROM documents WHERE kind IN ('nursing') AND processed_at >= '2026'",
        ].map {
            try ResultReader(file: folder["shoken.db"]).select("EXPLAIN QUERY PLAN \($0)").rows
                .map { $0.last?.text ?? "" }.joined()
        }
        #expect(plans[0].contains("SEARCH files USING INDEX files_recorded"), "\(plans)")
        #expect(
            plans[1].contains("SEARCH documents USING COVERING INDEX documents_kind"), "\(plans)")
    }
}
