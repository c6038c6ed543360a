// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "SIGHUP",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct ReloadTests {
    private func wait(_ what: String, for condition: () throws -> Bool) async throws {
        for _ in 0..<300 where try !condition() { try await Task.sleep(for: .milliseconds(100)) }
        #expect(try condition(), "\(what)")
    }

    private func isDone(_ name: String, _ instance: DaemonInstance) -> Bool {
        instance.names(in: "done").contains { instance.names(in: "done/" + $0).contains(name) }
    }

    @Test("a new configuration takes effect in the same process, and a wrong one does not")
    func reload() async throws {
        let instance = try DaemonInstance()
        let daemon = try instance.start()
        defer { daemon.terminate() }
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try await wait("the first document") { isDone("a.txt", instance) }

        let former = try String(contentsOf: URL(filePath: instance.config), encoding: .utf8)
        try instance.folder.write(
            former.replacing("\"shoken.db\"", with: "\"other.db\""), to: "shoken.toml")
        #expect(kill(daemon.processIdentifier, SIGHUP) == 0)
        try await wait("the other database") {
            FileManager.default.fileExists(atPath: instance.folder["other.db"].path)
        }
        try instance.drop("咳嗽あり。", "nursing", "b.txt")
        try await wait("the second document") { isDone("b.txt", instance) }
        #expect(daemon.isRunning)
        #expect(
            try instance.rows("SELECT source_name FROM documents") == [["source_name": "b.txt"]])

        try instance.folder.write("[spool]\nsettle = 1\n", to: "shoken.toml")
        #expect(kill(daemon.processIdentifier, SIGHUP) == 0)
        try await wait("a word on the wrong key") {
            try instance.saidText().contains("keeping the configuration")
        }
        try instance.drop("頭痛あり。", "nursing", "c.txt")
        try await wait("the third document") { isDone("c.txt", instance) }
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
    }

    @Test("again and again, also while the process begins anew, it ends nothing and is not missed")
    func again() async throws {
        let instance = try DaemonInstance()
        let daemon = try instance.start()
        defer { daemon.terminate() }
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try await wait("the first document") { isDone("a.txt", instance) }
        let former = try String(contentsOf: URL(filePath: instance.config), encoding: .utf8)
        for number in 0..<30 {
            // In one step, as an editor does: half a configuration is no fault of the daemon's.
            let other =
                number < 29 ? former : former.replacing("\"shoken.db\"", with: "\"other.db\"")
            try Data(other.utf8).write(to: URL(filePath: instance.config), options: .atomic)
            #expect(kill(daemon.processIdentifier, SIGHUP) == 0)
            try await Task.sleep(for: .milliseconds(20))
        }
        try await wait("the last database") {
            FileManager.default.fileExists(atPath: instance.folder["other.db"].path)
        }
        try instance.drop("咳嗽あり。", "nursing", "b.txt")
        try await wait("the second document") { isDone("b.txt", instance) }
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationReason == .exit)
        #expect(daemon.terminationStatus == 0)
    }
}
