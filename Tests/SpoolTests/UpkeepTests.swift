// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Glibc
import Spool
import Testing

@Suite("Upkeep of the spool")
struct UpkeepTests {
    let temporary: TemporarySpool
    var spool: SpoolDirectory { temporary.spool }
    let disk = DiskFiles()

    init() throws { temporary = try TemporarySpool() }

    @Test("Status counts each state with bytes and oldest age")
    func status() throws {
        try temporary.drop("1234", try named("a"))
        try disk.write(Data("x".utf8), to: spool.incoming(.nursing).appending("b.tmp"))
        for text in ["c", "d", "e"] {
            let file = try temporary.drop(text, try named(text), kind: .radiology)
            let claim = try #require(try spool.claim(file))
            if text == "d" { try spool.finish(claim) }
            if text == "e" { try spool.fail(claim, FailureReason(code: "x", text: "x")) }
        }
        let counts = spool.status(at: Date().addingTimeInterval(100))
        let files = Dictionary(uniqueKeysWithValues: counts.map { ($0.state, $0.files) })
        var expected = ["processing": 1, "done": 1, "failed": 1]
        for kind in DocumentKind.allCases {
            expected["incoming/\(kind.rawValue)"] = kind == .nursing ? 1 : 0
        }
        #expect(files == expected)
        #expect(counts[0].bytes == 4)
        #expect((99...160).contains(counts[0].oldestSeconds ?? 0))
        #expect(counts.first { $0.files == 0 }?.oldestSeconds == nil)
    }

    @Test("Retry puts a file back where it came from, never over another, and removes the reason")
    func retry() throws {
        let name = try named("a.txt")
        let claim = try #require(
            try spool.claim(temporary.drop("old", name, kind: .caseReport)))
        try spool.fail(claim, FailureReason(code: "x", text: "x"))
        try temporary.drop("new", name, kind: .caseReport)
        let target = try spool.retry(name)
        #expect(target.parent == spool.incoming(.caseReport))
        #expect(try disk.read(target, maximumBytes: 9) == Data("old".utf8))
        #expect(spool.scan().files.count == 2)
        #expect(try disk.names(in: spool.failed).isEmpty)
        #expect(throws: RetryRefusal.absent(name: "a.txt")) { try spool.retry(name) }
    }

    /// A claim of two records, one of which is recorded; gives the name of its copy in `failed/`.
    private func reportOne() throws -> FileName {
        let name = try named("a.jsonl")
        let claim = try #require(try spool.claim(temporary.drop("good\nbad\n", name)))
        var faults = RecordFaults()
        faults.append(RecordFault(line: 2, code: "x", reason: "y"))
        faults.documents = ["good"]
        let digest = try #require(try spool.digest(of: claim))
        #expect(try !spool.reportFaults(of: claim, .partlyRecorded(faults), sha256: "0"))
        #expect(try spool.failedNames().isEmpty)
        for _ in 0..<2 {
            #expect(try spool.reportFaults(of: claim, .partlyRecorded(faults), sha256: digest))
        }
        #expect(try spool.failedNames() == [name])
        try spool.finish(claim)
        return name
    }

    @Test("A retry puts back only what its caller leaves of a file of which some is recorded")
    func retryPart() throws {
        let name = try reportOne()
        #expect(throws: RetryRefusal.nothingLeft(name: "a.jsonl")) {
            try spool.retry(name) { _, _ in Data() }
        }
        let target = try spool.retry(name) { content, report in
            #expect(content == Data("good\nbad\n".utf8) && report.recordedDocuments == ["good"])
            return Data("bad\n".utf8)
        }
        #expect(try disk.read(target, maximumBytes: 99) == Data("bad\n".utf8))
        #expect(try disk.names(in: spool.failed).isEmpty)
    }

    @Test("A retry of a part that is interrupted is done anew", arguments: 0..<3)
    func retryPartInterrupted(changes: Int) throws {
        let name = try reportOne()
        let files = InterruptedFiles(afterChanges: changes, isLastChangeDone: false)
        let interrupted = try SpoolDirectory(root: spool.root, files: files)
        func remaining(_ content: Data, _ report: FailureReport) -> Data {
            Data(
                String(decoding: content, as: UTF8.self).replacing("good\n", with: "").utf8)
        }
        #expect(throws: FileError.self) { try interrupted.retry(name, remaining: remaining) }
        if changes < 2 { try spool.retry(name, remaining: remaining) }
        let left = spool.scan().files.map { try? disk.read($0.path, maximumBytes: 99) }
        #expect(left == [Data("bad\n".utf8)])
    }

    @Test("A file that is put back into a folder that demands triggers gets one")
    func retryTriggered() throws {
        let name = try named("a.txt")
        for isFailed in [true, false] {
            let claim = try #require(
                try spool.claim(temporary.drop("x", name, kind: .radiology)))
            if isFailed {
                try spool.fail(claim, FailureReason(code: "x", text: "x"))
                try spool.retry(name, triggeredKinds: [.radiology])
            } else {
                try spool.putBack(claim, triggering: true)
            }
            let file = try #require(spool.scan().files.first)
            #expect(file.trigger != nil)
            try spool.finish(try #require(try spool.claim(file)))
            #expect(try disk.names(in: spool.incoming(.radiology)).isEmpty)
        }
    }

    @Test("A retry interrupted between its steps loses nothing", arguments: 0..<2, [false, true])
    func retryInterrupted(changes: Int, isLastChangeDone: Bool) throws {
        let name = try named("a.txt")
        let claim = try #require(try spool.claim(temporary.drop("x", name)))
        try spool.fail(claim, FailureReason(code: "x", text: "x"))
        let files = InterruptedFiles(afterChanges: changes, isLastChangeDone: isLastChangeDone)
        let interrupted = try SpoolDirectory(root: temporary.root, files: files)
        #expect(throws: FileError.self) { try interrupted.retry(name) }
        let expected = changes == 0 && !isLastChangeDone ? "failed/a.txt" : "incoming/nursing/a.txt"
        #expect(try temporary.files() == [expected])
        // The reason that stayed alone is replaced by the next failure of that name.
        if let file = spool.scan().files.first {
            let again = try #require(try spool.claim(file))
            try spool.fail(again, FailureReason(code: "y", text: "y"))
            #expect(spool.reason(of: name)?.code == "y")
        }
    }

    @Test("Files where nobody looks are found, with the folder that was meant")
    func misplaced() throws {
        #expect(spool.misplacedFiles().isEmpty)
        for path in [
            "incoming/a.txt", "incoming/Radiology/b.txt", "incoming/看護記録/c.txt",
            "incoming/misc/2026/05/d.txt", "incoming/nursing/sub/e.txt", "f.txt",
            "nursing/g.txt", "Incoming/radiology/h.txt",
        ] {
            let path = temporary.root.appending(path)
            try disk.makeDirectory(path.parent)
            try disk.write(Data("x".utf8), to: path)
        }
        for path in [
            "incoming/.hidden", "incoming/i.tmp", "incoming/Radiology/b.txt.ok",
            "incoming/case-report/right.txt", "incoming/nursing/right.txt",
        ] {
            try disk.write(
                Data(path.hasSuffix(".ok") ? "".utf8 : "x".utf8),
                to: temporary.root.appending(path))
        }
        try disk.makeDirectory(spool.incoming(.nursing).appending("empty"))
        let found = spool.misplacedFiles(at: Date().addingTimeInterval(100))
        let expected: [String: (names: [String], advice: String)] = [
            "": (["f.txt"], "incoming/nursing, incoming/radiology"),
            "Incoming": (["radiology/h.txt"], "incoming/nursing, "),
            "nursing": (["g.txt"], "incoming/nursing, which"),
            "incoming": (["a.txt"], "incoming/nursing, incoming/radiology"),
            "incoming/Radiology": (["b.txt"], "incoming/radiology, which"),
            "incoming/看護記録": (["c.txt"], "incoming/nursing, which"),
            "incoming/misc": (["2026/05/d.txt"], "incoming/nursing, incoming/radiology"),
            "incoming/nursing/sub": (["e.txt"], "incoming/nursing itself"),
        ]
        #expect(Set(found.map(\.folder)) == Set(expected.keys))
        for files in found {
            #expect(files.files == 1 && files.names == expected[files.folder]?.names)
            #expect(files.advice.contains(expected[files.folder]?.advice ?? "-"), "\(files)")
            #expect((99...160).contains(files.oldestSeconds))
            #expect(files.isOwnFolder == ["", "incoming"].contains(files.folder))
        }
    }

    @Test("Purge removes days before the limit, and nothing that is not ours")
    func purge() throws {
        let now = Date()
        for daysAgo in [0, 29, 31, 400] {
            let file = try temporary.drop("x\(daysAgo)", try named("f\(daysAgo)"))
            let claim = try #require(try spool.claim(file))
            try spool.finish(claim, at: now.addingTimeInterval(-86_400 * Double(daysAgo)))
        }
        try disk.makeDirectory(spool.done.appending("2001-13-01"))
        try disk.makeDirectory(spool.done.appending("2001-01-01/folder"))
        try disk.write(Data(), to: spool.done.appending("2001-13-01/kept"))
        let purge = try spool.purgeDone(olderThanDays: 30, at: now)
        #expect(purge.files == 2 && purge.bytes == 7 && purge.days == 2)
        #expect(try temporary.files() == ["done/*/f0", "done/*/f29", "done/*/kept"])
        #expect(try disk.facts(of: spool.done.appending("2001-01-01/folder")) != nil)
    }

    @Test(
        "A purge of failed files removes old ones with their reasons, counted by code, and no younger one"
    )
    func purgeFailed() throws {
        let now = Date()
        for (name, daysAgo) in [("new", 0.0), ("young", 29.99), ("old", 30.01), ("ancient", 400)] {
            let claim = try #require(try spool.claim(try temporary.drop("12345", try named(name))))
            try spool.fail(
                claim, FailureReason(code: name == "old" ? "bad" : "worse", text: "x"),
                at: now.addingTimeInterval(-86_400 * daysAgo))
        }
        // Without a reason a file is as old as its last move, whatever its content's age.
        try disk.write(Data("6".utf8), to: spool.failed.appending("lone"))
        try disk.makeDirectory(spool.failed.appending("folder"))
        try disk.write(Data("{}".utf8), to: spool.failed.appending("gone.error.json"))
        try disk.write(Data("{".utf8), to: spool.reasonPath(of: try named("lone")))
        var purge = FailedPurge()
        try spool.purgeFailed(olderThanDays: 30, at: now, counting: &purge)
        #expect(purge.files == 2 && purge.bytes == 10)
        #expect(purge.codes == ["bad": 1, "worse": 1])
        #expect(try temporary.files() == ["failed/lone", "failed/new", "failed/young"])
        #expect(try disk.facts(of: spool.failed.appending("old.error.json")) == nil)
        #expect(try disk.facts(of: spool.failed.appending("young.error.json")) != nil)
        #expect(try disk.facts(of: spool.failed.appending("gone.error.json")) != nil)

        let later = now.addingTimeInterval(86_400 * 31)
        purge = FailedPurge()
        try spool.purgeFailed(olderThanDays: 30, at: later, counting: &purge)
        #expect(purge.files == 3 && purge.codes["unknown"] == 1)
        #expect(try disk.names(in: spool.failed).map(\.escaped) == ["folder"])
    }

    @Test("Twenty producers at once: each file is claimed once, none is lost")
    func producers() async throws {
        let root = temporary.root
        let spool = temporary.spool
        let each = 25
        let seen = try await withThrowingTaskGroup(of: [String].self) { group in
            for producer in 0..<20 {
                group.addTask {
                    let disk = DiskFiles()
                    let kinds = DocumentKind.allCases
                    for number in 0..<each {
                        let folder = spool.incoming(kinds[number % kinds.count])
                        let text = "p\(producer)-\(number).txt"
                        let part = folder.appending(text + ".part")
                        try disk.write(Data(text.utf8), to: part)
                        try disk.move(part, to: folder.appending(text))
                    }
                    return []
                }
            }
            // Two claimers, though a daemon has one: a rename has one winner.
            for _ in 0..<2 {
                group.addTask {
                    let spool = try SpoolDirectory(root: root)
                    var claimed: [String] = []
                    for _ in 0..<10_000 where claimed.count < 20 * each {
                        for file in spool.scan().files {
                            guard let claim = try spool.claim(file) else { continue }
                            claimed.append(claim.originalName.escaped)
                            try spool.finish(claim)
                        }
                        if spool.status().last(where: { $0.state == "done" })?.files == 20
                            * each
                        {
                            break
                        }
                    }
                    return claimed
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(seen.count == 20 * each)
        #expect(Set(seen).count == 20 * each)
        #expect(try temporary.files().allSatisfy { $0.hasPrefix("done/*/") })
    }
}

@Suite("Readiness")
struct ReadinessTests {
    let temporary: TemporarySpool
    let second: Int64 = 1_000_000_000
    init() throws { temporary = try TemporarySpool() }

    @Test("A file that stays the same for the settle time is ready, and a changed one starts again")
    func settles() throws {
        var tracker = ReadinessTracker(settleNanoseconds: 2 * second)
        try temporary.drop("a", try named("a"))
        #expect(tracker.ready(in: temporary.spool.scan(), hints: [], at: 0).isEmpty)
        #expect(tracker.nextReady == 2 * second)
        try temporary.drop("longer", try named("a"))
        #expect(tracker.ready(in: temporary.spool.scan(), hints: [], at: 2 * second).isEmpty)
        #expect(tracker.nextReady == 4 * second)
        let ready = tracker.ready(in: temporary.spool.scan(), hints: [], at: 4 * second)
        #expect(ready.map(\.name.escaped) == ["a"])
        #expect(tracker.nextReady == nil)
    }

    @Test("A file whose settle time runs out while others are in hand is due at once")
    func dueWhileBusy() throws {
        var tracker = ReadinessTracker(settleNanoseconds: 2 * second)
        let hinted = try temporary.drop("a", try named("a"))
        try temporary.drop("b", try named("b"))
        let ready = tracker.ready(in: temporary.spool.scan(), hints: [hinted.path], at: 0)
        #expect(ready.map(\.name.escaped) == ["a"])
        // Nine seconds later "a" is done; "b" has been due for seven.
        #expect(try #require(tracker.nextReady) < 9 * second)
        let next = tracker.ready(in: temporary.spool.scan(), hints: [], at: 9 * second)
        #expect(next.map(\.name.escaped).contains("b"))
        #expect(tracker.nextReady == nil)
    }

    @Test("A hinted file is ready at once, its neighbour is not")
    func hinted() throws {
        var tracker = ReadinessTracker(settleNanoseconds: second)
        let file = try temporary.drop("a", try named("a"))
        try temporary.drop("b", try named("b"))
        let ready = tracker.ready(in: temporary.spool.scan(), hints: [file.path], at: 5)
        #expect(ready.map(\.name.escaped) == ["a"])
    }

    @Test(
        "In a folder that demands triggers nothing else counts, and none is waited for by the clock"
    )
    func demanded() throws {
        var tracker = ReadinessTracker(settleNanoseconds: second, triggeredKinds: [.radiology])
        let spool = temporary.spool
        let file = try temporary.drop("a", try named("a"), kind: .radiology)
        #expect(tracker.ready(in: spool.scan(), hints: [file.path], at: 0).isEmpty)
        #expect(tracker.ready(in: spool.scan(), hints: [], at: 90 * second).isEmpty)
        #expect(tracker.nextReady == nil)
        try DiskFiles().write(Data(), to: spool.incoming(.radiology).appending("a.ok"))
        let ready = tracker.ready(in: spool.scan(), hints: [], at: 91 * second)
        #expect(ready.map(\.name.escaped) == ["a"])
    }

    @Test("A file that is held is left alone until then, and one that stays open is told once")
    func held() throws {
        var tracker = ReadinessTracker(settleNanoseconds: second)
        let listing = { [temporary] in temporary.spool.scan() }
        try temporary.drop("a", try named("a"))
        _ = tracker.ready(in: listing(), hints: [], at: 0)
        let file = try #require(tracker.ready(in: listing(), hints: [], at: second).first)
        tracker.hold(file, until: 5 * second)
        #expect(tracker.nextReady == 5 * second)
        #expect(tracker.ready(in: listing(), hints: [file.path], at: 4 * second).isEmpty)
        var told = 0
        for now in stride(from: 5 * second, to: 200 * second, by: Int(second)) {
            guard !tracker.ready(in: listing(), hints: [], at: now).isEmpty else { continue }
            told += tracker.holdOpen(file, at: now) ? 1 : 0
            #expect(tracker.nextReady == now + second)
        }
        #expect(told == 1)
    }

    @Test("A directory in incoming is reported once")
    func directories() throws {
        try DiskFiles().makeDirectory(temporary.spool.incoming(.nursing).appending("d"))
        var tracker = ReadinessTracker(settleNanoseconds: second)
        let listing = temporary.spool.scan()
        #expect(tracker.unreportedDirectories(in: listing).count == 1)
        #expect(tracker.unreportedDirectories(in: listing).isEmpty)
    }
}
