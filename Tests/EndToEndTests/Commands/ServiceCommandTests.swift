// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Spool
import TestSupport
import Testing

@Suite("shokenctl doctor and spool", .timeLimit(.minutes(15)))
struct ServiceCommandTests: CommandSubject {
    /// `shoken.toml` serves; `model.toml` names a model that is not there; `faulty.toml` has a key that does
    /// not exist.
    static let place = prepared { folder in
        let spool = "[spool]\ndirectory = \"spool\"\nminimum_free_bytes = 0\n"
        let database = "[database]\nfile = \"shoken.db\"\n"
        let models = "[models]\ndirectory = \"models\"\n"
        try folder.write(
            spool + database + models + "active = \"tagger\"\n", to: "shoken.toml")
        try folder.write(spool + database + models + "active = \"none\"\n", to: "model.toml")
        try folder.write("[spool]\nx = 1\n", to: "faulty.toml")
        try FileManager.default.createDirectory(
            at: folder["models"], withIntermediateDirectories: false)
        try FictionalCheckpoint(.bert).write(to: folder["published"])
        try folder.write("[labels]\na = \"ignore\"\n", to: "labels.toml")
        try need(
            "model", "import", "--from", "published", "--labels", "labels.toml", "--name",
            "tagger", "--config", "shoken.toml", in: folder)
        let directory = try SpoolDirectory(root: FilePath(folder.path + "/spool"))
        for name in ["kept.txt", "again.txt"] {
            try DiskFiles().write(
                Data("text".utf8), to: directory.incoming(.radiology).appending(name))
            let file = try #require(directory.scan().files.first)
            let claim = try #require(try directory.claim(file))
            try directory.fail(claim, FailureReason(code: "bad", text: "byte 3"))
        }
        try folder.write("12", to: "spool/done/2001-02-03/a")
    }

    /// What became of each check of `doctor`, by its name.
    private static func checks(_ result: CommandResult) throws -> [String: Bool] {
        try result.list().reduce(into: [:]) { checks, line in
            checks[line["check"] as? String ?? ""] = line["ok"] as? Bool
        }
    }

    static let cases: [CommandCase] = [
        .works("doctor", "--config", "shoken.toml", "--json") { result in
            let found = try checks(result)
            #expect(found.count == 10 && !found.values.contains(false), "\(result.output)")
        },
        .works("doctor", "--config", "shoken.toml") {
            #expect($0.output.contains("tagger 1") && !$0.output.contains("FAULT"))
        },
        .fails(
            "doctor", "--config", "model.toml", "--json", code: 69,
            check: { result in
                let found = try checks(result)
                #expect(found.filter { !$0.value }.map(\.key) == ["model"])
                #expect(result.output.contains("none"))
            }),
        .fails(
            "doctor", "--config", "faulty.toml", code: 69,
            check: { #expect($0.output.contains("FAULT") && $0.output.contains("spool.x")) }),
        .works("spool", "status", "--config", "shoken.toml", "--json") { result in
            let report = try result.object()
            let failed = try #require(report["failed"] as? [[String: Any]])
            let kept = try #require(failed.first { $0["name"] as? String == "kept.txt" })
            #expect(kept["code"] as? String == "bad" && kept["reason"] as? String == "byte 3")
            #expect((report["states"] as? [Any])?.count == 3 + DocumentKind.allCases.count)
        },
        .fails("spool", "status", "--config", "faulty.toml", code: 78, saying: "spool.x"),
        .works("spool", "retry", "again.txt", "--config", "shoken.toml", "--json") {
            let report = try $0.object()
            #expect(report["retried"] as? [String] == ["again.txt"])
        },
        .fails(
            "spool", "retry", "absent.txt", "--config", "shoken.toml", code: 66,
            check: { #expect($0.output.contains("absent.txt")) }),
        .fails("spool", "retry", "--config", "shoken.toml", code: 64, saying: "--all"),
        .works("spool", "purge", "--days", "30", "--config", "shoken.toml", "--json") {
            let report = try $0.object()
            #expect(report as? [String: Int] == ["bytes": 2, "days": 1, "files": 1])
        },
        .works("spool", "purge", "--failed", "--days", "1", "--config", "shoken.toml") {
            #expect($0.output == "removed 0 failed files (0 bytes)\n")
        },
        .works("spool", "status", "--config", "shoken.toml") {
            #expect($0.output.contains("STATE") && $0.output.contains(" bad"))
        },
        .fails(
            "spool", "purge", "--days", "-1", "--config", "shoken.toml", code: 64,
            saying: "--days"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
