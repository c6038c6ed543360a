// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "shokenctl query, search, show and sql",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct QueryCommandTests: CommandSubject {
    /// A database of fictional documents, two of which say nearly the same of one patient.
    static let place = Result<TemporaryFolder, any Error> {
        let instance = try DaemonInstance()
        try instance.drop(
            "夜間に右膝の疼痛あり。ロキソプロフェン６０ｍｇを内服した。\r\n発熱なし。", "nursing", "a.txt")
        try instance.drop(
            "右上葉に３８ｍｍ大の腫瘤を認め、肺癌と考えます。\n右肺門リンパ節転移を認めます。\n胸水なし。", "radiology", "b.txt")
        try instance.drop(
            """
            {"id":"c1","patient_id":"P1","authored_at":"2026-03-01T09:00:00+09:00",\
            "text":"ゲフィチニブを投与開始し，３週後に間質性肺炎を発症した．ゲフィチニブによる肺炎と診断した．"}
            {"id":"c2","patient_id":"P1","authored_at":"2026-03-02T09:00:00+09:00",\
            "text":"ゲフィチニブを投与開始し、３週後に間質性肺炎を発症した。ゲフィチニブによる肺炎と診断した。"}
            {"id":"c3","patient_id":"P2","authored_at":"2026-04-01T09:00:00+09:00",\
            "text":"急性虫垂炎に対し虫垂切除術を施行した．"}
            """, "case-report", "c.jsonl")
        try instance.once()
        try instance.folder.write("[database]\nfile = \"absent.db\"\n", to: "absent.toml")
        return instance.folder
    }

    private static let bundle = DaemonInstance.models.path + "/shoken-base"

    private static func query(
        _ arguments: String..., check: @escaping @Sendable ([[String: Any]]) throws -> Void
    ) -> CommandCase {
        CommandCase(
            arguments: ["query"] + arguments + ["--config", "shoken.toml", "--json"], input: "",
            ending: .success { try check($0.list()) })
    }

    private static func search(
        _ arguments: String..., check: @escaping @Sendable ([[String: Any]]) throws -> Void
    ) -> CommandCase {
        CommandCase(
            arguments: ["search"] + arguments + ["--config", "shoken.toml", "--json"], input: "",
            ending: .success { try check($0.list()) })
    }

    private static func refused(_ arguments: String..., saying word: String) -> CommandCase {
        CommandCase(
            arguments: ["query"] + arguments + ["--config", "shoken.toml"], input: "",
            ending: .failure(code: 64, saying: [word], check: { #expect($0.output.isEmpty) }))
    }

    static let cases: [CommandCase] = [
        .works(
            "documents", "withdraw", "--key", "jsonl:case-report:c3^P2", "--config", "shoken.toml",
            "--json"
        ) { result in
            let object = try result.object()
            #expect(object["withdrawn"] as? [String] == ["jsonl:case-report:c3^P2"])
        },
        .fails(
            "documents", "withdraw", "--key", "none", "--config", "shoken.toml", code: 66,
            saying: "none"),
        .fails(
            "documents", "withdraw", "--config", "shoken.toml", code: 64, saying: "--key"),
        .works("explain", "c1", "--config", "shoken.toml") { result in
            for part in ["ゲフィチニブ: drug; positive; given", "→ 間質性肺炎: level", "found by"] {
                #expect(result.output.contains(part), "\(part)")
            }
        },
        .works("explain", "2", "--config", "shoken.toml", "--json") { result in
            let object = try result.object()
            let sentences = try #require(object["sentences"] as? [[String: Any]])
            let reasons = sentences.flatMap { $0["reasons"] as? [String] ?? [] }
            #expect(reasons.contains { $0.hasPrefix("T ") && $0.contains("３８ｍｍ") }, "\(reasons)")
            #expect((object["conclusions"] as? [String])?.first?.contains("stage") == true)
        },
        .fails("explain", "99", "--config", "shoken.toml", code: 66, saying: "no document"),
        .works("similar", "3", "--config", "shoken.toml", "--json") { result in
            let found = try result.list()
            #expect(found.map { $0["document"] as? Int } == [4])
            #expect(found.first?["score"] as? Double ?? 0 > 0.9)
        },
        .works("similar", "3", "--other-patients", "--config", "shoken.toml") {
            #expect($0.output.isEmpty && $0.errors.contains("no case"))
        },
        .works(
            "similar", "--text", "-", "--model", bundle, "--config", "shoken.toml",
            input: "ゲフィチニブにより間質性肺炎をきたした。"
        ) {
            #expect($0.output.contains("間質性肺炎") && $0.output.contains("P1"))
        },
        .works("similar", "c1", "--config", "shoken.toml", "--json") {
            let found = try $0.list()
            #expect(found.first?["document"] as? Int == 4)
        },
        .fails("similar", "99", "--config", "shoken.toml", code: 66, saying: "no document"),
        .fails(
            "similar", "1", "--other-patients", "--config", "shoken.toml", code: 64,
            saying: "no patient"),
        .fails("similar", "--config", "shoken.toml", code: 64, saying: "--text"),
        query("documents") { rows in
            #expect(rows.count == 5)
            #expect(Set(rows.compactMap { $0["kind"] as? String }).count == 3)
        },
        query("documents", "--kind", "case-report", "--patient", "P1") { rows in
            #expect(rows.map { $0["external_id"] as? String } == ["c1", "c2"])
        },
        query("documents", "--since", "2026-03-02", "--until", "2026-04-01") { rows in
            #expect(rows.map { $0["external_id"] as? String } == ["c2"])
        },
        query("documents", "--since", "令和8年3月2日", "--until", "2026-03-31T15:00:00Z") { rows in
            #expect(rows.map { $0["external_id"] as? String } == ["c2"])
        },
        query("documents", "--limit", "2") { #expect($0.count == 2) },
        query("entities", "--type", "drug", "--containing", "ロキソ") { rows in
            #expect(rows.map { $0["surface"] as? String } == ["ロキソプロフェン"])
        },
        query("entities", "--kind", "radiology") { rows in
            #expect(!rows.isEmpty && rows.allSatisfy { $0["kind"] as? String == "radiology" })
        },
        // 発熱なし is no entity of the patient's, but one of all that are mentioned.
        query("entities", "--kind", "nursing", "--type", "disease") { rows in
            #expect(rows.map { $0["surface"] as? String } == ["疼痛"])
        },
        query("entities", "--certainty", "negative", "--of", "patient", "--containing", "発熱") {
            #expect($0.map { $0["cue"] as? String } == ["なし"])
        },
        query("entities", "--kind", "nursing", "--all") { rows in
            #expect(rows.count > 2 && rows.contains { $0["surface"] as? String == "発熱" })
        },
        query("entities", "--state", "given", "--temporality", "current") { rows in
            #expect(rows.contains { $0["surface"] as? String == "ロキソプロフェン" })
        },
        query("entities", "--all", "--review", "--kind", "nursing") { #expect($0.count < 3) },
        query("tnm") { rows in
            #expect(rows.map { $0["stage"] as? String } == ["IIB"])
        },
        query("tnm", "--stage", "II") { #expect($0.count == 1) },
        query("tnm", "--stage", "iib", "--review") { #expect($0.count < 2) },
        query("tnm", "--stage", "I") { #expect($0.isEmpty) },
        query("documents", "--stage", "II") { rows in
            #expect(rows.map { $0["kind"] as? String } == ["radiology"])
        },
        query("entities", "--subject", "patient", "--containing", "発熱") { #expect($0.count == 1) },
        query("entities", "--minimum-score", "1") { rows in
            #expect(rows.allSatisfy { ($0["score"] as? Double ?? 0) >= 0.999 })
        },
        query("entities", "--code", "Z999") { #expect($0.isEmpty) },
        query("entities", "--standard-name", "名前にない名前") { #expect($0.isEmpty) },
        query("adverse-event-pairs", "--level", "0") { rows in
            #expect(rows.allSatisfy { $0["level"] as? Int == 0 })
        },
        query("adverse-events", "--minimum-level", "0", "--containing", "ゲフィ") { rows in
            #expect(!rows.isEmpty)
            #expect(rows.allSatisfy { ($0["surface"] as? String ?? "").contains("ゲフィ") })
        },
        query("adverse-event-pairs", "--minimum-level", "2", "--containing", "ゲフィ") { rows in
            #expect(rows.contains { $0["rule"] as? String == "stated-cause" })
            #expect(rows.allSatisfy { $0["drug"] as? String == "ゲフィチニブ" })
            #expect(rows.contains { ($0["reaction"] as? String ?? "").contains("肺炎") })
        },
        query("adverse-event-pairs", "--review") { rows in
            #expect(rows.allSatisfy { $0["review"] as? Int == 1 })
        },
        query("similar", "--minimum-level", "1") { rows in
            #expect(!rows.isEmpty && rows.allSatisfy { $0["patient_id"] as? String == "P1" })
        },
        .works("query", "documents", "--patient", "P2", "--config", "shoken.toml") {
            #expect($0.lines.count == 2 && $0.lines[0].hasPrefix("id "))
            #expect($0.errors.isEmpty)
        },
        // Nothing found is said, as is what a limit leaves out; neither is among the rows.
        .works("query", "documents", "--patient", "P9", "--config", "shoken.toml") {
            #expect($0.lines.count == 1)
            #expect($0.errors.contains("no rows") && $0.errors.contains("no document names"))
        },
        .works(
            "query", "entities", "--standard-name", "名前にない名前", "--config", "shoken.toml"
        ) {
            #expect($0.errors.contains("no rows") && $0.errors.contains("has this standard name"))
        },
        .works("query", "documents", "--limit", "2", "--format", "csv", "--config", "shoken.toml") {
            #expect($0.lines.count == 3 && $0.errors.contains("3 more rows; --limit 5"))
        },
        // A table that goes to a program is not cut.
        .works(
            "sql", "SELECT replace(hex(zeroblob(30)), '00', '長い') AS wide", "--config",
            "shoken.toml"
        ) { #expect($0.lines.last == String(repeating: "長い", count: 30)[...]) },
        .works(
            "query", "documents", "--patient", "P2", "--format", "tsv", "--config", "shoken.toml"
        ) { result in
            let rows = result.lines.map {
                $0.split(separator: "\t", omittingEmptySubsequences: false)
            }
            #expect(rows.count == 2 && rows[0].first == "id" && rows[0].count == rows[1].count)
            #expect(rows[1].contains("c3"))
        },
        .works(
            "sql",
            """
            SELECT external_id, NULL AS none, 'a, "b"' AS said, text FROM documents
            WHERE external_id = 'c1'
            """, "--format", "csv", "--config", "shoken.toml"
        ) { result in
            #expect(result.lines.first == "external_id,none,said,text")
            #expect(result.lines.last?.hasPrefix("c1,,\"a, \"\"b\"\"\",") == true)
            // The text to its end, which a table would cut.
            #expect(result.output.hasSuffix("肺炎と診断した．\n"))
        },
        .works(
            "sql", "SELECT id, external_id FROM documents WHERE patient_id = 'P1' ORDER BY id",
            "--format", "jsonl", "--config", "shoken.toml"
        ) { result in
            let rows = try result.objects()
            #expect(rows.map { $0["external_id"] as? String } == ["c1", "c2"])
            #expect(result.lines.allSatisfy { $0.hasPrefix("{\"id\":") })
        },
        // Found in any width, by all words, with the place in the text as it was sent.
        search("60mg") { hits in
            #expect(hits.map { $0["kind"] as? String } == ["nursing"])
            let places = try #require(hits.first?["places"] as? [[String: Any]])
            #expect(places.map { $0["surface"] as? String } == ["６０ｍｇ"])
            #expect(places.map { $0["start"] as? Int } == [19])
        },
        search("間質性肺炎", "投与", "--patient", "P1", "--kind", "case-report") {
            #expect($0.count == 2)
        },
        search("肺炎", "--since", "2026-03-02", "--until", "2026-03-31") { #expect($0.count == 1) },
        search("虫垂炎", "右膝") { #expect($0.isEmpty) },
        .works("search", "肺炎", "--limit", "1", "--format", "csv", "--config", "shoken.toml") {
            #expect($0.lines.count == 2 && $0.output.contains("【肺炎】"))
            #expect($0.errors.contains("--limit shows more"))
        },
        .works("search", "骨折", "--config", "shoken.toml") {
            #expect($0.lines.count == 1 && $0.errors.contains("no rows"))
        },
        .fails(
            "search", "、", "--kind", "letter", "--config", "shoken.toml", code: 64, saying: "letter"
        ),
        .fails("search", " ", "--config", "shoken.toml", code: 64, saying: "letters, digits"),
        .fails(
            "search", "熱", "--limit", "0", "--config", "shoken.toml", code: 64, saying: "--limit"),
        .works("show", "c1", "--config", "shoken.toml") { result in
            #expect(result.output.contains("[drug:ゲフィチニブ]を投与開始し"))
            for part in ["P1", "Findings", "Drugs and reactions", "Similar documents"] {
                #expect(result.output.contains(part), "\(part)")
            }
            #expect(!result.output.contains("\u{1B}"))
        },
        .works("show", "1", "--json", "--config", "shoken.toml") { result in
            let sheet = try result.object()
            let text = try #require(sheet["text"] as? String)
            let entities = try #require(sheet["entities"] as? [[String: Any]])
            #expect(!entities.isEmpty)
            let scalars = Array(text.unicodeScalars)
            for entity in entities {
                let start = try #require(entity["start"] as? Int)
                let stop = try #require(entity["stop"] as? Int)
                let surface = String(String.UnicodeScalarView(scalars[start..<stop]))
                #expect(surface == entity["surface"] as? String)
            }
        },
        .fails("show", "c9", "--config", "shoken.toml", code: 66, saying: "no document"),
        .works("query", "tnm", "--format", "table", "--config", "shoken.toml") {
            #expect($0.lines.count == 2)
        },
        .fails(
            "sql", "SELECT 1 AS one, 2 AS one", "--format", "jsonl", "--config", "shoken.toml",
            code: 64, saying: "named one"),
        refused("documents", "--format", "csv", "--json", saying: "--json and --format"),
        refused("documents", "--format", "xlsx", saying: "'jsonl'"),
        .fails("query", "documents", "--config", "absent.toml", code: 66, saying: "absent.db"),
        // What could only give an empty or another answer is refused.
        refused("documents", "--kind", "letter", saying: "letter"),
        refused("entities", "--type", "shoe", saying: "shoe"),
        refused("entities", "--certainty", "sure", saying: "'suspicious'"),
        refused("entities", "--of", "cat", saying: "'family'"),
        refused("entities", "--temporality", "soon", saying: "'planned'"),
        refused("entities", "--state", "lost", saying: "'not-given'"),
        refused("documents", "--all", saying: "--all"),
        refused("tnm", "--certainty", "negative", saying: "--certainty"),
        refused("documents", "--since", "yesterday", saying: "--since"),
        refused("documents", "--until", "2026-13-01", saying: "--until"),
        refused("documents", "--limit", "-1", saying: "--limit"),
        refused("tnm", "--stage", "V", saying: "IIIC"),
        refused("entities", "--stage", "IV", saying: "--stage is for documents and tnm"),
        refused("entities", "--code", "肺炎", saying: "--code"),
        refused("documents", "--code", "J84", saying: "--code is for"),
        refused("similar", "--standard-name", "肺炎", saying: "--standard-name is for"),
        refused("entities", "--section", "所見", saying: "no document has sections"),
        refused("tnm", "--section", "所見", saying: "--section is for"),
        refused("adverse-events", "--level", "4", saying: "0 to 3"),
        refused("similar", "--minimum-level", "6", saying: "0 to 5"),
        refused("similar", "--level", "2", "--minimum-level", "1", saying: "together"),
        refused("entities", "--minimum-score", "7", saying: "0 to 1"),
        refused("tnm", "--minimum-score", "0.5", saying: "--minimum-score is for"),
        refused("documents", "--review", saying: "--review is for"),
        refused(
            "documents", "--since", "2026-03-02", "--until", "2026-03-01", saying: "not after"),
        refused("tnm", "--type", "drug", saying: "--type"),
        refused("documents", "--containing", "熱", saying: "--containing"),
        refused("entities", "--minimum-level", "1", saying: "--minimum-level"),
        .works(
            "sql", "SELECT kind, count(*) AS n FROM documents GROUP BY kind ORDER BY kind",
            "--config", "shoken.toml", "--json"
        ) { result in
            let rows = try result.list()
            #expect(rows.map { $0["kind"] as? String } == ["case-report", "nursing", "radiology"])
            #expect(rows.map { $0["n"] as? Int } == [3, 1, 1])
        },
        .fails(
            "sql", "DELETE FROM documents", "--config", "shoken.toml", code: 64, saying: "SELECT"),
        .fails(
            "sql",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
            "--time-limit", "1", "--config", "shoken.toml", code: 75, saying: "--time-limit"),
        .fails(
            "sql", "SELECT 1", "--time-limit", "90000", "--config", "shoken.toml", code: 64,
            saying: "0 to 86400"),
        .fails(
            "sql", "SELECT shoe FROM documents", "--config", "shoken.toml", code: 64,
            saying: "shoe"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
