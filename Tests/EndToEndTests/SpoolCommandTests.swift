// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
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

    @Test("A faulty configuration is 78")
    func faulty() throws {
        try folder.write("[spool]\nx = 1\n", to: "shoken.toml")
        let result = try run("status")
        #expect(result.code == 78 && result.errors.contains("spool.x"))
    }
}
