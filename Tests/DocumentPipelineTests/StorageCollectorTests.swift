// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Spool
import TestSupport
import Testing

@testable import DocumentPipeline

@Suite("Records of an SS-MIX2 storage")
struct StorageCollectorTests {
    private let folder: TemporaryFolder
    private let spool: SpoolDirectory
    private let day = "000/123/00012345/20260519"

    init() throws {
        folder = try TemporaryFolder()
        spool = try SpoolDirectory(root: FilePath(folder["spool"]))
    }

    private func collector(_ root: String = "storage", free: Int = 0) -> StorageCollector {
        StorageCollector(
            root: FilePath(folder[root]), spool: spool, maximumBytes: 1000, minimumFreeBytes: free,
            settleSeconds: 0)
    }

    private func name(_ flag: Int = 1, kind: String = "OMG-13") -> String {
        "00012345_20260519_\(kind)_1_20260519100000000_01_\(flag)"
    }

    private func write(_ text: String, _ path: String) throws {
        let file = folder[path]
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func waiting() throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: folder["spool/incoming/other"].path
        ).sorted()
    }

    /// The records' own names of what waits in the spool, without the folder that stands before them.
    private func records() throws -> [String] {
        try waiting().map { $0.components(separatedBy: "\u{29F8}").last ?? "" }
    }

    /// What the next look takes, once the spool has been emptied.
    private func next(_ collector: inout StorageCollector) throws -> [String] {
        for name in try waiting() {
            try FileManager.default.removeItem(at: folder["spool/incoming/other/\(name)"])
        }
        _ = try collector.collect(at: .now.addingTimeInterval(1))
        return try records()
    }

    @Test("a record is taken once, also by the next daemon, and again when flag or content changes")
    func once() throws {
        let path = "storage/\(day)/OMG-13/"
        try write("a", path + name())
        try write("b", "storage/\(day)/OMP-01/" + name(kind: "OMP-01"))
        var first = collector()
        #expect(try next(&first) == [name()])
        #expect(try next(&first).isEmpty)
        var second = collector()
        #expect(try next(&second).isEmpty)
        try write("changed", path + name())
        #expect(try next(&second) == [name()])
        try FileManager.default.moveItem(at: folder[path + name()], to: folder[path + name(2)])
        #expect(try next(&second) == [name(2)])
    }

    @Test("records of one name in two storages are both taken, one after the other")
    func sameName() throws {
        for (root, text) in [("storage", "a"), ("other", "b")] {
            try write(text, "\(root)/\(day)/OMG-13/" + name())
        }
        var (one, two) = (collector(), collector("other"))
        let later = Date.now.addingTimeInterval(1)
        #expect(try one.collect(at: later).taken == 1)
        #expect(try two.collect(at: later).taken == 0)
        #expect(try next(&two) == [name()])
        let copy = try #require(waiting().first)
        #expect(
            try String(contentsOf: folder["spool/incoming/other/\(copy)"], encoding: .utf8) == "b")
    }

    @Test("what is too large is told once; without space nothing is taken, and all of it later")
    func limits() throws {
        try write("a", "storage/\(day)/OMG-13/" + name())
        try write(
            String(repeating: "x", count: 2000), "storage/\(day)/OMG-12/" + name(kind: "OMG-12"))
        let later = Date.now.addingTimeInterval(1)
        var full = collector(free: 1 << 60)
        let refused = try full.collect(at: later)
        #expect(refused.taken == 0 && refused.hasMore)
        #expect(try waiting().isEmpty)
        var roomy = collector()
        let taken = try roomy.collect(at: later)
        #expect(taken.taken == 1 && taken.refused == 1 && !taken.hasMore)
        #expect(try roomy.collect(at: later) == StorageCollector.Collected())
        #expect(throws: FileError.self) {
            var absent = collector("absent")
            _ = try absent.collect()
        }
    }
}
