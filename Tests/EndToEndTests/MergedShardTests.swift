// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "Shards that other machines have read", .timeLimit(.minutes(20)),
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"))
struct MergedShardTests {
    private static let moment = "2026-03-01T21:00:00+09:00"

    /// Documents of one shard, some near to those of others, and one that is sent by two shards.
    private static func lines(_ shard: Int) -> String {
        let notes = (0..<8).map { number in
            """
            {"id": "S\(shard)-\(number)", "patient_id": "P\(number % 3)", "authored_at": "2026-02-0\(1 + number)", \
            "text": "右膝の疼痛を訴える。体温は\(36 + number % 3)度。ロキソプロフェン６０ｍｇを内服し、発疹が出現した。記録\(number)。"}
            """
        }
        let others = [
            #"{"id": "shared", "patient_id": "P1", "kind": "case-report", "text": "アモキシシリン投与中に皮疹が出現し、中止した。第\#(shard)版。"}"#,
            #"{"id": "ct-\#(shard)", "kind": "radiology", "text": "右上葉に３８ｍｍ大の腫瘤を認め、肺癌と考えます。\n右肺門リンパ節転移を認めます。\n胸水なし。"}"#,
        ]
        return (notes + others).joined(separator: "\n") + "\n"
    }

    /// An instance with three shards read into `shards/`, the same bytes in each.
    private func prepared() throws -> DaemonInstance {
        let instance = try DaemonInstance()
        for shard in 0..<3 {
            try instance.folder.write(Self.lines(shard), to: "part-\(shard).jsonl")
            try annotate(shard, instance)
        }
        return instance
    }

    private func annotate(_ shard: Int, _ instance: DaemonInstance) throws {
        let read = try Programs.run(
            "shokenctl",
            [
                "annotate", "--for-merge", "--read-at", Self.moment, "part-\(shard).jsonl",
                "--config", instance.config,
            ], in: instance.folder.url)
        try #require(read.code == 0, "\(read.errors)")
        try instance.folder.write(read.output, to: "shards/part-\(shard)")
    }

    private func merge(
        _ files: [String], _ instance: DaemonInstance
    ) throws -> (code: Int32, output: String, errors: String) {
        try Programs.run(
            "shokenctl", ["merge"] + files + ["--config", instance.config],
            in: instance.folder.url)
    }

    private func text(_ name: String, _ instance: DaemonInstance) throws -> String {
        String(decoding: try Data(contentsOf: instance.folder[name]), as: UTF8.self)
    }

    /// How many documents are recorded.
    private func documents(_ instance: DaemonInstance) throws -> Int {
        let rows = try instance.rows("SELECT count(*) AS n FROM documents")
        return try #require(rows.first.flatMap { Int($0["n"] ?? "") })
    }

    /// All that leaves the database, byte for byte, and what stands in no export.
    private func exported(_ instance: DaemonInstance) throws -> [String: String] {
        var files: [String: String] = [:]
        let name = "csv-\(UUID().uuidString)"
        let calls = [
            ["export", "csv", name], ["export", "doccano", name + ".doccano.jsonl"],
            ["export", "prodigy", name + ".prodigy.jsonl"],
        ]
        for call in calls {
            let result = try Programs.run(
                "shokenctl", call + ["--config", instance.config], in: instance.folder.url)
            try #require(result.code == 0, "\(result.errors)")
        }
        for table in ["documents", "findings", "tnm", "adverse-events", "pairs"] {
            files[table] = try text("\(name)/\(table).csv", instance)
        }
        for form in ["doccano", "prodigy"] {
            files[form] = try text("\(name).\(form).jsonl", instance)
        }
        for table in ["similarities", "similarity_bands", "document_counts"] {
            files[table] =
                "\(try instance.rows("SELECT * FROM \(table) ORDER BY 1, 2, 3").map { $0.sorted { $0.key < $1.key } })"
        }
        return files
    }

    @Test(
        "give, merged, the database of one machine that read the same, whatever came twice or was killed"
    )
    func equality() throws {
        let one = try prepared()
        let merged = try merge(["shards"], one)
        #expect(merged.output == "3 shards recorded with 30 documents, 0 there before\n")
        let expected = try exported(one)
        #expect(expected["findings"]?.contains("ロキソプロフェン") == true)
        #expect(expected["tnm"]?.contains("radiology") == true)
        #expect(expected["similarities"]?.contains("level") == true)

        let other = try prepared()
        // A worker was killed half way: what it left is refused, and nothing of the others is recorded.
        let whole = try Data(contentsOf: other.folder["shards/part-1"])
        try whole.prefix(whole.count / 2).write(to: other.folder["shards/part-1"])
        let refused = try merge(["shards"], other)
        #expect(refused.code == 65 && refused.errors.contains("shards/part-1, line "))
        let rows = try other.rows("SELECT count(*) AS n FROM documents")
        #expect(rows == [["n": "0"]])
        try annotate(1, other)
        let readAgain = try Data(contentsOf: other.folder["shards/part-1"])
        #expect(readAgain == whole)
        // The merge itself is killed: before the first shard is recorded, and after each of two.
        var kills = 0
        for shards in 0..<3 {
            let process = try Programs.start(
                "shokenctl", ["merge", "shards", "--config", other.config], in: other.folder.url)
            Thread.sleep(forTimeInterval: 0.2)
            while process.isRunning, try documents(other) < 10 * shards {
                Thread.sleep(forTimeInterval: 0.02)
            }
            if process.isRunning { kills += 1 }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let count = try documents(other)
            #expect(count % 10 == 0, "a shard is recorded in part")
        }
        #expect(kills > 0)
        let rest = try merge(["shards/part-2", "shards"], other)
        #expect(rest.code == 0, "\(rest.errors)")
        let again = try merge(["shards/part-2", "shards"], other)
        #expect(again.output == "0 shards recorded with 0 documents, 4 there before\n")
        let found = try exported(other)
        for (name, text) in expected { #expect(found[name] == text, "\(name) differs") }
        #expect(
            try other.rows("SELECT purpose, documents FROM runs") == [
                ["purpose": "merge", "documents": "30"]
            ])
        let audit = try Programs.run("shokenctl", ["audit", "verify", "--config", other.config])
        #expect(audit.code == 0, "\(audit.errors)")
    }

    @Test(
        "are merged in the order of what was read, whatever the parts are called and stand together"
    )
    func order() throws {
        let one = try prepared()
        _ = try merge(["shards"], one)
        let other = try prepared()
        let parts = try (0..<3).map { try text("shards/part-\($0)", other) }
        try other.folder.write(parts[2] + parts[0], to: "mixed/a")
        try other.folder.write(parts[1], to: "mixed/b")
        try other.folder.write("nothing", to: "mixed/_SUCCESS")
        let merged = try merge(["mixed"], other)
        #expect(merged.output.hasPrefix("3 shards recorded with 30 documents"), "\(merged.errors)")
        let (expected, found) = (try exported(one), try exported(other))
        for (name, text) in expected { #expect(found[name] == text, "\(name) differs") }
    }

    @Test("are those of the daemon, but for the moments of reading")
    func daemon() throws {
        let merging = try prepared()
        _ = try merge(["shards"], merging)
        let daemon = try DaemonInstance()
        for shard in 0..<3 {
            try daemon.drop(Self.lines(shard), "nursing", "part-\(shard).jsonl")
            try daemon.once()
        }
        let statements = [
            """
            SELECT d.id, d.external_id, d.standing, d.document_key, d.text, e.type, e.start, e.surface, e.certainty,
              e.normalized, e.code, e.method, e.review, round(e.score, 3) AS score, f.source_name, f.sha256
            FROM documents d JOIN files f ON f.id = d.file_id LEFT JOIN entities e ON e.document_id = d.id
            ORDER BY d.id, e.start, e.type
            """,
            "SELECT document_id, other_document_id, level FROM similarities ORDER BY 1, 2",
            "SELECT document_id, t, n, m, stage, evidence FROM tnm_stages ORDER BY 1",
            "SELECT document_id, drug, reaction, level, rule FROM drug_reactions ORDER BY 1, 2, 3",
        ]
        for statement in statements {
            let rows = try merging.rows(statement)
            let expected = try daemon.rows(statement)
            #expect(!rows.isEmpty && rows == expected)
        }
    }

    /// What is done to a shard, and what is said of it.
    private static let faults: [(change: String, line: String, of: String)] = [
        ("s/右膝/左膝/;3q", "line 2", "damaged"), ("3d", "line 3", "damaged"),
        ("$d", "line 11", "before the shard's end"),
        (#"1s/"version":"[0-9]*"/"version":"0"/"#, "line 1", "damaged"),
    ]

    @Test(
        "are refused with file and line where a line is changed, missing or cut off",
        arguments: 0..<4)
    func damage(_ place: Int) throws {
        let (change, line, words) = Self.faults[place]
        let instance = try prepared()
        let sed = Process()
        sed.executableURL = URL(filePath: "/usr/bin/sed")
        sed.arguments = ["-i", change, instance.folder["shards/part-2"].path]
        try sed.run()
        sed.waitUntilExit()
        let result = try merge(["shards"], instance)
        #expect(result.code == 65)
        #expect(
            result.errors.contains("shards/part-2") && result.errors.contains(line),
            "\(result.errors)")
        #expect(result.errors.contains(words) && !result.errors.contains("疼痛"))
        let rows = try instance.rows("SELECT count(*) AS n FROM documents")
        #expect(rows == [["n": "0"]])
    }

    @Test("of another configuration are refused with the field; what could not be read is told")
    func others() throws {
        let instance = try prepared()
        let other = try DaemonInstance("[tasks.nursing]\ntnm = false")
        let result = try Programs.run(
            "shokenctl", ["merge", "shards", "--config", other.config], in: instance.folder.url)
        #expect(
            result.code == 65 && result.errors.contains("part-0, line 1: the shard has tasks"),
            "\(result.errors)")
        let rows = try other.rows("SELECT count(*) AS n FROM documents")
        #expect(rows == [["n": "0"]])

        try instance.folder.write("{\"id\":\"1\",\"text\":\"発熱あり。\"}\n{\"id\":\n", to: "bad.jsonl")
        let read = try Programs.run(
            "shokenctl", ["annotate", "--for-merge", "bad.jsonl", "--config", instance.config],
            in: instance.folder.url)
        #expect(read.code == 65)
        try instance.folder.write(read.output, to: "bad.shard")
        for recorded in [1, 0] {
            let merged = try merge(["bad.shard"], instance)
            #expect(merged.code == 65 && merged.output.contains("not read: bad.jsonl, line 2: "))
            #expect(merged.output.contains("\(recorded) shards recorded"))
        }
        #expect(
            try instance.rows("SELECT faults, complete FROM files") == [
                ["faults": "1", "complete": "1"]
            ])
    }
}
