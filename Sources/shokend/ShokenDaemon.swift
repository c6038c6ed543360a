// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import DurableFiles
import Faults
import Foundation
import Spool
import Tensors

/// The daemon: takes documents from the spool, asks the model, records the answers.
@main
struct ShokenDaemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shokend",
        abstract: "Take clinical documents from the spool and record what is found in them.",
        discussion: """
            Runs until SIGTERM or SIGINT, which let it finish the documents in hand. SIGHUP makes it \
            read the configuration anew and list the spool at once. See shokend(8) and shoken.toml(5).
            Exit codes follow sysexits.h: 0 stopped, 64 usage, 69 something needed is missing, \
            73 cannot create, 75 try again, 78 bad configuration.
            """,
        version: programVersion)

    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = "/etc/shoken/shoken.toml"

    @Flag(name: .long, help: "Process all that is in the spool, then end.")
    var once = false

    @Flag(name: .long, help: "Read the configuration, say what is wrong with it, and end.")
    var check = false

    func run() throws {
        do {
            try ComputeEnvironment.check()
            // First, so that what changes in the configuration after it was read is not missed.
            let thread = ServiceThread()
            let signals = RunSignals(alarm: thread.alarm)
            let unixSignals = UnixSignals(signals)
            defer { unixSignals.stop() }
            let settings = try ServiceConfiguration(file: config)
            if check {
                print("\(config): no errors")
                return
            }
            try thread.run { [self] in try await serve(settings, signals) }
        } catch {
            let failure = explained(error)
            DaemonLog(level: .error, showsNames: false).write(
                failure.explanation, severity: .error)
            throw ExitCode(failure.disposition.exitCode)
        }
    }

    private func serve(_ settings: ServiceConfiguration, _ signals: RunSignals) async throws {
        let log = DaemonLog(
            level: settings.logLevel.severity, showsNames: settings.logsSourceNames)
        let manager = ServiceManager()

        manager.status("opening the spool and the model")
        let spool = try SpoolDirectory(root: FilePath(settings.spool.directory))
        let locks = try lock(spool.root)
        let processor = try makeProcessor(settings, log: log)
        let crashMark = try CrashMark(spool.root.appending(".shokend.crash"))
        let loop = DaemonLoop(
            root: spool.root, processor: processor, settings: loopSettings(settings),
            signals: signals, crashMark: crashMark,
            configurationFault: { [config] in Self.fault(ofConfiguration: config) }
        ) { event in
            log(event)
            if case .concluded = event { manager.status(event.line(showingNames: false)) }
        }
        // A single run looks once and needs nobody to call it.
        let program = once ? nil : WatcherProcess.findProgram()
        log(.started(spool: spool.root, watching: program != nil, isOnce: once))
        manager.ready("taking documents")
        manager.keepWatchdogQuiet(signals)
        let storages = StorageWatch(
            roots: settings.storage.directories.map { FilePath($0) }, spool: spool,
            maximumBytes: settings.spool.maximumDocumentBytes,
            minimumFreeBytes: settings.spool.minimumFreeBytes,
            settleSeconds: settings.spool.settleSeconds,
            interval: .seconds(settings.storage.scanIntervalSeconds))
        if once { storages.lookOnce(signals: signals) { log($0) } }

        let end = await withTaskGroup(of: Void.self) { group in
            if let program {
                let watcher = WatcherProcess(
                    program: program, directories: spool.watchedDirectories)
                group.addTask { await watcher.run(signals: signals) { log($0) } }
            }
            if !once, !settings.storage.directories.isEmpty {
                group.addTask { await storages.run(signals: signals) { log($0) } }
            }
            let end = await loop.run()
            if end == .reloading { manager.reloading() } else { manager.stopping() }
            group.cancelAll()
            return end
        }
        processor.endRun(finishing: once)
        if let shares = processor.timeShares { log.write(shares, severity: .information) }
        if end == .reloading { try ProcessImage.beginAgain() }
        log(.stopped)
        withExtendedLifetime(locks) {}
        // A large file is not waited for: what it writes is a transaction, and the next start takes its
        // claim up again. Its thread must not outlive what an orderly end takes down.
        if loop.hasLargeFileInHand { _exit(end == .gaveUp ? EX_TEMPFAIL : EX_OK) }
        if end == .gaveUp {
            throw DaemonFailure(
                .tryAgain, "some files could not be processed; see the lines above")
        }
    }

    private static func fault(ofConfiguration file: String) -> String? {
        do {
            _ = try ServiceConfiguration(file: file)
            return nil
        } catch {
            return explained(error).explanation
        }
    }

    /// Locks the spool for this daemon: by a file, and by the directory for the case that the file is removed.
    private func lock(_ spool: FilePath) throws -> [InstanceLock] {
        do {
            let file = try InstanceLock(spool.appending(".shokend.lock"))
            guard let directory = try InstanceLock(directory: spool) else { return [file] }
            return [file, directory]
        } catch {
            guard error.operation == .lock, error.disposition == .tryAgain else { throw error }
            throw DaemonFailure(
                .tryAgain, "another daemon runs on this spool (\(error.path)); stop it first")
        }
    }

    private func loopSettings(_ settings: ServiceConfiguration) -> DaemonLoop.Settings {
        var loop = DaemonLoop.Settings()
        loop.isOnce = once
        loop.settleSeconds = settings.spool.settleSeconds
        loop.scanIntervalSeconds = settings.spool.scanIntervalSeconds
        loop.maximumDocumentBytes = settings.spool.maximumDocumentBytes
        loop.minimumFreeBytes = settings.spool.minimumFreeBytes
        loop.triggeredKinds = settings.spool.triggeredKinds
        loop.batchDocuments = settings.compute.batchDocuments
        loop.rereadingShare = settings.rereadingShare
        return loop
    }
}
