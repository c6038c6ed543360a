// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ResultStore

@Suite("The connection that writes")
struct WritingConnectionTests {
    let folder: TemporaryFolder
    let database: ResultDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
    }

    private func record(_ name: String, text: String) throws {
        let file = sampleFile(name, text: text, bands: [7])
        let last = try database.precedents(of: [file], candidateLimit: 5).lastDocument
        _ = try database.record([file], after: last, maker: maker, at: .now)
    }

    @Test("looks up what resembles new documents, since their rows go to the same pages")
    func lookingUp() throws {
        try record("a.txt", text: "発熱あり。鎮痛剤甲を内服。")
        let file = sampleFile("b.txt", text: "発熱あり。鎮痛剤乙を内服。", bands: [7])
        // Only this connection sees the table of its own that stands before the real one.
        try database.write { database in
            try database.execute(
                sql: """
                    CREATE TEMP TABLE similarity_bands
                    AS SELECT * FROM main.similarity_bands WHERE band <> 7
                    """)
        }
        let hidden = try database.precedents(of: [file], candidateLimit: 5).candidates
        #expect(hidden == [[[]]])
        try database.write { try $0.execute(sql: "DROP TABLE temp.similarity_bands") }
        let shown = try database.precedents(of: [file], candidateLimit: 5).candidates
        #expect(shown == [[[SimilarityCandidate(document: 1, sharedBands: 1)]]])
    }

    @Test("brings the log into the file when the disk is full, so that its room can be used again")
    func fullDisk() throws {
        try record("a.txt", text: "発熱あり。鎮痛剤甲を内服。")
        let size = { try folder["shoken.db"].resourceValues(forKeys: [.fileSizeKey]).fileSize }
        let before = try size()
        let pages = try database.write { database in
            try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        }
        try database.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        #expect(throws: StoreError.diskFull) {
            try record(
                "b.txt", text: "発熱あり。鎮痛剤乙を内服。" + String(repeating: "経過は良好。", count: 2000))
        }
        let after = try size()
        #expect(before != pages * 4096 && after == pages * 4096)
        try database.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try record("b.txt", text: "発熱あり。鎮痛剤乙を内服。")
    }
}
