// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DocumentPipeline
import DurableFiles
import Foundation
import Glibc
import Spool
import Synchronization
import Testing

@Suite("Run loop", .timeLimit(.minutes(15)))
struct DaemonLoopTests {
    let temporary: TemporarySpool
    let log = EventLog()
    let signals = RunSignals()

    init() throws { temporary = try TemporarySpool() }

    private func loop(
        _ processor: ProcessorDouble, signals: RunSignals? = nil,
        _ change: (inout DaemonLoop.Settings) -> Void = { _ in }
    ) -> DaemonLoop {
        var settings = DaemonLoop.Settings()
        settings.isOnce = true
        settings.settleSeconds = 0.05
        settings.firstPause = .milliseconds(5)
        change(&settings)
        let log = log
        return DaemonLoop(
            root: temporary.root, processor: processor, settings: settings,
            signals: signals ?? self.signals
        ) { log($0) }
    }

    @Test("Run once, everything goes where it belongs")
    func once() async throws {
        for number in 0..<40 { try temporary.drop("text \(number)", as: "a\(number)") }
        try temporary.drop("reject this", as: "r", kind: .radiology)
        try temporary.drop("busy at first", as: "b", kind: .caseReport)
        try temporary.drop("text 1", as: "same content")
        try temporary.drop(String(repeating: "x", count: 200), as: "large")
        try temporary.drop("unfinished", as: "x.part")
        let link = try #require(temporary.spool.incoming(.nursing).appending("link").text)
        #expect(symlink("/etc/passwd", link) == 0)
        let processor = ProcessorDouble()
        let end = await loop(processor) {
            $0.maximumDocumentBytes = 100
            $0.batchDocuments = 8
        }.run()
        #expect(end == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 42, "failed": 3])
        #expect(processor.recorded.count == 41)
        #expect(processor.batches.max() == 8)
        let codes = try temporary.spool.failedNames().compactMap {
            temporary.spool.reason(of: $0)?.code
        }
        #expect(Set(codes) == ["bad", "too-large", "not-a-regular-file"])
        #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
    }

    @Test("Nothing is taken while there is no database, and it is said; when it is back, all is")
    func noDatabase() async throws {
        try temporary.drop("text", as: "a")
        let processor = ProcessorDouble()
        processor.setDatabase(false)
        #expect(await loop(processor).run() == .gaveUp)
        #expect(try temporary.counts() == ["incoming": 1])
        #expect(processor.batches.isEmpty)
        #expect(log.all.filter { $0.contains("f.db was deleted or moved") }.count == 5)
        processor.setDatabase(true)
        #expect(await loop(processor).run() == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 1])
    }

    @Test("However many files come meanwhile, a lost database is said once a pause")
    func noDatabaseAndMany() async throws {
        let processor = ProcessorDouble()
        processor.setDatabase(false)
        let running = loop(processor) {
            $0.isOnce = false
            $0.firstPause = .seconds(60)
        }
        let end = Task { await running.run() }
        for number in 0..<20 {
            try temporary.drop("text \(number)", as: "a\(number)")
            signals.hint(temporary.spool.incoming(.nursing).appending("a\(number)"))
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(log.all.filter { $0.contains("was deleted or moved") }.count == 1)
        #expect(try temporary.counts() == ["incoming": 20])
        // The next file that comes finds it back: nobody waits for the pause to end.
        processor.setDatabase(true)
        signals.hint(temporary.spool.incoming(.nursing).appending("a0"))
        for _ in 0..<500 where try temporary.counts() != ["done": 20] {
            try await Task.sleep(for: .milliseconds(20))
        }
        signals.requestStop()
        #expect(await end.value == .stopped)
        #expect(try temporary.counts() == ["done": 20])
    }

    @Test("A file that is still written is waited for")
    func growing() async throws {
        let path = try #require(temporary.spool.incoming(.nursing).appending("slow").text)
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let writer = Task.detached {
            let handle = try #require(FileHandle(forWritingAtPath: path))
            for _ in 0..<10 {
                try handle.write(contentsOf: Data("part ".utf8))
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let processor = ProcessorDouble()
        let end = await loop(processor) { $0.settleSeconds = 0.3 }.run()
        try await writer.value
        #expect(end == .spoolEmpty)
        let whole = ContentDigest(of: Data(String(repeating: "part ", count: 10).utf8))
        #expect(processor.recorded == [whole.hexadecimal])
    }

    @Test("What never works is given up when run once, and stays claimed for the next start")
    func gaveUp() async throws {
        try temporary.drop("never", as: "n")
        #expect(await loop(ProcessorDouble()).run() == .gaveUp)
        #expect(try temporary.counts() == ["processing": 1])
        #expect(
            try temporary.spool.recover(after: .killed) { _, _ in false }.waiting.map(\.attempt)
                == [1])
    }

    @Test("A stop finishes the files in hand and takes no other")
    func stop() async throws {
        for number in 0..<12 { try temporary.drop("text \(number)", as: "a\(number)") }
        let signals = signals
        let processor = ProcessorDouble { _ in signals.requestStop() }
        let end = await loop(processor) { $0.batchDocuments = 4 }.run()
        #expect(end == .stopped)
        #expect(try temporary.counts() == ["done": 4, "incoming": 8])
        #expect(log.all.last?.hasPrefix("stopping") == true)
    }

    @Test("A crash between commit and move ends in done, recorded once")
    func committedBeforeCrash() async throws {
        try temporary.drop("text", as: "a")
        let processor = ProcessorDouble()
        let file = try #require(temporary.spool.scan().files.first)
        let claim = try #require(try temporary.spool.claim(file))
        #expect(processor.process([claim]) == [.recorded(documents: 1)])
        #expect(await loop(processor).run() == .spoolEmpty)
        #expect(processor.recorded.count == 1)
        #expect(processor.batches.count == 1)
        #expect(try temporary.counts() == ["done": 1])
    }

    @Test(
        "Records at fault are told in failed/ once, whether or not a crash comes after the commit",
        arguments: [false, true])
    func recordsAtFault(isCrash: Bool) async throws {
        try temporary.drop("partly", as: "a.jsonl")
        let processor = ProcessorDouble()
        if isCrash {
            let file = try #require(temporary.spool.scan().files.first)
            let claim = try #require(try temporary.spool.claim(file))
            #expect(
                processor.process([claim])
                    == [.recordedInPart(documents: 1, ProcessorDouble.faults)])
            // And once more after the copy is written.
            let digest = try #require(processor.recorded.first)
            let reason = FailureReason.partlyRecorded(ProcessorDouble.faults)
            #expect(try temporary.spool.reportFaults(of: claim, reason, sha256: digest))
        }
        #expect(await loop(processor).run() == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 1, "failed": 1])
        #expect(processor.recorded.count == 1)
        #expect(
            log.all.contains {
                $0.hasPrefix("1 record of a nursing file gave no document; the others are recorded")
            })
        let name = try #require(try temporary.spool.failedNames().first)
        let report = try #require(temporary.spool.reason(of: name))
        #expect(name.escaped == "a.jsonl" && report.code == "partly-recorded")
        #expect(report.records == [RecordFault(line: 2, code: "bad", reason: "test")])
        #expect(report.reason.hasPrefix("1 of 2 records gave no document, the first in line 2"))
    }

    @Test("Files where nobody looks are told, with names only where they may be")
    func misplaced() async throws {
        let folder = temporary.root.appending("incoming/Radiology")
        try DiskFiles().makeDirectory(folder)
        try DiskFiles().write(Data("x".utf8), to: folder.appending("0012.txt"))
        #expect(await loop(ProcessorDouble()).run() == .spoolEmpty)
        let told = log.all.filter { $0.contains("will never be read") }
        #expect(
            told == [
                "1 file in a folder of the spool that is of no kind will never be read: move them into "
                    + "incoming/radiology, which is written so"
            ])
        let found = try #require(temporary.spool.misplacedFiles().first)
        let line = DaemonEvent.misplaced(found).line(showingNames: true)
        #expect(line.contains("incoming/Radiology") && line.contains("(0012.txt)"))
        #expect(DaemonEvent.misplaced(found).severity == .warning)
    }

    @Test(
        "Files that have been passed over for an hour are told once, with names only where they may be"
    )
    func unread() async throws {
        for (name, age) in [("0013.txt.tmp", 7300.0), ("0014.txt.bak", 60)] {
            let path = temporary.root.appending("incoming/nursing/\(name)")
            try DiskFiles().write(Data("x".utf8), to: path)
            try FileManager.default.setAttributes(
                [.modificationDate: Date().addingTimeInterval(-age)],
                ofItemAtPath: try #require(path.text))
        }
        #expect(await loop(ProcessorDouble()).run() == .spoolEmpty)
        let told = log.all.filter { $0.contains("not read") }
        #expect(
            told == [
                "1 file in incoming/nursing is not read, named as unfinished: finish the upload and rename it, "
                    + "or remove it"
            ])
        let found = try #require(temporary.spool.unreadFiles().first { $0.overdue > 0 })
        #expect(
            DaemonEvent.unread(found).line(showingNames: true).contains(" (0013.txt.tmp, 2 h) "))
        #expect(DaemonEvent.unread(found).severity == .warning)
        var news = UnreadNews()
        #expect(news.of(temporary.spool.unreadFiles()) == [found])
        #expect(news.of(temporary.spool.unreadFiles()).isEmpty)
    }

    @Test("What a crash left is taken up one by one")
    func leftByCrash() async throws {
        for number in 0..<3 { try temporary.drop("text \(number)", as: "a\(number)") }
        for file in temporary.spool.scan().files { _ = try temporary.spool.claim(file) }
        let processor = ProcessorDouble()
        #expect(await loop(processor).run() == .spoolEmpty)
        #expect(processor.batches == [1, 1, 1])
        #expect(try temporary.counts() == ["done": 3])
        #expect(log.all.contains { $0.contains("3 to process again") })
    }

    @Test(
        "A bad folder is told once and keeps no other waiting, and is told again when it is mended")
    func badFolder() async throws {
        let folder = try #require(temporary.spool.incoming(.nursing).text)
        #expect(rmdir(folder) == 0 && symlink("/etc", folder) == 0)
        try temporary.drop("text", as: "a", kind: .radiology)
        let processor = ProcessorDouble()
        let running = loop(processor) {
            $0.isOnce = false
            $0.scanIntervalSeconds = 0.02
        }
        async let end = running.run()
        while processor.recorded.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        try await Task.sleep(for: .milliseconds(200))
        let warning = "taking nothing from incoming/nursing: "
        #expect(log.all.count { $0.hasPrefix(warning) } == 1)
        #expect(!log.all.contains { $0.contains("is read again") })
        #expect(unlink(folder) == 0)
        while !log.all.contains("incoming/nursing is read again") {
            try await Task.sleep(for: .milliseconds(2))
        }
        try temporary.drop("other", as: "b")
        while processor.recorded.count < 2 { try await Task.sleep(for: .milliseconds(2)) }
        signals.requestStop()
        #expect(await end == .stopped)
        #expect(try temporary.counts() == ["done": 2])
    }

    @Test("Run once, a bad folder is given up after the others are done")
    func badFolderOnce() async throws {
        let folder = try #require(temporary.spool.incoming(.caseReport).text)
        #expect(rmdir(folder) == 0)
        try temporary.drop("text", as: "a")
        _ = FileManager.default.createFile(atPath: folder, contents: nil)
        #expect(await loop(ProcessorDouble()).run() == .gaveUp)
        #expect(temporary.spool.status().last { $0.state == "done" }?.files == 1)
    }

    @Test("What cannot be set aside pauses nothing else, and is set aside at the next start")
    func failedRefused() async throws {
        let failed = try #require(temporary.spool.failed.text)
        #expect(rmdir(failed) == 0)
        _ = FileManager.default.createFile(atPath: failed, contents: nil)
        try temporary.drop("reject this", as: "bad")
        let processor = ProcessorDouble()
        let running = loop(processor) {
            $0.isOnce = false
            $0.scanIntervalSeconds = 0.02
            $0.firstPause = .seconds(3600)
        }
        async let end = running.run()
        while !log.all.contains(where: { $0.hasPrefix("cannot ") }) {
            try await Task.sleep(for: .milliseconds(2))
        }
        try temporary.drop("good", as: "good")
        while try temporary.counts() != ["done": 1, "processing": 1] {
            try await Task.sleep(for: .milliseconds(2))
        }
        signals.requestStop()
        #expect(await end == .stopped)
        #expect(unlink(failed) == 0)
        #expect(await loop(processor, signals: RunSignals()).run() == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 1, "failed": 1])
    }

    @Test("A file that was written after it was read is recorded anew, and the operator is told")
    func changedAfterReading() async throws {
        try temporary.drop("half", as: "a")
        let hasGrown = Mutex(false)
        let processor = ProcessorDouble(afterWork: { claims in
            guard
                !hasGrown.withLock({ grown in
                    defer { grown = true }; return grown
                }),
                let path = claims[0].path.text, let handle = FileHandle(forWritingAtPath: path)
            else { return }
            _ = try? handle.seekToEnd()
            try? handle.write(contentsOf: Data(" and the rest".utf8))
            try? handle.close()
        })
        #expect(await loop(processor).run() == .spoolEmpty)
        let texts = ["half", "half and the rest"]
        #expect(processor.recorded == texts.map { ContentDigest(of: Data($0.utf8)).hexadecimal })
        #expect(log.all.count { $0.contains("after what it held was recorded") } == 1)
        #expect(try temporary.counts() == ["done": 1])
    }

    @Test("A file whose writer has it open is left until it is closed")
    func openWriter() async throws {
        try temporary.drop("half", as: "a")
        let path = try #require(temporary.spool.incoming(.nursing).appending("a").text)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        let processor = ProcessorDouble()
        let running = loop(processor) {
            $0.isOnce = false
            $0.scanIntervalSeconds = 0.02
        }
        async let end = running.run()
        signals.hint(FilePath(path))
        try await Task.sleep(for: .milliseconds(400))
        #expect(processor.recorded.isEmpty)
        _ = try handle.seekToEnd()
        try handle.write(contentsOf: Data(" and the rest".utf8))
        try handle.close()
        while processor.recorded.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        signals.requestStop()
        #expect(await end == .stopped)
        let whole = ContentDigest(of: Data("half and the rest".utf8)).hexadecimal
        #expect(processor.recorded == [whole])
    }

    @Test("Where open writers cannot be seen, a file that is written on in done/ is read anew")
    func lateWriter() async throws {
        try temporary.drop("half", as: "a")
        let path = try #require(temporary.spool.incoming(.nursing).appending("a").text)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        let processor = ProcessorDouble()
        var settings = DaemonLoop.Settings()
        settings.settleSeconds = 0.05
        settings.scanIntervalSeconds = 0.02
        let log = log
        let running = DaemonLoop(
            root: temporary.root, files: LeaselessFiles(), processor: processor,
            settings: settings, signals: signals
        ) { log($0) }
        async let end = running.run()
        while try temporary.counts() != ["done": 1] { try await Task.sleep(for: .milliseconds(2)) }
        _ = try handle.seekToEnd()
        try handle.write(contentsOf: Data(" and the rest".utf8))
        try handle.close()
        while processor.recorded.count < 2 { try await Task.sleep(for: .milliseconds(2)) }
        signals.requestStop()
        #expect(await end == .stopped)
        let texts = ["half", "half and the rest"]
        #expect(processor.recorded == texts.map { ContentDigest(of: Data($0.utf8)).hexadecimal })
        #expect(log.all.count { $0.contains("after it had been recorded and moved to done/") } == 1)
        #expect(try temporary.counts() == ["done": 1])
    }

    @Test("Run once, a file that lacks its trigger is left, and one that has it is taken at once")
    func triggers() async throws {
        try temporary.drop("whole", as: "a", kind: .radiology)
        try temporary.drop("half", as: "b", kind: .radiology)
        try temporary.drop("", as: "a.ok", kind: .radiology)
        try temporary.drop("text", as: "c", kind: .nursing)
        let processor = ProcessorDouble()
        let end = await loop(processor) { $0.triggeredKinds = [.radiology] }.run()
        #expect(end == .spoolEmpty)
        #expect(processor.recorded.count == 2)
        let left = try DiskFiles().names(in: temporary.spool.incoming(.radiology))
        #expect(left.map(\.escaped) == ["b"])
    }

    @Test("A claim whose move was done and whose end was refused is found again")
    func halfClaimed() async throws {
        try temporary.drop("text", as: "a")
        let processing = temporary.spool.processing
        let isRefused = Mutex(false)
        let files = LeaselessFiles { (path) throws(FileError) in
            guard path.parent == processing else { return }
            let isFirst = isRefused.withLock { refused in
                defer { refused = true }
                return !refused
            }
            if isFirst { throw FileError(.examine, path, errno: EACCES) }
        }
        let processor = ProcessorDouble()
        var settings = DaemonLoop.Settings()
        settings.settleSeconds = 0.05
        settings.scanIntervalSeconds = 0.02
        let running = DaemonLoop(
            root: temporary.root, files: files, processor: processor, settings: settings,
            signals: signals
        ) { _ in }
        async let end = running.run()
        while try temporary.counts() != ["done": 1] { try await Task.sleep(for: .milliseconds(2)) }
        signals.requestStop()
        #expect(await end == .stopped)
        #expect(isRefused.withLock { $0 } && processor.recorded.count == 1)
    }

    @Test("A duplicate is told at the default level")
    func duplicate() async throws {
        for _ in 0..<2 {
            try temporary.drop("text", as: "a")
            #expect(await loop(ProcessorDouble(recorded: ["text"])).run() == .spoolEmpty)
        }
        #expect(log.all.count { $0.hasPrefix("1 duplicate: ") } == 2)
        let event = DaemonEvent.repeated(
            count: 1, kind: .nursing, name: try #require(FileName("a")))
        #expect(event.severity == .information)
    }

    @Test("Below the floor of free space nothing is taken")
    func spaceLow() async throws {
        try temporary.drop("text", as: "a")
        #expect(await loop(ProcessorDouble()) { $0.minimumFreeBytes = .max }.run() == .gaveUp)
        #expect(try temporary.counts() == ["incoming": 1])
        #expect(log.all.count { $0.hasPrefix("taking no documents") } == 1)
    }

    @Test("Refused file operations are tried again until they work")
    func refused() async throws {
        try temporary.drop("text", as: "a")
        try temporary.drop("reject", as: "b")
        // A file in the place of done/ refuses the move after the commit.
        let done = try #require(temporary.spool.done.text)
        let processor = ProcessorDouble { _ in
            if rmdir(done) == 0 { _ = FileManager.default.createFile(atPath: done, contents: nil) }
        }
        let loop = loop(processor) { $0.firstPause = .milliseconds(20) }
        async let end = loop.run()
        while !log.all.contains(where: { $0.hasPrefix("cannot make directory") }) {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(unlink(done) == 0)
        #expect(mkdir(done, 0o750) == 0)
        #expect(mkdir(done + "/kept", 0o750) == 0)
        #expect(await end == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 1, "failed": 1])
        #expect(processor.recorded.count == 1)
    }

    @Test("The folders of the spool are made again when somebody removed them")
    func removedFolders() async throws {
        let text = try #require(temporary.root.text)
        try FileManager.default.removeItem(atPath: text)
        #expect(await loop(ProcessorDouble()).run() == .spoolEmpty)
        #expect(
            try DiskFiles().facts(of: temporary.spool.incoming(.caseReport))?.kind == .directory)
    }

    @Test("Without events a running daemon finds files by listing, with a hint at once")
    func running() async throws {
        let processor = ProcessorDouble()
        let running = loop(processor) {
            $0.isOnce = false
            $0.settleSeconds = 60
            $0.scanIntervalSeconds = 60
        }
        async let end = running.run()
        try await Task.sleep(for: .milliseconds(20))
        try temporary.drop("text", as: "a")
        signals.hint(temporary.spool.incoming(.nursing).appending("a"))
        while processor.recorded.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        signals.requestStop()
        #expect(await end == .stopped)
        #expect(try temporary.counts() == ["done": 1])
    }

    @Test("No line of the log holds a name or text, unless names are allowed")
    func canary() async throws {
        try temporary.drop("reject 架空花子の記録", as: "架空花子.txt")
        try DiskFiles().makeDirectory(temporary.spool.incoming(.nursing).appending("架空花子"))
        #expect(await loop(ProcessorDouble()).run() == .spoolEmpty)
        #expect(!log.all.isEmpty)
        #expect(!log.all.joined().contains("花子"))
        let name = try #require(FileName("架空花子.txt"))
        let event = DaemonEvent.rejected(code: "bad", kind: .nursing, name: name)
        #expect(event.line(showingNames: true).contains("花子"))
    }

    @Test("recorded documents are read again once nothing waits; a single run ends after them")
    func readsAgain() async throws {
        let processor = ProcessorDouble()
        processor.wishRereads(3)
        for number in 0..<40 { try temporary.drop("text \(number)", as: "a\(number)") }
        #expect(await loop(processor) { $0.batchDocuments = 8 }.run() == .spoolEmpty)
        // Nothing waits as long as the files settle.
        let steps = processor.steps
        #expect(steps.drop { $0 == "r" }.hasPrefix("fffff"), "\(steps)")
        #expect(steps.count { $0 == "r" } == 3 && steps.count == 8)
        #expect(log.all.contains { $0.hasPrefix("request 1 to read documents again is done") })
    }

    @Test("while files come in they are read with the share of the time that is theirs")
    func readsAgainBeside() async throws {
        let processor = ProcessorDouble { _ in usleep(4000) }
        processor.wishRereads(1000)
        for number in 0..<80 { try temporary.drop("text \(number)", as: "a\(number)") }
        let running = loop(processor, signals: signals) {
            $0.batchDocuments = 2
            $0.rereadingShare = 0.5
            $0.isOnce = false
        }
        async let end = running.run()
        while processor.recorded.count < 80 { try await Task.sleep(for: .milliseconds(2)) }
        signals.requestStop()
        #expect(await end == .stopped)
        let steps = processor.steps
        let upToLast = steps.prefix(through: try #require(steps.lastIndex(of: "f")))
        #expect(upToLast.count { $0 == "f" } == 40)
        #expect(10...120 ~= upToLast.count { $0 == "r" }, "\(steps)")
    }

    @Test("without room nothing is read again, and that is no reason to give up")
    func readsAgainWithoutRoom() async throws {
        let processor = ProcessorDouble()
        processor.wishRereads(3)
        #expect(await loop(processor) { $0.minimumFreeBytes = .max }.run() == .spoolEmpty)
        #expect(processor.steps.isEmpty)
    }
}
