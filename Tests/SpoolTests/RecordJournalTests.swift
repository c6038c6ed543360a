// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Spool
import TestSupport
import Testing

@Suite("The journal of what was recorded")
struct RecordJournalTests {
    let folder: TemporaryFolder
    let spool: SpoolDirectory
    init() throws {
        folder = try TemporaryFolder()
        spool = try SpoolDirectory(root: FilePath(folder.url))
    }

    private func entry(_ name: String) -> RecordJournalEntry {
        RecordJournalEntry(
            sha256: String(repeating: "a", count: 64), kind: .radiology, sourceName: name,
            receivedAt: "2026-01-02T03:04:05.678Z")
    }

    @Test("makes no spool where there is none any more")
    func goneSpool() throws {
        let root = folder.url.appending(path: "gone")
        let journal = RecordJournal(spool: FilePath(root))
        #expect(throws: FileError.self) { try journal.append([entry("a.txt")]) }
        #expect(!FileManager.default.fileExists(atPath: root.path))
    }

    @Test("gives back what was written, day by day, whatever a power cut left between")
    func kept() throws {
        #expect(try spool.journal.entries() == [])
        let day = Date(timeIntervalSince1970: 1_790_000_000)
        try spool.journal.append([entry("二.txt")], at: day + 86_400)
        try spool.journal.append([entry("a\\\\b.txt")], at: day)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: folder.path + "/.recorded"
        ).sorted()
        #expect(files.count == 2)
        let first = folder[".recorded/\(files[0])"]
        let handle = try FileHandle(forWritingTo: first)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"sha256\":\"aa".utf8))
        try handle.close()
        try spool.journal.append([entry("c.txt")], at: day)
        #expect(
            try spool.journal.entries().map(\.sourceName) == ["a\\\\b.txt", "c.txt", "二.txt"])
    }

    @Test("goes with the files that are purged, and counts nowhere")
    func purged() throws {
        let old = Date(timeIntervalSince1970: 1_000_000_000)
        try spool.journal.append([entry("a")], at: old)
        try spool.journal.append([entry("b")])
        #expect(try spool.status().allSatisfy { $0.files == 0 })
        _ = try spool.purgeDone(olderThanDays: 30)
        #expect(try spool.journal.entries().map(\.sourceName) == ["b"])
    }

    @Test("files of done/ are listed by day; what is no day and no file is not")
    func doneFiles() throws {
        for name in ["done/2026-02-02/b", "done/2026-02-01/c", "done/other/d", "done/x"] {
            try folder.write("1", to: name)
        }
        try FileManager.default.createDirectory(
            at: folder["done/2026-02-02/folder"], withIntermediateDirectories: false)
        #expect(try spool.doneFiles().map { $0.path.lastName?.escaped } == ["c", "b"])
    }
}
