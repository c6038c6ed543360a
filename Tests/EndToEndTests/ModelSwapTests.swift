// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "Models that are exchanged while documents come in", .timeLimit(.minutes(10)),
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"))
struct ModelSwapTests {
    static let rounds = 6
    static let perRound = 5

    @Test(
        "with kills in between nothing is lost or doubled, and each row is of the model of its run")
    func swaps() throws {
        let models = try TemporaryFolder()
        for name in ["shoken-base", "second"] { try models.addBundle(name) }
        let instance = try DaemonInstance(models: models.path)
        func name(_ round: Int) -> String { round % 2 == 0 ? "second" : "shoken-base" }
        var daemon = try instance.start()
        defer { if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) } }
        // What the first round finds in use is the other model.
        try instance.drop("発熱あり。", "nursing", "first.txt")
        try instance.wait(for: 1)
        for round in 0..<Self.rounds {
            try models.choose(name(round))
            for number in 0..<Self.perRound {
                try instance.drop(
                    "発熱\(round)日目。頭痛\(number)回。", "nursing", "r\(round)-\(number).txt")
            }
            if round % 2 == 1 {
                // In the midst of loading or reading.
                usleep(200_000 * UInt32(round))
                kill(daemon.processIdentifier, SIGKILL)
                daemon.waitUntilExit()
                daemon = try instance.start()
            }
            try instance.wait(for: 1 + (round + 1) * Self.perRound)
        }
        // The last start may have found all done; what it takes shows that it listens to signals by now.
        try instance.drop("咳嗽あり。", "nursing", "last.txt")
        try instance.wait(for: 2 + Self.rounds * Self.perRound)
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
        let rows = try instance.rows(
            """
            SELECT d.source_name, m.name, r.model_id = d.model_id AS same, r.purpose
            FROM documents d JOIN models m ON m.id = d.model_id JOIN runs r ON r.id = d.run_id
            WHERE d.source_name LIKE 'r%' ORDER BY d.source_name
            """)
        let expected = (0..<Self.rounds).flatMap { round in
            (0..<Self.perRound).map { number in
                [
                    "source_name": "r\(round)-\(number).txt", "name": name(round), "same": "1",
                    "purpose": "active",
                ]
            }
        }
        #expect(rows == expected)
        // One for the start, one an exchange, one a start after a kill at most; none goes on, and each counts its own.
        let runs = try instance.rows(
            """
            SELECT r.documents, count(d.id) AS n, r.finished_at IS NULL AS open
            FROM runs r LEFT JOIN documents d ON d.run_id = r.id GROUP BY r.id
            """)
        #expect(runs.count > Self.rounds)
        #expect(runs.allSatisfy { $0["documents"] == $0["n"] && $0["open"] == "0" })
        #expect(instance.names(in: "processing").isEmpty && instance.names(in: "failed").isEmpty)
    }
}

extension DaemonInstance {
    /// Waits until so many files are recorded and moved, a minute at most.
    fileprivate func wait(for files: Int) throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let done = names(in: "done").reduce(0) { $0 + names(in: "done/" + $1).count }
            if done >= files { return }
            usleep(100_000)
        }
        Issue.record("not all is done: \(try saidText())")
    }
}
