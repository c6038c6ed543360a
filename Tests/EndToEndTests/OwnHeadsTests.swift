// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("Heads from a site's own rows", .timeLimit(.minutes(15)))
struct OwnHeadsTests {
    private static let recipe = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../etc/shoken/recipes/own-heads.toml").standardized

    /// Fictional records: what is there, what is denied, and drugs with their doses.
    private static var records: [MarkedText] {
        let times = ["朝から", "夜間に", "昨夜より", "昼過ぎに"]
        let findings = ["発熱", "咳嗽", "嘔気", "頭痛", "腹痛"]
        let drugs = [("アスピリン", "200mg"), ("ロキソニン", "60mg"), ("プリンペラン", "10mg")]
        return times.indices.flatMap { time in
            findings.indices.map { finding in
                let (drug, dose) = drugs[(time + finding) % drugs.count]
                return MarkedText(
                    "\(times[time])⟦disease:\(findings[finding])⟧あり、⟦drug:\(drug)⟧⟦dose:\(dose)⟧を内服した。"
                        + "⟦denied:\(findings[(finding + 1) % findings.count])⟧はなし。")
            }
        }
    }

    /// The rows as `review export --all` writes them.
    private static func rows(_ records: [MarkedText]) throws -> Data {
        var lines = Data()
        for (number, record) in records.enumerated() {
            let spans = record.marks.map { mark -> [String: Any] in
                [
                    "start": mark.span.range.start, "end": mark.span.range.end,
                    "label": mark.label == "denied" ? "disease" : mark.label,
                    "certainty": mark.label == "denied" ? "negative" : "positive",
                    "subject": "patient",
                ]
            }
            let row: [String: Any] = [
                "document_id": number, "doc_id": "d\(number)", "fold": number % 5,
                "kind": "nursing", "reviewed": true, "reviewers": ["甲"], "spans": spans,
                "text": record.text,
            ]
            lines += try JSONSerialization.data(withJSONObject: row) + Data("\n".utf8)
        }
        return lines
    }

    /// A daemon without any model of its own, with a published trunk, and who calls the command for it.
    private struct Site {
        let folder: TemporaryFolder
        let daemon: DaemonInstance

        init() throws {
            folder = try TemporaryFolder()
            daemon = try DaemonInstance(models: folder["models"].path)
            try FictionalCheckpoint(.bert).write(to: folder["published"])
            try control(
                "model", "import", "--from", "published", "--name", "trunk", "--as", "trunk")
        }

        @discardableResult
        func control(_ arguments: String..., code: Int32 = 0) throws -> String {
            let result = try Programs.run(
                "shokenctl", arguments + ["--config", daemon.config], in: folder.url)
            try #require(result.code == code, "\(arguments.prefix(2)): \(result.errors)")
            return code == 0 ? result.output : result.errors
        }

        /// Fits the shipped recipe's heads and installs the bundle.
        func fit(_ rows: Data) throws {
            try folder.write(String(decoding: rows, as: UTF8.self), to: "rows/ward.jsonl")
            try control(
                "train", "heads", "--trunk", "trunk", "--recipe", recipe.path, "--data", "rows",
                "--output", "work")
            try FileManager.default.copyItem(
                at: folder["work/ward-heads"], to: folder["models/ward-heads"])
        }
    }

    @Test("of the shipped recipe are fitted, measured on what they have not seen, and serve")
    func journey() throws {
        let site = try Site()
        try site.fit(Self.rows(Self.records))
        let manifest = try site.control("model", "show", "ward-heads", "--json")
        let shown = try #require(
            try JSONSerialization.jsonObject(with: Data(manifest.utf8)) as? [String: Any])
        let source = try #require((shown["sources"] as? [[String: Any]])?.last)
        #expect(source["name"] as? String == "ward.jsonl" && source["rows"] as? Int == 16)
        #expect(source["licence"] as? String == "our own")
        #expect((shown["licence"] as? String)?.hasSuffix("data under: our own") == true)
        let golden = try String(
            contentsOf: site.folder["models/ward-heads/golden.jsonl"], encoding: .utf8)
        #expect(golden.split(separator: "\n").count == 4)
        let said = try site.control("model", "activate", "ward-heads")
        #expect(said.contains("diseases") && said.contains("ward-heads is active"), "\(said)")
        try site.daemon.drop("　昨夜より頭痛あり、ロキソニン60mgを内服した。", "nursing", "a.txt")
        try site.daemon.once()
        let rows = try site.daemon.rows("SELECT type, surface, method FROM entities ORDER BY start")
        #expect(rows.map { $0["surface"] } == ["頭痛", "ロキソニン", "60mg"])
        #expect(rows.allSatisfy { $0["method"] == "heads" })
    }

    @Test("from too few are refused though no model is active, and taken with a reason")
    func refused() throws {
        let site = try Site()
        // The first is held out; the others hold nothing that could be learnt of it.
        let few = ["そわそわ⟦disease:むずむず⟧あり。", "歩行は安定している。", "食事は全量摂取。"]
        try site.fit(Self.rows(few.map { MarkedText($0) }))
        let refused = try site.control("model", "activate", "ward-heads", code: 65)
        #expect(refused.contains("diseases: it has none of 1 right"), "\(refused)")
        #expect(refused.contains("--force --reason"))
        #expect(!FileManager.default.fileExists(atPath: site.folder["models/active"].path))
        try site.control(
            "model", "activate", "ward-heads", "--force", "--reason", "a trial")
    }

    @Test("with a fault are named by file and line, and nothing is written")
    func faults() throws {
        let site = try Site()
        let good = String(decoding: try Self.rows(Self.records), as: UTF8.self)
        let bad = #"{"kind":"nursing","text":"秘密","spans":[{"start":0,"end":1,"label":"finding"}]}"#
        try site.folder.write(good + bad + "\n", to: "rows/ward.jsonl")
        let said = try site.control(
            "train", "heads", "--trunk", "trunk", "--recipe", Self.recipe.path, "--data", "rows",
            "--output", "work", code: 65)
        #expect(said.contains("ward.jsonl, line 21: spans[0].label must be disease, drug or dose"))
        #expect(!said.contains("秘密"))
        #expect(!FileManager.default.fileExists(atPath: site.folder["work"].path))
    }
}
