// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "From file to rows",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct DocumentJourneyTests {
    @Test("Dropped documents become rows whose offsets cut the surface out of the text")
    func journey() throws {
        let instance = try DaemonInstance()
        try instance.drop(
            "夜間に右膝の疼痛あり。ロキソプロフェン６０ｍｇを内服した。\r\n発熱なし。𠮷田病棟より転入。嘔気あり。", "nursing",
            "a.txt")
        try instance.drop(
            "右上葉に３８ｍｍ大の腫瘤を認め、肺癌と考えます。\n右肺門リンパ節転移を認めます。\n胸水なし。", "radiology", "b.txt")
        try instance.drop(
            """
            {"id":"c1","patient_id":"P1","text":"ゲフィチニブを開始し，３週後に間質性肺炎を発症した．"}
            {"id":"c2","patient_id":"P2","text":"急性虫垂炎に対し虫垂切除術を施行した．"}
            """, "case-report", "c.jsonl")
        try instance.once()
        let documents = try instance.rows(
            "SELECT kind, external_id, patient_id, sha256, model_id FROM documents ORDER BY id")
        #expect(documents.count == 4)
        #expect(Set(documents.compactMap { $0["patient_id"] }).isSuperset(of: ["P1", "P2"]))
        let entities = try instance.rows(
            """
            SELECT e.type, e.surface,
              substr(d.text, e.start + 1, e."end" - e.start) = e.surface AS same
            FROM entities e JOIN documents d ON d.id = e.document_id
            """)
        #expect(!entities.isEmpty && entities.allSatisfy { $0["same"] == "1" })
        #expect(entities.contains { $0["type"] == "drug" && $0["surface"] == "ロキソプロフェン" })
        let stages = try instance.rows("SELECT t, n, m, stage FROM tnm_stages")
        #expect(stages == [["t": "T2a", "n": "N1", "m": "M0", "stage": "IIB"]])
        #expect(
            try instance.rows("SELECT count(*) AS n FROM adverse_events")[0]["n"] != "0")
        #expect(instance.names(in: "failed").isEmpty)
        #expect(instance.names(in: "processing").isEmpty)
    }

    @Test("The same document gives the same findings alone and among others")
    func company() throws {
        let text = "体動時に呼吸困難あり。両下腿に浮腫を認める。フロセミド２０ｍｇを内服。"
        let columns =
            "SELECT type, start, \"end\", surface, round(score, 5) AS score FROM entities e"
        let alone = try DaemonInstance()
        try alone.drop(text, "nursing", "x.txt")
        try alone.once()
        let among = try DaemonInstance()
        for number in 0..<7 {
            try among.drop(
                String(repeating: "腰痛の訴えあり。湿布を貼付した。", count: number + 1), "nursing",
                "a\(number).txt")
        }
        try among.drop(text, "nursing", "x.txt")
        try among.once()
        let expected = try alone.rows(columns + " ORDER BY start")
        #expect(!expected.isEmpty)
        #expect(
            try among.rows(
                columns + " JOIN documents d ON d.id = e.document_id WHERE d.source_name = 'x.txt' "
                    + "ORDER BY start") == expected)
    }

    @Test("Bad input ends in failed with a reason, says no text, and the next document is read")
    func badInput() throws {
        let instance = try DaemonInstance()
        let canary = "山吹丸太郎"
        try instance.drop("", "nursing", "empty.txt")
        try instance.drop(" \n\t　\n", "nursing", "blank.txt")
        try instance.drop(Data((0..<4000).map { UInt8($0 % 256) }), "nursing", "binary.txt")
        try instance.drop(
            Data("\(canary) 発熱あり".utf8) + Data([0xE3, 0x81]) + Data("。\n".utf8), "nursing",
            "broken-utf8.txt")
        try instance.drop(#"{"id":"1","body":"\#(canary)"}"#, "nursing", "no-text.jsonl")
        try instance.drop(
            #"{"kind":"x-ray","text":"\#(canary)"}"#, "radiology", "unknown-kind.jsonl")
        try instance.drop("{\"text\":\"\(canary)", "radiology", "half.jsonl")
        try instance.drop("\(canary) 発熱あり。", "nursing", "two\nlines.txt")
        try instance.drop(
            Data(repeating: UInt8(ascii: "a"), count: 17 << 20), "nursing", "large.txt")
        try FileManager.default.createSymbolicLink(
            atPath: instance.folder.path + "/spool/incoming/nursing/link.txt",
            withDestinationPath: "/etc/hostname")
        try instance.drop("\(canary)氏、咳嗽あり。", "nursing", "good.txt")
        try instance.once()
        let documents = try instance.rows("SELECT source_name, text FROM documents")
        #expect(documents.map { $0["source_name"] } == ["good.txt"])
        let failed = instance.names(in: "failed")
        let files = failed.filter { !$0.hasSuffix(".error.json") }
        #expect(files.count == 10)
        for file in files {
            let reason =
                instance.folder.path + "/spool/failed/" + file + ".error.json"
            let object = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(contentsOf: URL(filePath: reason))) as? [String: Any])
            #expect((object["reason"] as? String ?? "").count > 10, "\(file)")
            #expect(object["code"] is String)
        }
        #expect(!(try instance.saidText().contains(canary)))
    }

    @Test("Every document is recorded exactly once, however often the daemon is killed")
    func killed() throws {
        let instance = try DaemonInstance()
        let count = 60
        var generator = SeededNumbers(seed: 17)
        var dropped = 0
        for round in 0..<6 {
            for _ in 0..<(count / 6) {
                try instance.drop(
                    "第\(dropped)病日、発熱と咳嗽あり。アセトアミノフェン500mgを内服した。", "nursing", "\(dropped).txt")
                dropped += 1
            }
            let daemon = try instance.start()
            usleep(UInt32.random(in: 200_000...1_200_000, using: &generator))
            if round < 5 { kill(daemon.processIdentifier, SIGKILL) } else { daemon.terminate() }
            daemon.waitUntilExit()
        }
        try instance.once()
        let recorded = try instance.rows("SELECT source_name FROM documents")
            .compactMap { $0["source_name"] }
        #expect(Set(recorded).count == recorded.count, "a document was recorded twice")
        let failed = instance.names(in: "failed").filter { !$0.hasSuffix(".error.json") }
        #expect(recorded.count + failed.count == count, "a document was lost")
        #expect(instance.names(in: "processing").isEmpty)
        let days = instance.names(in: "done")
        #expect(days.reduce(0) { $0 + instance.names(in: "done/\($1)").count } == recorded.count)
    }

    @Test("A stop lets the documents in hand be finished")
    func stop() throws {
        let instance = try DaemonInstance()
        for number in 0..<8 { try instance.drop("腰痛あり。\(number)", "nursing", "\(number).txt") }
        let daemon = try instance.start()
        // It serves when it has taken a document up.
        while instance.names(in: "incoming/nursing").count == 8, daemon.isRunning { usleep(2000) }
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
        #expect(instance.names(in: "processing").isEmpty)
    }
}
