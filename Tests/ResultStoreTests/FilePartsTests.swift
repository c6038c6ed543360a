// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import ResultStore
import TestSupport
import Testing

@Suite("Files that are recorded in parts")
struct FilePartsTests {
    let folder: TemporaryFolder
    let database: ResultDatabase
    private let whole = sampleFile("a.jsonl")

    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
    }

    private func record(_ part: RecordedFile) throws -> ResultDatabase.Recording? {
        let precedents = try database.precedents(of: [part], candidateLimit: 0)
        return try database.record(
            [part], after: precedents.lastDocument, maker: maker, at: .now
        ).first
    }

    private func select(_ sql: String) throws -> [[ResultValue]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows
    }

    private func part(_ range: Range<Int>, of count: Int) -> RecordedFile {
        RecordedFile(
            sha256: whole.sha256, kind: whole.kind, sourceName: whole.sourceName,
            receivedAt: whole.receivedAt,
            documents: range.map { _ in whole.documents[0] }, firstPosition: range.lowerBound,
            isLastPart: range.upperBound == count)
    }

    private func isRecorded() throws -> Bool {
        try database.isRecorded(
            sha256: whole.sha256, kind: whole.kind.rawValue, sourceName: whole.sourceName)
    }

    private func documentsRecorded() throws -> Int {
        try database.documentsRecorded(
            sha256: whole.sha256, kind: whole.kind.rawValue, sourceName: whole.sourceName)
    }

    @Test("count as recorded with their last part, and are then a duplicate")
    func lastPart() throws {
        #expect(try documentsRecorded() == 0)
        for range in [0..<2, 2..<3] {
            _ = try record(part(range, of: 5))
            #expect(try documentsRecorded() == range.upperBound)
            #expect(try !isRecorded())
        }
        _ = try record(part(3..<5, of: 5))
        #expect(try isRecorded())
        #expect(try documentsRecorded() == 0)
        let positions = try select("SELECT position FROM documents ORDER BY id")
        #expect(positions == (0..<5).map { [.integer($0)] })
        #expect(try record(part(0..<2, of: 5)) == .duplicate)
        #expect(try record(part(3..<5, of: 5)) == .duplicate)
        #expect(try select("SELECT count(*) FROM documents") == [[.integer(5)]])
    }

    @Test("take no part that does not follow", arguments: [0..<2, 1..<3, 3..<4])
    func gap(_ range: Range<Int>) throws {
        _ = try record(part(0..<2, of: 5))
        if range.lowerBound == 0 {
            #expect(try record(part(range, of: 5)) == .duplicate)
        } else {
            #expect(throws: StoreError.self) { try record(part(range, of: 5)) }
        }
        #expect(try documentsRecorded() == 2)
    }

    @Test("leave nothing behind when they are discarded, and only then")
    func discarded() throws {
        func discard() throws {
            try database.discardPart(
                sha256: whole.sha256, kind: whole.kind.rawValue, sourceName: whole.sourceName)
        }
        try discard()
        _ = try record(part(0..<2, of: 5))
        try discard()
        for table in ["files", "documents", "entities", "similarity_bands"] {
            #expect(try select("SELECT count(*) FROM \(table)") == [[.integer(0)]])
        }
        _ = try record(part(0..<2, of: 2))
        try discard()
        #expect(try isRecorded())
        #expect(try select("SELECT count(*) FROM documents") == [[.integer(2)]])
    }
}
