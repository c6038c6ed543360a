// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import DurableFiles
package import Foundation
import Synchronization

/// The program `shoken-watch` as a child: started, read, and started again when it ends.
///
/// The daemon does not depend on it; while it is away, files are found by listing.
package struct WatcherProcess: Sendable {
    /// The program's file.
    package let program: URL
    /// The folders to watch.
    package let directories: [FilePath]
    /// A watcher that lived so long has earned a quick restart.
    static let provenLife: Duration = .seconds(30)

    /// Describes the child; nothing is started yet.
    package init(program: URL, directories: [FilePath]) {
        self.program = program
        self.directories = directories
    }

    /// Looks for the program beside this one, in `../libexec/shoken`, then in `PATH`; nil if nowhere.
    package static func findProgram() -> URL? {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders =
            [own, own.deletingLastPathComponent().appending(path: "libexec/shoken")]
            + path.split(separator: ":").filter { $0.hasPrefix("/") }.map {
                URL(filePath: String($0))
            }
        return folders.map { $0.appending(path: "shoken-watch") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false)) }
    }

    /// Keeps the watcher running until the task is cancelled.
    package func run(
        signals: RunSignals, log: @escaping @Sendable (DaemonEvent) -> Void
    ) async {
        var backoff = Backoff()
        while !Task.isCancelled {
            let started = ContinuousClock.now
            let detail = await runOnce(signals: signals, log: log)
            if Task.isCancelled { return }
            if ContinuousClock.now - started > Self.provenLife { backoff.succeed() }
            let pause = backoff.fail()
            log(.watcherLost(detail: detail, retryAfter: pause))
            // What happened meanwhile was not told: look.
            signals.requestScan()
            await signals.sleep(for: pause)
        }
    }

    /// Starts the child and reads it to its end; says how it ended.
    private func runOnce(
        signals: RunSignals, log: @escaping @Sendable (DaemonEvent) -> Void
    ) async -> String {
        let child = ChildProgram(program: program, arguments: directories.compactMap(\.text))
        do {
            try child.start()
        } catch {
            return "cannot be started (\((error as NSError).code))"
        }
        log(.watcherStarted)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A thread of its own, since it sleeps in read(2).
                Thread.detachNewThread {
                    var parser = WatchRecordParser()
                    child.readToEnd { bytes in
                        for record in parser.records(in: bytes) {
                            switch record {
                            case .finished(let path): signals.hint(path)
                            case .listAgain: signals.requestScan()
                            }
                        }
                    }
                    continuation.resume(returning: child.waitForEnd())
                }
            }
        } onCancel: {
            child.terminate()
        }
    }
}

/// One run of a program whose standard output is read.
///
/// `@unchecked Sendable` because Foundation's `Process` and `FileHandle` are not marked so, while
/// what is called here may be called from any thread: `terminate` sends a signal, and reading and
/// waiting happen on one thread.
private final class ChildProgram: @unchecked Sendable {
    private let process = Process()
    private let output = Pipe()

    init(program: URL, arguments: [String]) {
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
    }

    func start() throws { try process.run() }

    func readToEnd(_ receive: (Data) -> Void) {
        while true {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return }
            receive(data)
        }
    }

    func waitForEnd() -> String {
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        return "ended by \(isSignal ? "signal" : "itself with code") \(process.terminationStatus)"
    }

    func terminate() { if process.isRunning { process.terminate() } }
}
