// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "shokenctl reprocess",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct ReprocessCommandTests: CommandSubject {
    /// Configurations of one spool: the databases of `shoken.toml`, `asked.toml`, `one.toml` and `all.toml` have two
    /// documents each, and the last three a request.
    static let place = Result<TemporaryFolder, any Error> {
        let instance = try DaemonInstance()
        try instance.drop("夜間に右膝の疼痛あり。ロキソプロフェン６０ｍｇを内服した。", "nursing", "a.txt")
        try instance.drop("右上葉に３８ｍｍ大の腫瘤を認めます。", "radiology", "b.txt")
        try instance.once()
        let folder = instance.folder
        let text = try String(contentsOf: URL(filePath: instance.config), encoding: .utf8)
        for name in ["asked", "one", "all"] {
            try need("database", "backup", "\(name).db", "--config", "shoken.toml", in: folder)
            try folder.write(
                text.replacing("\"shoken.db\"", with: "\"\(name).db\""), to: "\(name).toml")
            try need("reprocess", "--config", "\(name).toml", in: folder)
        }
        try folder.write(text.replacing("\"shoken.db\"", with: "\"none.db\""), to: "none.toml")
        return folder
    }

    static let cases: [CommandCase] = [
        .works(
            "reprocess", "start", "--kind", "radiology", "--dry-run", "--json", "--config",
            "shoken.toml"
        ) { result in
            let report = try result.object()
            #expect(report["documents"] as? Int == 1 && report["dry_run"] as? Bool == true)
            #expect(report["request"] == nil)
        },
        .works("reprocess", "start", "--document", "2", "--config", "shoken.toml") {
            #expect($0.output.contains("1 documents;"))
        },
        .works(
            "reprocess", "start", "--model-other-than", "shoken-base", "--dry-run", "--config",
            "shoken.toml"
        ) { #expect($0.output == "0 documents would be read again\n") },
        .fails(
            "reprocess", "start", "--model-other-than", "shoken-bsae", "--config", "shoken.toml",
            code: 64, saying: "shoken-bsae", "there are shoken-base"),
        .fails(
            "reprocess", "start", "--kind", "x-ray", "--config", "shoken.toml", code: 64,
            saying: "radiology"),
        .fails("reprocess", "start", "--config", "none.toml", code: 66, saying: "none.db"),
        .works(
            "evaluate", "runs", "1", "1", "--config", "asked.toml", "--html", "runs.html"
        ) { result in
            #expect(result.output.contains("2 documents that both have read"))
            let page = try String(contentsOf: place.get()["runs.html"], encoding: .utf8)
            #expect(page.contains("Runs 1 and 1") && !page.contains("ロキソプロフェン"))
        },
        .works("evaluate", "runs", "1", "1", "--config", "asked.toml", "--json") { result in
            let report = try result.object()
            #expect(report["documents"] as? Int == 2)
            #expect((report["differing"] as? [Any])?.isEmpty == true)
            let shared = try #require(report["shared"] as? [[String: Any]])
            #expect(shared.map { $0["of"] as? String } == ["disease", "drug", "dose", "pair"])
        },
        .fails("evaluate", "runs", "1", "9", "--config", "asked.toml", code: 66, saying: "run 9"),
        .works("reprocess", "status", "--config", "asked.toml", "--json") { result in
            let request = try #require(try result.list().first)
            #expect(request["state"] as? String == "waiting" && request["selected"] as? Int == 2)
            #expect(request["reread"] as? Int == 0 && request["requested_by"] as? String != nil)
        },
        .works("reprocess", "status", "--config", "asked.toml") {
            #expect($0.output == "request 1: waiting, 0 of 2 documents read again\n")
        },
        .fails("reprocess", "status", "--config", "none.toml", code: 66, saying: "none.db"),
        .works("model", "shadow", "status", "--config", "asked.toml", "--json") { result in
            let reports = try result.object()["reports"] as? [Any]
            #expect(reports?.isEmpty == true)
        },
        .works("reprocess", "cancel", "--request", "1", "--config", "one.toml") {
            #expect($0.output == "request 1 is cancelled\n")
        },
        .works("reprocess", "cancel", "--config", "all.toml", "--json") {
            let cancelled = try $0.object()["cancelled"] as? [Int]
            #expect(cancelled == [1])
        },
        .fails(
            "reprocess", "cancel", "--request", "9", "--config", "asked.toml", code: 66,
            saying: "request 9 is not open"),
        .works("reprocess", "prune", "--older-than", "30", "--config", "asked.toml", "--json") {
            let results = try $0.object()["results"] as? Int
            #expect(results == 0)
        },
        .works("reprocess", "prune", "--config", "asked.toml") {
            #expect($0.output == "removed 0 former results\n")
        },
        .fails(
            "reprocess", "prune", "--older-than", "-1", "--config", "asked.toml", code: 64,
            saying: "--older-than"),
    ]

    @Test("does what it says", arguments: cases)
    func command(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
