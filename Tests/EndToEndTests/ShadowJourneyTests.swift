// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "A model that reads along", .timeLimit(.minutes(10)),
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"))
struct ShadowJourneyTests {
    @Test("reads its share after the active one, and changes nothing of what counts")
    func readsAlong() throws {
        let models = try TemporaryFolder()
        for name in ["shoken-base", "second"] { try models.addBundle(name) }
        let instance = try DaemonInstance(models: models.path)
        func control(_ words: String...) throws -> String {
            let result = try Programs.run("shokenctl", words + ["--config", instance.config])
            try #require(result.code == 0, "\(result.errors)")
            return result.output
        }
        _ = try control("model", "shadow", "second", "--share", "1")
        for number in 0..<6 {
            try instance.drop(
                "右膝の疼痛あり。ロキソプロフェン\(number + 1)0mgを内服した。発熱なし。", "nursing", "\(number).txt")
        }
        try instance.once()
        let text = try control("model", "shadow", "status", "--json")
        let status = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(status["shadow"] as? String == "second")
        let report = try #require((status["reports"] as? [[String: Any]])?.first)
        #expect(report["documents"] as? Int == 6 && report["dropped"] as? Int == 0)
        #expect((report["memory_bytes"] as? Int ?? 0) > 1 << 20)
        #expect((report["shadow_seconds"] as? Double ?? 0) > 0)
        let counts = try #require(report["counts"] as? [String: Int])
        #expect(counts["disease both"] == 12 && counts["drug both"] == 6)
        #expect(counts.keys.allSatisfy { !$0.contains("only") && !$0.contains("other") })
        #expect(
            try instance.rows(
                """
                SELECT r.purpose, m.name, count(*) AS n, sum(r.finished_at IS NULL) AS open
                FROM documents d JOIN runs r ON r.id = d.run_id JOIN models m ON m.id = r.model_id
                GROUP BY 1, 2
                """) == [["purpose": "active", "name": "shoken-base", "n": "6", "open": "0"]])
        #expect(
            try instance.rows(
                """
                SELECT count(*) AS n, min(json_array_length(results, '$.mentions')) AS mentions
                FROM run_results JOIN runs r ON r.id = run_id WHERE r.purpose = 'shadow'
                """) == [["n": "6", "mentions": "4"]])

        // With nobody reading along, nothing more is compared.
        _ = try control("model", "shadow", "stop")
        try instance.drop("頭痛あり。", "nursing", "later.txt")
        try instance.once()
        #expect(
            try instance.rows("SELECT count(*) AS n FROM shadow_comparisons") == [["n": "6"]])
        #expect(
            try instance.rows("SELECT action FROM events ORDER BY id")
                == [["action": "shadow stopped"]])
    }
}
