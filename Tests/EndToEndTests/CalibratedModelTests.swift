// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "A calibrated model",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(10)))
struct CalibratedModelTests {
    private static let text =
        "症例は68歳女性。高血圧に対しアムロジピンを内服中。セフトリアキソン投与開始3日後に皮疹が出現した。セフトリアキソンによる薬疹と診断した。"

    private struct Reading {
        let entities: [[String: Any]]
        let events: [[String: Any]]

        init(_ text: String, model: String, config: String, in folder: TemporaryFolder) throws {
            try folder.write(text, to: "report.txt")
            let result = try Programs.run(
                "shokenctl",
                [
                    "annotate", "--kind", "case-report", "--model", model, "--config", config,
                    "report.txt",
                ], in: folder.url)
            let line = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8))
                    as? [String: Any], "\(result.errors)")
            entities = try #require(line["entities"] as? [[String: Any]])
            events = try #require(line["adverse_events"] as? [[String: Any]])
        }

        func values<Value>(_ list: KeyPath<Reading, [[String: Any]]>, _ key: String) -> [Value] {
            self[keyPath: list].compactMap { $0[key] as? Value }
        }
    }

    @Test(
        "gives the same findings as without its maps, and scores of its own levels that are probabilities"
    )
    func scores() throws {
        let folder = try TemporaryFolder()
        let bundle = DaemonInstance.models.appending(path: "shoken-base")
        try FileManager.default.copyItem(at: bundle, to: folder["plain"])
        let file = folder["plain/shoken.json"]
        var manifest = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        #expect(manifest.removeValue(forKey: "calibration") != nil)
        try JSONSerialization.data(withJSONObject: manifest).write(to: file)
        try folder.write("[database]\nfile = \"x.db\"\n", to: "usual.toml")
        let mapped = try Reading(
            Self.text, model: bundle.path, config: "usual.toml", in: folder)
        let plain = try Reading(
            Self.text, model: folder["plain"].path, config: "usual.toml", in: folder)
        for key in ["surface", "certainty", "method"] {
            let (found, expected): ([String], [String]) = (
                mapped.values(\.entities, key), plain.values(\.entities, key)
            )
            #expect(found == expected && !found.isEmpty)
        }
        let levels: ([Int], [Int]) = (
            mapped.values(\.events, "level"), plain.values(\.events, "level")
        )
        #expect(levels.0 == levels.1)
        let scores: ([Double], [Double]) = (
            mapped.values(\.events, "score"), plain.values(\.events, "score")
        )
        // 高血圧 is unrelated by the classifier, セフトリアキソン and 薬疹 are certain by a rule.
        #expect(levels.0.first == 0 && scores.0.first != scores.1.first)
        #expect(levels.0.last == 3 && scores.0.last == scores.1.last)
    }

    @Test("has mentions below the site's threshold reviewed, and no denied ones")
    func review() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "[database]\nfile = \"x.db\"\n[review]\ndisease = 1\ndrug = 0\ndose = 0\n",
            to: "strict.toml")
        let reading = try Reading(
            Self.text + "咳嗽なし。",
            model: DaemonInstance.models.appending(path: "shoken-base").path,
            config: "strict.toml", in: folder)
        let own = reading.entities.filter {
            $0["method"] as? String == "model" && $0["certainty"] as? String == "positive"
        }
        #expect(!own.isEmpty)
        for entity in own {
            #expect(entity["review"] as? Bool == (entity["type"] as? String == "disease"))
        }
        let denied = try #require(
            reading.entities.first { $0["certainty"] as? String == "negative" })
        #expect(denied["review"] as? Bool == false)
    }
}
