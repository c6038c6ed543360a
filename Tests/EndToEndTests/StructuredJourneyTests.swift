// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "From structured file to rows",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct StructuredJourneyTests {
    /// A report of HL7 v2 about a fictional patient.
    private func report(_ status: String, sentAt: String, diagnosis: String) -> String {
        [
            "MSH|^~\\&|RIS|KAKUU|SHOKEN|KAKUU|\(sentAt)||ORU^R01^ORU_R01|M\(sentAt)|P|2.5||||||UNICODE UTF-8",
            "PID|1||0012^^^KAKUU^PI||架空^一郎^^^^^L^I",
            "OBR|1|ORD-7|REP-7|^胸部CT|||20260501090000|||||||||||||||20260501100000||CT|\(status)",
            "OBX|1|TX|18782-3^所見^LN||右上葉に32mm大の結節を認める。右肺門リンパ節腫大なし。||||||F",
            "OBX|2|TX|19005-8^診断^LN||\(diagnosis)||||||F", "",
        ].joined(separator: "\r")
    }

    private let laboratory = [
        "MSH|^~\\&|LIS|KAKUU|SHOKEN|KAKUU|20260501120000||ORU^R01^ORU_R01|L1|P|2.5||||||UNICODE UTF-8",
        "PID|1||0012^^^KAKUU^PI", "OBR|1|ORD-8|LAB-8|2093-3^総コレステロール^LN|||20260501090000",
        "OBX|1|NM|2093-3^総コレステロール^LN||180|mg/dL|||||F", "",
    ].joined(separator: "\r")

    @Test("a corrected report takes the place of the one before, and a late one does not come back")
    func versions() throws {
        let instance = try DaemonInstance()
        let (first, second) = ("20260501100000", "20260502100000")
        let preliminary = report("P", sentAt: first, diagnosis: "右上葉肺癌の疑い。cT2aN1M0。")
        let corrected = report("C", sentAt: second, diagnosis: "右上葉肺癌。cT2aN0M0。")
        for (number, message) in [preliminary, corrected, preliminary, corrected].enumerated() {
            try instance.drop(message, "other", "\(number).hl7")
            try instance.once()
        }
        #expect(
            try instance.rows("SELECT standing, sender_status, kind FROM documents ORDER BY id")
                == [
                    [
                        "standing": "superseded", "sender_status": "preliminary",
                        "kind": "radiology",
                    ],
                    ["standing": "current", "sender_status": "corrected", "kind": "radiology"],
                    ["standing": "duplicate", "sender_status": "preliminary", "kind": "radiology"],
                    ["standing": "duplicate", "sender_status": "corrected", "kind": "radiology"],
                ])
        #expect(
            try instance.rows("SELECT n, patient_id FROM document_summary")
                == [["n": "N0", "patient_id": "0012"]])
        #expect(
            try instance.rows(
                "SELECT s.n FROM tnm_stages s JOIN documents_current d ON d.id = s.document_id")
                == [["n": "N0"]])
        #expect(
            try instance.rows(
                """
                SELECT s.title, substr(d.text, s.start + 1, s."end" - s.start) AS body
                FROM document_sections s JOIN documents_current d ON d.id = s.document_id
                """)
                == [
                    ["title": "所見", "body": "右上葉に32mm大の結節を認める。右肺門リンパ節腫大なし。"],
                    ["title": "診断", "body": "右上葉肺癌。cT2aN0M0。"],
                ])
        try instance.drop(report("X", sentAt: "20260503100000", diagnosis: ""), "other", "x.hl7")
        try instance.once()
        #expect(try instance.rows("SELECT id FROM documents_current").isEmpty)
        #expect(try instance.rows("SELECT surface FROM mentions").isEmpty)
        #expect(try instance.rows("SELECT id FROM documents").count == 5)
    }

    @Test("an admin takes a document back by its key, again after it came anew, and each once")
    func withdrawal() throws {
        let instance = try DaemonInstance()
        let withdraw = [
            "documents", "withdraw", "--key", "hl7v2:REP-7", "--config", instance.config,
        ]
        try instance.drop(
            report("F", sentAt: "20260501100000", diagnosis: "右上葉肺癌。"), "other", "1.hl7")
        try instance.once()
        for sentAt in ["20260502100000", "20260503100000"] {
            #expect(try instance.rows("SELECT id FROM documents_current").count == 1)
            #expect(try Programs.run("shokenctl", withdraw).code == 0)
            try instance.once()
            #expect(try instance.rows("SELECT id FROM documents_current").isEmpty)
            #expect(try Programs.run("shokenctl", withdraw).output.contains("already"))
            try instance.drop(
                report("F", sentAt: sentAt, diagnosis: "右上葉肺癌。"), "other", "\(sentAt).hl7")
            try instance.once()
        }
        let unknown = try Programs.run(
            "shokenctl", withdraw + ["--key", "hl7v2:REP-8", "--json"])
        #expect(unknown.code == 66 && unknown.output.contains("\"unknown\":[\"hl7v2:REP-8\"]"))
        try instance.once()
        #expect(try instance.rows("SELECT id FROM documents_current").count == 1)
        #expect(
            try instance.rows("SELECT object FROM events WHERE action = 'withdraw'").count == 2)
        #expect(
            try instance.rows("SELECT standing FROM documents WHERE format = 'jsonl'")
                .compactMap { $0["standing"] } == ["superseded", "superseded"])
    }

    @Test(
        "a file in doubt is read as the folder's files before it, and set aside where there are none"
    )
    func encodingOfFolder() throws {
        let instance = try DaemonInstance()
        // ｺｼﾑﾈ in half-width katakana of CP932, which could be two kanji of EUC-JP.
        let doubtful = Data([0xBA, 0xBC, 0xD1, 0xC8])
        try instance.drop(doubtful, "nursing", "before.txt")
        try instance.once()
        #expect(instance.names(in: "failed").contains("before.txt"))
        for number in 0..<12 {
            // 発熱あり
            let note = Data([0x94, 0xAD, 0x94, 0x4D, 0x82, 0xA0, 0x82, 0xE8, UInt8(0x30 + number)])
            try instance.drop(note, "nursing", "\(number).txt")
        }
        try instance.once()
        try instance.drop(doubtful, "nursing", "after.txt")
        try instance.once()
        #expect(
            try instance.rows("SELECT text FROM documents WHERE source_name = 'after.txt'")
                == [["text": "ｺｼﾑﾈ"]])
    }

    @Test(
        "good records of a file are recorded, bad ones are listed, and what has no narrative is passed over"
    )
    func parts() throws {
        let instance = try DaemonInstance()
        let table = """
            患者ID,記録日時,文書番号,記録
            0012,2026/05/12 06:10,N-1,夜間に発熱あり。
            0012,2026/05/32,N-2,咳なし。
            """
        try instance.drop(table, "nursing", "table.csv")
        try instance.drop(laboratory, "other", "laboratory.hl7")
        try instance.drop(
            "{\\rtf1\\ansi\\ansicpg932 \\'94\\'ad\\'94M\\'82\\'a0\\'82\\'e8\\'81B}", "referral",
            "a.rtf")
        try instance.drop(Data("PK\u{3}\u{4}架空".utf8), "other", "b.docx")
        try instance.once()
        #expect(
            try instance.rows("SELECT kind, format, text FROM documents ORDER BY format") == [
                ["kind": "nursing", "format": "csv", "text": "夜間に発熱あり。"],
                ["kind": "referral", "format": "rtf", "text": "発熱あり。"],
            ])
        #expect(Set(instance.names(in: "failed")).isSuperset(of: ["table.csv", "b.docx"]))
        #expect(try instance.rows("SELECT source_name FROM files").count == 3)
        #expect(instance.names(in: "processing").isEmpty)
        // Corrected and retried, nothing is recorded twice.
        let copy = URL(filePath: instance.folder.path + "/spool/failed/table.csv")
        try Data(table.replacing("05/32", with: "05/31").utf8).write(to: copy)
        let retry = ["spool", "retry", "table.csv", "--config", instance.config]
        #expect(try Programs.run("shokenctl", retry).code == 0)
        try instance.once()
        #expect(
            try instance.rows("SELECT external_id FROM documents_current WHERE format = 'csv'")
                .compactMap { $0["external_id"] } == ["N-1", "N-2"])
    }
}
