// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "shokenctl database and audit",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct DatabaseCommandTests: CommandSubject {
    /// Configurations that share spool and models: `shoken.toml` has a database of two documents, of which
    /// `backup.db` is a copy; `restored.toml` none; `rebuilt.toml` none, and `lacking.toml` the first one,
    /// with another spool; `unknown.toml` and `assumed.toml` a spool without a journal; the database of
    /// `noise.toml` is none; those of `trail.toml` and `forged.toml` were restored, and the event of that was
    /// changed in the latter.
    static let place = Result<TemporaryFolder, any Error> {
        let instance = try DaemonInstance()
        try instance.drop("夜間に右膝の疼痛あり。ロキソプロフェン６０ｍｇを内服した。", "nursing", "a.txt")
        try instance.drop("右上葉に３８ｍｍ大の腫瘤を認めます。", "radiology", "b.txt")
        try instance.once()
        let folder = instance.folder
        let text = try String(contentsOf: URL(filePath: instance.config), encoding: .utf8)
        for name in ["restored", "rebuilt", "noise", "absent", "trail", "forged"] {
            try folder.write(
                text.replacing("\"shoken.db\"", with: "\"\(name).db\""), to: "\(name).toml")
        }
        try folder.write(
            text.replacing("\"spool\"", with: "\"empty\"")
                .replacing("\"shoken.db\"", with: "\"lacking.db\""), to: "lacking.toml")
        // A file in done/ of which nothing says whence it came.
        try folder.write("発熱あり。", to: "old/done/2026-01-02/old.txt")
        for name in ["unknown", "assumed"] {
            try folder.write(
                text.replacing("\"spool\"", with: "\"old\"")
                    .replacing("\"shoken.db\"", with: "\"\(name).db\""), to: "\(name).toml")
        }
        try folder.write(String(repeating: "noise ", count: 3000), to: "noise.db")
        for name in ["backup.db", "lacking.db"] {
            try need("database", "backup", name, "--config", "shoken.toml", in: folder)
        }
        try need("database", "restore", "backup.db", "--config", "trail.toml", in: folder)
        try need("database", "restore", "backup.db", "--config", "forged.toml", in: folder)
        try forge(folder["forged.db"])
        return folder
    }

    /// Puts another name into the first row of an audit trail, as any program for SQLite could.
    private static func forge(_ database: URL) throws {
        let content = try Data(contentsOf: database)
        let action = try #require(content.range(of: Data("database restored".utf8)))
        var forged = content
        forged.replaceSubrange(action, with: Data("database reviewed".utf8))
        try forged.write(to: database)
    }

    static let cases: [CommandCase] = [
        .works("database", "check", "--config", "shoken.toml", "--json") { result in
            let report = try result.object()
            #expect(report["ok"] as? Bool == true && report["documents"] as? Int == 2)
            #expect((report["faults"] as? [Any])?.isEmpty == true)
            #expect((report["schema"] as? [Any])?.isEmpty == false)
        },
        .works("database", "check", "backup.db", "--config", "shoken.toml") {
            #expect($0.output.contains("backup.db: ok, 2 documents"))
        },
        .fails(
            "database", "check", "--config", "noise.toml", "--json", code: 65,
            check: { result in
                let faults = try #require(try result.object()["faults"] as? [[String: Any]])
                #expect(faults.map { $0["check"] as? String } == ["open"])
            }),
        .fails("database", "check", "--config", "absent.toml", code: 66, saying: "absent.db"),
        .works("audit", "verify", "--config", "trail.toml", "--json") { result in
            let report = try result.object()
            #expect(report["ok"] as? Bool == true && report["events"] as? Int == 1)
            #expect((report["last_hash"] as? String)?.utf8.count == 64)
        },
        .works("audit", "verify", "trail.db", "--config", "shoken.toml") {
            #expect($0.output.contains("ok, 1 events, last hash "))
        },
        .fails(
            "audit", "verify", "--config", "trail.toml", "--expect",
            String(repeating: "0", count: 64), code: 65,
            check: { #expect($0.output.contains("none has the expected hash")) }),
        .fails(
            "audit", "verify", "--config", "trail.toml", "--expect", "12", code: 64,
            saying: "--expect"),
        .fails(
            "audit", "verify", "--config", "forged.toml", "--json", code: 65,
            check: { result in
                let fault = try #require(try result.object()["fault"] as? [String: Any])
                #expect(fault["row"] as? Int == 1)
            }),
        .works("audit", "list", "--config", "trail.toml", "--json") { result in
            let rows = try result.list()
            #expect(rows.map { $0["action"] as? String } == ["database restored"])
            #expect(rows.map { $0["object"] as? String } == ["backup.db"])
        },
        .works(
            "audit", "list", "--config", "trail.toml", "--until", "2026-01-01", "--format", "csv"
        ) {
            #expect($0.lines.count == 1)
        },
        .fails("audit", "list", "--config", "absent.toml", code: 66, saying: "absent.db"),
        .fails(
            "doctor", "--config", "noise.toml", "--json", code: 69,
            check: { result in
                let faults = try result.list().filter { $0["ok"] as? Bool == false }
                #expect(faults.map { $0["check"] as? String } == ["database"])
            }),
        .works("database", "backup", "new.db", "--config", "shoken.toml", "--json") { result in
            let report = try result.object()
            #expect(report["documents"] as? Int == 2)
            #expect((report["file"] as? String)?.hasSuffix("/new.db") == true)
        },
        .fails(
            "database", "backup", "backup.db", "--config", "shoken.toml", code: 73,
            saying: "backup.db", "overwrites nothing"),
        .fails(
            "database", "backup", "no/such/folder.db", "--config", "shoken.toml", code: 66,
            saying: "no/such"),
        .fails(
            "database", "backup", "of-noise.db", "--config", "noise.toml", code: 65,
            saying: "noise.db", "restore", "rebuild"),
        .works("database", "reindex", "--config", "trail.toml", "--json") {
            let report = try $0.object()
            #expect(report["documents"] as? Int != nil)
        },
        .fails("database", "reindex", "--config", "absent.toml", code: 66, saying: "absent.db"),
        .works("database", "restore", "backup.db", "--config", "restored.toml", "--json") {
            let report = try $0.object()
            #expect(report["documents"] as? Int == 2 && report["kept"] == nil)
        },
        .fails(
            "database", "restore", "noise.db", "--config", "shoken.toml", code: 65,
            saying: "noise.db"),
        .fails(
            "database", "restore", "none.db", "--config", "shoken.toml", code: 66,
            saying: "none.db"),
        .works("database", "rebuild", "--config", "rebuilt.toml", "--json") { result in
            let report = try result.object()
            #expect(report["recorded"] as? Int == 2)
            for key in ["missing", "refused", "unknown"] {
                #expect((report[key] as? [Any])?.isEmpty == true)
            }
        },
        .fails(
            "database", "rebuild", "--config", "unknown.toml", "--json", code: 65,
            saying: "--kind",
            check: { result in
                let unknown = try #require(try result.object()["unknown"] as? [String])
                #expect(unknown.count == 1 && unknown[0].hasSuffix("done/2026-01-02/old.txt"))
            }),
        .works("database", "rebuild", "--config", "assumed.toml", "--kind", "radiology") {
            #expect($0.output.contains("assumed.db: 1 files recorded"))
        },
        .fails(
            "database", "rebuild", "--config", "lacking.toml", "--json", code: 65,
            saying: "lacking.db.rebuilt", "--incomplete",
            check: { result in
                let missing = try #require(try result.object()["missing"] as? [String])
                #expect(Set(missing) == ["a.txt", "b.txt"])
            }),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
