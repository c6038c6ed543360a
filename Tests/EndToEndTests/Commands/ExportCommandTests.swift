// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "shokenctl export",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct ExportCommandTests: CommandSubject {
    /// A database of a nursing record and a case report; a folder `used` with a file in it.
    static let place = Result<TemporaryFolder, any Error> {
        let instance = try DaemonInstance()
        try instance.drop("夜間に右膝の疼痛あり。\r\n発熱なし。", "nursing", "a.txt")
        try instance.drop(
            """
            {"id":"c1","patient_id":"0012","authored_at":"2026-03-01T09:00:00+09:00",\
            "text":"ゲフィチニブを投与開始し，３週後に間質性肺炎を発症した．😀ゲフィチニブによる肺炎と診断した．"}
            """, "case-report", "c.jsonl")
        try instance.once()
        try instance.folder.write("[database]\nfile = \"absent.db\"\n", to: "absent.toml")
        try instance.folder.write("mine", to: "used/mine.txt")
        try instance.folder.write("patient_id,person_id\n0012,7\n", to: "persons.csv")
        try instance.folder.write("patient_id,person_id\n0012,seven\n", to: "wrong.csv")
        try instance.folder.write(String(repeating: "k", count: 32), to: "key")
        try instance.folder.write("k", to: "short-key")
        try instance.folder.write(
            """
            {"text":"発熱あり","label":[[0,2,"disease"]],"meta":{"document":"9"}}
            {"text":"発熱あり","label":[[0,9,"disease"]],"meta":{"document":"10"}}

            """, to: "half.jsonl")
        for (tool, target) in [
            ("brat", "was-brat"), ("doccano", "was.jsonl"), ("label-studio", "was-studio"),
        ] { try need("export", tool, target, "--config", "shoken.toml", in: instance.folder) }
        return instance.folder
    }

    private static func annotation(_ tool: String, _ target: String) -> CommandCase {
        .works("export", tool, target, "--config", "shoken.toml", "--json") { result in
            let report = try result.object()
            #expect(report["documents"] as? Int == 2 && (report["spans"] as? Int ?? 0) > 3)
        }
    }

    static let cases: [CommandCase] = [
        .works("export", "csv", "tables", "--config", "shoken.toml", "--json") { result in
            let files = try #require(try result.object()["files"] as? [[String: Any]])
            #expect(files.count == 5 && files[0]["rows"] as? Int == 2)
            let name = try #require(files[1]["file"] as? String)
            #expect(name.hasSuffix("/tables/findings.csv"))
            let lines = try String(contentsOf: URL(filePath: name), encoding: .utf8)
                .split(separator: "\n")
            #expect(lines.first?.hasPrefix("document_id,kind,patient_id,authored_at,") == true)
            #expect(lines.count == 1 + (files[1]["rows"] as? Int ?? 0))
            // Of the patient's name and the texts the audit trail says nothing.
            #expect(!result.errors.contains("audit"))
        },
        .works(
            "export", "csv", "-", "--table", "findings", "--certainty", "negative", "--config",
            "shoken.toml"
        ) { #expect($0.lines.count == 2 && $0.output.contains(",発熱,")) },
        .works(
            "export", "csv", "excel", "--excel", "--encoding", "cp932", "--table", "documents",
            "--config", "shoken.toml", "--json"
        ) { result in
            let files = try #require(try result.object()["files"] as? [[String: Any]])
            #expect(files.map { $0["lost"] as? Int } == [1])
        },
        .fails(
            "export", "csv", "strict", "--encoding", "cp932", "--strict", "--config",
            "shoken.toml", code: 65, saying: "document", "1 characters"),
        .fails(
            "export", "csv", "used", "--config", "shoken.toml", code: 73, saying: "used", "--force"
        ),
        .fails("export", "csv", "-", "--config", "shoken.toml", code: 64, saying: "--table"),
        .fails("export", "csv", "none", "--config", "absent.toml", code: 66, saying: "absent.db"),
        annotation("brat", "brat"),
        annotation("doccano", "doccano.jsonl"),
        annotation("prodigy", "prodigy.jsonl"),
        annotation("label-studio", "studio"),
        .works("export", "prodigy", "-", "--kind", "nursing", "--config", "shoken.toml") { result in
            let texts = try result.objects().compactMap { $0["text"] as? String }
            #expect(texts.map { $0.unicodeScalars.contains("\r") } == [false])
        },
        .fails("export", "brat", "-", "--config", "shoken.toml", code: 64, saying: "folder"),
        .fails(
            "export", "doccano", "used/mine.txt", "--config", "shoken.toml", code: 73,
            saying: "mine.txt", "--force"),
        .fails("export", "prodigy", "x", "--config", "absent.toml", code: 66, saying: "absent.db"),
        .fails(
            "export", "label-studio", "used", "--config", "shoken.toml", code: 73, saying: "used"),
        .works(
            "export", "omop", "omop", "--persons", "persons.csv", "--config", "shoken.toml",
            "--json"
        ) { result in
            let report = try result.object()
            #expect(report["notes"] as? Int == 1 && report["without_person"] as? Int == 1)
            #expect((report["mentions"] as? Int ?? 0) > 2)
        },
        .fails(
            "export", "omop", "omop-none", "--persons", "wrong.csv", "--config", "shoken.toml",
            code: 65, saying: "wrong.csv", "line 2"),
        .works("export", "fhir", "fhir", "--config", "shoken.toml", "--json") { result in
            let report = try result.object()
            #expect(report["without_patient"] as? Int == 1)
            let resources = try #require(report["resources"] as? [String: Int])
            #expect(resources["DocumentReference"] == 1 && resources["Provenance"] == 1)
            #expect((resources["Condition"] ?? 0) > 0)
        },
        .fails("export", "fhir", "used", "--config", "shoken.toml", code: 73, saying: "used"),
        .works("export", "parquet", "parquet", "--config", "shoken.toml", "--json") { result in
            let files = try #require(try result.object()["files"] as? [[String: Any]])
            #expect(files.count == 5 && files[0]["rows"] as? Int == 2)
        },
        .fails("export", "parquet", "used", "--config", "shoken.toml", code: 73, saying: "used"),
        .works("snapshot", "snap.db", "--config", "shoken.toml", "--json") { result in
            let report = try result.object()
            #expect(report["documents"] as? Int == 2 && (report["mentions"] as? Int ?? 0) > 3)
            let metadata = try #require(report["metadata"] as? String)
            let told = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: metadata)))
                    as? [String: Any])
            #expect((told["databases"] as? [String: Any])?.keys.first == "snap")
        },
        .works(
            "snapshot", "hidden.db", "--pseudonyms", "key", "--deidentify", "--config",
            "shoken.toml"
        ) { #expect($0.output.contains("hidden.db: 2 documents")) },
        .fails(
            "snapshot", "used/mine.txt", "--config", "shoken.toml", code: 73, saying: "mine.txt",
            "--force"),
        .fails(
            "snapshot", "short.db", "--pseudonyms", "persons.csv", "--config", "absent.toml",
            code: 66, saying: "absent.db"),
        .fails(
            "snapshot", "short.db", "--pseudonyms", "short-key", "--config", "shoken.toml",
            code: 65, saying: "short-key", "16 bytes"),
        .works(
            "report", "--output", "report.html", "--minimum-count", "1", "--json", "--config",
            "shoken.toml"
        ) { result in
            let report = try result.object()
            let summary = try #require(report["summary"] as? [String: Any])
            #expect(summary["documents"] as? Int == 2 && summary["patients"] as? Int == 1)
            let failures = try #require(report["failures"] as? [String: Any])
            #expect((failures["files"] as? [String: Int])?.isEmpty == true)
        },
        .works("report", "--output", "few.html", "--kind", "nursing", "--config", "shoken.toml") {
            #expect($0.output.contains("few.html: 1 documents") && $0.errors.isEmpty)
        },
        .fails(
            "report", "--output", "used/mine.txt", "--config", "shoken.toml", code: 73,
            saying: "mine.txt", "--force"),
        .fails("report", "--config", "shoken.toml", code: 64, saying: "--output", "--json"),
        .fails(
            "report", "--json", "--since", "2026-02-01", "--until", "2026-01-01", "--config",
            "shoken.toml", code: 64, saying: "--until"),
        .works(
            "import", "brat", "was-brat", "--exported", "was-brat", "--output", "brat-rows.jsonl",
            "--json"
        ) { result in
            let report = try result.object()
            #expect(report["rows"] as? Int == 2 && (report["faults"] as? [Any])?.isEmpty == true)
            #expect((report["changes"] as? [Any])?.isEmpty == true)
            #expect(report["uncompared"] as? Int == 0)
        },
        .works("import", "doccano", "was.jsonl", "--output", "doccano-rows.jsonl") {
            #expect($0.lines.last?.hasPrefix("2 rows with ") == true)
        },
        .works(
            "import", "label-studio", "was-studio/tasks.json", "--output", "none.jsonl", "--json"
        ) {
            // What a model predicted is nobody's answer.
            let report = try $0.object()
            #expect(report["rows"] as? Int == 0)
            #expect(report["passed_over"] as? [String: Int] == ["unanswered": 2])
        },
        .works(
            "import", "brat", "was-brat", "--into-database", "--reviewer", "佐藤", "--dry-run",
            "--config", "shoken.toml"
        ) {
            #expect($0.output.contains("would be recorded of 2 documents: "))
            #expect($0.output.contains(" 0 changed, 0 rejected, 0 added"))
        },
        .works(
            "import", "brat", "was-brat", "--into-database", "--reviewer", "佐藤", "--done",
            "--config", "shoken.toml", "--json"
        ) { result in
            let reviews = try #require(try result.object()["reviews"] as? [String: Any])
            #expect(reviews["documents"] as? Int == 2 && reviews["done"] as? Int == 2)
            #expect((reviews["accepted"] as? Int ?? 0) > 3)
        },
        .fails(
            "import", "doccano", "half.jsonl", "--into-database", "--reviewer", "佐藤", "--config",
            "shoken.toml", code: 65, saying: "no document has the number 9"),
        .fails(
            "import", "brat", "was-brat", "--into-database", "--config", "shoken.toml", code: 64,
            saying: "--reviewer"),
        .fails(
            "import", "brat", "was-brat", "--config", "shoken.toml", code: 64, saying: "--output"),
        .fails(
            "import", "brat", "no-such-folder", "--output", "none-rows.jsonl", code: 66,
            saying: "no-such-folder", "ENOENT"),
        .fails(
            "import", "doccano", "half.jsonl", "--output", "half-rows.jsonl", code: 65,
            saying: "half.jsonl, record 2, document 10",
            check: { result in
                #expect(result.output.contains("1 rows") && !result.errors.contains("発熱"))
            }),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }

    @Test("goes on where the last export of its name ended")
    func increments() throws {
        let folder = try Self.place.get()
        func rows(_ target: String) throws -> [Int] {
            let result = try Programs.run(
                "shokenctl",
                [
                    "export", "csv", target, "--since-export", "weekly", "--config", "shoken.toml",
                    "--json",
                ], in: folder.url)
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            return (report["files"] as? [[String: Any]] ?? []).compactMap { $0["rows"] as? Int }
        }
        #expect(try rows("first").first == 2)
        #expect(try rows("second") == [0, 0, 0, 0, 0])
        let removed = try String(contentsOf: folder["second/removed.csv"], encoding: .utf8)
        #expect(removed == "document_id\n")
    }

    @Test(
        "writes a report for its owner alone, without texts, and leaves a line in the audit trail")
    func report() throws {
        let folder = try Self.place.get()
        try Self.need(
            "report", "--output", "own.html", "--force", "--minimum-count", "1", "--config",
            "shoken.toml", in: folder)
        let file = folder["own.html"]
        let page = try String(contentsOf: file, encoding: .utf8)
        #expect(page.contains("case-report") && page.contains("Failures"))
        #expect(!page.contains("投与開始") && !page.contains("0012") && !page.contains("<script"))
        let facts = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(facts[.posixPermissions] as? Int == 0o600)
        let trail = try Programs.run(
            "shokenctl", ["audit", "list", "--action", "exported", "--config", "shoken.toml"],
            in: folder.url)
        #expect(trail.output.contains("own.html") && trail.output.contains("minimum_count"))
    }

    @Test("leaves a line in the audit trail, without the patient")
    func audit() throws {
        let folder = try Self.place.get()
        try Self.need(
            "export", "csv", "audited", "--patient", "0012", "--config", "shoken.toml", in: folder)
        let result = try Programs.run(
            "shokenctl",
            ["audit", "list", "--action", "exported", "--config", "shoken.toml", "--json"],
            in: folder.url)
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        let details = rows.compactMap { $0["details"] as? String }.filter {
            $0.contains("audited")
        }
        #expect(details.count == 1)
        #expect(details.allSatisfy { $0.contains("\"documents\":\"1\"") && !$0.contains("0012") })
    }
}
