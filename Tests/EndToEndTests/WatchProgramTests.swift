// SPDX-License-Identifier: Apache-2.0
import DocumentPipeline
import DurableFiles
import Foundation
import Glibc
import Spool
import Synchronization
import TestSupport
import Testing

@Suite("The program shoken-watch", .timeLimit(.minutes(15)), .serialized)
struct WatchProgramTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// A running watcher whose records are collected as they come.
    final class Watcher: Sendable {
        let process: Process
        private let output = Pipe()
        private let bytes = Collected<UInt8>()
        private let isClosing = Atomic<Bool>(false)

        init(_ directories: [String]) throws {
            process = Process()
            process.executableURL = try Programs.url("shoken-watch")
            process.arguments = directories
            process.standardOutput = output
            try process.run()
            // A thread that looks and reads, not a handler of the file handle: Foundation's may still run
            // while the handle is closed, and then the process crashes.
            Thread.detachNewThread { self.readToEnd() }
        }

        private func readToEnd() {
            let file = output.fileHandleForReading.fileDescriptor
            var buffer = [UInt8](repeating: 0, count: 4096)
            while !isClosing.load(ordering: .acquiring) {
                var state = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
                guard poll(&state, 1, 5) > 0 else { continue }
                let count = read(file, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                bytes.append(buffer.prefix(count))
            }
            try? output.fileHandleForReading.close()
        }

        var records: [[UInt8]] {
            bytes.all.split(separator: 0).map(Array.init)
        }

        func wait(for record: [UInt8]) async throws {
            while !records.contains(record) { try await Task.sleep(for: .milliseconds(2)) }
        }

        /// Nobody reads any more, within a few milliseconds.
        func closeOutput() { isClosing.store(true, ordering: .releasing) }

        /// The exit code, or minus the signal.
        func end() async throws -> Int32 {
            while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
            return process.terminationReason == .exit
                ? process.terminationStatus : -process.terminationStatus
        }
    }

    private func record(_ event: String, _ name: [UInt8]? = nil) -> [UInt8] {
        Array("\(event)\t\(folder.path)".utf8) + (name.map { [UInt8(ascii: "/")] + $0 } ?? [])
    }

    @Test("It tells of files closed after writing and renamed in, with names of any bytes")
    func events() async throws {
        let watcher = try Watcher([folder.path])
        defer { watcher.process.terminate() }
        try await watcher.wait(for: record("WATCHING"))
        let disk = DiskFiles()
        let odd: [UInt8] = Array("a\tb\n".utf8) + [0xFF, 0x93]
        let name = try #require(FileName(bytes: odd))
        try disk.write(Data("x".utf8), to: FilePath(folder.url).appending(name))
        try await watcher.wait(for: record("MOVED_TO", odd))
        try folder.write("y", to: "in place")
        try await watcher.wait(for: record("CLOSE_WRITE", Array("in place".utf8)))
    }

    @Test("It ends when nobody reads, though no event comes")
    func reader() async throws {
        let watcher = try Watcher([folder.path])
        try await watcher.wait(for: record("WATCHING"))
        watcher.closeOutput()
        #expect(try await watcher.end() == 0)
    }

    @Test("It tells that a folder is gone and ends", arguments: ["DELETE_SELF", "MOVE_SELF"])
    func gone(event: String) async throws {
        let inner = folder.path + "/inner"
        #expect(mkdir(inner, 0o700) == 0)
        let watcher = try Watcher([folder.path, inner])
        try await watcher.wait(for: Array("WATCHING\t\(inner)".utf8))
        if event == "DELETE_SELF" {
            #expect(rmdir(inner) == 0)
        } else {
            #expect(rename(inner, folder.path + "/other") == 0)
        }
        try await watcher.wait(for: Array("\(event)\t\(inner)".utf8))
        #expect(try await watcher.end() == 1)
    }

    @Test("It ends on SIGTERM even if its parent ignores that signal")
    func terminated() async throws {
        let watcher = try Watcher([folder.path])
        try await watcher.wait(for: record("WATCHING"))
        watcher.process.terminate()
        #expect(try await watcher.end() == -SIGTERM)
    }

    @Test("Wrong arguments are 64, a folder that is not there 71")
    func refusals() throws {
        #expect(try Programs.run("shoken-watch", []).code == 64)
        #expect(try Programs.run("shoken-watch", [folder.path + "/none"]).code == 71)
        try folder.write("", to: "file")
        #expect(try Programs.run("shoken-watch", [folder.path + "/file"]).code == 71)
    }

    @Test("The daemon hears of files at once, and again after its watcher was killed")
    func restarted() async throws {
        let root = FilePath(folder.url)
        let spool = try SpoolDirectory(root: root)
        let signals = RunSignals()
        let log = Collected<String>()
        let seen = Collected<String>()
        var settings = DaemonLoop.Settings()
        settings.settleSeconds = 3600
        settings.scanIntervalSeconds = 3600
        let loop = DaemonLoop(
            root: root, processor: NameCollector(names: seen),
            settings: settings, signals: signals
        ) { _ in }
        let program = try #require(WatcherProcess.findProgram())
        let watcher = WatcherProcess(program: program, directories: spool.watchedDirectories)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await loop.run() }
            group.addTask {
                await watcher.run(signals: signals) { event in
                    log.append([event.line(showingNames: false)])
                }
            }
            for name in ["first", "second"] {
                // The event may come before the watch stands: a new file each time until one is heard.
                var number = 0
                while !seen.all.contains(where: { $0.hasPrefix(name) }) {
                    let path = spool.incoming(.nursing).appending("\(name)\(number)")
                    try? DiskFiles().write(Data("\(name)\(number)".utf8), to: path)
                    number += 1
                    try? await Task.sleep(for: .milliseconds(50))
                }
                if name == "first" {
                    for child in Self.children(named: "shoken-watch", over: spool.root) {
                        kill(child, SIGKILL)
                    }
                    while !log.all.contains(where: { $0.contains("ended by signal 9") }) {
                        try? await Task.sleep(for: .milliseconds(2))
                    }
                }
            }
            signals.requestStop()
            group.cancelAll()
        }
        let starts = log.all.count { $0 == "shoken-watch is running" }
        #expect(starts >= 2)
        #expect(Self.children(named: "shoken-watch", over: spool.root).isEmpty)
    }

    /// Processes of this name with this spool among their arguments.
    private static func children(named name: String, over root: FilePath) -> [pid_t] {
        let all = (try? DiskFiles().names(in: FilePath("/proc"))) ?? []
        return all.compactMap { pid_t($0.escaped) }.filter { pid in
            guard
                let line = try? DiskFiles().read(
                    FilePath("/proc/\(pid)/cmdline"), maximumBytes: 1 << 16)
            else { return false }
            let text = String(decoding: line, as: UTF8.self)
            return text.contains(name) && text.contains(root.description)
        }
    }
}

/// Records everything and remembers names.
struct NameCollector: DocumentProcessor {
    let names: Collected<String>
    func requireDatabase() {}
    func process(_ claims: [ClaimedFile]) -> [ProcessingOutcome] {
        names.append(claims.map(\.originalName.escaped))
        return claims.map { _ in .recorded(documents: 1) }
    }
    func isRecorded(_ claim: ClaimedFile, sha256: String) throws -> Bool { false }
}

/// Values that several threads append.
final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    var all: [Value] { values.withLock { $0 } }
    func append(_ more: some Sequence<Value>) { values.withLock { $0.append(contentsOf: more) } }
}
