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
        var claims = try spool.recover(after: .killed) { known.contains($1) }.waiting.map {
            try spool.begin($0)
        }
        for file in spool.scan().files {
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

    /// What a start finds after an end of the daemon.
    private func restart(after end: FormerEnd) throws -> SpoolRecovery {
        try temporary.spool.recover(after: end) { _, _ in false }
    }

    @Test("A document that alone crashed the daemon twice is set aside, and its neighbours are not")
    func crashedTwice() throws {
        let spool = temporary.spool
        for text in ["bad", "good"] {
            _ = try spool.claim(temporary.drop(text, try named(text)))
        }
        // A crash of both together counts for neither, however often it comes.
        for _ in 0..<5 {
            let waiting = try restart(after: .crashed).waiting
            #expect(waiting.map(\.attempt) == [1, 1])
        }
        for attempt in 1...2 {
            let waiting = try restart(after: .killed).waiting
            let bad = try #require(waiting.first { $0.originalName.escaped == "bad" })
            #expect(try spool.begin(bad).attempt == attempt)
            if attempt == 1 { #expect(try restart(after: .crashed).setAside == 0) }
        }
        let recovery = try restart(after: .crashed)
        #expect(recovery.setAside == 1)
        #expect(recovery.waiting.map(\.originalName.escaped) == ["good"])
        #expect(recovery.waiting.map(\.attempt) == [1])
        let report = try #require(spool.reason(of: try named("bad")))
        #expect(report.code == "crashed-twice" && report.attempts == 2)
        #expect(report.reason == "crashed the daemon twice")
    }

    @Test("A claim of one file is alone from the start, so that its first crash counts")
    func aloneFromTheStart() throws {
        _ = try temporary.spool.claim(temporary.drop("bad", try named("bad")), isAlone: true)
        let waiting = try restart(after: .crashed).waiting
        #expect(waiting.map(\.attempt) == [2])
        _ = try temporary.spool.begin(try #require(waiting.first))
        #expect(try restart(after: .crashed).setAside == 1)
    }

    @Test(
        "Kills count for what was alone in hand only, and set it aside at the tenth in ten minutes")
    func killedRepeatedly() throws {
        let spool = temporary.spool
        let claimed = Date().addingTimeInterval(-SpoolDirectory.shortestKilling + 60)
        for text in ["large", "other"] {
            _ = try spool.claim(temporary.drop(text, try named(text)), at: claimed)
        }
        for kill in 1...SpoolDirectory.mostKills {
            let waiting = try restart(after: .killed).waiting
            #expect(waiting.count == 2)
            let large = try #require(waiting.first { $0.originalName.escaped == "large" })
            #expect(try spool.begin(large).attempt == kill)
        }
        // A second recovery of the same start counts nothing twice.
        #expect(try restart(after: .none).setAside == 0)
        let waiting = try restart(after: .killed).waiting
        let large = try #require(waiting.first { $0.originalName.escaped == "large" })
        _ = try spool.begin(large)
        // Ten kills within minutes are an operator's, or a machine's.
        let early = try restart(after: .killed)
        #expect(early.setAside == 0)
        #expect(early.waiting.map(\.originalName.escaped) == ["other", "large"])
        let last = try spool.recover(at: Date().addingTimeInterval(60), after: .killed) { _, _ in
            false
        }
        #expect(last.setAside == 1 && last.waiting.map(\.attempt) == [1])
        #expect(spool.reason(of: try named("large"))?.code == "killed-repeatedly")
    }

    @Test("The names of an earlier version are read, and count for nothing")
    func formerNames() throws {
        let name = try named("1790000000123-abcdefgh.2.radiology.a.txt")
        try disk.write(Data("x".utf8), to: temporary.spool.processing.appending(name))
        let waiting = try restart(after: .crashed).waiting
        #expect(waiting.map(\.attempt) == [1])
        #expect(waiting.map(\.originalName.escaped) == ["a.txt"])
        #expect(waiting.map(\.kind) == [.radiology])
    }

    @Test("What cannot be set aside or finished is told, and the others go on")
    func refusedOnes() throws {
        let spool = temporary.spool
        try disk.write(Data("x".utf8), to: spool.processing.appending("stray.txt"))
        for text in ["new", "recorded"] {
            _ = try spool.claim(temporary.drop(text, try named(text)))
        }
        for folder in [spool.failed, spool.done] {
            try disk.removeDirectory(folder)
            #expect(symlink("/tmp", try #require(folder.text)) == 0)
        }
        let digest = ContentDigest(of: Data("recorded".utf8)).hexadecimal
        let recovery = try spool.recover(after: .killed) { $1 == digest }
        #expect(recovery.refusedSettingsAside.map(\.errno) == [ELOOP])
        #expect(recovery.refusedMoves.map(\.errno) == [ELOOP])
        #expect(recovery.waiting.map(\.originalName.escaped) == ["new"])
        #expect(try disk.names(in: spool.processing).count == 3)
    }

    @Test("What is recorded goes to done even after its second attempt")
    func recordedAtSecondAttempt() throws {
        let spool = temporary.spool
        let claim = try #require(
            try spool.claim(temporary.drop("text", try named("a"))))
        _ = try spool.begin(claim)
        let digest = ContentDigest(of: Data("text".utf8)).hexadecimal
        let recovery = try spool.recover(after: .killed) { $1 == digest }
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
        let recovery = try spool.recover(after: .killed) { _, _ in true }
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
        #expect(throws: Busy.self) { try spool.recover(after: .killed) { _, _ in throw Busy() } }
        #expect(try disk.facts(of: claim.path) != nil)
    }
}
