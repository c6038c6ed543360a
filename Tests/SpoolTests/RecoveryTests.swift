// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Glibc
import Spool
import Testing

@Suite("Recovery of the spool")
struct RecoveryTests {
    let temporary: TemporarySpool
    let disk = DiskFiles()

    init() throws { temporary = try TemporarySpool() }

    /// What a daemon does with one file, on any file operations; `record` is its transaction.
    private func live(
        on files: any FileOperations, rejecting: Bool, recorded: inout [String]
    ) throws {
        let spool = try SpoolDirectory(root: temporary.root, files: files)
        let known = recorded
        var claims = try spool.recover { known.contains($1) }.waiting.map { try spool.begin($0) }
        for file in try spool.scan().files {
            if let claim = try spool.claim(file) { claims.append(claim) }
        }
        for claim in claims {
            if rejecting {
                try spool.fail(claim, FailureReason(code: "x", text: "x"))
            } else {
                let digest = try files.digest(of: claim.path).hexadecimal
                recorded.append(digest)
                try spool.finish(claim)
            }
        }
    }

    @Test(
        "Interrupted between any two steps, a document is recorded once or set aside once",
        arguments: 0..<6, [false, true])
    func interrupted(changes: Int, isLastChangeDone: Bool) throws {
        for rejecting in [false, true] {
            let name = try named("経過 \(rejecting).txt")
            try temporary.drop("text \(rejecting)", name)
            var recorded: [String] = []
            let files = InterruptedFiles(afterChanges: changes, isLastChangeDone: isLastChangeDone)
            do {
                try live(on: files, rejecting: rejecting, recorded: &recorded)
                #expect(!files.stopped)
            } catch {
                #expect(files.stopped)
            }
            try live(on: disk, rejecting: rejecting, recorded: &recorded)
            #expect(recorded.count == (rejecting ? 0 : 1))
            let place = rejecting ? "failed/" : "done/*/"
            #expect(
                try temporary.files().filter { $0.contains("\(rejecting)") } == [
                    place + name.escaped
                ])
            if rejecting { #expect(temporary.spool.reason(of: name)?.code == "x") }
        }
        #expect(try temporary.files().count == 2)
    }

    @Test("The interruptions above reach the last step of both ways")
    func interruptionsReachTheEnd() throws {
        for rejecting in [false, true] {
            try temporary.drop("x", try named("a\(rejecting)"))
            var recorded: [String] = []
            let files = InterruptedFiles(afterChanges: 5, isLastChangeDone: false)
            try live(on: files, rejecting: rejecting, recorded: &recorded)
            #expect(!files.stopped)
        }
    }

    @Test("A document that crashed the daemon twice is set aside, and its neighbours are not")
    func crashedTwice() throws {
        let spool = temporary.spool
        for text in ["bad", "good"] {
            _ = try spool.claim(temporary.drop(text, try named(text)))
        }
        // The first restart begins the bad one alone and crashes again.
        let waiting = try spool.recover { _, _ in false }.waiting
        #expect(waiting.map(\.attempt) == [1, 1])
        _ = try spool.begin(try #require(waiting.first { $0.originalName.escaped == "bad" }))
        let recovery = try spool.recover { _, _ in false }
        #expect(recovery.setAside == 1)
        #expect(recovery.waiting.map(\.originalName.escaped) == ["good"])
        let report = try #require(spool.reason(of: try named("bad")))
        #expect(report.code == "crashed-twice" && report.attempts == 2)
        #expect(report.reason == "crashed the daemon twice")
    }

    @Test("What is recorded goes to done even after its second attempt")
    func recordedAtSecondAttempt() throws {
        let spool = temporary.spool
        let claim = try #require(
            try spool.claim(temporary.drop("text", try named("a"))))
        _ = try spool.begin(claim)
        let digest = ContentDigest(of: Data("text".utf8)).hexadecimal
        let recovery = try spool.recover { $1 == digest }
        #expect(recovery.finished == 1 && recovery.waiting.isEmpty && recovery.setAside == 0)
        #expect(try temporary.files() == ["done/*/a"])
    }

    @Test("What others put into processing is set aside, directories are counted and left")
    func foreign() throws {
        let spool = temporary.spool
        try disk.write(Data("x".utf8), to: spool.processing.appending("stray.txt"))
        try disk.makeDirectory(spool.processing.appending("folder"))
        let folder = try #require(spool.processing.text)
        #expect(symlink("/etc/passwd", folder + "/1790000000123-abcdefgh.1.nursing.a") == 0)
        let recovery = try spool.recover { _, _ in true }
        #expect(recovery.setAside == 2 && recovery.directories == 1 && recovery.finished == 0)
        #expect(spool.reason(of: try named("stray.txt"))?.code == "foreign-file")
        #expect(spool.reason(of: try named("a"))?.code == "not-a-regular-file")
        #expect(throws: RetryRefusal.kindUnknown(name: "stray.txt")) {
            try spool.retry(try named("stray.txt"))
        }
    }

    @Test("A database that does not answer stops the recovery and moves nothing")
    func databaseBusy() throws {
        struct Busy: Error {}
        let spool = temporary.spool
        let claim = try #require(
            try spool.claim(temporary.drop("text", try named("a"))))
        #expect(throws: Busy.self) { try spool.recover { _, _ in throw Busy() } }
        #expect(try disk.facts(of: claim.path) != nil)
    }
}
