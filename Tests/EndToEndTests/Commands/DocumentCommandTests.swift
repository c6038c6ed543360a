// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "shokenctl annotate and deidentify",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct DocumentCommandTests: CommandSubject {
    private static let note = "夜間に右膝の疼痛あり。ロキソプロフェン６０ｍｇを内服した。\r\n発熱なし。"
    private static let bundle = DaemonInstance.models.path + "/shoken-base"
    private static let letter = "患者氏名：山吹 花子\n電話：03-0000-0000\n発熱あり。\n"

    /// Two documents, and a line between them that is none.
    private static let lines = """
        {"id":"1","patient_id":"P1","text":"患者氏名：山吹 花子\\n発熱あり。"}
        {"id":"2","body":"山吹"}
        {"id":"3","kind":"radiology","text":"胸水なし。"}
        """

    /// A table, and lines of which one is none.
    private static let faulty = "{\"id\":7,\"text\":\"発熱\",\"authored_at\":\"令和8年3月1日\"}\n{\n"

    static let place = prepared { folder in
        try folder.write("患者ID,本文\n0001,山吹花子に発熱\n", to: "table.txt")
        try folder.write("患者ID,本文,ほげ\n0001,山吹花子に発熱,ふが\n", to: "scrap.csv")
        try folder.write(faulty, to: "faulty.jsonl")
        try folder.write(note, to: "note.txt")
        try folder.write("no shard\n", to: "other.shard")
        try folder.write(
            "[database]\nfile = \"merged.db\"\n[models]\ndirectory = \"\(DaemonInstance.models.path)\"\n",
            to: "merging.toml")
        let read = try Programs.run(
            "shokenctl", ["annotate", "--for-merge", "note.txt", "--config", "merging.toml"],
            in: folder.url)
        try folder.write(read.output, to: "note.shard")
        // So that those below, which run at once, find their database.
        _ = try Programs.run(
            "shokenctl", ["merge", "note.shard", "--config", "merging.toml"], in: folder.url)
        try folder.write("[models]\ndirectory = \"models\"\n", to: "shoken.toml")
    }

    /// Whether the entities of a line of `annotate` stand where it says.
    private static func check(_ line: [String: Any], on text: String) throws {
        let scalars = Array(text.unicodeScalars)
        for entity in try #require(line["entities"] as? [[String: Any]]) {
            let start = try #require(entity["start"] as? Int)
            let end = try #require(entity["end"] as? Int)
            let surface = try #require(entity["surface"] as? String)
            #expect(scalars[start..<end].elementsEqual(surface.unicodeScalars))
        }
    }

    static let cases: [CommandCase] = [
        .works("annotate", "--model", bundle, "note.txt") { result in
            let line = try result.object()
            try check(line, on: note)
            let entities = try #require(line["entities"] as? [[String: Any]])
            let found = entities.map { "\($0["type"] ?? "") \($0["surface"] ?? "")" }
            #expect(found.contains("drug ロキソプロフェン"), "\(found)")
            #expect(line["kind"] as? String == "nursing")
        },
        .works(
            "annotate", "--model", bundle, "--kind", "radiology",
            "--json", input: "右上葉に３８ｍｍ大の腫瘤を認め、肺癌と考えます。\n右肺門リンパ節転移を認めます。\n胸水なし。"
        ) { result in
            let line = try result.object()
            let stage = try #require(line["tnm"] as? [String: Any])
            #expect(!stage.isEmpty && line["kind"] as? String == "radiology")
        },
        .fails(
            "annotate", "--model", bundle, input: lines, code: 65,
            check: { result in
                let objects = try result.objects()
                #expect(objects.map { $0["id"] as? String } == ["1", nil, "3"])
                #expect(objects[1]["error"] is String && objects[2]["error"] == nil)
                #expect(!result.errors.contains("山吹"))
            }),
        .fails(
            "annotate", "--model", bundle, "absent.txt", code: 66,
            saying: "absent.txt"),
        .fails(
            "annotate", "--model", "no-such-model", "--config", "shoken.toml", input: "発熱",
            code: 69, saying: "no-such-model"),
        .fails("annotate", "--for-merge", input: "発熱", code: 64, saying: "--name"),
        .fails("annotate", "--name", "a.txt", input: "発熱", code: 64, saying: "--for-merge"),
        .fails(
            "annotate", "--for-merge", "--read-at", "yesterday", "note.txt", code: 64,
            saying: "read-at"),
        .works("merge", "note.shard", "note.shard", "--config", "merging.toml", "--json") {
            let report = try $0.object()
            #expect((report["known"] as? Int ?? 0) + (report["recorded"] as? Int ?? 0) == 2)
            #expect((report["faults"] as? [Any])?.isEmpty == true)
        },
        .fails(
            "merge", "other.shard", "--config", "merging.toml", code: 65, saying: "other.shard",
            "line 1"),
        .fails(
            "merge", "absent.shard", "--config", "merging.toml", code: 66, saying: "absent.shard"),
        .fails("annotate", "--kind", "letter", code: 64, saying: "letter", "case-report"),
        .works("intake", "--kind", "radiology", "note.txt") {
            #expect(
                $0.output
                    == "note.txt: 1 document (text, UTF-8)\n  radiology, \(note.unicodeScalars.count) characters\n"
            )
        },
        .works("intake", "--json", "note.txt", "--config", "shoken.toml") { result in
            let file = try result.object()
            #expect(file["format"] as? String == "text" && file["encoding"] as? String == "UTF-8")
            #expect((file["documents"] as? [Any])?.count == 1)
            #expect((file["faults"] as? [Any])?.isEmpty == true)
        },
        .fails(
            "intake", "--json", "faulty.jsonl", "scrap.csv", "table.txt", code: 65,
            check: { result in
                let files = try result.objects()
                let documents = try #require(files[0]["documents"] as? [[String: Any]])
                #expect(documents.map { $0["id"] as? String } == ["7"])
                #expect(documents[0]["authored_utc"] as? String == "2026-02-28T15:00:00.000Z")
                let faults = try #require(files[0]["faults"] as? [[String: Any]])
                #expect(faults.map { $0["line"] as? Int } == [2])
                #expect(faults.map { $0["code"] as? String } == ["malformed-json"])
                let refused = try #require(files[1]["faults"] as? [[String: Any]])
                #expect(refused.map { $0["code"] as? String } == ["unknown-columns"])
                let row = try #require((files[2]["documents"] as? [[String: Any]])?.first)
                #expect(row["patient_id"] as? String == "0001")
                #expect(row["place"] as? String == "row 1 (line 2)")
                #expect(!result.output.contains("山吹"))
            }),
        .fails(
            "intake", "faulty.jsonl", code: 65,
            check: {
                #expect(
                    $0.output.contains("faulty.jsonl: 1 document, 1 at fault (JSON Lines, UTF-8)"))
                #expect($0.output.contains("  FAULT malformed-json: line 2: "))
            }),
        .fails("intake", "absent.txt", code: 66, saying: "absent.txt"),
        .fails("intake", code: 64, saying: "file"),
        .works("deidentify", input: letter) {
            #expect(!$0.output.contains("山吹") && !$0.output.contains("0000"))
            #expect($0.output.contains("患者氏名：") && $0.output.contains("発熱あり。\n"))
        },
        .works("deidentify", "--json", input: letter) { result in
            let found = try #require(try result.object()["found"] as? [[String: Any]])
            #expect(found.map { $0["kind"] as? String } == ["name", "telephone"])
            let name = try #require(found.first)
            let (start, end) = (name["start"] as? Int ?? 0, name["end"] as? Int ?? 0)
            #expect(String(Array(letter)[start..<end]) == "山吹 花子")
            #expect(!result.output.contains("山吹"))
        },
        .works("deidentify", "--report", "--json", "note.txt", "-", input: letter) { result in
            let report = try result.object()
            #expect(report["documents"] as? Int == 2)
            #expect(report["found"] as? [String: Int] == ["name": 1, "telephone": 1])
        },
        .fails(
            "deidentify", input: lines, code: 65,
            check: { result in
                let objects = try result.objects()
                #expect(objects.map { $0["id"] as? String } == ["1", nil, "3"])
                #expect(objects[0]["patient_id"] as? String == "P1")
                #expect(!result.output.contains("山吹") && !result.errors.contains("山吹"))
            }),
        .fails("deidentify", "--kinds", "name,shoe-size", code: 64, saying: "shoe-size"),
        .fails("deidentify", "absent.txt", code: 66, saying: "absent.txt"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
