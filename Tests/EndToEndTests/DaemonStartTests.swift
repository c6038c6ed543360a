// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import TestSupport
import Testing

@Suite("Starting the daemon", .timeLimit(.minutes(15)))
struct DaemonStartTests {
    let folder: TemporaryFolder
    var config: String { folder.path + "/shoken.toml" }
    init() throws { folder = try TemporaryFolder() }

    @Test("A configuration without errors passes --check and nothing is made")
    func check() throws {
        try folder.write("[spool]\ndirectory = \"spool\"\n", to: "shoken.toml")
        let result = try Programs.run("shokend", ["--config", config, "--check"])
        #expect(result.code == 0)
        #expect(result.output == "\(config): no errors\n")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/spool"))
    }

    @Test(
        "A faulty configuration is told with file and key, exit code 78",
        arguments: [
            ("[spool]\ndirectory = 3\n", "spool.directory"), ("[spool]\nx = 3\n", "spool.x"),
            ("[spool\n", "shoken.toml:"),
        ])
    func faulty(toml: String, told: String) throws {
        try folder.write(toml, to: "shoken.toml")
        for arguments in [["--check"], [], ["--once"]] {
            let result = try Programs.run("shokend", ["--config", config] + arguments)
            #expect(result.code == 78)
            #expect(result.errors.contains(told) && result.errors.contains(config))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }

    @Test("An absent configuration is 78, a wrong option 64")
    func absent() throws {
        #expect(try Programs.run("shokend", ["--config", "/no/such.toml"]).code == 78)
        #expect(try Programs.run("shokend", ["--configuration", "x"]).code == 64)
    }

    @Test(
        "A second daemon on one spool is refused with 75, also if the lock's file was removed",
        arguments: [false, true])
    func second(fileIsRemoved: Bool) throws {
        try folder.write("[spool]\ndirectory = \"spool\"\n", to: "shoken.toml")
        let spool = FilePath(folder.path + "/spool")
        try DiskFiles().makeDirectory(spool)
        let lock =
            fileIsRemoved
            ? try InstanceLock(directory: spool)
            : try InstanceLock(spool.appending(".shokend.lock"))
        let result = try Programs.run("shokend", ["--config", config])
        withExtendedLifetime(lock) {}
        #expect(result.code == 75)
        #expect(result.errors.contains("another daemon runs on this spool"))
    }

    @Test("A spool that cannot be made is 73")
    func noSpool() throws {
        try folder.write("", to: "file")
        try folder.write("[spool]\ndirectory = \"file\"\n", to: "shoken.toml")
        let result = try Programs.run("shokend", ["--config", config])
        #expect(result.code == 73)
    }

    @Test(
        "A SIGTERM that comes before it listens ends it, though its starter had blocked the signal",
        arguments: [true, false])
    func earlySignal(isBlocked: Bool) throws {
        let instance = try DaemonInstance()
        var mask = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, SIGTERM)
        pthread_sigmask(isBlocked ? SIG_BLOCK : SIG_UNBLOCK, &mask, nil)
        let daemon = try instance.start()
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        kill(daemon.processIdentifier, SIGTERM)
        let end = ContinuousClock.now + .seconds(30)
        while daemon.isRunning, ContinuousClock.now < end { usleep(50_000) }
        defer { if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) } }
        try #require(!daemon.isRunning)
        let hasEndedItself = daemon.terminationReason == .exit && daemon.terminationStatus == 0
        #expect(hasEndedItself || !isBlocked && daemon.terminationStatus == SIGTERM)
    }
}
