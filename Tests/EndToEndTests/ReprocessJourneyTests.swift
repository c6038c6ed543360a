// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "Recorded documents that are read once more", .timeLimit(.minutes(15)),
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"))
struct ReprocessJourneyTests {
    let models: TemporaryFolder
    /// So many documents, some near to each other.
    static let documents = 40

    /// Two bundles with the same answers.
    init() throws {
        models = try TemporaryFolder()
        try models.addBundle("shoken-base")
        try models.addBundle("second")
    }

    /// An instance that has read its documents with the first bundle, and is to read them with the second.
    private func prepared() throws -> DaemonInstance {
        let instance = try DaemonInstance(models: models.path)
        try models.removeChoice()
        let lines = (0..<Self.documents).map { number in
            """
            {"id": "\(number)", "patient_id": "P\(number % 5)", "text": "右膝の疼痛を訴える。体温は\(36 + number % 3)度。\
            ロキソプロフェン６０ｍｇを内服し、発疹が出現した。記録\(number)。"}
            """
        }
        try instance.drop(lines.joined(separator: "\n"), "nursing", "day.jsonl")
        try instance.once()
        try models.choose("second")
        let asked = try Programs.run("shokenctl", ["reprocess", "--config", instance.config])
        #expect(asked.output.hasPrefix("request 1: \(Self.documents) documents"), "\(asked.errors)")
        return instance
    }

    /// All that a reader of the database sees of results; the last digits of scores depend on what is read together.
    private func results(_ instance: DaemonInstance) throws -> [[[String: String]]] {
        try [
            """
            SELECT d.external_id, e.type, e.start, e.stop, e.surface, e.certainty, e.state, e.normalized, e.code,
              round(e.score, 3) AS score, e.method, e.review, g.start AS drug, x.amount, x.unit
            FROM entities e JOIN documents d ON d.id = e.document_id
            LEFT JOIN entities g ON g.id = e.drug_id LEFT JOIN dose_amounts x ON x.entity_id = e.id
            ORDER BY d.id, e.start, e.type
            """,
            "SELECT document_id, other_document_id, level, round(score, 3) AS score FROM similarities ORDER BY document_id, other_document_id",
            "SELECT * FROM similarity_bands ORDER BY kind, band, document_id",
            "SELECT document_id, diseases, drugs, doses, to_review FROM document_counts ORDER BY document_id",
            """
            SELECT document_id, drug, reaction, level, rule FROM drug_reactions
            ORDER BY document_id, drug, reaction
            """,
            "SELECT document_id, count(*) AS n FROM adverse_events GROUP BY 1 ORDER BY 1",
            "SELECT document_id, count(*) AS n FROM run_results GROUP BY 1 ORDER BY 1",
            "SELECT d.id, m.name FROM documents d JOIN models m ON m.id = d.model_id ORDER BY d.id",
            "SELECT state, reread, failed FROM reprocess_requests",
        ].map(instance.rows)
    }

    @Test(
        "killed again and again, the daemon comes to the same as one that was not, each document once"
    )
    func killed() throws {
        let calm = try prepared()
        let before = try results(calm)
        try calm.once()
        let expected = try results(calm)
        #expect(expected[0] == before[0] && expected[1] == before[1])
        #expect(expected[6].count == Self.documents)
        #expect(expected[6].allSatisfy { $0["n"] == "1" })
        #expect(expected[7].allSatisfy { $0["name"] == "second" })
        #expect(expected[8] == [["state": "done", "reread": "\(Self.documents)", "failed": "0"]])

        let instance = try prepared()
        var (read, kills) = (0, 0)
        while read < Self.documents, kills < 20 {
            let daemon = try instance.start()
            defer { if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) } }
            let end = ContinuousClock.now + .seconds(60)
            var now = read
            while now == read, ContinuousClock.now < end {
                now =
                    try Int(
                        instance.rows("SELECT reread FROM reprocess_requests")[0]["reread"] ?? "")
                    ?? 0
            }
            try #require(now > read, "it comes no further")
            read = now
            kill(daemon.processIdentifier, SIGKILL)
            daemon.waitUntilExit()
            kills += 1
        }
        #expect(kills > 1)
        try instance.once()
        let found = try results(instance)
        for (found, expected) in zip(found, expected) { #expect(found == expected) }
        // Each document belongs to a run of its own model, and no run is open but the last.
        #expect(
            try instance.rows(
                """
                SELECT count(*) AS n FROM documents d JOIN runs r ON r.id = d.run_id
                WHERE r.model_id = d.model_id AND r.purpose = 'reprocess'
                """) == [["n": "\(Self.documents)"]])
        #expect(
            try instance.rows("SELECT count(*) AS n FROM runs WHERE finished_at IS NULL")
                == [["n": "0"]])
        let check = try Programs.run(
            "shokenctl", ["database", "check", "--config", instance.config])
        #expect(check.code == 0, "\(check.output)\(check.errors)")
    }

    @Test("new files do not wait for it, and it goes on while files come in")
    func beside() throws {
        let instance = try prepared()
        let daemon = try instance.start()
        defer { daemon.terminate() }
        for number in 0..<8 {
            try instance.drop("発熱\(number)日目。頭痛なし。", "nursing", "new\(number).txt")
        }
        let end = ContinuousClock.now + .seconds(120)
        var left = 1
        while left > 0, ContinuousClock.now < end {
            usleep(200_000)
            left =
                try Int(
                    instance.rows(
                        """
                        SELECT (SELECT count(*) FROM reprocess_requests WHERE state <> 'done')
                          + 8 - (SELECT count(*) FROM documents WHERE source_name LIKE 'new%') AS n
                        """)[0]["n"] ?? "") ?? 1
        }
        #expect(left == 0)
        // What came later was read by the second model in its own run.
        #expect(
            try instance.rows(
                """
                SELECT r.purpose, m.name, count(*) AS n FROM documents d JOIN runs r ON r.id = d.run_id
                JOIN models m ON m.id = r.model_id GROUP BY 1, 2 ORDER BY 1
                """) == [
                    ["purpose": "active", "name": "second", "n": "8"],
                    ["purpose": "reprocess", "name": "second", "n": "\(Self.documents)"],
                ])
    }
}

extension TemporaryFolder {
    /// Adds the bundle that comes with the project under a name.
    func addBundle(_ name: String) throws {
        let source = DaemonInstance.models.appending(path: "shoken-base")
        try FileManager.default.createDirectory(at: self[name], withIntermediateDirectories: true)
        for file in try FileManager.default.contentsOfDirectory(atPath: source.path)
        where file != "shoken.json" {
            try FileManager.default.copyItem(
                at: source.appending(path: file), to: self[name].appending(path: file))
        }
        var manifest = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: source.appending(path: "shoken.json"))) as? [String: Any])
        manifest["name"] = name
        try JSONSerialization.data(withJSONObject: manifest).write(to: self["\(name)/shoken.json"])
    }

    /// Makes a bundle the active one, without a look at it.
    func choose(_ name: String) throws { try write(name + "\n", to: "active") }

    /// As where no bundle was ever activated.
    func removeChoice() throws { try? FileManager.default.removeItem(at: self["active"]) }
}
