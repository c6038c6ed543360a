// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Glibc
import Spool
import Testing

@Suite("Transitions of the spool")
struct TransitionTests {
    let temporary: TemporarySpool
    var spool: SpoolDirectory { temporary.spool }
    let disk = DiskFiles()

    init() throws { temporary = try TemporarySpool() }

    static let names: [[UInt8]] = [
        Array("経過記録.txt".utf8), Array("two\nlines.csv".utf8), [0x93, 0xFA, 0xFF, 0x2E, 0x74],
        Array("%41 ~ 'quoted' \\.json".utf8), [UInt8](repeating: 0x61, count: 255),
        Array(String(repeating: "肺", count: 83).utf8) + Array(".jsonl".utf8), Array("a.1.b.c".utf8),
    ]

    @Test("A document goes from incoming over processing to done", arguments: names)
    func recorded(bytes: [UInt8]) throws {
        let name = try #require(FileName(bytes: bytes))
        let claim = try #require(
            try spool.claim(temporary.drop("text", name, kind: .caseReport)))
        #expect(claim.originalName == name)
        #expect(claim.kind == .caseReport && claim.attempt == 1 && claim.size == 4)
        #expect(try disk.names(in: spool.incoming(.caseReport)).isEmpty)
        #expect(try disk.names(in: spool.processing) == [claim.path.lastName])
        let target = try spool.finish(claim)
        #expect(target.lastName == name)
        #expect(try disk.read(target, maximumBytes: 9) == Data("text".utf8))
        #expect(try disk.names(in: spool.processing).isEmpty)
    }

    @Test("After a restart a claim knows kind, time, attempt and original name", arguments: names)
    func remembered(bytes: [UInt8]) throws {
        let name = try #require(FileName(bytes: bytes))
        let moment = Date(timeIntervalSince1970: 1_790_000_000.123)
        let claim = try #require(
            try spool.claim(temporary.drop("text", name, kind: .radiology), at: moment))
        let found = try #require(try spool.recover(after: .killed) { _, _ in false }.waiting.first)
        #expect(found.kind == .radiology && found.attempt == 1 && found.path == claim.path)
        #expect(abs(found.claimedAt.timeIntervalSince(moment)) < 0.001)
        if bytes.count <= 200 {
            #expect(found.originalName == name)
        } else {
            // Cut between scalars, its extension kept, with a part of its digest.
            let digest = ContentDigest(of: bytes).hexadecimal.prefix(8)
            #expect(found.originalName.escaped.contains("~\(digest)"))
            #expect(!found.originalName.escaped.contains("\\x"))
            #expect(found.originalName.bytes.starts(with: bytes.prefix(150)))
            #expect(
                found.originalName.escaped.hasSuffix(".jsonl") == name.escaped.hasSuffix(".jsonl"))
        }
    }

    @Test("A failed document lies beside its reason, which holds facts and no text")
    func failed() throws {
        let name = try named("報告\n1.txt")
        let claim = try #require(try spool.claim(temporary.drop("秘密の文", name)))
        let target = try spool.fail(
            claim, FailureReason(code: "undecodable", text: "byte 7 fits no encoding"))
        #expect(target == spool.failed.appending(name))
        let report = try #require(spool.reason(of: name))
        #expect(report.code == "undecodable" && report.kind == .nursing && report.attempts == 1)
        #expect(report.sourceName == "報告\\u{a}1.txt")
        #expect(report.sha256 == ContentDigest(of: Data("秘密の文".utf8)).hexadecimal)
        #expect(report.nextStep.contains("spool retry"))
        let raw = try disk.read(spool.reasonPath(of: name), maximumBytes: 9_999)
        #expect(!String(decoding: raw, as: UTF8.self).contains("秘密"))
        let keys = try #require(
            try JSONSerialization.jsonObject(with: raw) as? [String: Any]
        ).keys.sorted()
        #expect(
            keys == [
                "at", "attempts", "code", "kind", "next_step", "reason", "sha256", "source_name",
            ])
    }

    @Test("Names that are taken get a mark before their extension", arguments: [false, true])
    func collisions(fails: Bool) throws {
        let name = try named("same.csv")
        var targets: Set<FilePath> = []
        for number in 0..<5 {
            let claim = try #require(try spool.claim(temporary.drop("\(number)", name)))
            let target =
                try fails
                ? spool.fail(claim, FailureReason(code: "x", text: "x")) : spool.finish(claim)
            #expect(target.lastName?.escaped.hasSuffix(".csv") == true)
            #expect(try disk.read(target, maximumBytes: 9) == Data("\(number)".utf8))
            targets.insert(target)
        }
        #expect(targets.count == 5)
        #expect(try spool.failedNames().count == (fails ? 5 : 0))
    }

    @Test("A document whose name ends like a reason's does not replace one")
    func reasonName() throws {
        let reason = FailureReason(code: "x", text: "x")
        for text in ["a", "a.error.json", "a.error.json.error.json"] {
            let name = try named(text)
            let claim = try #require(try spool.claim(temporary.drop(text, name)))
            try spool.fail(claim, reason)
        }
        let names = try spool.failedNames()
        #expect(names.count == 3)
        let contents = try names.map {
            try disk.read(spool.failed.appending($0), maximumBytes: 99)
        }
        #expect(
            Set(contents)
                == Set(["a", "a.error.json", "a.error.json.error.json"].map { Data($0.utf8) }))
        #expect(names.allSatisfy { spool.reason(of: $0)?.code == "x" })
    }

    @Test("A name of 255 bytes fails with its reason beside it")
    func longNameFails() throws {
        let name = try #require(FileName(bytes: [UInt8](repeating: 0x62, count: 255)))
        let claim = try #require(try spool.claim(temporary.drop("x", name)))
        let target = try spool.fail(claim, FailureReason(code: "x", text: "x"))
        let kept = try #require(target.lastName)
        #expect(spool.reason(of: kept)?.sourceName == name.escaped)
    }

    @Test("A file that has gone is no claim")
    func gone() throws {
        let file = try temporary.drop("x", try named("a"))
        try disk.remove(file.path)
        #expect(try spool.claim(file) == nil)
    }

    @Test(
        "Unfinished names and directories are not looked at; links and fifos are set aside unopened"
    )
    func unsuitable() throws {
        for text in [".a", "a.tmp", "a.part", "a.filepart", "a~", "a.crdownload"] {
            let path = spool.incoming(.nursing).appending(try named(text))
            try disk.write(Data("x".utf8), to: path)
        }
        let folder = try #require(spool.incoming(.nursing).text)
        #expect(mkdir(folder + "/folder", 0o700) == 0)
        #expect(symlink("/etc/passwd", folder + "/link") == 0)
        #expect(mkfifo(folder + "/pipe", 0o600) == 0)
        let listing = spool.scan()
        #expect(listing.files.isEmpty)
        #expect(listing.directories.map(\.name.escaped) == ["folder"])
        #expect(Set(listing.unsuitable.map(\.name.escaped)) == ["link", "pipe"])
        for file in listing.unsuitable { try spool.setAside(file) }
        let link = try named("link")
        #expect(try disk.facts(of: spool.failed.appending(link))?.kind == .symbolicLink)
        #expect(spool.reason(of: link)?.code == "not-a-regular-file")
        #expect(spool.reason(of: link)?.sha256 == nil)
        #expect(throws: RetryRefusal.notRegular(name: "link")) { try spool.retry(link) }
    }

    @Test("A claim that was begun and given back counts for nothing, whatever ends the daemon then")
    func released() throws {
        var claim = try #require(try spool.claim(temporary.drop("x", try named("a"))))
        claim = try spool.begin(claim)
        #expect(try disk.facts(of: claim.path) != nil)
        claim = try spool.release(claim)
        #expect(claim.attempt == 1)
        #expect(try spool.recover(after: .crashed) { _, _ in false }.waiting == [claim])
    }

    @Test("A long name is the same in hand with others, alone, and after crashes")
    func longNameStays() throws {
        let name = try #require(FileName(bytes: [UInt8](repeating: 0x63, count: 255)))
        let claim = try #require(try spool.claim(temporary.drop("x", name)))
        let recorded = claim.recordedName
        _ = try spool.begin(claim)
        let waiting = try spool.recover(after: .crashed) { _, _ in false }.waiting
        #expect(waiting.map(\.recordedName) == [recorded] && waiting.map(\.attempt) == [2])
    }

    @Test("A file that is put back lies where its producer had it, never over a newer one")
    func putBack() throws {
        let name = try named("a.txt")
        let claim = try #require(try spool.claim(temporary.drop("first", name)))
        let second = try #require(try spool.claim(temporary.drop("second", name)))
        #expect(try spool.putBack(claim) == spool.incoming(.nursing).appending(name))
        let marked = try spool.putBack(second)
        #expect(marked.parent == spool.incoming(.nursing) && marked.lastName != name)
        #expect(try disk.read(marked, maximumBytes: 9) == Data("second".utf8))
        #expect(spool.scan().files.count == 2)
    }

    @Test("A folder that is a link, a file or locked keeps no other from being listed")
    func badFolder() throws {
        let folder = try #require(spool.incoming(.nursing).text)
        try temporary.drop("x", try named("a"), kind: .radiology)
        #expect(rmdir(folder) == 0 && symlink("/etc", folder) == 0)
        try spool.mend(remakingIncoming: true)
        var listing = spool.scan()
        #expect(listing.refused.mapValues(\.errno) == [.nursing: ELOOP])
        #expect(listing.files.map(\.kind) == [.radiology])
        #expect(unlink(folder) == 0)
        try disk.write(Data("x".utf8), to: spool.incoming(.nursing))
        try spool.mend(remakingIncoming: true)
        listing = spool.scan()
        #expect(listing.refused.mapValues(\.errno) == [.nursing: ENOTDIR])
        #expect(listing.files.count == 1)
        #expect(unlink(folder) == 0)
        #expect(spool.scan().refused.mapValues(\.errno) == [.nursing: ENOENT])
        try spool.mend(remakingIncoming: true)
        #expect(spool.scan().refused.isEmpty)
    }

    @Test("A link in the place of incoming/, processing/, done/ or failed/ is never followed")
    func linkedStates() throws {
        let outside = FilePath(temporary.root.description + "-outside")
        defer { try? FileManager.default.removeItem(atPath: outside.description) }
        try disk.makeDirectory(outside)
        let first = try temporary.drop("x", try named("a"))
        let claim = try #require(
            try spool.claim(temporary.drop("y", try named("b"))))
        for state in [spool.done, spool.failed] {
            try disk.removeDirectory(state)
            #expect(symlink(outside.description, state.description) == 0)
        }
        let finish = #expect(throws: FileError.self) { try spool.finish(claim) }
        #expect(finish?.errno == ELOOP)
        let reason = FailureReason(code: "x", text: "x")
        let failure = #expect(throws: FileError.self) { try spool.fail(claim, reason) }
        #expect(failure?.errno == ELOOP)
        let aside = spool.root.appending("processing-aside")
        try disk.move(spool.processing, to: aside)
        #expect(symlink(aside.description, spool.processing.description) == 0)
        let claimed = #expect(throws: FileError.self) { try spool.claim(first) }
        #expect(claimed?.errno == ELOOP)
        #expect(try disk.names(in: outside).isEmpty)
        let incoming = spool.root.appending("incoming")
        try disk.move(incoming, to: spool.root.appending("incoming-aside"))
        #expect(symlink(outside.description, incoming.description) == 0)
        try spool.mend(remakingIncoming: true)
        let refused = spool.scan().refused
        #expect(Set(refused.keys) == Set(DocumentKind.allCases))
        #expect(refused.values.allSatisfy { $0.errno == ELOOP })
        #expect(try disk.names(in: outside).isEmpty)
    }

    @Test("A spool that is gone is not made anew, nor one that was exchanged filled")
    func goneSpool() throws {
        let root = temporary.root
        let away = FilePath(root.description + "-away")
        let claim = try #require(try spool.claim(temporary.drop("x", try named("a.txt"))))
        try disk.move(root, to: away)
        #expect(throws: FileError.self) { try spool.finish(claim) }
        #expect(throws: SpoolFault.gone(root)) { try spool.mend(remakingIncoming: true) }
        #expect(try disk.facts(of: root) == nil)
        try disk.makeDirectory(root)
        #expect(throws: SpoolFault.replaced(root)) { try spool.mend(remakingIncoming: true) }
        #expect(try disk.names(in: root).isEmpty)
        try disk.removeDirectory(root)
        try disk.move(away, to: root)
        try spool.mend(remakingIncoming: true)
    }

    @Test("An open writer is seen, and none is seen after it closed")
    func writers() throws {
        let file = try temporary.drop("x", try named("a"))
        #expect(spool.isBeingWritten(file) == false)
        let handle = try #require(FileHandle(forWritingAtPath: file.path.description))
        #expect(spool.isBeingWritten(file) == true)
        try handle.close()
        #expect(spool.isBeingWritten(file) == false)
        try disk.remove(file.path)
        #expect(spool.isBeingWritten(file) == nil)
    }

    @Test("An empty file NAME.ok made after NAME is its trigger and goes with the claim")
    func triggers() throws {
        let folder = spool.incoming(.nursing)
        for name in ["old.ok", "alone.ok", ".ok"] {
            try disk.write(Data(), to: folder.appending(name))
        }
        try disk.write(Data("a document".utf8), to: folder.appending("full.ok"))
        usleep(20_000)
        for name in ["old", "new", "plain"] {
            try disk.write(Data("x".utf8), to: folder.appending(name))
        }
        usleep(20_000)
        try disk.write(Data(), to: folder.appending("new.ok"))
        let files = spool.scan().files
        #expect(Set(files.map(\.name.escaped)) == ["full.ok", "new", "old", "plain"])
        #expect(files.filter { $0.trigger != nil }.map(\.name.escaped) == ["new"])
        #expect(spool.status().first?.files == 4)
        for file in files { _ = try spool.claim(file) }
        let left = try disk.names(in: folder).map(\.escaped).sorted()
        #expect(left == [".ok", "alone.ok", "old.ok"])
    }
}
