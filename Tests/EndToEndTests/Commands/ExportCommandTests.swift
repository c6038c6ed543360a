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
        return instance.folder
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
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }

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
