// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "A daemon with nothing to do",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(10)))
struct IdleDaemonTests {
    /// How often threads of a process have gone to sleep so far.
    private func sleeps(of process: Int32) throws -> Int {
        let tasks = "/proc/\(process)/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).reduce(0) { total, task in
            // A thread may end meanwhile.
            let status =
                (try? String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n")
                .first { $0.hasPrefix("voluntary_ctxt_switches:") }
            return total + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
        }
    }

    @Test("wakes up for nothing but its listings, after documents, too")
    func wakeUps() async throws {
        let instance = try DaemonInstance()
        let settings = try String(contentsOfFile: instance.config, encoding: .utf8)
        let interval = "scan_interval_seconds = "
        try #require(settings.contains(interval + "0.2"))
        try instance.folder.write(
            settings.replacing(interval + "0.2", with: interval + "3600"), to: "shoken.toml")
        let daemon = try instance.start(environment: ["OMP_WAIT_POLICY": "passive"])
        defer {
            daemon.terminate()
            daemon.waitUntilExit()
        }
        try instance.drop("発熱あり。", "nursing", "a.txt")
        // The day's folder, in which the file is to lie.
        func isDone() -> Bool {
            let days = instance.names(in: "done")
            return days.contains { instance.names(in: "done/\($0)") == ["a.txt"] }
        }
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end, !isDone() {
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(isDone())
        // Threads that had something to do wait some seconds for more, and end.
        try await Task.sleep(for: .seconds(12))
        let before = try sleeps(of: daemon.processIdentifier)
        try await Task.sleep(for: .seconds(8))
        #expect(try sleeps(of: daemon.processIdentifier) - before <= 2)
        #expect(daemon.isRunning)
    }
}
