// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import ResultStore
import Spool
import TestSupport
import Testing

@Suite("shokenctl spool", .timeLimit(.minutes(15)))
struct SpoolCommandTests {
    let folder: TemporaryFolder
    let spool: SpoolDirectory
    init() throws {
        folder = try TemporaryFolder()
        try folder.write("[spool]\ndirectory = \"spool\"\n", to: "shoken.toml")
        spool = try SpoolDirectory(root: FilePath(folder.path + "/spool"))
    }

    private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String)
    {
        try Programs.run(
            "shokenctl", ["spool"] + arguments + ["--config", folder.path + "/shoken.toml"])
    }

    private func failOne(_ name: String) throws {
        let path = spool.incoming(.radiology).appending(name)
        try DiskFiles().write(Data("text".utf8), to: path)
        let file = try #require(spool.scan().files.first)
        let claim = try #require(try spool.claim(file))
        try spool.fail(claim, FailureReason(code: "bad", text: "byte 3"))
    }

    @Test("Status tells each state and each failure, as a table and as JSON")
    func status() throws {
        try failOne("報告\n.txt")
        let table = try run("status")
        #expect(table.code == 0)
        #expect(table.output.contains("報告\\u{a}.txt") && table.output.contains("byte 3"))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(run("status", "--json").output.utf8))
                as? [String: Any])
        let states = try #require(json["states"] as? [[String: Any]])
        #expect(states.count == 3 + DocumentKind.allCases.count)
        #expect(states.last?["state"] as? String == "failed" && states.last?["files"] as? Int == 1)
        #expect((json["failed"] as? [[String: Any]])?.first?["code"] as? String == "bad")
    }

    @Test(
        "Status and doctor name what is passed over, and doctor warns when it is older than an hour"
    )
    func unread() throws {
        for (path, age) in [
            ("incoming/nursing/a13.txt.tmp", 7300.0), ("done/a07.txt", 10),
            ("incoming/.b12.txt", 10),
        ] {
            try folder.write("x", to: "spool/\(path)")
            try FileManager.default.setAttributes(
                [.modificationDate: Date().addingTimeInterval(-age)],
                ofItemAtPath: folder.path + "/spool/" + path)
        }
        let table = try run("status").output
        #expect(
            table.contains("a13.txt.tmp, 2 h") && table.contains("finish the upload and rename it"))
        #expect(table.contains("(a07.txt, ") && table.contains("(.b12.txt, "))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(run("status", "--json").output.utf8))
                as? [String: Any])
        let unread = try #require(json["unread"] as? [[String: Any]])
        #expect(unread.map { $0["cause"] as? String } == ["foreign", "hidden", "unfinished"])
        #expect(unread.map { $0["overdue"] as? Int } == [0, 0, 1])
        #expect(unread.allSatisfy { ($0["advice"] as? String)?.contains("remove it") == true })
        let doctor = try Programs.run(
            "shokenctl", ["doctor", "--json", "--config", folder.path + "/shoken.toml"])
        let lines = try Programs.run(
            "shokenctl", ["doctor", "--config", folder.path + "/shoken.toml"]
        ).output.split(separator: "\n").filter { $0.contains("names  ") }
        #expect(lines.last?.hasPrefix("LOOK") == true && lines.last?.hasSuffix("remove it") == true)
        let findings = try #require(
            try JSONSerialization.jsonObject(with: Data(doctor.output.utf8)) as? [[String: Any]])
        let names = findings.filter { $0["check"] as? String == "names" }
        #expect(names.map { $0["warning"] as? Bool } == [false, false, true])
        #expect((names.last?["detail"] as? String)?.contains("a13.txt.tmp, 2 h") == true)
    }

    @Test("Retry puts back by the name that status shows; what is not there is refused with 66")
    func retry() throws {
        try failOne("報告\n.txt")
        let absent = try run("retry", "other", "--json")
        #expect(absent.code == 66 && absent.output.contains("\"retried\":[]"))
        let done = try run("retry", "報告\\u{a}.txt")
        #expect(done.code == 0 && done.output == "retried 報告\\u{a}.txt\n")
        #expect(spool.scan().files.map(\.kind) == [.radiology])
        try failOne("二.txt")
        #expect(try run("retry", "--all").code == 0)
        #expect(try spool.failedNames().isEmpty)
        #expect(try run("retry").code == 64)
    }

    @Test("Purge wants days and removes older ones only")
    func purge() throws {
        try DiskFiles().makeDirectory(spool.done.appending("2001-02-03"))
        try DiskFiles().write(Data("12".utf8), to: spool.done.appending("2001-02-03/a"))
        #expect(try run("purge").code == 64)
        let purge = try run("purge", "--days", "30", "--json")
        #expect(purge.output == "{\"bytes\":2,\"days\":1,\"files\":1}\n")
    }

    @Test("A purge of failed files leaves counts in the audit trail, and no names")
    func purgeFailed() throws {
        let file = spool.incoming(.radiology).appending("患者七.txt")
        try DiskFiles().write(Data("text".utf8), to: file)
        let found = try #require(spool.scan().files.first)
        let claim = try #require(try spool.claim(found))
        try spool.fail(
            claim, FailureReason(code: "bad", text: "byte 3"),
            at: Date().addingTimeInterval(-86_400 * 40))
        let database = "[database]\nfile = \"shoken.db\"\n"
        try folder.write("[spool]\ndirectory = \"spool\"\n\(database)", to: "shoken.toml")
        _ = try ResultDatabase(file: folder["shoken.db"])
        #expect(
            try run("purge", "--failed", "--days", "41", "--json").output
                == "{\"bytes\":0,\"codes\":{},\"files\":0}\n")
        #expect(
            try run("purge", "--failed", "--days", "39", "--json").output
                == "{\"bytes\":4,\"codes\":{\"bad\":1},\"files\":1}\n")
        #expect(try spool.failedNames().isEmpty)
        let trail = try ResultReader(file: folder["shoken.db"]).auditEvents()
        #expect(
            trail.rows.map { $0[3...5].map(\.text) } == [
                [
                    "failed files purged", "failed",
                    "{\"bytes\":\"4\",\"code bad\":\"1\",\"files\":\"1\",\"older_than_days\":\"39\"}",
                ]
            ])
        #expect(try AuditVerification(of: FilePath(folder["shoken.db"])).ok)
    }

    @Test("Metrics are in Prometheus's text format, for everybody to read, without names of files")
    func metrics() throws {
        try failOne("患者一.txt")
        try failOne("患者二.txt")
        let second = try #require(FileName("患者二.txt"))
        let reason = spool.reasonPath(of: second)
        let report = try String(
            decoding: DiskFiles().read(reason, maximumBytes: 9999), as: UTF8.self)
        try DiskFiles().write(Data(report.replacing("\"bad\"", with: "\"患者 二\"").utf8), to: reason)
        let waiting = spool.incoming(.nursing).appending("患者三.txt")
        try DiskFiles().write(Data("text".utf8), to: waiting)
        let database = "[database]\nfile = \"shoken.db\"\n"
        try folder.write("[spool]\ndirectory = \"spool\"\n\(database)", to: "shoken.toml")

        let file = folder["shoken.prom"]
        try Data("old".utf8).write(to: file)
        let first = try run("status", "--prometheus", file.path)
        #expect(first.code == 0 && first.output.isEmpty)
        var metrics = try PrometheusMetrics(String(contentsOf: file, encoding: .utf8))
        #expect(metrics["shoken_database_up"] == 0)
        #expect(metrics["shoken_failed_files", "code", "bad"] == 1)
        #expect(metrics["shoken_failed_files", "code", "other"] == 1)
        #expect(metrics["shoken_spool_files", "state", "incoming/nursing"] == 1)
        #expect(metrics["shoken_spool_files", "state", "failed"] == 2)
        #expect(metrics["shoken_recorded_files", "within", "day"] == nil)

        _ = try ResultDatabase(file: folder["shoken.db"])
        #expect(try run("status", "--prometheus", file.path).code == 0)
        let text = try String(contentsOf: file, encoding: .utf8)
        metrics = try PrometheusMetrics(text)
        #expect(metrics["shoken_database_up"] == 1)
        #expect(metrics["shoken_recorded_files", "within", "day"] == 0)
        #expect(!text.contains("患者") && !text.contains(".txt"))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
        #expect(mode as? Int == 0o644)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.hasSuffix(".tmp") })
        #expect(try run("status", "--prometheus", "x", "--json").code == 64)
        #expect(try run("status", "--prometheus", folder.path + "/none/x.prom").code == 66)
    }

    @Test("A faulty configuration is 78")
    func faulty() throws {
        try folder.write("[spool]\nx = 1\n", to: "shoken.toml")
        let result = try run("status")
        #expect(result.code == 78 && result.errors.contains("spool.x"))
    }
}
